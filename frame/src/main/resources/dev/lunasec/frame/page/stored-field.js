import { CheckedField } from './checked-field.js';
import { Failure } from './failure.js';
import { explain, sentence } from './sentences.js';
import { loadText, store } from './stored-values.js';

/** @typedef {import('./host.js').Component} Component */
/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * A field whose value is stored when the page says so, and which shows the value of a token.
 * @implements {Component}
 */
export class StoredField extends CheckedField {
  /** @type {string | null | undefined} */
  #token = null;
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

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   * @param {import('./field-shell.js').FieldShell} shell
   */
  constructor(host, calls, shell) {
    super(host, shell);
    this.calls = calls;
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
    if (this.#token) return [this.#token];
    const [broken] = this.check();
    if (broken) throw new Failure('invalidValue', broken.message);
    if (this.#token === null) return [];
    if (this.#storing?.revision !== this.#revision) {
      this.#storing = { revision: this.#revision, tokens: this.#store(this.#revision) };
    }
    return this.#storing.tokens;
  }

  clear() {
    this.#fill(null);
  }

  forget() {
    this.#revision++;
    this.#token = null;
    for (const control of this.shell.controls) control.value = '';
  }

  /** @override */
  tokenOfValue() {
    return this.#token;
  }

  /** @override */
  changed() {
    this.calls.begin();
    this.#token = this.value() === '' ? null : undefined;
    this.#revision++;
    super.changed();
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
    this.hasTyped = this.wasLeft = false;
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
}
