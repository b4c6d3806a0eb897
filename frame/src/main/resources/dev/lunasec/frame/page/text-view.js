import { appear } from './appearance.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { sentence } from './sentences.js';
import { loadText } from './stored-values.js';

/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * Shows the text of a token.
 * @implements {import('./host.js').Component}
 */
export class TextView {
  /** @type {string | null} */
  #token = null;
  #revision = 0;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    this.host = host;
    this.calls = calls;
    this.text = element('p', { className: 'secure-input text' });
    this.element = element('div', { className: 'frame' }, this.text);
    this.configure(host.config);
  }

  /** @param {Config} change */
  configure(change) {
    this.texts = change.texts ?? this.texts;
    appear(change, this.text);
    if (change.label !== undefined) {
      document.title = change.label;
      this.text.ariaLabel = change.label || null;
    }
    if (change.token !== undefined && change.token !== this.#token) void this.#show(change.token);
  }

  /** @returns {Promise<string[]>} */
  async commit() {
    return this.#token ? [this.#token] : [];
  }

  clear() {
    void this.#show(null);
  }

  focus() {
    this.text.tabIndex = -1;
    this.text.focus();
  }

  forget() {
    this.text.textContent = '';
  }

  /** @param {string | null} token */
  async #show(token) {
    const revision = ++this.#revision;
    this.#token = token;
    this.#state('', '');
    if (token === null) return this.#report(true);
    this.#state('busy', sentence('loading', this.texts));
    try {
      const text = await loadText(this.calls, token);
      if (revision !== this.#revision) return;
      this.#state('shown', text);
      this.#report(false);
    } catch (thrown) {
      if (revision !== this.#revision) return;
      const failure = Failure.of(thrown);
      this.#state('error', failure.message);
      this.host.error(failure);
    }
  }

  /**
   * @param {'' | 'busy' | 'shown' | 'error'} state
   * @param {string} text
   */
  #state(state, text) {
    this.element.dataset.state = state;
    this.element.ariaBusy = String(state === 'busy');
    this.text.textContent = text;
  }

  /** @param {boolean} empty */
  #report(empty) {
    this.host.change({ empty, complete: !empty, valid: true, stored: !empty, errors: [] });
  }
}
