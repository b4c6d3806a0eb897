import { CALL, backoff, cancelled, wait } from './deadlines.js';
import { Failure } from './failure.js';

/** @typedef {import('./host.js').Action} Action */
/** @typedef {{uploadUrl: string, headers: Record<string, string>}} SignedUpload */
/** @typedef {{metadata?: object, size: number, expiresAt?: string}} NewValue */

/** The header with the hash of the session. */
const SESSION_HASH = 'lunasec-session-hash';

/** How often a call is repeated that the tokenizer could not serve at the moment. */
const REPEATS = 3;

/** The longest time that the tokenizer may ask to wait, in milliseconds. */
const LONGEST_WAIT = 10_000;

/**
 * Calls of the tokenizer's JSON routes. The first answer locks the frame to a session: if another user signs in, the
 * tokenizer refuses every later call of this frame, and so does the frame itself.
 */
export class VaultCalls {
  /** @type {string | undefined} */
  #sessionHash;
  /** @type {Failure | undefined} */
  #locked;
  /** @type {Promise<void> | undefined} */
  #begun;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.session = session;
  }

  /** Locks the frame to the user who begins to type, if the tokenizer says who that is. */
  begin() {
    this.#begun ??= this.#verify();
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
      const answer = await this.#send(path, body, credentials, signal);
      if (!(answer instanceof Failure)) return answer;
      if (answer.code === 'sessionMismatch') this.#locked = answer;
      if (answer.code === 'unauthenticated' && !renewed) {
        renewed = true;
        await this.session.renew(action, tokens);
      } else if (answer.again && attempt < REPEATS) {
        await wait(answer instanceof Busy ? answer.milliseconds : backoff(attempt), signal);
        attempt++;
      } else {
        throw answer;
      }
    }
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {{headers: Record<string, string>, credentials: RequestCredentials}} credentials
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>} the data of the answer, or a failure
   */
  async #send(path, body, { headers, credentials }, signal) {
    /** @type {Record<string, string>} */
    const lock = this.#sessionHash ? { [SESSION_HASH]: this.#sessionHash } : {};
    try {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...lock, ...headers },
        body: JSON.stringify(body),
        credentials,
        cache: 'no-store',
        redirect: 'error',
        signal: either(AbortSignal.timeout(CALL), signal),
      });
      const { data, error } = await answer.json();
      this.#sessionHash ??= answer.headers.get(SESSION_HASH) ?? undefined;
      return answer.ok ? data : failureOf(answer, error);
    } catch {
      if (signal?.aborted) throw cancelled();
      return new Failure('networkFailed', 'The vault cannot be reached. Check the connection and try again.', true);
    }
  }

  /** The call that locks has no effect beyond that, so its failure has none either. */
  async #verify() {
    try {
      if (await this.session.usesCode()) return;
      const answer = await fetch('/session/verify', { cache: 'no-store', signal: AbortSignal.timeout(CALL) });
      this.#sessionHash ??= answer.headers.get(SESSION_HASH) ?? undefined;
    } catch {
      this.#begun = undefined;
    }
  }
}

/** The tokenizer cannot serve the call at the moment, and says when to repeat it. */
class Busy extends Failure {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} milliseconds
   */
  constructor(code, message, milliseconds) {
    super(code, message, true);
    this.milliseconds = milliseconds;
  }
}

/**
 * @param {Response} answer
 * @param {{name?: unknown, message?: unknown} | undefined} error
 * @returns {Failure}
 */
function failureOf(answer, error) {
  const code = typeof error?.name === 'string' ? error.name : 'internalError';
  const message = typeof error?.message === 'string' ? error.message : `The vault answered ${answer.status}.`;
  if (answer.status !== 429 && answer.status !== 503) return new Failure(code, message);
  const seconds = Number(answer.headers.get('retry-after') ?? 1);
  return new Busy(code, message, Math.min(LONGEST_WAIT, Math.max(200, (seconds || 1) * 1000)));
}

/**
 * A signal that aborts when one of two does.
 * @param {AbortSignal} one
 * @param {AbortSignal} [other]
 * @returns {AbortSignal}
 */
export function either(one, other) {
  if (!other) return one;
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort();
    signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}
