import { appear } from './appearance.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { brokenRules, wrongRules } from './rules.js';
import { sentence } from './sentences.js';
import { loadText, store } from './stored-values.js';

/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * The types that do not change what is typed. A field of another type, which browsers would trim or convert, gets only
 * the keyboard of that type.
 */
const TYPES = ['text', 'password', 'tel', 'search'];

/** @type {Record<string, string>} */
const KEYBOARDS = { email: 'email', url: 'url', number: 'decimal' };

/**
 * A field of one line or more. It stores the text exactly as it was typed.
 * @implements {import('./host.js').Component}
 */
export class TextField {
  /** @type {string | null | undefined} the token of what the field holds; null if it is empty, undefined if not stored */
  #token = null;
  /** Whether a person has typed since the field was filled from a token. */
  #typed = false;
  /** Whether errors are shown. */
  #left = false;
  #revision = 0;
  #readOnly = false;
  /** @type {{revision: number, tokens: Promise<string[]>} | undefined} */
  #storing;
  /** @type {Promise<void> | undefined} */
  #loading;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   * @param {'input' | 'textarea'} name
   */
  constructor(host, calls, name) {
    this.host = host;
    this.calls = calls;
    this.rules = host.config;
    this.control = element(name, { id: 'value', className: 'secure-input', spellcheck: false, autocapitalize: 'off' });
    this.control.setAttribute('autocorrect', 'off');
    this.label = element('label', { htmlFor: 'value', className: 'only-read' });
    this.shell = new FieldShell(element('div', { className: 'field' }, this.label, this.control), [this.control]);
    this.element = this.shell.element;
    if (this.control instanceof HTMLInputElement) this.#setType(this.control, host.config.type ?? 'text');
    this.#listen();
    this.configure(host.config);
    const wrong = wrongRules(this.rules);
    if (wrong) host.error(new Failure('badConfiguration', wrong));
    this.#report();
  }

  /** @param {Config} change */
  configure(change) {
    this.texts = change.texts ?? this.texts;
    appear(change, this.control);
    if (change.label !== undefined) document.title = this.label.textContent = change.label;
    if (change.description !== undefined) this.shell.describe(change.description);
    for (const name of /** @type {const} */ (['placeholder', 'inputMode', 'enterKeyHint', 'autocomplete', 'disabled'])) {
      const value = change[name];
      if (value !== undefined) Object.assign(this.control, { [name]: value });
    }
    if (change.readOnly !== undefined) this.control.readOnly = this.#readOnly = change.readOnly;
    if (change.error !== undefined) this.shell.fail(change.error);
    if (change.token !== undefined && change.token !== this.#token) this.#fill(change.token);
  }

  /** @returns {Promise<string[]>} */
  async commit() {
    await this.#loading;
    if (this.#token !== undefined) return this.#tokens();
    this.#left = true;
    const [broken] = this.#report();
    if (broken) throw new Failure('invalidValue', broken.message);
    if (this.#storing?.revision !== this.#revision) {
      this.#storing = { revision: this.#revision, tokens: this.#store(this.#revision) };
    }
    return this.#storing.tokens;
  }

  clear() {
    this.#fill(null);
  }

  focus() {
    this.control.focus();
  }

  forget() {
    this.control.value = '';
  }

  /** @returns {string[]} */
  #tokens() {
    return this.#token ? [this.#token] : [];
  }

  /**
   * @param {number} revision
   * @returns {Promise<string[]>}
   */
  async #store(revision) {
    const { metadata, expiresAt } = this.rules;
    const description = { metadata: { dataType: 'string', ...(metadata && { customFields: metadata }) }, expiresAt };
    this.shell.state('busy', sentence('storing', this.texts));
    this.control.readOnly = true;
    try {
      const token = await store(this.calls, new Blob([this.control.value]), description);
      if (revision === this.#revision) {
        this.#token = token;
        this.shell.state('filled', sentence('stored', this.texts));
        this.#report();
      }
      return [token];
    } catch (thrown) {
      const failure = Failure.of(thrown);
      this.#storing = undefined;
      this.shell.fail(failure.message);
      throw failure;
    } finally {
      this.control.readOnly = this.#readOnly;
    }
  }

  /**
   * Shows the value of a token, or nothing.
   * @param {string | null} token
   */
  #fill(token) {
    const revision = ++this.#revision;
    this.#token = token;
    this.#typed = this.#left = false;
    this.control.value = '';
    this.shell.fail('');
    this.#loading = token === null ? undefined : this.#load(token, revision);
    this.#report();
  }

  /**
   * @param {string} token
   * @param {number} revision
   */
  async #load(token, revision) {
    this.control.readOnly = true;
    this.shell.state('busy', sentence('loading', this.texts));
    try {
      const text = await loadText(this.calls, token);
      if (revision !== this.#revision) return;
      this.control.value = text;
      this.shell.state('filled', '');
    } catch (thrown) {
      if (revision !== this.#revision) return;
      this.shell.fail(Failure.of(thrown).message);
      this.host.error(Failure.of(thrown));
    } finally {
      this.control.readOnly = this.#readOnly;
    }
  }

  #listen() {
    const { control, host } = this;
    const typed = () => this.#changed();
    control.addEventListener('input', typed);
    // Some browsers fill a field without the event `input`.
    control.addEventListener('change', typed);
    control.addEventListener('focus', () => host.event('focus'));
    control.addEventListener('blur', () => {
      this.#left ||= this.#typed;
      this.#report();
      host.event('blur');
    });
    control.addEventListener('keydown', (/** @type {any} */ event) => this.#pressed(event));
  }

  #changed() {
    this.calls.begin();
    this.#typed = true;
    this.#token = this.control.value === '' ? null : undefined;
    this.#revision++;
    this.shell.state('', '');
    this.#report();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.host.event('escape');
    if (event.key === 'Enter' && this.control instanceof HTMLInputElement) this.host.event('submit');
  }

  /**
   * Tells the page the state. A value of a token is always called valid: otherwise a page could find it out by showing
   * it under one rule after the other.
   * @returns {{rule: string, message: string}[]} the broken rules
   */
  #report() {
    const untouched = this.#token !== null && !this.#typed;
    const broken = untouched ? [] : brokenRules(this.control.value, this.rules);
    const errors = broken.map((rule) => ({ rule, message: sentence(rule, this.texts) }));
    const empty = !untouched && this.control.value === '';
    const valid = !broken.length;
    this.host.change({ empty, complete: !empty && valid, valid, stored: Boolean(this.#token), errors });
    if (this.#left && errors.length) this.shell.fail(errors[0].message);
    return errors;
  }

  /**
   * @param {HTMLInputElement} input
   * @param {string} type
   */
  #setType(input, type) {
    input.type = TYPES.includes(type) ? type : 'text';
    input.inputMode = KEYBOARDS[type] ?? '';
  }
}
