import { answer } from './ask.js';
import { LOOKS, looksOf, rulesOf, titleOf } from './element-config.js';
import { ElementView } from './element-view.js';
import { FrameLink } from './frame-link.js';
import { ReadyPromise } from './ready-promise.js';
import { SecureError } from './secure-error.js';
import { afterConfigure, forget, settingsOf } from './settings.js';
import { unwatchTheme, watchTheme } from './text-styles.js';
import { VaultElement } from './vault-element.js';

/** @typedef {import('./frame-messages.js').Change} Change */
/** @typedef {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} Interaction */

/**
 * An element whose content is a frame of the vault. The page's scripts see tokens and states, and never a value. It is
 * one file, because each is one more request of every page.
 */
export class SecureElement extends VaultElement {
  /** Its name in the frame. */
  static component = '';
  static observedAttributes = [...LOOKS, 'token'];
  /** @override */
  static properties = [...VaultElement.properties, 'token', 'metadata', 'texts'];

  /** @type {FrameLink | undefined} */
  #link;
  /** @type {string | null} */
  #token = null;
  /** @type {Record<string, unknown> | undefined} */
  #metadata;
  /** @type {Record<string, string> | undefined} */
  #texts;
  #ready = new ReadyPromise();
  #isReady = false;
  /** Whether the page knows of a value. */
  #isFilled = false;
  #updates = false;
  #sent = '';

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.view = new ElementView(this, () => this.#open());
    this.addEventListener('click', () => this.focus());
    this.addEventListener('transitionend', () => this.update());
    // Browsers fire these of the frame only sometimes. The element fires them when the frame says so.
    for (const name of ['focus', 'blur']) this.addEventListener(name, onlyOwn, { capture: true });
  }

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
    this.#sent = '';
    this.update();
  }

  /** Fulfilled when the frame can be used. Rejected with a `SecureError` if it cannot be loaded. */
  get ready() {
    return this.#ready.promise;
  }

  /** @returns {Iterable<Node>} */
  get labels() {
    return [];
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#open();
  }

  disconnectedCallback() {
    // An element that is only moved comes back at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  /** With `moveBefore` the frame stays as it is. */
  connectedMoveCallback() {}

  /**
   * @param {string} name
   * @param {string | null} _
   * @param {string | null} value
   */
  attributeChangedCallback(name, _, value) {
    if (name === 'error') this.view.say(value ?? '');
    if (name !== 'token') return this.update();
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
    this.#link?.post({ type: 'clear' });
  }

  /** @override */
  focus() {
    this.#link?.iframe.focus();
    this.#link?.post({ type: 'focus' });
  }

  /** @protected @param {boolean} [isDraft] @returns {Promise<string[]>} */
  async commitAll(isDraft) {
    if (this.isConnected) await this.ready;
    if (!this.#link) throw new SecureError('removed', 'The secure field is not in the page. Add it before it is used.');
    return this.#link.commit(isDraft);
  }

  /**
   * Takes a token from the page or the frame.
   * @protected
   * @param {string | null} token
   */
  setToken(token) {
    this.#token = token;
  }

  /** How many lines the frame is high. @protected */
  lines() {
    return 1;
  }

  /** What the frame is told first. @protected @returns {Record<string, unknown>} */
  config() {
    const { metadata, token } = this;
    return { ...rulesOf(this), ...this.#looks(), metadata, token };
  }

  /**
   * Changes settings of the frame, if there is one.
   * @protected
   * @param {object} config
   */
  send(config) {
    this.#link?.post({ type: 'configure', config });
  }

  /** Tells the frame what has changed in the page, several changes at once. @protected */
  update() {
    if (this.#updates) return;
    this.#updates = true;
    queueMicrotask(() => {
      this.#updates = false;
      if (this.#link && this.isConnected) this.#sendLooks(this.#link);
    });
  }

  /**
   * @protected
   * @param {keyof typeof import('./frame-messages.js').OF_PORT} type
   * @param {any} message
   */
  receive(type, message) {
    if (type === 'ready') this.#becomeReady();
    if (type === 'change') this.changed(message);
    if (type === 'error') this.failed(new SecureError(message.code, message.message));
    if (type === 'ask') void this.#answer(message);
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
    if (!this.#isReady && !isLost) return;
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

  /**
   * @protected
   * @param {SecureError} error
   */
  failed(error) {
    this.view.say(error.message);
    this.fire('error', { code: error.code, message: error.message });
  }

  /**
   * @protected
   * @param {string} name
   * @param {unknown} [detail]
   * @param {boolean} [bubbles]
   */
  fire(name, detail, bubbles = false) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles, composed: bubbles }));
  }

  /**
   * A state for `:state(…)` of CSS.
   * @protected
   * @param {string} name
   * @param {boolean} on
   */
  setState(name, on) {
    try {
      if (on) this.internals.states.add(name);
      else this.internals.states.delete(name);
    } catch {
      // Browsers before `:state()` take other names only.
    }
  }

  #open() {
    if (this.#link) this.#close();
    this.#ready.restart();
    this.view.offerRetry(false);
    this.view.say(this.getAttribute('error') ?? '');
    try {
      const link = new FrameLink(settingsOf(this).vault, /** @type {any} */ (this.constructor).component, {
        config: () => this.config(),
        receive: (type, message) => this.receive(type, message),
        fail: (error) => this.#fail(error),
      });
      this.#link = link;
      this.view.add(link.iframe, titleOf(this, this.labels), this.lines());
      addEventListener('pageshow', this.#shownAgain);
      watchTheme(this.#restyle);
    } catch (thrown) {
      this.#fail(SecureError.of(thrown));
      // Elements in the HTML of a page are there before its script can call `configure`.
      afterConfigure(this.#reopen);
    }
  }

  #close() {
    forget(this.#reopen);
    removeEventListener('pageshow', this.#shownAgain);
    unwatchTheme(this.#restyle);
    this.#link?.close();
    this.#link = undefined;
    this.#ready.settle(new SecureError('removed', 'The secure field was removed before it was ready. Add it again.'));
    this.#isReady = false;
    this.#sent = '';
    this.setState('ready', false);
  }

  /** @param {SecureError} error */
  #fail(error) {
    this.#ready.settle(error);
    this.#close();
    this.failed(error);
    this.view.offerRetry(true);
  }

  #becomeReady() {
    this.#isReady = true;
    this.setState('ready', true);
    this.#ready.settle();
    this.fire('ready');
  }

  /** The frame has dropped its plaintext when the page was left. @type {(event: PageTransitionEvent) => void} */
  #shownAgain = ({ persisted }) => {
    if (persisted) this.#open();
  };

  #restyle = () => this.update();

  #reopen = () => {
    if (this.isConnected) this.#open();
  };

  #looks() {
    return { ...looksOf(this, this.labels), texts: this.texts };
  }

  /** @param {FrameLink} link */
  #sendLooks(link) {
    const { texts, ...looks } = this.#looks();
    const text = JSON.stringify(looks);
    if (text === this.#sent) return;
    this.#sent = text;
    link.iframe.title = titleOf(this, this.labels);
    this.send({ ...looks, texts });
  }

  /** @param {import('./frame-messages.js').Ask} ask */
  async #answer(ask) {
    const link = this.#link;
    link?.post(await answer(this, link.nonce, ask));
  }
}

/** @param {Event} event */
function onlyOwn(event) {
  if (event.isTrusted) event.stopImmediatePropagation();
}
