import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { configure } from 'tokenizer-components';
import { SignUp } from './SignUp.tsx';

configure({ vault: document.body.dataset.vault });
createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <SignUp />
  </StrictMode>,
);
