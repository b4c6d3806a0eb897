import { answer } from './ask.js';
import { LOOKS, looksOf, rulesOf, titleOf } from './element-config.js';
import { ElementView } from './element-view.js';
import { FrameLink } from './frame-link.js';
import { ReadyPromise } from './ready-promise.js';
import { SecureError } from './secure-error.js';
import { afterConfigure, forget, settingsOf } from './settings.js';
import { unwatchTheme, watchTheme } from './text-styles.js';
import { VaultElement } from './vault-element.js';

/** @typedef {keyof typeof import('./frame-messages.js').OF_PORT} MessageType */

/**
 * An element whose content is a frame of the vault. It loads the frame while it is in the page, tells it how the page
 * looks, and answers what it asks of the page. Subclasses know what the frame holds.
 */
export class FramedElement extends VaultElement {
  /** Its name in the frame. */
  static component = '';
  static observedAttributes = [...LOOKS];

  /** @type {FrameLink | undefined} */
  #link;
  #ready = new ReadyPromise();
  #isReady = false;
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

  /** Fulfilled when the frame can be used. Rejected with a `SecureError` if it cannot be loaded. */
  get ready() {
    return this.#ready.promise;
  }

  /** @protected */
  get isReady() {
    return this.#isReady;
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
    this.update();
  }

  /** @override */
  focus() {
    this.#link?.iframe.focus();
    this.post({ type: 'focus' });
  }

  /** @protected @param {boolean} [isDraft] @returns {Promise<string[]>} */
  async commitAll(isDraft) {
    if (this.isConnected) await this.ready;
    if (!this.#link) throw new SecureError('removed', 'The secure field is not in the page. Add it before it is used.');
    return this.#link.commit(isDraft);
  }

  /**
   * Sends the frame a message, if there is one.
   * @protected
   * @param {object} message
   */
  post(message) {
    this.#link?.post(message);
  }

  /** How many lines the frame is high. @protected */
  lines() {
    return 1;
  }

  /** What the frame is told first. @protected @returns {Record<string, unknown>} */
  config() {
    return { ...rulesOf(this), ...looksOf(this, this.labels), texts: this.replacedTexts() };
  }

  /** Replacements of the sentences that the frame shows, by code. @protected @returns {object | undefined} */
  replacedTexts() {
    return undefined;
  }

  /**
   * Tells the frame what has changed in the page, several changes at once.
   * @protected
   * @param {boolean} [isChanged] whether more has changed than the look
   */
  update(isChanged = false) {
    if (isChanged) this.#sent = '';
    if (this.#updates) return;
    this.#updates = true;
    queueMicrotask(() => {
      this.#updates = false;
      if (this.#link && this.isConnected) this.#sendLooks(this.#link);
    });
  }

  /**
   * @protected
   * @param {MessageType} type
   * @param {any} message
   */
  receive(type, message) {
    if (type === 'ready') this.#becomeReady();
    if (type === 'error') this.failed(new SecureError(message.code, message.message));
    if (type === 'ask') void this.#answer(message);
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

  /** @param {FrameLink} link */
  #sendLooks(link) {
    const looks = looksOf(this, this.labels);
    const text = JSON.stringify(looks);
    if (text === this.#sent) return;
    this.#sent = text;
    link.iframe.title = titleOf(this, this.labels);
    link.post({ type: 'configure', config: { ...looks, texts: this.replacedTexts() } });
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
