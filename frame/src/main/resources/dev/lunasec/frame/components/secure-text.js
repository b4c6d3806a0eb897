import { SecureElement } from './secure-element.js';

/** `<secure-text>`: shows the text of a token. The attribute `rows` says how many lines are shown. */
export class SecureText extends SecureElement {
  /** @override */
  static component = 'Paragraph';

  get reveal() {
    return this.hasAttribute('reveal');
  }

  set reveal(reveal) {
    this.toggleAttribute('reveal', Boolean(reveal));
  }

  get copy() {
    return this.hasAttribute('copy');
  }

  set copy(copy) {
    this.toggleAttribute('copy', Boolean(copy));
  }

  /** @override */
  lines() {
    const least = this.hasAttribute('reveal') || this.hasAttribute('copy') ? 1.5 : 1;
    return Math.min(100, Math.max(least, Number(this.getAttribute('rows')) || 1));
  }
}
