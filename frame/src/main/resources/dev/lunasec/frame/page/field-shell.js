import { element } from './elements.js';

/** @typedef {'' | 'busy' | 'filled' | 'error'} State */

/**
 * What surrounds the controls of a field: a description and an error for screen readers, which cannot read those of the
 * page across the border of the frame, and a sign of the state for eyes.
 */
export class FieldShell {
  /**
   * @param {HTMLElement} content
   * @param {(HTMLInputElement | HTMLTextAreaElement)[]} controls
   */
  constructor(content, controls) {
    this.controls = controls;
    this.description = element('p', { id: 'description', className: 'only-read' });
    this.error = element('p', { id: 'error', className: 'only-read', role: 'status' });
    this.sign = element('span', { className: 'sign', ariaHidden: 'true' });
    this.element = element('div', { className: 'frame' }, content, this.sign, this.description, this.error);
    for (const control of controls) control.setAttribute('aria-describedby', 'description error');
  }

  /** @param {string} text */
  describe(text) {
    this.description.textContent = text;
  }

  /**
   * Shows what is wrong, or nothing.
   * @param {string} text
   * @param {HTMLElement[]} [wrong] controls
   */
  fail(text, wrong = this.controls) {
    this.error.textContent = text;
    this.sign.title = text;
    for (const control of this.controls) control.ariaInvalid = String(text !== '' && wrong.includes(control));
    this.state(text === '' ? '' : 'error');
  }

  /**
   * @param {State} state
   * @param {string} [text] for screen readers
   */
  state(state, text) {
    this.element.dataset.state = state;
    this.element.ariaBusy = String(state === 'busy');
    this.sign.textContent = { '': '', busy: '', filled: '\u2713', error: '!' }[state];
    if (text !== undefined) this.error.textContent = text;
  }
}
