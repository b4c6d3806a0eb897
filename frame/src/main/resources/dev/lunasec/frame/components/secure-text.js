import { SecureElement } from './secure-element.js';

/** `<secure-text>`: shows the text of a token. The attribute `rows` says how many lines are shown. */
export class SecureText extends SecureElement {
  /** @override */
  static component = 'Paragraph';

  /** @override */
  lines() {
    const least = this.hasAttribute('reveal') || this.hasAttribute('copy') ? 1.5 : 1;
    return Math.min(100, Math.max(least, Number(this.getAttribute('rows')) || 1));
  }
}
