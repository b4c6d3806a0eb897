import { SecureField } from './secure-field.js';

/** `<secure-textarea>`: several lines of text. */
export class SecureTextarea extends SecureField {
  static component = 'TextArea';
}
