/**
 * The elements in templates of Vue 3: `import type {} from 'tokenizer-components/vue'`. Vue needs
 * `isCustomElement: (tag) => tag.startsWith('secure-')` in its compiler options.
 */

import type { DefineComponent } from 'vue';
import type { Attributes, SecureEventMap } from './components.js';

/** Vue calls `onReady` for the event `ready`. */
type Listeners = { [K in keyof SecureEventMap as `on${Capitalize<K>}`]?: (event: SecureEventMap[K]) => void };

type Component<K extends keyof Attributes> = DefineComponent<Attributes[K] & Listeners>;

declare module 'vue' {
  interface GlobalComponents {
    'secure-form': Component<'secure-form'>;
    'secure-input': Component<'secure-input'>;
    'secure-textarea': Component<'secure-textarea'>;
    'secure-card': Component<'secure-card'>;
    'secure-upload': Component<'secure-upload'>;
    'secure-text': Component<'secure-text'>;
    'secure-download': Component<'secure-download'>;
    SecureForm: Component<'secure-form'>;
    SecureInput: Component<'secure-input'>;
    SecureTextarea: Component<'secure-textarea'>;
    SecureCard: Component<'secure-card'>;
    SecureUpload: Component<'secure-upload'>;
    SecureText: Component<'secure-text'>;
    SecureDownload: Component<'secure-download'>;
  }
}
