import { SecureField } from './secure-field.js';

/** `<secure-input>`: one line of text. */
export class SecureInput extends SecureField {
  /** @override */
  static component = 'Input';
}
