import { CALL, backoff, wait } from './deadlines.js';
import { Failure } from './failure.js';
import { Busy, call } from './json-call.js';

/** @typedef {import('./host.js').Action} Action */
/** @typedef {{uploadUrl: string, headers: Record<string, string>}} SignedUpload */
/** @typedef {{metadata?: object, size: number, expiresAt?: string}} NewValue */

/** How often a call is repeated that the tokenizer could not serve at the moment. */
const REPEATS = 3;

/** How long a frame waits before it tries again to learn who types, in milliseconds. */
const PAUSE = 10_000;

/**
 * Calls of the tokenizer's JSON routes. The first answer locks the frame to a session: if another user signs in, the
 * tokenizer refuses every later call of this frame, and so does the frame itself.
 */
export class VaultCalls {
  /** @type {Failure | undefined} */
  #locked;
  /** @type {Promise<void> | undefined} */
  #begun;
  #verified = -PAUSE;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.session = session;
  }

  /** Locks the frame to the user who begins to type, if the tokenizer says who that is. */
  begin() {
    if (this.#begun || performance.now() - this.#verified < PAUSE) return;
    this.#verified = performance.now();
    this.#begun = this.#verify().catch(() => {
      // It has no effect beyond the lock, so its failure has none either.
      this.#begun = undefined;
    });
  }

  /**
   * Makes a token.
   * @param {NewValue} value
   * @param {AbortSignal} [signal]
   * @returns {Promise<SignedUpload & {tokenId: string}>}
   */
  tokenize(value, signal) {
    return this.#call('/tokenize', value, 'tokenize', [], signal);
  }

  /**
   * @param {string} tokenId
   * @param {AbortSignal} [signal]
   * @returns {Promise<{downloadUrl: string, headers: Record<string, string>}>}
   */
  detokenize(tokenId, signal) {
    return this.#call('/detokenize', { tokenId }, 'detokenize', [tokenId], signal);
  }

  /**
   * @param {string} tokenId
   * @returns {Promise<{metadata: any}>}
   */
  metadata(tokenId) {
    return this.#call('/metadata/get', { tokenId }, 'detokenize', [tokenId]);
  }

  /**
   * Begins an upload in parts.
   * @param {NewValue} value
   * @param {AbortSignal} [signal]
   * @returns {Promise<{tokenId: string, uploadId: string, partSize: number}>}
   */
  startUpload(value, signal) {
    return this.#call('/upload/start', value, 'tokenize', [], signal);
  }

  /**
   * @param {{tokenId: string, uploadId: string}} upload
   * @param {number} part from 1 on
   * @param {AbortSignal} [signal]
   * @returns {Promise<SignedUpload>}
   */
  async signPart({ tokenId, uploadId }, part, signal) {
    const body = { tokenId, uploadId, first: part, count: 1 };
    const { parts } = await this.#call('/upload/parts', body, 'tokenize', [], signal);
    return parts[0];
  }

  /**
   * @param {{tokenId: string, uploadId: string}} upload
   * @param {{part: number, etag: string}[]} parts
   * @param {AbortSignal} [signal]
   */
  completeUpload({ tokenId, uploadId }, parts, signal) {
    return this.#call('/upload/complete', { tokenId, uploadId, parts }, 'tokenize', [], signal);
  }

  /** @param {{tokenId: string, uploadId: string}} upload */
  abortUpload({ tokenId, uploadId }) {
    return this.#call('/upload/abort', { tokenId, uploadId }, 'tokenize', []);
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {Action} action
   * @param {string[]} tokens
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>} the data of the answer
   */
  async #call(path, body, action, tokens, signal) {
    await this.#begun;
    let renewed = false;
    for (let attempt = 0; ;) {
      if (this.#locked) throw this.#locked;
      const credentials = await this.session.credentials(action, tokens);
      const headers = { ...this.session.lock.headers(), ...credentials.headers };
      const answer = await call(path, body, { ...credentials, lock: this.session.lock, headers, signal });
      if (!(answer instanceof Failure)) return answer;
      if (answer.code === 'sessionMismatch') this.#locked = answer;
      if (answer.code === 'unauthenticated' && !renewed) {
        renewed = true;
        await this.session.renew(action, tokens, credentials);
      } else if (answer.again && attempt < REPEATS) {
        await wait(answer instanceof Busy ? answer.milliseconds : backoff(attempt), signal);
        attempt++;
      } else {
        throw answer;
      }
    }
  }

  /** With codes, the access token names the session; with a cookie, the tokenizer says whose it is. */
  async #verify() {
    const { session } = this;
    if (await session.usesCode()) return void (await session.credentials('tokenize', []));
    if (!(await this.#isSignedIn())) {
      await session.renew('tokenize', []);
      await session.usesCode();
      await this.#isSignedIn();
    }
    if (!session.lock.isSet) throw new Failure('unauthenticated', 'The user is not signed in.');
  }

  async #isSignedIn() {
    const answer = await fetch('/session/verify', { cache: 'no-store', signal: AbortSignal.timeout(CALL) });
    this.session.lock.take(answer);
    return this.session.lock.isSet;
  }
}
