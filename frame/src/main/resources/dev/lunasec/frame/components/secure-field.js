import { clickDefaultButton } from './default-button.js';
import { SecureElement } from './secure-element.js';
import { SecureError } from './secure-error.js';
import { flagsOf } from './validity-flags.js';

/**
 * A control of a form whose value is the token of what its frame holds. It takes part in validation, labels, reset and
 * disabling like an `input`.
 */
export class SecureField extends SecureElement {
  static formAssociated = /** @type {const} */ (true);

  /** @type {{rule: string, message: string}[]} */
  #errors = [];
  /** @type {string | null} the token that the page has set */
  #given = null;

  /** @returns {HTMLFormElement | null} */
  get form() {
    return this.internals.form;
  }

  /**
   * React sets each attribute whose name is that of a property as a property.
   * @param {any} id of the form, if the field stands outside of it
   */
  set form(id) {
    this.setText('form', id);
  }

  /**
   * Whether the token is that of an earlier value: what was typed has none before it is stored.
   * @protected
   * @param {import('./frame-messages.js').Change} change
   */
  isStale(change) {
    return !change.stored && this.token !== null;
  }

  /** @override */
  get labels() {
    return this.internals.labels;
  }

  get name() {
    return this.getAttribute('name') ?? '';
  }

  set name(name) {
    this.setText('name', name);
  }

  get required() {
    return this.hasAttribute('required');
  }

  set required(required) {
    this.toggleAttribute('required', Boolean(required));
  }

  get disabled() {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled) {
    this.toggleAttribute('disabled', Boolean(disabled));
  }

  get nosubmit() {
    return this.hasAttribute('nosubmit');
  }

  set nosubmit(nosubmit) {
    this.toggleAttribute('nosubmit', Boolean(nosubmit));
  }

  get validity() {
    return this.internals.validity;
  }

  get validationMessage() {
    return this.internals.validationMessage;
  }

  get willValidate() {
    return this.internals.willValidate;
  }

  checkValidity() {
    return this.internals.checkValidity();
  }

  reportValidity() {
    return this.internals.reportValidity();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.required && !this.token)
      this.#validate([{ rule: 'required', message: this.texts?.required ?? 'Fill in this field.' }]);
  }

  /** @override */
  get token() {
    return super.token;
  }

  /** @override */
  set token(token) {
    this.#given = token || null;
    super.token = token;
  }

  /** Goes back to the token that the page has set. */
  formResetCallback() {
    if (this.#given) this.token = this.#given;
    else this.clear();
  }

  formDisabledCallback() {
    this.update();
  }

  /**
   * Stores what was typed, and makes its token the value of the control.
   * @override
   * @param {boolean} [isDraft] whether it may be empty though it is required
   * @returns {Promise<string | null>}
   */
  async commit(isDraft) {
    this.setState('busy', true);
    this.view.say('');
    try {
      this.setTokens(await this.commitAll(isDraft));
      return this.token;
    } catch (thrown) {
      const error = SecureError.of(thrown);
      this.failed(error);
      throw error;
    } finally {
      this.setState('busy', false);
    }
  }

  /** @protected @param {string[]} tokens of the value: none or one, except for uploads */
  setTokens(tokens) {
    const [token = null] = /** @type {(string | undefined)[]} */ (tokens);
    if (token === this.token) return;
    this.setToken(token);
    this.fire('token', { token });
  }

  /**
   * @override
   * @param {string | null} token
   */
  setToken(token) {
    super.setToken(token);
    // No state, so that no browser writes the token into the file with which it restores a session.
    this.internals.setFormValue(token, '');
  }

  /**
   * @override
   * @param {import('./frame-messages.js').Change} change
   */
  changed(change) {
    if (this.isStale(change)) this.setToken(null);
    this.#validate(change.errors);
    super.changed(change);
  }

  /**
   * @override
   * @param {'focus' | 'blur' | 'submit' | 'escape' | 'copy'} name
   */
  interacted(name) {
    if (name === 'blur') this.view.say(this.#errors[0]?.message ?? '');
    super.interacted(name);
    if (name === 'submit' && !this.nosubmit && this.form) clickDefaultButton(this.form);
  }

  /** @param {{rule: string, message: string}[]} errors */
  #validate(errors) {
    this.#errors = errors;
    const anchor = this.shadowRoot?.querySelector('iframe');
    if (errors.length && anchor) this.internals.setValidity(flagsOf(errors), errors[0].message, anchor);
    else this.internals.setValidity({});
    if (!errors.length) this.view.say('');
  }
}
