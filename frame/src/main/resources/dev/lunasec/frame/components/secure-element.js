import { LOOKS, labelOf, looksOf, rulesOf } from './element-config.js';
import { FrameLink } from './frame-link.js';
import { SecureError } from './secure-error.js';
import { settingsOf } from './settings.js';
import { signIn } from './sign-in.js';
import { unwatchTheme, watchTheme } from './text-styles.js';

/** @typedef {import('./frame-messages.js').Change} Change */
/** @typedef {import('./frame-messages.js').Ask} Ask */

/** Where there is no DOM, as on a server, the classes exist and do nothing. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * An element whose content is a frame of the vault. The page's scripts see tokens and states, and never a value.
 */
export class SecureElement extends Base {
  /** The name of the component in the frame. */
  static component = '';
  static observedAttributes = [...LOOKS, 'token'];

  /** Set by the page before or after the element is defined. @type {string[]} */
  static properties = ['token', 'metadata', 'texts', 'getCode', 'vault', 'authProvider'];

  /** @type {FrameLink | undefined} */
  #link;
  /** @type {string | null} */
  #token = null;
  #message = document.createElement('p');
  #retry = document.createElement('button');
  #planned = false;
  #isReady = false;
  #settled = false;
  #sent = '';
  /** @type {{promise: Promise<void>, resolve: () => void, reject: (error: SecureError) => void} | undefined} */
  #ready;

  /** @type {Record<string, unknown> | undefined} */
  #metadata;
  /** @type {Record<string, string> | undefined} */
  #texts;
  /** @type {import('./settings.js').GetCode | undefined} */
  #getCode;

