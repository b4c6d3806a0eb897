import { SecureError } from './secure-error.js';
import { SERVED_BY } from './served-by.js';

/**
 * What the components of a page have in common.
 * @typedef {object} Settings
 * @property {string} [vault] the origin of the tokenizer, like https://vault.example.com
 * @property {GetCode} [getCode] gets a one-time code from the page's own back end, if the vault is on another site
 * @property {string} [authProvider] the name of the issuer to sign in at, if the vault has several
 */

/** @typedef {(request: CodeRequest) => Promise<string> | string} GetCode */

/**
 * What a one-time code is for. The back end sends it to the tokenizer's `/session/code`.
 * @typedef {object} CodeRequest
 * @property {string} nonce of the frame that redeems the code
 * @property {'tokenize' | 'detokenize'} action
 * @property {string[]} tokens that may be read
 */

/** @type {Settings} */
const common = {};

/** What elements that know no vault do as soon as they can know one. @type {Set<() => void>} */
const waiting = new Set();

/**
 * Sets what all components of the page use that say nothing else. Call it before the page shows components, or, for
 * those in its HTML, as soon as they are loaded.
 * @param {Settings} settings
 */
export function configure(settings) {
  Object.assign(common, settings);
  const all = [...waiting];
  waiting.clear();
  for (const callback of all) callback();
}

/**
 * Calls back once, after the next `configure`.
 * @param {() => void} callback
 */
export function afterConfigure(callback) {
  waiting.add(callback);
}

/** @param {() => void} callback */
export function forget(callback) {
  waiting.delete(callback);
}

/**
 * The settings of one element: its own, else those of the `secure-form` around it, else the common ones.
 * @param {HTMLElement & Settings} element
 * @returns {{vault: string, getCode?: GetCode, authProvider?: string}}
 * @throws {SecureError} if no vault is named
 */
export function settingsOf(element) {
  const form = /** @type {(HTMLElement & Settings) | null} */ (around(element));
  const vault = element.vault || form?.vault || common.vault || SERVED_BY;
  const origin = vault && URL.canParse(vault) ? new URL(vault).origin : 'null';
  if (origin === 'null') {
    throw new SecureError('badConfiguration', 'No vault is named. Write vault="https://vault.example.com".');
  }
  return {
    vault: origin,
    getCode: element.getCode ?? form?.getCode ?? common.getCode,
    authProvider: element.authProvider || form?.authProvider || common.authProvider,
  };
}

/**
 * The `secure-form` around an element, also outside of the shadow roots that it is in.
 * @param {Element} element
 * @returns {Element | null}
 */
function around(element) {
  const form = element.closest('secure-form');
  const root = element.getRootNode();
  return form ?? (root instanceof ShadowRoot ? around(root.host) : null);
}
