/** The header with the hash of the session. */
const SESSION_HASH = 'lunasec-session-hash';

/**
 * The session that a frame belongs to. The first answer that names one locks the frame to it: the tokenizer refuses
 * every later call of another session.
 */
export class SessionLock {
  /** @type {string | undefined} */
  #hash;

  get isSet() {
    return this.#hash !== undefined;
  }

  /** @param {Response} answer of the tokenizer */
  take(answer) {
    this.#hash ??= answer.headers.get(SESSION_HASH) ?? undefined;
  }

  /** @returns {Record<string, string>} what each call sends */
  headers() {
    return this.#hash === undefined ? {} : { [SESSION_HASH]: this.#hash };
  }
}
