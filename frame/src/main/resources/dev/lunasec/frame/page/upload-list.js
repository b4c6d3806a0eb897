import { appear } from './appearance.js';
import { ChosenFile } from './chosen-file.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { FileChoice } from './file-choice.js';
import { brokenFileRule, refusal } from './file-rules.js';
import { sentence } from './sentences.js';
import { StoredFile } from './stored-file.js';
import { Uploads } from './uploads.js';

/** @typedef {import('./host.js').Component} Component */
/** @typedef {Partial<import('./host-messages.js').Config>} Config */
/** @typedef {StoredFile | ChosenFile} Entry */

/** How many files a field holds if the page says nothing else. */
const MOST_FILES = 20;

/** The page learns the progress in steps of so many percent, so it learns sizes only roughly. */
const STEP = 5;

/**
 * A field for files. Each file is uploaded as soon as it is chosen.
 * @implements {Component}
 */
export class UploadList {
  /** @type {Entry[]} */
  #entries = [];
  #uploads = new Uploads();
  #touched = false;
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    this.host = host;
    this.calls = calls;
    const choice = new FileChoice(host, (files) => this.#add(files));
    this.choose = choice.button;
    this.refused = element('p', { className: 'refused', role: 'alert', dir: 'auto' });
    this.list = element('ul', { className: 'files' });
    const upload = element('div', { className: 'upload' }, this.choose, choice.input, this.refused, this.list);
    this.shell = new FieldShell(upload, []);
    this.element = this.shell.element;
    this.element.role = 'group';
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && host.event('escape'));
    this.configure(host.config);
  }

  /** @param {Config} change */
  configure(change) {
    this.texts = change.texts ?? this.texts;
    appear(change, this.element);
    if (change.label !== undefined) document.title = this.element.ariaLabel = change.label || sentence('value');
    if (change.description !== undefined) this.shell.describe(change.description);
    this.choose.disabled = change.disabled ?? this.choose.disabled;
    this.choose.textContent = sentence(this.host.config.multiple ? 'chooseFiles' : 'chooseFile', this.texts);
    const tokens =
      change.tokens ?? (change.token === undefined ? undefined : [change.token].filter((token) => token !== null));
    if (tokens) this.#show(tokens);
    this.#report();
  }

  /**
   * Waits until each file is uploaded.
   * @param {boolean} [isDraft]
   * @returns {Promise<string[]>}
   */
  async commit(isDraft = false) {
    this.#touched ||= !isDraft;
    const [broken] = isDraft ? [] : this.#report();
    if (broken) throw new Failure('invalidValue', broken.message);
    await this.#uploads.ended();
    const stopped = this.#uploads.stopped();
    if (stopped)
      throw stopped.failure ?? new Failure('uploadStopped', 'An upload has stopped. Try it again, or remove the file.');
    return this.#tokens();
  }

  /** The page knows that there are no tokens any more: it has asked for that. */
  clear() {
    for (const entry of this.#entries) this.#drop(entry);
    this.refused.textContent = '';
    this.#report();
  }

  focus() {
    this.choose.focus();
  }

  forget() {
    this.clear();
  }

  /** @returns {string[]} */
  #tokens() {
    return this.#entries.flatMap(({ token }) => token ?? []);
  }

  /** @param {File[]} files */
  #add(files) {
    this.calls.begin();
    this.#touched = true;
    const { multiple, maxFiles = MOST_FILES } = this.host.config;
    if (!multiple && files.length) this.clear();
    const refusals = [];
    const on = {
      remove: (/** @type {ChosenFile} */ file) => this.#remove(file),
      changed: (/** @type {ChosenFile} */ file) => this.#progress(file),
    };
    for (const file of multiple ? files : files.slice(0, 1)) {
      const rule = this.#entries.length >= maxFiles ? 'tooManyFiles' : brokenFileRule(file, this.host.config);
      if (rule) refusals.push(refusal(file, rule, this.host.config, this.texts));
      else this.#append(new ChosenFile(file, this, on));
    }
    this.refused.textContent = refusals.join('\n');
    this.#uploads.next();
    this.#changed();
  }

  /** @param {ChosenFile} file */
  #progress({ upload }) {
    this.host.progress(Math.floor(this.#percent() / STEP) * STEP);
    if (upload.runs) return;
    if (upload.failure) this.host.error(upload.failure);
    this.#uploads.next();
    this.#changed();
  }

  /** How much of all files the store has. */
  #percent() {
    const all = this.#entries.reduce((sum, { size }) => sum + size, 0);
    const sent = this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (all) return (sent / all) * 100;
    return this.#tokens().length === this.#entries.length ? 100 : 0;
  }

  /** @param {Entry} entry */
  #append(entry) {
    this.#entries.push(entry);
    this.list.append(entry.item.element);
    if (entry instanceof ChosenFile) this.#uploads.add(entry.upload);
  }

  /**
   * The focus goes to what takes the place of the removed file, so that a keyboard can go on there.
   * @param {Entry} entry
   */
  #remove(entry) {
    const place = this.#entries.indexOf(entry);
    this.#drop(entry);
    const next = this.#entries[place] ?? this.#entries[place - 1];
    (next?.item.remove ?? this.choose).focus();
    this.refused.textContent = '';
    this.#changed();
  }

  /** @param {Entry} entry */
  #drop(entry) {
    this.#entries = this.#entries.filter((each) => each !== entry);
    entry.item.element.remove();
    if (entry instanceof ChosenFile) this.#uploads.cancel(entry.upload);
    else entry.cancel();
  }

  /**
   * Shows files that are stored already.
   * @param {string[]} tokens
   */
  #show(tokens) {
    const own = this.#tokens();
    if (tokens.length === own.length && tokens.every((token) => own.includes(token))) return;
    this.clear();
    for (const token of tokens) {
      const file = new StoredFile(token, this, () => this.#remove(file));
      this.#append(file);
      void file.describe();
    }
  }

  #changed() {
    this.host.tokens(this.#tokens());
    this.#report();
  }

  /** @returns {{rule: string, message: string}[]} */
  #report() {
    const empty = this.#entries.length === 0;
    const broken = empty && this.host.config.required ? ['fileMissing'] : [];
    const errors = broken.map((rule) => ({ rule, message: sentence(rule, this.texts) }));
    const stored = !empty && this.#tokens().length === this.#entries.length;
    this.host.change({ empty, complete: stored, valid: !errors.length, stored, errors });
    this.shell.fail(this.#touched ? (errors[0]?.message ?? '') : '');
    if (this.refused.textContent || this.#uploads.stopped()) this.shell.state('error');
    return errors;
  }
}
