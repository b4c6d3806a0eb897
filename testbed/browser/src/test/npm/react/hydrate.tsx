import { hydrateRoot } from 'react-dom/client';
import { configure } from 'tokenizer-components';
import { Profile } from './Profile.tsx';

configure({ vault: document.body.dataset.vault });
hydrateRoot(document.querySelector('#root')!, <Profile />);
