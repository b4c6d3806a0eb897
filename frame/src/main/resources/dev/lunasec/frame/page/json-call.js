import { CALL, cancelled } from './deadlines.js';
import { Failure } from './failure.js';

/** The longest time that the tokenizer may ask to wait, in milliseconds. */
const LONGEST_WAIT = 10_000;

/**
 * Calls a JSON route of the tokenizer once.
 * @param {string} path
 * @param {object} body
 * @param {object} options
 * @param {import('./session-lock.js').SessionLock} options.lock
 * @param {Record<string, string>} [options.headers]
 * @param {RequestCredentials} [options.credentials] by default no cookie
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<any>} the data of the answer, or a `Failure`
 */
export async function call(path, body, { lock, headers, credentials = 'omit', signal }) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials,
      cache: 'no-store',
      redirect: 'error',
      signal: either(AbortSignal.timeout(CALL), signal),
    });
    const { data, error } = await answer.json();
    lock.take(answer);
    return answer.ok ? data : failureOf(answer, error);
  } catch {
    if (signal?.aborted) throw cancelled();
    return new Failure('networkFailed', 'The vault cannot be reached. Check the connection and try again.', true);
  }
}

/** The tokenizer cannot serve the call at the moment, and says when to repeat it. */
export class Busy extends Failure {
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
function either(one, other) {
  if (!other) return one;
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort();
    signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}
