import { wait } from './deadlines.js';
import { Failure } from './failure.js';
import { Busy, call } from './json-call.js';
import { SessionLock } from './session-lock.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Action} Action */

/** How long before its end an access token is no longer used, in milliseconds. */
const MARGIN = 5_000;

/** How often the redemption of a code is repeated that the tokenizer could not serve at the moment. */
const REPEATS = 3;

/** @typedef {{headers: Record<string, string>, credentials: RequestCredentials}} Credentials */

/**
 * An access token, or one that is on its way.
 * @typedef {{until: number, accessToken?: string, arrived: Promise<string>}} Access
 */

/**
 * What proves to the tokenizer who uses this frame: the cookie of the browser, or an access token for a one-time code
 * of the page's back end. An access token is kept in memory only.
 */
export class Session {
  /** @type {Map<string, Access>} */
  #access = new Map();
  /** @type {Promise<boolean> | undefined} */
  #signedIn;
  #renewing = false;
  lock = new SessionLock();

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
   * @returns {Promise<Credentials>}
   */
  async credentials(action, tokens) {
    if (!(await this.usesCode())) return { headers: {}, credentials: 'same-origin' };
    const accessToken = await this.#accessToken(action, tokens);
    return { headers: { authorization: `Bearer ${accessToken}` }, credentials: 'omit' };
  }

  /**
   * Gets new credentials after the tokenizer refused the ones that were sent. Calls side by side share them.
   * @param {Action} action
   * @param {string[]} tokens
   * @param {Credentials} [refused]
   */
  async renew(action, tokens, refused) {
    const name = nameOf(action, tokens);
    const known = this.#access.get(name)?.accessToken;
    if (known && refused?.headers.authorization === `Bearer ${known}`) this.#access.delete(name);
    if ((await this.usesCode()) || this.#renewing) return;
    this.#renewing = true;
    this.#signedIn = this.host.signIn(true).finally(() => (this.#renewing = false));
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
  #accessToken(action, tokens) {
    const name = nameOf(action, tokens);
    const known = this.#access.get(name);
    if (known && known.until > performance.now()) return known.arrived;
    /** @type {Access} */
    const access = { until: Infinity, arrived: this.#ask(action, tokens, () => access) };
    this.#access.set(name, access);
    access.arrived.catch(() => {
      if (this.#access.get(name) === access) this.#access.delete(name);
    });
    return access.arrived;
  }

  /**
   * @param {Action} action
   * @param {string[]} tokens
   * @param {() => Access} access that gets the answer
   * @returns {Promise<string>}
   */
  async #ask(action, tokens, access) {
    const code = await this.host.getCode(action, tokens);
    const { accessToken, expiresInSeconds } = await this.#redeem(code);
    access().accessToken = accessToken;
    access().until = performance.now() + expiresInSeconds * 1000 - MARGIN;
    return accessToken;
  }

  /**
   * A busy tokenizer has not taken the code, so it is sent again.
   * @param {string} code
   * @returns {Promise<{accessToken: string, expiresInSeconds: number}>}
   */
  async #redeem(code) {
    for (let attempt = 0; ; attempt++) {
      const answer = await call('/session/redeem', { code, nonce: this.nonce }, { lock: this.lock });
      if (typeof answer?.accessToken === 'string' && answer.expiresInSeconds > 0) return answer;
      if (answer instanceof Busy && attempt < REPEATS) await wait(answer.milliseconds);
      else if (answer instanceof Failure) throw answer;
      else throw new Failure('unauthenticated', 'The vault refused the code of this page.');
    }
  }
}

/**
 * @param {Action} action
 * @param {string[]} tokens
 */
function nameOf(action, tokens) {
  return [action, ...tokens].join(' ');
}
