import { SecureField } from './secure-field.js';

/**
 * `<secure-upload>`: files, which are stored as soon as they are chosen. With `multiple`, the form gets one value for
 * each file.
 */
export class SecureUpload extends SecureField {
  /** @override */
  static component = 'Uploader';
  /** @override */
  static properties = [...SecureField.properties, 'tokens'];

  /** @override */
  static observedAttributes = [...SecureField.observedAttributes, 'name'];

  /** @type {string[]} */
  #tokens = [];
  /** @type {string[]} */
  #given = [];

  /** The tokens of the files. Setting them shows files that are stored already. */
  get tokens() {
    return [...this.#tokens];
  }

  set tokens(tokens) {
    this.#given = [...(tokens ?? [])];
    this.setTokens(this.#given);
    this.send({ tokens: this.#given });
  }

  get multiple() {
    return this.hasAttribute('multiple');
  }

  set multiple(multiple) {
    this.toggleAttribute('multiple', Boolean(multiple));
  }

  /** @override */
  get token() {
    return super.token;
  }

  /** @override */
  set token(token) {
    this.tokens = token ? [token] : [];
  }

  /** @override */
  formResetCallback() {
    const given = this.#given;
    this.clear();
    this.tokens = given;
  }

  /**
   * @override
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (name === 'name') this.#setValues();
    else super.attributeChangedCallback(name, before, value);
  }

  /** @override */
  lines() {
    return Math.min(100, Math.max(2, Number(this.getAttribute('rows')) || 6));
  }

  /** @override */
  config() {
    const { token: _, ...config } = super.config();
    return { ...config, tokens: this.#tokens };
  }

  /**
   * @override
   * @param {string[]} tokens
   */
  setTokens(tokens) {
    if (tokens.length === this.#tokens.length && tokens.every((token, place) => token === this.#tokens[place])) return;
    this.#tokens = tokens;
    super.setToken(tokens[0] ?? null);
    this.#setValues();
    this.fire('token', { token: tokens[0] ?? null, tokens: [...tokens] });
  }

  #setValues() {
    const values = new FormData();
    if (this.name) for (const token of this.#tokens) values.append(this.name, token);
    this.internals.setFormValue(values, '');
  }

  /**
   * @override
   * @param {string | null} token
   */
  setToken(token) {
    this.setTokens(token === null ? [] : [token]);
  }

  /**
   * @override
   * @param {keyof typeof import('./frame-messages.js').OF_PORT} type
   * @param {any} message
   */
  receive(type, message) {
    if (type === 'tokens') this.setTokens(message.tokens);
    super.receive(type, message);
  }

  /**
   * While one file is uploaded, the tokens of the others stay.
   * @override
   */
  isStale() {
    return false;
  }
}
