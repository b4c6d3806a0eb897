import { appear } from './appearance.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { brokenRules, wrongRules } from './rules.js';
import { sentence } from './sentences.js';
import { StoredField } from './stored-field.js';

/**
 * The types that do not change what is typed. A field of another type, which browsers would trim or convert, gets only
 * the keyboard of that type.
 */
const TYPES = ['text', 'password', 'tel', 'search'];

/** @type {Record<string, string>} */
const KEYBOARDS = { email: 'email', url: 'url', number: 'decimal' };

/** A field of one line or more. It stores the text exactly as it was typed. */
export class TextField extends StoredField {
  isHidden = true;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   * @param {'input' | 'textarea'} name
   */
  constructor(host, calls, name) {
    const control = element(name, { id: 'value', className: 'secure-input', spellcheck: false, autocapitalize: 'off' });
    control.setAttribute('autocorrect', 'off');
    control.autocomplete = 'off';
    if (control instanceof HTMLInputElement) setType(control, host.config.type ?? 'text');
    control.ariaRequired = String(host.config.required === true);
    const label = element('label', { htmlFor: 'value', className: 'only-read' });
    super(host, calls, new FieldShell(element('div', { className: 'field' }, label, control), [control]));
    this.control = control;
    this.label = label;
    const wrong = wrongRules(host.config);
    if (wrong) host.error(new Failure('badConfiguration', wrong));
    this.configure(host.config);
  }

  /**
   * @override
   * @param {import('./stored-field.js').Config} change
   */
  configure(change) {
    appear(change, this.control);
    if (change.label !== undefined)
      document.title = this.label.textContent = change.label || sentence('value', change.texts);
    for (const name of /** @type {const} */ (['placeholder', 'inputMode', 'enterKeyHint', 'autocomplete'])) {
      const value = change[name];
      if (value !== undefined) Object.assign(this.control, { [name]: value });
    }
    super.configure(change);
  }

  /** @override */
  broken() {
    return brokenRules(this.value(), this.host.config);
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {string} type
 */
function setType(input, type) {
  input.type = TYPES.includes(type) ? type : 'text';
  input.inputMode = KEYBOARDS[type] ?? '';
}