  constructor() {
    super();
    this.internals = this.attachInternals();
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    root.adoptedStyleSheets = [styles()];
    this.#message.part.add('error');
    this.#retry.part.add('retry');
    this.#retry.textContent = 'Try again';
    this.#retry.type = 'button';
    this.#message.hidden = this.#retry.hidden = true;
    root.append(this.#message, this.#retry);
    this.addEventListener('click', () => this.focus());
    this.addEventListener('transitionend', () => this.update());
    this.#retry.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#open();
    });
  }

  /** The origin of the tokenizer. */
  get vault() {
    return this.getAttribute('vault') ?? '';
  }

  set vault(origin) {
    this.setAttribute('vault', origin);
  }

  /** The name of the issuer to sign in at. */
  get authProvider() {
    return this.getAttribute('auth-provider') ?? '';
  }

  set authProvider(name) {
    this.setAttribute('auth-provider', name);
  }

  /** The token of the value; null if there is none. Setting it shows the value of a token in the frame. */
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
    this.#metadata = fields;
  }

  /** Replacements of the sentences that the frame shows, by code. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.update();
  }

  /** Gets a one-time code from the page's own back end, if the vault is on another site. */
  get getCode() {
    return this.#getCode;
  }

  set getCode(getCode) {
    this.#getCode = getCode;
  }

  /** The labels of the page for this element. @returns {Iterable<Node>} */
  get labels() {
    return [];
  }

  /** Fulfilled when the frame can be used. Rejected with a `SecureError` if it cannot be loaded. */
  get ready() {
    if (!this.#ready) {
      const { promise, resolve, reject } = withResolvers();
      promise.catch(() => {});
      this.#ready = { promise, resolve, reject };
    }
    return this.#ready.promise;
  }

  connectedCallback() {
    const own = /** @type {typeof SecureElement} */ (this.constructor);
    for (const name of own.properties) this.#upgrade(name);
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
    if (name === 'error') this.showMessage(value ?? '');
    if (name !== 'token') return this.update();
    // A token is a share of the key, so it stays in no attribute, where every script and every saved page finds it.
    if (value === null) return;
    this.removeAttribute('token');
    this.token = value;
  }

  /** Lets the frame store what was typed. Fulfilled with its token, or null if it is empty. */
  async commit() {
    await this.whenReady();
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

  /**
   * @protected
   * @returns {Promise<void>}
   */
  whenReady() {
    return this.isConnected ? this.ready : Promise.reject(new SecureError('removed', 'The secure field is not in the page.'));
  }

  /**
   * Changes settings of the frame, if there is one.
   * @protected
   * @param {object} config
   */
  send(config) {
    this.#link?.post({ type: 'configure', config });
  }

  /**
   * @protected
   * @returns {Promise<string[]>}
   */
  commitAll() {
    return this.#link?.commit() ?? Promise.reject(new SecureError('removed', 'The secure field is not in the page.'));
  }

  /**
   * Takes a new token from the page or the frame.
   * @protected
   * @param {string | null} token
   */
  setToken(token) {
    this.#token = token;
  }

  /**
   * What the frame is told first.
   * @protected
   * @returns {Record<string, unknown>}
   */
  config() {
    const { metadata, token } = this;
    return { ...rulesOf(this), ...this.looks(), metadata, token };
  }

  /**
   * How many lines of text the frame is high.
   * @protected
   */
  lines() {
    return 1;
  }

  /**
   * @protected
   * @returns {Record<string, unknown>}
   */
  looks() {
    return { ...looksOf(this, this.labels), texts: this.texts };
  }

  /** Tells the frame what has changed in the page around it; several changes at once. */
  update() {
    if (this.#planned || !this.#link) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.#link && this.isConnected) this.#sendLooks(this.#link);
    });
  }

  /**
   * @protected
   * @param {Change} change
   */
  changed(change) {
    this.setState('empty', change.empty);
    this.setState('complete', change.complete);
    this.setState('invalid', !change.valid);
    // Like an `input`, an element says nothing of the value that it starts with.
    if (!this.#isReady) return;
    this.fire('change', { ...change, errors: change.errors.map((error) => ({ ...error })) }, true);
  }

  /**
   * @protected
   * @param {SecureError} error
   */
  failed(error) {
    this.showMessage(error.message);
    this.fire('error', { code: error.code, message: error.message });
  }

  /**
   * Shows a sentence below the frame, or none.
   * @protected
   * @param {string} text
   */
  showMessage(text) {
    this.#message.textContent = text;
    this.#message.hidden = text === '';
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

  /** Uses a value that the page has set before the element was defined. @param {string} name */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const self = /** @type {any} */ (this);
    const value = self[name];
    delete self[name];
    self[name] = value;
  }

  #open() {
    if (this.#link) this.#close();
    if (this.#settled) this.#ready = undefined;
    this.#settled = false;
    this.#retry.hidden = true;
    this.showMessage(this.getAttribute('error') ?? '');
    try {
      const { vault } = settingsOf(this);
      const { component } = /** @type {typeof SecureElement} */ (this.constructor);
      const link = new FrameLink(vault, component, {
        config: () => this.config(),
        receive: (type, message) => this.receive(type, message),
        fail: (error) => this.#fail(error),
      });
      link.iframe.title = labelOf(this, this.labels);
      link.iframe.part.add('frame');
      link.iframe.style.setProperty('--lines', String(this.lines()));
      this.#link = link;
      addEventListener('pageshow', this.#shownAgain);
      watchTheme(this.#restyle);
      this.shadowRoot?.prepend(link.iframe);
    } catch (thrown) {
      this.#fail(SecureError.of(thrown));
    }
  }

  #close() {
    removeEventListener('pageshow', this.#shownAgain);
    unwatchTheme(this.#restyle);
    this.#link?.close();
    this.#link = undefined;
    this.#settle(new SecureError('removed', 'The secure field was removed from the page before it was ready.'));
    this.#isReady = false;
    this.#sent = '';
    this.setState('ready', false);
  }

  /** The frame has dropped its plaintext when the page was left, so it starts again. @type {(event: PageTransitionEvent) => void} */
  #shownAgain = ({ persisted }) => {
    if (persisted) this.#open();
  };

  #restyle = () => this.update();

  /** @param {SecureError} error */
  #fail(error) {
    this.#settle(error);
    this.#close();
    this.failed(error);
    this.#retry.hidden = false;
  }

  /** @param {FrameLink} link */
  #sendLooks(link) {
    const config = this.looks();
    const text = JSON.stringify(config);
    if (text === this.#sent) return;
    this.#sent = text;
    link.iframe.title = String(config.label);
    link.post({ type: 'configure', config });
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
   * @param {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} name
   */
  interacted(name) {
    if (name === 'focus' || name === 'blur') this.setState('focused', name === 'focus');
    this.update();
    this.fire(name);
  }

  /**
   * Settles the promise `ready`, also if nobody has asked for it yet.
   * @param {SecureError} [error]
   */
  #settle(error) {
    void this.ready;
    if (error) this.#ready?.reject(error);
    else this.#ready?.resolve();
    this.#settled = true;
  }

  #becomeReady() {
    this.#isReady = true;
    this.setState('ready', true);
    this.#settle();
    this.fire('ready');
  }

  /**
   * Answers what the frame asks: to sign in, or for a code.
   * @param {Ask} ask
   */
  async #answer(ask) {
    const link = this.#link;
    try {
      const { vault, authProvider, getCode } = settingsOf(this);
      const request = { nonce: link?.nonce ?? '', action: ask.action ?? 'tokenize', tokens: ask.tokens ?? [] };
      const usesCode = getCode !== undefined;
      if (ask.what === 'signIn' && !usesCode) await signIn(vault, authProvider, ask.again === true);
      const code = ask.what === 'code' ? await getCode?.(request) : undefined;
      link?.post({ type: 'reply', id: ask.id, code, usesCode });
    } catch (thrown) {
      const { code, message } = thrown instanceof SecureError ? thrown : noCode();
      link?.post({ type: 'reply', id: ask.id, failure: code, message });
    }
  }
}

/** What a page's own `getCode` throws is the page's business. */
function noCode() {
  return new SecureError('noCode', 'The page could not get a code for this frame. Sign in and try again.');
}

/** @returns {{promise: Promise<void>, resolve: () => void, reject: (error: SecureError) => void}} */
function withResolvers() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** One sheet for all elements. A sheet made by a script needs no permission of a Content-Security-Policy. */
function styles() {
  if (sheet) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: inline-flex; flex-direction: column; inline-size: 20em; max-inline-size: 100%; cursor: text; }
    :host([hidden]) { display: none; }
    iframe { flex: 1 0 auto; min-block-size: calc(var(--lines, 1) * var(--secure-line, 1.5em)); block-size: 0; inline-size: 100%; border: 0; }
    :host(:focus-within) { outline: 2px solid; outline-offset: 2px; }
    button { align-self: start; }
    [hidden] { display: none; }
    p { margin: 0.25em 0 0; color: var(--secure-error-color, light-dark(#b3261e, #ff8a80)); font-size: 0.875em; }
  `);
  return sheet;
}
