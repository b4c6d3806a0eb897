import { SecureElement } from './secure-element.js';

/** `<secure-text>`: shows the text of a token. */
export class SecureText extends SecureElement {
  /** @override */
  static component = 'Paragraph';
}
