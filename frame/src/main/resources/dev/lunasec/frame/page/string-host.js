import { read, text } from '../components/shape.js';
import { Failure } from './failure.js';
import { CONFIG } from './host-messages.js';
import { recordOf } from './settings-shape.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Component} Component */
/** @typedef {import('./host-messages.js').Config} Config */

/** @type {import('../components/shape.js').Shape<any>} */
const anything = /** @type {any} */ (() => true);

/** What LunaDefend's page sends for each of our settings. Its styles are a text. */
const ATTRIBUTES = { ...CONFIG, style: anything };

/**
 * A page that speaks the protocol of LunaDefend: texts of JSON between two windows. Each message is taken only from the
 * parent window, and only while it shows a page of the allowed origin.
 * @implements {Host}
 */
export class StringHost {
  /**
   * The host of a page whose first message is `Attributes` for this component.
   * @param {string} first message
   * @param {import('./page-address.js').PageAddress} address
   * @param {Window} frame
   * @returns {StringHost | null}
   */
  static of(first, address, frame) {
    const message = parse(first);
    if (message?.command !== 'Attributes') return null;
    const host = new StringHost(address, frame, message);
    return host.config ? host : null;
  }

  /** @type {boolean | null} */
  #valid = null;

  /**
   * @param {import('./page-address.js').PageAddress} address
   * @param {Window} frame
   * @param {Message} first
   */
  constructor(address, frame, first) {
    this.address = address;
    this.frame = frame;
    this.config = /** @type {Config} */ (this.#attributes(first));
  }

  /** @param {Component} component */
  serve(component) {
    this.frame.addEventListener('message', (event) => {
      if (event.source !== this.frame.parent || event.origin !== this.address.origin) return;
      const message = parse(event.data);
      if (message?.command === 'Attributes') {
        const change = this.#attributes(message);
        if (change) component.configure(change);
      }
      if (message?.command === 'CommitToken') void this.#commit(message, component);
    });
  }

  ready() {
    this.#notify('NotifyOnFullyLoaded', {});
  }

  /** @param {import('./host.js').FieldState} state */
  change({ valid }) {
    if (valid === this.#valid) return;
    this.#valid = valid;
    this.#notify('NotifyOnValidate', { isValid: valid });
  }

  /** @param {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} name */
  event(name) {
    if (name === 'blur') this.#notify('NotifyOnBlur', {});
    if (name === 'submit') this.#notify('NotifyOnSubmit', {});
  }

  /** @param {string[]} tokens */
  tokens(tokens) {
    this.#notify('NotifyOnToken', { token: tokens });
  }

  /** LunaDefend's pages know no progress. */
  progress() {}

  /** @param {Failure} failure */
  error({ code, message }) {
    this.#notify('NotifyOnError', { name: code, message, code });
  }

  /** @returns {Promise<string>} */
  async getCode() {
    throw new Failure('noCode', 'Pages of LunaDefend have no codes. Sign in with /session/ensure.');
  }

  /**
   * LunaDefend's page signs in by itself before it shows a frame, and again every minute.
   * @param {boolean} again
   */
  async signIn(again) {
    if (!again) return false;
    throw new Failure('unauthenticated', 'The user is not signed in. Sign in and try again.');
  }

  /**
   * Reads a message with attributes, and confirms it.
   * @param {Message} message
   * @returns {Config | null}
   */
  #attributes({ correlationToken, data }) {
    const found = data.component === this.address.component ? read(named(data), ATTRIBUTES) : null;
    const answer = found ? { success: true } : { success: false, error: 'These attributes are not valid.' };
    this.#send({ command: 'ReceiveAttributesConfirmation', correlationToken, data: answer });
    return found && /** @type {Config} */ ({ ...found, style: styleOf(found.style) });
  }

  /**
   * @param {Message} message
   * @param {Component} component
   */
  async #commit({ correlationToken }, component) {
    let data;
    try {
      data = { success: true, token: (await component.commit())[0] ?? '' };
    } catch (thrown) {
      this.error(Failure.of(thrown));
      data = { success: false, error: 'tokenizer failed to tokenize data' };
    }
    this.#send({ command: 'ReceiveCommittedToken', correlationToken, data });
  }

  /**
   * @param {string} command
   * @param {object} data
   */
  #notify(command, data) {
    this.#send({ command, frameNonce: this.address.nonce, data });
  }

  /** @param {object} message */
  #send(message) {
    this.frame.parent.postMessage(JSON.stringify(message), this.address.origin);
  }
}

/** @typedef {{command: string, correlationToken: string, data: Record<string, unknown>}} Message */

/**
 * @param {unknown} value
 * @returns {Message | null} null if it is no message
 */
function parse(value) {
  if (typeof value !== 'string' || value.length > 100_000) return null;
  try {
    const shape = { command: text(60), correlationToken: text(200), data: recordOf(anything, 100) };
    return read(JSON.parse(value), shape);
  } catch {
    return null;
  }
}

/**
 * LunaDefend's attributes under our names.
 * @param {Record<string, unknown>} data
 */
function named({ customMetadata, fileTokens, token, ...data }) {
  const known = Object.entries({ ...data, metadata: customMetadata, tokens: fileTokens, token });
  return Object.fromEntries(known.filter(([, value]) => value !== undefined && value !== null && value !== ''));
}

/**
 * The styles, which are a JSON text in the JSON text.
 * @param {unknown} style
 * @returns {Record<string, string> | undefined}
 */
function styleOf(style) {
  if (typeof style !== 'string') return undefined;
  try {
    const parsed = JSON.parse(style)?.style;
    return read({ parsed }, { parsed: recordOf(text(1000), 400) })?.parsed;
  } catch {
    return undefined;
  }
}
