import { renderToString } from 'react-dom/server';
import 'tokenizer-components';
import { Profile } from './Profile.tsx';

export const html = renderToString(<Profile />);
