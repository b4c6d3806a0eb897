import { appear } from './appearance.js';
import { download, fileOf } from './downloads.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { brokenFileRule } from './file-rules.js';
import { FileUpload } from './file-upload.js';
import { explain, sentence } from './sentences.js';
import { UploadItem } from './upload-item.js';

/** @typedef {import('./host.js').Component} Component */

/** How many files are uploaded at once. */
const FILES_AT_ONCE = 3;

/** How many files a field holds if the page says nothing else. */
const MOST_FILES = 20;

/** The page learns the progress in steps of so many percent, so it learns sizes only roughly. */
const STEP = 5;

/** @typedef {Partial<import('./host-messages.js').Config>} Config */
/** @typedef {{item: UploadItem, upload?: FileUpload, token?: string, size: number}} Entry */

/**
 * A field for files. Each file is uploaded as soon as it is chosen.
 * @implements {Component}
 */
export class UploadList {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {{check: () => void}[]} commits that wait for uploads */
  #waiting = [];
  #touched = false;
  #error = '';
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    this.host = host;
    this.calls = calls;
    const { multiple = false, accept = '' } = host.config;
    this.input = element('input', { type: 'file', multiple, accept, hidden: true, className: 'secure-input' });
    this.choose = element('button', { type: 'button', className: 'choose' });
    this.choose.setAttribute('aria-describedby', 'description error');
    this.list = element('ul', { className: 'files' });
    this.shell = new FieldShell(element('div', { className: 'upload' }, this.choose, this.input, this.list), []);
    this.element = this.shell.element;
    this.element.role = 'group';
    this.#listen();
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
    await this.#ended();
    const stopped = this.#entries.find(({ upload }) => upload?.state === 'stopped')?.upload;
    if (stopped)
      throw stopped.failure ?? new Failure('uploadStopped', 'An upload has stopped. Try it again, or remove the file.');
    return this.#tokens();
  }

  /** The page knows that there are no tokens any more: it has asked for that. */
  clear() {
    for (const entry of this.#entries) this.#drop(entry);
    this.#report();
    this.#check();
  }

  focus() {
    this.choose.focus();
  }

  forget() {
    this.clear();
  }

  /** @returns {string[]} */
  #tokens() {
    return this.#entries.flatMap(({ token, upload }) => token ?? upload?.token ?? []);
  }

  #listen() {
    const { choose, input, host } = this;
    choose.addEventListener('click', () => input.click());
    choose.addEventListener('focus', () => host.event('focus'));
    choose.addEventListener('blur', () => host.event('blur'));
    input.addEventListener('change', () => {
      this.#add([...(input.files ?? [])]);
      // So that the same file can be chosen again.
      input.value = '';
    });
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      if (!choose.disabled) this.#add([...(event.dataTransfer?.files ?? [])]);
    });
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && host.event('escape'));
  }

  /** @param {File[]} files */
  #add(files) {
    this.calls.begin();
    this.#touched = true;
    this.#error = '';
    const { multiple, maxFiles = MOST_FILES } = this.host.config;
    if (!multiple && files.length) this.clear();
    for (const file of multiple ? files : files.slice(0, 1)) {
      const rule = this.#entries.length >= maxFiles ? 'tooManyFiles' : brokenFileRule(file, this.host.config);
      if (rule) this.#error = `${file.name}: ${sentence(rule, this.texts)}`;
      else this.#start(file);
    }
    this.#next();
    this.#changed();
  }

  /** @param {File} file */
  #start(file) {
    const { metadata, expiresAt } = this.host.config;
    const fileinfo = { filename: file.name, type: file.type, lastModified: file.lastModified };
    const description = {
      metadata: { dataType: 'file', fileinfo, ...(metadata && { customFields: metadata }) },
      expiresAt,
    };
    const upload = new FileUpload(file, description, this.calls, () => this.#progress(entry));
    const again = () => void upload.start();
    const item = new UploadItem(file.name, file.size, { remove: () => this.#remove(entry), again });
    /** @type {Entry} */
    const entry = { item, upload, size: file.size };
    upload.state = 'waiting';
    this.#entries.push(entry);
    this.list.append(item.element);
    item.show('waiting', 0, '', this.texts);
  }

  /** Starts the next files. */
  #next() {
    const uploads = this.#entries.flatMap(({ upload }) => upload ?? []);
    const running = uploads.filter(({ begun, state }) => begun && (state === 'uploading' || state === 'waiting'));
    const idle = uploads.filter(({ begun }) => !begun);
    for (const upload of idle.slice(0, Math.max(0, FILES_AT_ONCE - running.length))) void upload.start();
  }

  /** @param {Entry} entry */
  #progress(entry) {
    const { item, upload, size } = entry;
    if (!upload) return;
    item.show(
      upload.state,
      size ? Math.floor((upload.bytes / size) * 100) : 0,
      upload.failure ? explain(upload.failure, this.texts) : '',
      this.texts,
    );
    const all = this.#entries.reduce((sum, each) => sum + each.size, 0);
    const sent = this.#entries.reduce((sum, each) => sum + (each.upload?.bytes ?? each.size), 0);
    this.host.progress(all ? Math.floor(((sent / all) * 100) / STEP) * STEP : 0);
    if (upload.state === 'uploading' || upload.state === 'waiting') return;
    if (upload.failure) this.host.error(upload.failure);
    this.#next();
    this.#changed();
  }

  /** @param {Entry} entry */
  #remove(entry) {
    this.#drop(entry);
    this.#changed();
  }

  /** @param {Entry} entry */
  #drop(entry) {
    this.#entries = this.#entries.filter((each) => each !== entry);
    entry.item.element.remove();
    entry.upload?.cancel();
  }

  /**
   * Shows files that are stored already.
   * @param {string[]} tokens
   */
  #show(tokens) {
    const own = this.#tokens();
    if (tokens.length === own.length && tokens.every((token) => own.includes(token))) return;
    this.clear();
    for (const token of tokens) void this.#showStored(token);
  }

  /** @param {string} token */
  async #showStored(token) {
    /** @type {Entry} */
    const entry = { item: new UploadItem('…', null, { remove: () => this.#remove(entry) }), token, size: 0 };
    this.#entries.push(entry);
    try {
      const { name } = await fileOf(this.calls, token);
      if (!this.#entries.includes(entry)) return;
      const save = () => void this.#download(entry, name);
      entry.item = new UploadItem(name, null, { remove: () => this.#remove(entry), download: save });
      entry.item.show('done', 100, '', this.texts);
      this.list.append(entry.item.element);
    } catch (thrown) {
      this.host.error(Failure.of(thrown));
    }
    this.#report();
  }

  /**
   * @param {Entry} entry
   * @param {string} name
   */
  async #download({ item, token = '' }, name) {
    const onPercent = (/** @type {number} */ percent) => item.show('done', 100, `${percent} %`, this.texts);
    try {
      await download(this.calls, token, name, { onPercent, signal: new AbortController().signal });
      item.show('done', 100, '', this.texts);
    } catch (thrown) {
      item.show('done', 100, explain(Failure.of(thrown), this.texts), this.texts);
      this.host.error(Failure.of(thrown));
    }
  }

  #changed() {
    this.host.tokens(this.#tokens());
    this.#report();
    this.#check();
  }

  #check() {
    for (const { check } of [...this.#waiting]) check();
  }

  /** Fulfilled when no upload runs. @returns {Promise<void>} */
  #ended() {
    const runs = () => this.#entries.some(({ upload }) => upload?.state === 'uploading' || upload?.state === 'waiting');
    if (!runs()) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = {
        check: () => {
          if (runs()) return;
          this.#waiting = this.#waiting.filter((each) => each !== waiting);
          resolve();
        },
      };
      this.#waiting.push(waiting);
    });
  }

  /** @returns {{rule: string, message: string}[]} */
  #report() {
    const empty = this.#entries.length === 0;
    const broken = empty && this.host.config.required ? ['fileMissing'] : [];
    const errors = broken.map((rule) => ({ rule, message: sentence(rule, this.texts) }));
    const stored = !empty && this.#tokens().length === this.#entries.length;
    this.host.change({ empty, complete: stored, valid: !errors.length, stored, errors });
    this.shell.fail(this.#error || (this.#touched ? (errors[0]?.message ?? '') : ''));
    return errors;
  }
}
