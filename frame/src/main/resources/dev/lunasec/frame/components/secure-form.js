import { SecureField } from './secure-field.js';
import { VaultElement } from './vault-element.js';

/**
 * `<secure-form>`: stands around a `<form>`. When the form is submitted, it first lets each secure field store its
 * value. Then the submission goes on, with the tokens as values.
 */
export class SecureForm extends VaultElement {
  /** The form whose submission goes on. @type {HTMLFormElement | undefined} */
  #stored;
  /** @type {Set<HTMLFormElement>} */
  #storing = new Set();

  constructor() {
    super();
    this.addEventListener('submit', (event) => this.#submitted(/** @type {SubmitEvent} */ (event)), { capture: true });
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form === this.#stored) return;
    const fields = [...form.elements].filter(
      (control) => control instanceof SecureField && !control.matches(':disabled'),
    );
    if (!fields.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void this.#store(form, /** @type {SecureField[]} */ (fields), event.submitter);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {SecureField[]} fields
   * @param {HTMLElement | null} submitter
   */
  async #store(form, fields, submitter) {
    if (this.#storing.has(form)) return;
    this.#storing.add(form);
    form.ariaBusy = 'true';
    const isDraft = form.noValidate || /** @type {any} */ (submitter)?.formNoValidate;
    const results = await Promise.allSettled(fields.map((field) => field.commit(isDraft)));
    this.#storing.delete(form);
    form.ariaBusy = null;
    const refused = results.findIndex(({ status }) => status === 'rejected');
    // The field has fired `error` and shows what is wrong.
    if (refused >= 0) return fields[refused].focus();
    this.#stored = form;
    try {
      form.requestSubmit(submitter?.isConnected ? submitter : null);
    } finally {
      this.#stored = undefined;
    }
  }
}
