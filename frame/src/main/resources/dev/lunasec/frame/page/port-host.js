import { read } from '../components/shape.js';
import { REPLY, within } from './deadlines.js';
import { Failure } from './failure.js';
import { CONFIG, CONTENT, LOOKS, OF_PORT } from './host-messages.js';
import { explain } from './sentences.js';
import { pick } from './settings-shape.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Component} Component */
/** @typedef {import('../components/shape.js').Read<typeof OF_PORT.reply>} Reply */

/**
 * The page behind a port. Nobody else holds the other end, so messages need no further proof of where they come from.
 * @implements {Host}
 */
export class PortHost {
  /** @type {Map<number, (reply: Reply) => void>} */
  #waiting = new Map();
  #questions = 0;
  #last = '';
  /** @type {Record<string, string> | undefined} */
  #texts;

  /**
   * @param {MessagePort} port
   * @param {unknown} config of the first message
   */
  constructor(port, config) {
    this.port = port;
    this.config = this.#valid(config, CONFIG);
  }

  /** @param {Component} component */
  serve(component) {
    this.port.onmessage = ({ data }) => this.#receive(data, component);
  }

  ready() {
    this.port.postMessage({ type: 'ready' });
  }

  /**
   * The page learns a state once, so the number of messages says nothing about what is typed.
   * @param {import('./host.js').FieldState} state
   */
  change(state) {
    const text = JSON.stringify(state);
    if (text === this.#last) return;
    this.#last = text;
    this.port.postMessage({ type: 'change', ...state });
  }

  /** @param {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} name */
  event(name) {
    this.port.postMessage({ type: 'event', name });
  }

  /** @param {string[]} tokens */
  tokens(tokens) {
    this.port.postMessage({ type: 'tokens', tokens });
  }

  /** @param {number} percent */
  progress(percent) {
    this.port.postMessage({ type: 'progress', percent });
  }

  /** @param {Failure} failure */
  error(failure) {
    this.port.postMessage({ type: 'error', code: failure.code, message: explain(failure, this.#texts) });
  }

  /**
   * @param {import('./host.js').Action} action
   * @param {string[]} tokens
   */
  async getCode(action, tokens) {
    const { code } = await this.#ask({ what: 'code', action, tokens });
    if (!code) throw new Failure('noCode', 'The page gave no code for this frame. Let getCode return one.');
    return code;
  }

  /**
   * @param {boolean} again
   * @returns {Promise<boolean>}
   */
  async signIn(again) {
    const { usesCode = false } = await this.#ask({ what: 'signIn', again });
    return usesCode;
  }

  /**
   * @param {Record<string, unknown>} question
   * @returns {Promise<Reply>}
   */
  async #ask(question) {
    const id = ++this.#questions;
    /** @type {Promise<Reply>} */
    const reply = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.port.postMessage({ type: 'ask', id, ...question });
    try {
      const answer = await within(reply, REPLY, noReply);
      if (answer.failure) throw new Failure(answer.failure, answer.message ?? 'The page could not sign in.');
      return answer;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /**
   * @param {unknown} data
   * @param {Component} component
   */
  #receive(data, component) {
    const type = read(data, { type: OF_TYPE })?.type;
    if (!type) return;
    const message = read(data, OF_PORT[type]);
    if (!message) return;
    if (type === 'configure')
      component.configure(this.#valid(/** @type {any} */ (message).config, { ...LOOKS, ...CONTENT }));
    if (type === 'clear') component.clear();
    if (type === 'focus') component.focus();
    if (type === 'commit') void this.#commit(/** @type {any} */ (message), component);
    if (type === 'reply') this.#answer(/** @type {Reply} */ (message));
  }

  /**
   * The settings that are valid. The page learns which are not.
   * @template {Record<string, import('../components/shape.js').Shape<any>>} F
   * @param {unknown} config
   * @param {F} fields
   */
  #valid(config, fields) {
    const { found, wrong } = pick(config, fields);
    this.#texts = found.texts ?? this.#texts;
    if (wrong.length)
      this.error(new Failure('badConfiguration', `Some attributes are not valid: ${wrong.join(', ')}.`));
    return found;
  }

  /** @param {Reply} reply */
  #answer(reply) {
    this.#waiting.get(reply.id)?.(reply);
  }

  /**
   * @param {import('../components/shape.js').Read<typeof OF_PORT.commit>} message
   * @param {Component} component
   */
  async #commit({ id, isDraft }, component) {
    try {
      this.port.postMessage({ type: 'committed', id, tokens: await component.commit(isDraft) });
    } catch (thrown) {
      const failure = Failure.of(thrown);
      this.port.postMessage({ type: 'failed', id, code: failure.code, message: explain(failure, this.#texts) });
    }
  }
}

/** @type {import('../components/shape.js').Shape<keyof typeof OF_PORT>} */
const OF_TYPE = /** @type {any} */ (
  (/** @type {unknown} */ value) => typeof value === 'string' && Object.hasOwn(OF_PORT, value)
);

function noReply() {
  return new Failure('replyTimeout', 'The page did not answer within 30 seconds. Reload it and try again.');
}
