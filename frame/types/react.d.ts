/** The elements in JSX of React 19: `import type {} from 'tokenizer-components/react'`. */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { Attributes, Elements, SecureEventMap } from './components.js';

/** React calls `onready` for the event `ready`. */
type Listeners = { [K in keyof SecureEventMap as `on${K}`]?: (event: SecureEventMap[K]) => void };

type Props<K extends keyof Elements> = Omit<
  DetailedHTMLProps<HTMLAttributes<Elements[K]>, Elements[K]>,
  keyof Attributes[K]
> &
  Attributes[K] &
  Listeners;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'secure-form': Props<'secure-form'>;
      'secure-input': Props<'secure-input'>;
      'secure-textarea': Props<'secure-textarea'>;
      'secure-card': Props<'secure-card'>;
      'secure-upload': Props<'secure-upload'>;
      'secure-text': Props<'secure-text'>;
      'secure-download': Props<'secure-download'>;
    }
  }
}
