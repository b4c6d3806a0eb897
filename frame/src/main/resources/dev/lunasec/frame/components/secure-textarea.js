import { SecureField } from './secure-field.js';

/** `<secure-textarea>`: several lines of text. The attribute `rows` says how many are shown. */
export class SecureTextarea extends SecureField {
  /** @override */
  static component = 'TextArea';

  /** @override */
  lines() {
    return Math.min(100, Math.max(1, Number(this.getAttribute('rows')) || 3));
  }
}
