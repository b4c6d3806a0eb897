import { CALL } from './deadlines.js';
import { Failure } from './failure.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Action} Action */

/** How long before its end an access token is no longer used, in milliseconds. */
const MARGIN = 5_000;

/**
 * What proves to the tokenizer who uses this frame: the cookie of the browser, or an access token for a one-time code
 * of the page's back end. An access token is kept in memory only.
 */
export class Session {
  /** @type {Map<string, {accessToken: string, until: number}>} */
  #access = new Map();
  /** @type {Promise<boolean> | undefined} */
  #signedIn;

  /**
   * @param {Host} host
   * @param {string} nonce of this frame
   */
  constructor(host, nonce) {
    this.host = host;
    this.nonce = nonce;
  }

  /**
   * What to add to a call.
   * @param {Action} action
   * @param {string[]} tokens that the call reads
   * @returns {Promise<{headers: Record<string, string>, credentials: RequestCredentials}>}
   */
  async credentials(action, tokens) {
    if (!(await this.usesCode())) return { headers: {}, credentials: 'same-origin' };
    const accessToken = await this.#accessToken(action, tokens);
    return { headers: { authorization: `Bearer ${accessToken}` }, credentials: 'omit' };
  }

  /**
   * Gets new credentials after the tokenizer refused the ones that were sent.
   * @param {Action} action
   * @param {string[]} tokens
   */
  async renew(action, tokens) {
    this.#access.delete(nameOf(action, tokens));
    if (!(await this.usesCode())) this.#signedIn = this.host.signIn(true);
  }

  /**
   * Whether the page has codes. If it has none, the browser is signed in afterwards. A sign-in that failed is tried
   * again with the next call.
   * @returns {Promise<boolean>}
   */
  async usesCode() {
    this.#signedIn ??= this.host.signIn(false);
    try {
      return await this.#signedIn;
    } catch (failure) {
      this.#signedIn = undefined;
      throw failure;
    }
  }

  /**
   * @param {Action} action
   * @param {string[]} tokens
   * @returns {Promise<string>}
   */
  async #accessToken(action, tokens) {
    const known = this.#access.get(nameOf(action, tokens));
    if (known && known.until > performance.now()) return known.accessToken;
    const code = await this.host.getCode(action, tokens);
    const { accessToken, expiresInSeconds } = await this.#redeem(code);
    const until = performance.now() + expiresInSeconds * 1000 - MARGIN;
    this.#access.set(nameOf(action, tokens), { accessToken, until });
    return accessToken;
  }

  /**
   * @param {string} code
   * @returns {Promise<{accessToken: string, expiresInSeconds: number}>}
   */
  async #redeem(code) {
    const answer = await fetch('/session/redeem', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, nonce: this.nonce }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(CALL),
    }).catch(() => {
      throw new Failure('networkFailed', 'The vault cannot be reached. Check the connection and try again.', true);
    });
    const { data, error } = await answer.json().catch(() => ({}));
    if (answer.ok && typeof data?.accessToken === 'string' && data.expiresInSeconds > 0) return data;
    throw new Failure(error?.name ?? 'unauthenticated', error?.message ?? 'The vault refused the code of this page.');
  }
}

/**
 * @param {Action} action
 * @param {string[]} tokens
 */
function nameOf(action, tokens) {
  return [action, ...tokens].join(' ');
}
