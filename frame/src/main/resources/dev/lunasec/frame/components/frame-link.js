import { OF_PORT, isGreeting } from './frame-messages.js';
import { SecureError } from './secure-error.js';
import { read } from './shape.js';

/** How long a frame may take to load, in milliseconds. */
const LOAD = 15_000;

/** How long a frame that stores a value may tell nothing, in milliseconds. */
const REPLY = 120_000;

/** How much later than its greeting a page's event `load` may come, in milliseconds. */
const LATE_EVENT = 2_000;

/** @type {[string, string]} */
const REPLACED = ['frameReplaced', 'Something has replaced the secure field. Reload the page.'];

/**
 * What a link tells its element.
 * @typedef {object} LinkListener
 * @property {() => object} config the settings of the first message
 * @property {(type: keyof typeof OF_PORT, message: any) => void} receive
 * @property {(error: SecureError) => void} fail the link is closed
 */

/**
 * One frame and the port to it. The port goes to the vault's origin only, after a greeting that came from this frame
 * and this origin with the frame's nonce. From then on only the port counts. A frame that loads a second page gets none.
 */
export class FrameLink {
  /** @type {Map<number, {resolve: (tokens: string[]) => void, reject: (error: SecureError) => void}>} */
  #waiting = new Map();
  #requests = 0;
  #silence = 0;
  #loads = 0;
  #closed = false;
  #greeting = { time: 0, loads: 0 };
  /** @type {MessagePort | undefined} */
  #port;

  /**
   * @param {string} vault the origin
   * @param {string} component as the tokenizer calls it
   * @param {LinkListener} listener
   */
  constructor(vault, component, listener) {
    this.vault = vault;
    this.listener = listener;
    this.nonce = randomHex();
    this.iframe = document.createElement('iframe');
    const url = new URL('/frame', vault);
    url.search = String(new URLSearchParams({ n: this.nonce, origin: location.origin, component }));
    this.iframe.src = url.href;
    this.iframe.allow = "autofill 'src'; clipboard-write 'src'";
    this.iframe.referrerPolicy = 'no-referrer';
    this.iframe.style.visibility = 'hidden';
    this.iframe.addEventListener('load', () => this.#loaded());
    addEventListener('message', this.#greeted);
    this.timer = setTimeout(
      () =>
        this.#fail(
          'loadTimeout',
          'The secure field did not load within 15 seconds. Check the' +
            ' connection, and that the vault allows this page in frame.allowedOrigins.',
        ),
      LOAD,
    );
  }

  /**
   * @param {object} message sent like JSON, because browsers send no proxies of Vue
   * @param {(plain: object) => void} [send]
   */
  post(message, send = (plain) => this.#port?.postMessage(plain)) {
    try {
      send(JSON.parse(JSON.stringify(message)));
    } catch {
      this.#fail('badConfiguration', 'metadata or texts is no JSON. Set a plain object.');
    }
  }

  /**
   * Lets the frame store its value.
   * @param {boolean} [isDraft]
   * @returns {Promise<string[]>} the tokens; none if the field is empty
   */
  commit(isDraft) {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      if (!this.#port)
        return reject(new SecureError('notReady', 'The secure field has not loaded yet. Wait for ready.'));
      this.#waiting.set(id, { resolve, reject });
      this.#alive();
      this.post({ type: 'commit', id, isDraft });
    });
  }

  /** Ends it. Promises that wait are rejected. */
  close() {
    this.#closed = true;
    clearTimeout(this.timer);
    removeEventListener('message', this.#greeted);
    this.#port?.close();
    this.#port = undefined;
    this.iframe.remove();
    clearTimeout(this.#silence);
    this.#reject('removed', 'The secure field was removed from the page before it answered.');
  }

  #alive() {
    clearTimeout(this.#silence);
    const late = 'The secure field did not answer within two minutes. Reload the page and try again.';
    this.#silence = +setTimeout(() => this.#reject('replyTimeout', late), REPLY);
  }

  /**
   * @param {string} code
   * @param {string} message
   */
  #reject(code, message) {
    for (const { reject } of this.#waiting.values()) reject(new SecureError(code, message));
    this.#waiting.clear();
  }

  /** @param {number} id */
  #take(id) {
    const taken = this.#waiting.get(id);
    this.#waiting.delete(id);
    return taken;
  }

  /** @type {(event: MessageEvent) => void} */
  #greeted = (event) => {
    const frame = this.iframe.contentWindow;
    if (!frame || event.source !== frame || event.origin !== this.vault || !isGreeting(event.data, this.nonce)) return;
    removeEventListener('message', this.#greeted);
    this.#greeting = { time: performance.now(), loads: this.#loads };
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => this.#receive(data);
    port1.addEventListener('close', () => this.#fail(...REPLACED));
    const init = { type: 'init', nonce: this.nonce, config: this.listener.config() };
    this.post(init, (plain) => frame.postMessage(plain, this.vault, [port2]));
  };

  /** @param {unknown} data */
  #receive(data) {
    const type = /** @type {any} */ (data)?.type;
    if (typeof type !== 'string' || !Object.hasOwn(OF_PORT, type)) return;
    const message = /** @type {any} */ (read(data, OF_PORT[/** @type {keyof typeof OF_PORT} */ (type)]));
    if (!message) return;
    if (type === 'ready') this.#shown();
    if (type === 'progress') this.#alive();
    if (type === 'committed') return this.#take(message.id)?.resolve(message.tokens);
    if (type === 'failed') return this.#take(message.id)?.reject(new SecureError(message.code, message.message));
    this.listener.receive(/** @type {keyof typeof OF_PORT} */ (type), message);
  }

  #shown() {
    clearTimeout(this.timer);
    this.iframe.style.visibility = 'visible';
  }

  /**
   * A page loads once. It loads again before it greets if some of its scripts were not found, as while pods are
   * replaced; the event of such a page can come a little later than its greeting.
   */
  #loaded() {
    this.#loads++;
    if (!this.#port || this.#loads === 1) return;
    const { time, loads } = this.#greeting;
    const isOfGreeting = this.#loads === loads + 1 && performance.now() - time < LATE_EVENT;
    if (!isOfGreeting) this.#fail(...REPLACED);
  }

  /**
   * @param {string} code
   * @param {string} message
   */
  #fail(code, message) {
    if (this.#closed) return;
    this.close();
    this.listener.fail(new SecureError(code, message));
  }
}

/** 128 random bits in hex. */
function randomHex() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
