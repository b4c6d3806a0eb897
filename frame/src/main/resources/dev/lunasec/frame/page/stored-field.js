import { Failure } from './failure.js';
import { explain, sentence } from './sentences.js';
import { loadText, store } from './stored-values.js';

/** @typedef {import('./host.js').Component} Component */
/** @typedef {Partial<import('./host-messages.js').Config>} Config */
/** @typedef {{rule: string, message: string}} Broken */

/**
 * A field whose value is stored when the page says so. Subclasses have the controls.
 * @implements {Component}
 */
export class StoredField {
  /**
   * @type {string | null | undefined} the token of what the field holds; null if it is empty, undefined if not stored
   */
  #token = null;
  /** Whether a person has typed since the field was filled from a token. */
  #typed = false;
  /** Whether errors are shown. */
  #left = false;
  #readOnly = false;
  #revision = 0;
  /** The revision that is stored or loaded. @type {number | undefined} */
  #busyWith;
  /** What the page says is wrong. */
  #error = '';
  /** @type {{revision: number, tokens: Promise<string[]>} | undefined} */
  #storing;
  /** @type {Promise<void> | undefined} */
  #loading;
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   * @param {import('./field-shell.js').FieldShell} shell
   */
  constructor(host, calls, shell) {
    this.host = host;
    this.calls = calls;
    this.shell = shell;
    this.element = shell.element;
    for (const control of shell.controls) this.#listen(control);
  }

  /**
   * What is to be stored; an empty text for an empty field.
   * @returns {string}
   */
  value() {
    return this.shell.controls[0].value;
  }

  /**
   * Puts a stored text into the controls.
   * @param {string} value
   */
  setValue(value) {
    this.shell.controls[0].value = value;
  }

  /**
   * The rules that the value breaks.
   * @returns {string[]}
   */
  broken() {
    return [];
  }

  /**
   * The controls that break a rule.
   * @param {string} _ rule
   * @returns {HTMLElement[]}
   */
  controlsOf(_) {
    return this.shell.controls;
  }

  /**
   * What else the page learns of a value that was typed.
   * @returns {{brand?: string}}
   */
  known() {
    return {};
  }

  /** @param {Config} change */
  configure({ texts, description, disabled, readOnly, error, token }) {
    this.texts = texts ?? this.texts;
    this.#readOnly = readOnly ?? this.#readOnly;
    if (description !== undefined) this.shell.describe(description);
    for (const control of this.shell.controls) {
      control.disabled = disabled ?? control.disabled;
    }
    this.#protect();
    if (error !== undefined && error !== this.#error) this.shell.fail((this.#error = error));
    if (token !== undefined && token !== this.#token) this.#fill(token);
    this.report();
  }

  /**
   * @param {boolean} [isDraft]
   * @returns {Promise<string[]>}
   */
  async commit(isDraft = false) {
    await this.#loading;
    if (isDraft && this.#token === null) return [];
    if (this.#token !== undefined) {
      const [broken] = this.#token ? [] : this.#show();
      if (broken) throw new Failure('invalidValue', broken.message);
      return this.#token ? [this.#token] : [];
    }
    const [broken] = this.#show();
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
    this.shell.controls[0].focus();
  }

  forget() {
    this.#revision++;
    this.#token = null;
    for (const control of this.shell.controls) control.value = '';
  }

  /**
   * Tells the page the state. A value of a token is always called valid: otherwise a page could find it out by showing
   * it under one rule after the other.
   * @returns {Broken[]} the broken rules
   */
  report() {
    const untouched = this.#token !== null && !this.#typed;
    const broken = untouched ? [] : this.broken();
    const errors = broken.map((rule) => ({ rule, message: sentence(rule, this.texts) }));
    const empty = !untouched && this.value() === '';
    const valid = !broken.length;
    const known = untouched ? {} : this.known();
    this.host.change({ empty, complete: !empty && valid, valid, stored: Boolean(this.#token), errors, ...known });
    if (this.#left && errors.length) this.shell.fail(errors[0].message, this.controlsOf(errors[0].rule));
    return errors;
  }

  /** From now on errors are shown. */
  #show() {
    this.#left = true;
    return this.report();
  }

  /**
   * @param {number} revision
   * @returns {Promise<string[]>}
   */
  async #store(revision) {
    const { metadata, expiresAt } = this.host.config;
    const description = { metadata: { dataType: 'string', ...(metadata && { customFields: metadata }) }, expiresAt };
    this.#busy('storing');
    try {
      const token = await store(this.calls, new Blob([this.value()]), description);
      if (revision !== this.#revision) {
        throw new Failure('valueChanged', 'The value has changed while it was stored. Store it again.');
      }
      this.#token = token;
      this.shell.state('filled', sentence('stored', this.texts));
      this.report();
      return [token];
    } catch (thrown) {
      const failure = Failure.of(thrown);
      if (revision === this.#revision) {
        this.#storing = undefined;
        this.shell.fail(explain(failure, this.texts), []);
      }
      throw failure;
    } finally {
      this.#idle(revision);
    }
  }

  /**
   * Shows the value of a token, or nothing.
   * @param {string | null} token
   */
  #fill(token) {
    const revision = ++this.#revision;
    this.#typed = this.#left = false;
    this.setValue('');
    this.#token = token;
    this.shell.fail('');
    this.#loading = token === null ? undefined : this.#load(token, revision);
    this.#protect();
    this.report();
  }

  /**
   * @param {string} token
   * @param {number} revision
   */
  async #load(token, revision) {
    this.#busy('loading');
    try {
      const text = await loadText(this.calls, token);
      if (revision !== this.#revision) return;
      this.setValue(text);
      this.shell.state('filled', '');
    } catch (thrown) {
      if (revision !== this.#revision) return;
      this.shell.fail(explain(Failure.of(thrown), this.texts), []);
      this.host.error(Failure.of(thrown));
    } finally {
      this.#idle(revision);
    }
  }

  /** @param {'storing' | 'loading'} what */
  #busy(what) {
    this.#busyWith = this.#revision;
    this.shell.state('busy', sentence(what, this.texts));
    this.#protect();
  }

  /** @param {number} revision that is no longer on its way */
  #idle(revision) {
    if (this.#busyWith === revision) this.#busyWith = undefined;
    this.#protect();
  }

  /** The field is read-only while its value is stored: the token would be of another text than the field shows. */
  #protect() {
    const isBusy = this.#busyWith === this.#revision;
    for (const control of this.shell.controls) control.readOnly = this.#readOnly || isBusy;
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} control */
  #listen(control) {
    let reported = false;
    control.addEventListener('input', () => {
      reported = true;
      this.#changed();
    });
    // Some browsers fill a field without the event `input`.
    control.addEventListener('change', () => {
      if (!reported) this.#changed();
      reported = false;
    });
    control.addEventListener('focus', () => this.host.event('focus'));
    control.addEventListener('blur', () => this.#blurred());
    control.addEventListener('keydown', (/** @type {any} */ event) => this.#pressed(event));
  }

  #changed() {
    this.calls.begin();
    this.#typed = true;
    this.#token = this.value() === '' ? null : undefined;
    this.#revision++;
    this.shell.fail('');
    this.report();
  }

  #blurred() {
    if (this.#typed) this.#show();
    this.host.event('blur');
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.host.event('escape');
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.host.event('submit');
  }
}
