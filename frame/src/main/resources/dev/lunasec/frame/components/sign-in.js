import { SecureError } from './secure-error.js';

/** How long a sign-in may take, in milliseconds. */
const DEADLINE = 25_000;

/** The last sign-in of this page by vault and issuer. @type {Map<string, {isRunning: boolean, end: Promise<void>}>} */
const signIns = new Map();

/** The end of the last sign-in at each vault, whether it worked or not. @type {Map<string, Promise<unknown>>} */
const turns = new Map();

/**
 * Signs the browser in at a vault on the same site: the tokenizer redirects to the application, which knows its user,
 * and back. The page learns only whether it worked. All components of a page share one sign-in. Every page begins with
 * a new one, because another user may have signed in. A vault has one at a time, because the browser keeps one state.
 * @param {string} vault the origin
 * @param {string | undefined} authProvider
 * @param {boolean} again whether the tokenizer has refused the last one
 * @returns {Promise<void>}
 */
export function signIn(vault, authProvider, again) {
  const key = `${vault} ${authProvider ?? ''}`;
  const last = signIns.get(key);
  if (last && (last.isRunning || !again)) return last.end;
  const turn = turns.get(vault) ?? Promise.resolve();
  const end = turn.then(() => redirect(vault, authProvider));
  const begun = { isRunning: true, end };
  signIns.set(key, begun);
  turns.set(
    vault,
    end.then(
      () => (begun.isRunning = false),
      () => signIns.delete(key),
    ),
  );
  return end;
}

/**
 * @param {string} vault
 * @param {string | undefined} authProvider
 */
async function redirect(vault, authProvider) {
  const signal = AbortSignal.timeout(DEADLINE);
  const ensure = new URL('/session/ensure', vault);
  if (authProvider) ensure.searchParams.set('auth_provider', authProvider);
  let answer;
  try {
    await fetch(ensure, { mode: 'no-cors', credentials: 'include', cache: 'no-store', signal });
    const verify = await fetch(new URL('/session/verify', vault), {
      credentials: 'include',
      cache: 'no-store',
      signal,
    });
    answer = await verify.json();
  } catch {
    throw new SecureError(
      'signInFailed',
      'The vault could not be reached to sign in. Check the connection, and that the' +
        " page's Content-Security-Policy allows connections to the vault and the login.",
    );
  }
  if (answer.success === true) return;
  const { name, message } = answer.error ?? {};
  throw new SecureError(String(name ?? 'unauthenticated'), String(message ?? 'The user is not signed in.'));
}
