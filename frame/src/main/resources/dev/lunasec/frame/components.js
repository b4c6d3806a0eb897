/** The web components of a vault. Load this file from the vault or from the package. */

import { SecureCard } from './components/secure-card.js';
import { SecureDownload } from './components/secure-download.js';
import { SecureForm } from './components/secure-form.js';
import { SecureInput } from './components/secure-input.js';
import { SecureText } from './components/secure-text.js';
import { SecureTextarea } from './components/secure-textarea.js';
import { SecureUpload } from './components/secure-upload.js';

export { SecureError } from './components/secure-error.js';
export { configure } from './components/settings.js';
export { SecureCard, SecureDownload, SecureForm, SecureInput, SecureText, SecureTextarea, SecureUpload };

/** The form comes first, because the other elements ask it for the vault. */
const ELEMENTS = {
  'secure-form': SecureForm,
  'secure-input': SecureInput,
  'secure-textarea': SecureTextarea,
  'secure-card': SecureCard,
  'secure-text': SecureText,
  'secure-upload': SecureUpload,
  'secure-download': SecureDownload,
};

// On a server there are none.
if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS))
    customElements.get(name) ?? customElements.define(name, element);
}
