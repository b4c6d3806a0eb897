import { appear } from './appearance.js';
import { download, fileOf } from './downloads.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { explain, sentence } from './sentences.js';

/** @typedef {import('./host.js').Component} Component */
/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * A button with the name of a stored file, which saves it. Nothing is saved without a click: a page could otherwise
 * fill its user's folder of downloads with plaintext.
 * @implements {Component}
 */
export class DownloadLink {
  /** @type {string | null} */
  #token = null;
  #name = '';
  #revision = 0;
  #running = new AbortController();
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    this.host = host;
    this.calls = calls;
    this.button = element('button', { type: 'button', className: 'secure-input link', disabled: true });
    this.status = element('span', { className: 'status', role: 'status' });
    this.shell = new FieldShell(element('div', { className: 'field' }, this.button, this.status), []);
    this.element = this.shell.element;
    this.button.addEventListener('click', () => void this.#download());
    this.button.addEventListener('focus', () => host.event('focus'));
    this.button.addEventListener('blur', () => host.event('blur'));
    this.configure(host.config);
  }

  /** @param {Config} change */
  configure(change) {
    this.texts = change.texts ?? this.texts;
    appear(change, this.button);
    if (change.label !== undefined) document.title = change.label || sentence('download', this.texts);
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
    this.button.focus();
  }

  forget() {
    this.clear();
  }

  /** @param {string | null} token */
  async #show(token) {
    const revision = ++this.#revision;
    this.#running.abort();
    this.#running = new AbortController();
    this.#token = token;
    this.#name = '';
    this.#state('busy', '', '');
    this.button.disabled = true;
    this.host.change({
      empty: token === null,
      complete: token !== null,
      valid: true,
      stored: token !== null,
      errors: [],
    });
    if (token === null) return this.#state('', '', '');
    try {
      const { name } = await fileOf(this.calls, token);
      if (revision !== this.#revision) return;
      this.#name = name;
      this.button.disabled = false;
      this.#state('', name, '');
    } catch (thrown) {
      if (revision === this.#revision) this.#fail(Failure.of(thrown));
    }
  }

  async #download() {
    const { signal } = this.#running;
    const text = sentence('downloading', this.texts);
    this.button.disabled = true;
    this.#state('busy', this.#name, text);
    try {
      const onPercent = (/** @type {number} */ percent) => {
        this.#state('busy', this.#name, `${text} ${percent} %`);
        this.host.progress(Math.floor(percent / 5) * 5);
      };
      await download(this.calls, this.#token ?? '', this.#name, { signal, onPercent });
      this.#state('', this.#name, '');
    } catch (thrown) {
      // Another token has taken the place of this one.
      if (signal.aborted) return;
      this.#fail(Failure.of(thrown));
    }
    this.button.disabled = false;
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.#state('', this.#name, '');
    this.shell.fail(explain(failure, this.texts));
    this.host.error(failure);
  }

  /**
   * @param {'' | 'busy'} state
   * @param {string} name
   * @param {string} status
   */
  #state(state, name, status) {
    this.shell.state(state, '');
    this.button.textContent = name || sentence('download', this.texts);
    this.status.textContent = status;
  }
}
