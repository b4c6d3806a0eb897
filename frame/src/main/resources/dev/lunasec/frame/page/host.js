/**
 * The page that embeds the frame, as a component sees it. `port-host.js` and `string-host.js` speak its two protocols.
 * @typedef {object} Host
 * @property {import('./host-messages.js').Config} config as the frame started
 * @property {(component: Component) => void} serve lets the page command a component; call it once
 * @property {() => void} ready the component can be used
 * @property {(state: FieldState) => void} change
 * @property {(name: 'focus' | 'blur' | 'submit' | 'escape' | 'copy') => void} event
 * @property {(tokens: string[]) => void} tokens that the value now has; empty for an empty field
 * @property {(percent: number) => void} progress of transfers, 0 to 100
 * @property {(failure: import('./failure.js').Failure) => void} error
 * @property {(action: Action, tokens: string[]) => Promise<string>} getCode a one-time code of the page's back end
 * @property {(again: boolean) => Promise<boolean>} signIn whether the page has codes; if not, the browser is signed in
 */
/** @typedef {'tokenize' | 'detokenize'} Action */

/**
 * What a page learns of a value: never the value itself.
 * @typedef {object} FieldState
 * @property {boolean} empty
 * @property {boolean} complete whether it is not empty and breaks no rule
 * @property {boolean} valid whether it breaks no rule
 * @property {boolean} stored whether it has a token
 * @property {{rule: string, message: string}[]} errors the broken rules
 * @property {string} [brand] of a card
 */

/**
 * What a page can command.
 * @typedef {object} Component
 * @property {(change: Partial<import('./host-messages.js').Config>) => void} configure
 * @property {(isDraft?: boolean) => Promise<string[]>} commit stores what was typed, and returns its token; none if it
 *   is empty, which a draft may be though the field is required
 * @property {() => void} clear
 * @property {() => void} focus
 * @property {() => void} forget drops every plaintext
 */

export {};
