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
    this.setAttribute('vault', origin);
  }

  get authProvider() {
    return this.getAttribute('auth-provider') ?? '';
  }

  set authProvider(name) {
    this.setAttribute('auth-provider', name);
  }

  get getCode() {
    return this.#getCode;
  }

  set getCode(getCode) {
    this.#getCode = getCode;
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
