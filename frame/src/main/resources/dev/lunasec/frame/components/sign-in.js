import { SecureError } from './secure-error.js';

/** How long a sign-in may take, in milliseconds. */
const DEADLINE = 25_000;

/** The last sign-in of this page at each vault. @type {Map<string, Promise<void>>} */
const signedIn = new Map();

/**
 * Signs the browser in at a vault on the same site: the tokenizer redirects to the application, which knows its user,
 * and back. The page learns only whether it worked. All components of a page share one sign-in, and every page begins
 * with a new one, because another user may have signed in at the application.
 * @param {string} vault the origin
 * @param {string | undefined} authProvider
 * @param {boolean} again whether the tokenizer has refused the last one
 * @returns {Promise<void>}
 */
export function signIn(vault, authProvider, again) {
  const key = `${vault} ${authProvider ?? ''}`;
  const running = signedIn.get(key);
  if (running && !again) return running;
  const begun = redirect(vault, authProvider).catch((thrown) => {
    if (signedIn.get(key) === begun) signedIn.delete(key);
    throw thrown;
  });
  signedIn.set(key, begun);
  return begun;
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
