import { appear } from './appearance.js';
import { shownText } from './card-view.js';
import { copyText } from './clipboard.js';
import { cancelled } from './deadlines.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { onHonestClick } from './honest-clicks.js';
import { explain, sentence } from './sentences.js';
import { loadText } from './stored-values.js';

/** @typedef {import('./host.js').Component} Component */
/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * Shows the text of a token: at once, or with `reveal` after a click. With `copy`, a second button copies it.
 * @implements {Component}
 */
export class TextView {
  /** @type {string | null} */
  #token = null;
  #revision = 0;
  #shown = false;
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    this.host = host;
    this.calls = calls;
    this.text = element('p', { className: 'secure-input text', dir: 'auto', tabIndex: -1 });
    this.show = element('button', { type: 'button', hidden: true });
    this.copy = element('button', { type: 'button', hidden: true });
    this.shell = new FieldShell(element('div', { className: 'field' }, this.text, this.show, this.copy), []);
    this.element = this.shell.element;
    onHonestClick(
      this.show,
      () => this.#toggle(),
      () => this.#covered(),
    );
    onHonestClick(
      this.copy,
      () => void this.#copy(),
      () => this.#covered(),
    );
    this.configure(host.config);
  }

  /** @param {Config} change */
  configure(change) {
    this.texts = change.texts ?? this.texts;
    appear(change, this.text);
    if (change.label !== undefined) document.title = change.label || sentence('value');
    if (change.token !== undefined && change.token !== this.#token) this.#take(change.token);
    this.#nameButtons();
  }

  /** @returns {Promise<string[]>} */
  async commit() {
    return this.#token ? [this.#token] : [];
  }

  clear() {
    this.#take(null);
  }

  /** Never a button: a page could move the focus there while its user types, and the next key would press it. */
  focus() {
    this.text.focus();
  }

  forget() {
    this.#hide();
  }

  /** @param {string | null} token */
  #take(token) {
    this.#token = token;
    this.#hide();
    const empty = token === null;
    this.host.change({ empty, complete: !empty, valid: true, stored: !empty, errors: [] });
    if (!empty && !this.host.config.reveal) void this.#reveal();
  }

  async #reveal() {
    const text = await this.#load();
    if (text === undefined) return;
    this.#shown = true;
    this.#state('', text);
    // So that the arrow keys scroll it.
    this.text.tabIndex = this.text.scrollHeight > this.text.clientHeight ? 0 : -1;
  }

  #hide() {
    this.#revision++;
    this.#shown = false;
    this.#state('', this.#token && this.host.config.reveal ? '\u2022\u2022\u2022\u2022\u2022\u2022' : '');
  }

  #toggle() {
    if (this.#shown) this.#hide();
    else void this.#reveal();
  }

  async #copy() {
    const loaded = this.#shown ? Promise.resolve(this.text.textContent ?? '') : this.#load();
    const copied = copyText(loaded.then((text) => text ?? Promise.reject(cancelled())));
    // The view says itself why it has no text.
    copied.catch(() => {});
    if ((await loaded) === undefined) return;
    if (!this.#shown) this.#hide();
    try {
      await copied;
      this.copy.textContent = sentence('copied', this.texts);
      this.host.event('copy');
    } catch {
      this.host.error(
        new Failure('copyRefused', 'The browser does not let this frame copy. Show the value and copy it by hand.'),
      );
    }
  }

  /** @returns {Promise<string | undefined>} undefined if it failed or is no longer wanted */
  async #load() {
    const token = this.#token;
    if (token === null) return undefined;
    const revision = ++this.#revision;
    this.#state('busy', sentence('loading', this.texts));
    try {
      const text = shownText(await loadText(this.calls, token), this.host.config.field);
      return revision === this.#revision ? text : undefined;
    } catch (thrown) {
      if (revision !== this.#revision) return undefined;
      const failure = Failure.of(thrown);
      this.#state('', '');
      this.shell.fail(explain(failure, this.texts));
      this.host.error(failure);
      return undefined;
    }
  }

  #covered() {
    this.host.error(new Failure('covered', 'Something covers the button. Scroll, or close what lies over it.'));
  }

  /**
   * @param {'' | 'busy'} state
   * @param {string} text
   */
  #state(state, text) {
    this.shell.state(state, state === 'busy' ? text : '');
    this.text.textContent = state === 'busy' ? '' : text;
    this.#nameButtons();
  }

  #nameButtons() {
    const { reveal, copy } = this.host.config;
    this.show.hidden = !(reveal && this.#token);
    this.copy.hidden = !(copy && this.#token);
    this.show.textContent = sentence(this.#shown ? 'hide' : 'show', this.texts);
    this.copy.textContent = sentence('copy', this.texts);
  }
}
