const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/**
 * An element that can say which vault to use. Where there is no DOM, as on a server, the class exists and does nothing.
 */
export class VaultElement extends Base {
  /** What a page may set before the element is defined. @type {string[]} */
  static properties = ['getCode', 'vault', 'authProvider'];

  /** @type {import('./settings.js').GetCode | undefined} */
  #getCode;

  get vault() {
    return this.getAttribute('vault') ?? '';
  }

  set vault(origin) {
    this.setText('vault', origin);
  }

  get authProvider() {
    return this.getAttribute('auth-provider') ?? '';
  }

  set authProvider(name) {
    this.setText('auth-provider', name);
  }

  get getCode() {
    return this.#getCode;
  }

  set getCode(getCode) {
    this.#getCode = getCode;
  }

  /**
   * Sets an attribute from a property. A framework sets a property to undefined or null when its page gives it no more.
   * @protected
   * @param {string} attribute
   * @param {string | null | undefined} value
   */
  setText(attribute, value) {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value);
  }

  connectedCallback() {
    const self = /** @type {any} */ (this);
    for (const name of /** @type {typeof VaultElement} */ (this.constructor).properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = self[name];
      delete self[name];
      self[name] = value;
    }
  }
}
