import { element } from './elements.js';
import { safeFileName, sizeText } from './file-rules.js';
import { sentence } from './sentences.js';

/**
 * What an item of the list can be asked for.
 * @typedef {object} ItemActions
 * @property {() => void} remove
 * @property {() => void} [again] repeats what has stopped
 * @property {() => void} [download]
 */

/**
 * One file in the list of an upload field: its name, how far it is, and what a person can do with it.
 */
export class UploadItem {
  /**
   * @param {string} name
   * @param {number | null} size in bytes; null if it is not known
   * @param {ItemActions} actions
   */
  constructor(name, size, actions) {
    this.name = safeFileName(name);
    this.actions = actions;
    this.title = element('span', { className: 'file', dir: 'auto', textContent: this.name, title: this.name });
    this.size = element('span', {
      className: 'size',
      dir: 'auto',
      textContent: size === null ? '' : sizeText(size, document.documentElement.lang),
    });
    this.bar = element('progress', { max: 100, ariaLabel: this.name });
    this.status = element('span', { className: 'status', role: 'status' });
    this.again = this.#button('tryAgain', actions.again);
    this.save = this.#button('download', actions.download);
    this.remove = this.#button('remove', actions.remove);
    this.element = element('li', {}, this.title, this.size, this.bar, this.status, this.again, this.save, this.remove);
  }

  /** @param {string} name */
  rename(name) {
    this.title.textContent = this.title.title = this.bar.ariaLabel = this.name = safeFileName(name);
  }

  /**
   * @param {ItemState} state
   * @param {number} percent
   * @param {string} failure a sentence, or an empty text
   * @param {Record<string, string>} [texts] of the page
   */
  show(state, percent, failure, texts) {
    this.element.dataset.state = state;
    this.bar.value = percent;
    this.bar.hidden = state !== 'uploading' && state !== 'waiting';
    this.status.textContent = failure || sentence(STATUS[state], texts);
    const isFocused = document.activeElement === this.again;
    this.again.hidden = state !== 'stopped' || !this.actions.again;
    // A button that is hidden would leave the keyboard at the top of the frame.
    if (isFocused && this.again.hidden) this.remove.focus();
    this.save.hidden = state !== 'done' || !this.actions.download;
    const words = {
      remove: state === 'uploading' || state === 'waiting' ? 'cancel' : 'remove',
      again: 'tryAgain',
      save: 'download',
    };
    for (const name of /** @type {const} */ (['remove', 'again', 'save'])) this.#name(this[name], words[name], texts);
  }

  /**
   * @param {string} word
   * @param {(() => void) | undefined} action
   */
  #button(word, action) {
    const button = element('button', { type: 'button' });
    this.#name(button, word);
    button.addEventListener('click', () => action?.());
    return button;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} word
   * @param {Record<string, string>} [texts]
   */
  #name(button, word, texts) {
    button.textContent = sentence(word, texts);
    button.ariaLabel = `${button.textContent}: ${this.name}`;
  }
}

/** @typedef {import('./file-upload.js').UploadState | 'loading'} ItemState */

/** @type {Record<ItemState, string>} */
const STATUS = {
  loading: 'loading',
  uploading: 'uploading',
  waiting: 'waiting',
  done: 'uploaded',
  stopped: 'stopped',
  cancelled: 'stopped',
};
