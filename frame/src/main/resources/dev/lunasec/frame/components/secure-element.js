import { FramedElement } from './framed-element.js';

/** @typedef {import('./frame-messages.js').Change} Change */
/** @typedef {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} Interaction */

/**
 * An element with the value of a token. The page's scripts see tokens and states, and never a value.
 */
export class SecureElement extends FramedElement {
  /** @override */
  static observedAttributes = [...FramedElement.observedAttributes, 'token'];
  /** @override */
  static properties = [...FramedElement.properties, 'token', 'metadata', 'texts'];

  /** @type {string | null} */
  #token = null;
  /** @type {Record<string, unknown> | undefined} */
  #metadata;
  /** @type {Record<string, string> | undefined} */
  #texts;
  /** Whether the page knows of a value. */
  #isFilled = false;

  /** Null if there is none. Setting it shows the value of a token in the frame. */
  get token() {
    return this.#token;
  }

  set token(token) {
    this.setToken(token || null);
    this.send({ token: this.#token });
  }

  /** Custom fields of the metadata of the tokens. Set it before the element is in the page. */
  get metadata() {
    return this.#metadata;
  }

  set metadata(fields) {
    this.#metadata = fields ?? undefined;
  }

  /** Replacements of the sentences that the frame shows, by code. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts ?? undefined;
    this.update(true);
  }

  /**
   * @override
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (name !== 'token') return super.attributeChangedCallback(name, before, value);
    // A token is a share of the key, so it stays in no attribute.
    if (value === null) return;
    this.removeAttribute('token');
    this.token = value;
  }

  /** Lets the frame store what was typed. Fulfilled with its token; null if it is empty. */
  async commit() {
    const [token = null] = await this.commitAll();
    return token;
  }

  clear() {
    this.setToken(null);
    this.post({ type: 'clear' });
  }

  /**
   * Takes a token from the page or the frame.
   * @protected
   * @param {string | null} token
   */
  setToken(token) {
    this.#token = token;
  }

  /**
   * @override
   * @returns {Record<string, unknown>}
   */
  config() {
    const { metadata, token } = this;
    return { ...super.config(), metadata, token };
  }

  /** @override */
  replacedTexts() {
    return this.#texts;
  }

  /**
   * Changes settings of the frame, if there is one.
   * @protected
   * @param {object} config
   */
  send(config) {
    this.post({ type: 'configure', config });
  }

  /**
   * @override
   * @param {import('./framed-element.js').MessageType} type
   * @param {any} message
   */
  receive(type, message) {
    super.receive(type, message);
    if (type === 'change') this.changed(message);
    if (type === 'progress') this.fire('progress', { percent: message.percent });
    if (type === 'event') this.interacted(message.name);
  }

  /**
   * @protected
   * @param {Change} change
   */
  changed(change) {
    this.setState('empty', change.empty);
    this.setState('complete', change.complete);
    this.setState('invalid', !change.valid);
    // Like an `input`, an element says nothing of the value that it starts with. A frame that the browser loads again,
    // because the element has moved in the page, has lost what was typed.
    const isLost = this.#isFilled && change.empty;
    if (!this.isReady && !isLost) return;
    this.#isFilled = !change.empty;
    this.fire('change', { ...change, errors: change.errors.map((error) => ({ ...error })) }, true);
  }

  /**
   * @protected
   * @param {Interaction} name
   */
  interacted(name) {
    if (name === 'focus' || name === 'blur') this.setState('focused', name === 'focus');
    this.update();
    this.fire(name);
  }
}
