import { SecureError } from './secure-error.js';
import { settingsOf } from './settings.js';
import { signIn } from './sign-in.js';

/**
 * Answers what a frame asks of its page: to sign in, or for a one-time code.
 * @param {HTMLElement & import('./settings.js').Settings} element
 * @param {string} nonce of the frame
 * @param {import('./frame-messages.js').Ask} ask
 * @returns {Promise<object>} the message for the frame
 */
export async function answer(element, nonce, { id, what, action = 'tokenize', tokens = [], again = false }) {
  try {
    const { vault, authProvider, getCode } = settingsOf(element);
    const usesCode = getCode !== undefined;
    if (what === 'signIn' && !usesCode) await signIn(vault, authProvider, again);
    const code = what === 'code' ? await getCode?.({ nonce, action, tokens }) : undefined;
    if (usesCode && what === 'code' && typeof code !== 'string')
      throw new SecureError('noCode', 'getCode gave no text. Return the code alone.');
    return { type: 'reply', id, code, usesCode };
  } catch (thrown) {
    // What a page's own getCode throws is the page's business.
    const known = thrown instanceof SecureError;
    const message = known ? thrown.message : 'The page could not get a code for this frame. Sign in and try again.';
    return { type: 'reply', id, failure: known ? thrown.code : 'noCode', message: message.slice(0, 300) };
  }
}
