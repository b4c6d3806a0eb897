import { sentence } from './sentences.js';

/** @typedef {{rule: string, message: string}} Broken */

/**
 * A field that checks what is typed: it tells the page the state, and shows what is wrong after the person has left the
 * field. Subclasses have the controls, and store the value.
 */
export class CheckedField {
  /** Whether a person has typed since the field was filled from a token. @protected */
  hasTyped = false;
  /** Whether errors are shown. @protected */
  wasLeft = false;
  /** @type {Record<string, string> | undefined} */
  texts;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./field-shell.js').FieldShell} shell
   */
  constructor(host, shell) {
    this.host = host;
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

  /**
   * The token of the value; null if it is empty, undefined if it is not stored.
   * @protected
   * @returns {string | null | undefined}
   */
  tokenOfValue() {
    return null;
  }

  /** A person has typed. @protected */
  changed() {
    this.hasTyped = true;
    this.shell.fail('');
    this.report();
  }

  focus() {
    this.shell.controls[0].focus();
  }

  /**
   * Tells the page the state. A value of a token is always called valid: otherwise a page could find it out by showing
   * it under one rule after the other.
   * @returns {Broken[]} the broken rules
   */
  report() {
    const token = this.tokenOfValue();
    const untouched = token !== null && !this.hasTyped;
    const broken = untouched ? [] : this.broken();
    const errors = broken.map((rule) => ({ rule, message: sentence(rule, this.texts) }));
    const empty = !untouched && this.value() === '';
    const valid = !broken.length;
    const known = untouched ? {} : this.known();
    this.host.change({ empty, complete: !empty && valid, valid, stored: Boolean(token), errors, ...known });
    if (this.wasLeft && errors.length) this.shell.fail(errors[0].message, this.controlsOf(errors[0].rule));
    return errors;
  }

  /** From now on errors are shown. @protected */
  check() {
    this.wasLeft = true;
    return this.report();
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} control */
  #listen(control) {
    let reported = false;
    control.addEventListener('input', () => {
      reported = true;
      this.changed();
    });
    // Some browsers fill a field without the event `input`.
    control.addEventListener('change', () => {
      if (!reported) this.changed();
      reported = false;
    });
    control.addEventListener('focus', () => this.host.event('focus'));
    control.addEventListener('blur', () => this.#blurred());
    control.addEventListener('keydown', (/** @type {any} */ event) => this.#pressed(event));
  }

  #blurred() {
    if (this.hasTyped) this.check();
    this.host.event('blur');
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.host.event('escape');
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.host.event('submit');
  }
}
