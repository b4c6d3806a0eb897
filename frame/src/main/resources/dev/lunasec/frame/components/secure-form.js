import { SecureField } from './secure-field.js';

const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/**
 * `<secure-form>`: stands around a `<form>`. When the form is submitted, it first lets each secure field store its value.
 * Then the submission goes on, with the tokens as values. It also says for all its fields which vault to use.
 */
export class SecureForm extends Base {
  /** @type {import('./settings.js').GetCode | undefined} */
  #getCode;
  /** The form whose submission goes on. @type {HTMLFormElement | undefined} */
  #stored;
  /** @type {Set<HTMLFormElement>} */
  #storing = new Set();

  constructor() {
    super();
    this.addEventListener('submit', (event) => this.#submitted(/** @type {SubmitEvent} */ (event)), { capture: true });
  }

  /** The origin of the tokenizer. */
  get vault() {
    return this.getAttribute('vault') ?? '';
  }

  set vault(origin) {
    this.setAttribute('vault', origin);
  }

  /** The name of the issuer to sign in at. */
  get authProvider() {
    return this.getAttribute('auth-provider') ?? '';
  }

  set authProvider(name) {
    this.setAttribute('auth-provider', name);
  }

  /** Gets a one-time code from the page's own back end, if the vault is on another site. */
  get getCode() {
    return this.#getCode;
  }

  set getCode(getCode) {
    this.#getCode = getCode;
  }

  connectedCallback() {
    if (!Object.hasOwn(this, 'getCode')) return;
    const { getCode } = this;
    Reflect.deleteProperty(this, 'getCode');
    this.getCode = getCode;
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form === this.#stored) return;
    const fields = [...form.elements].filter((control) => control instanceof SecureField && !control.matches(':disabled'));
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
    const results = await Promise.allSettled(fields.map((field) => field.commit()));
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
