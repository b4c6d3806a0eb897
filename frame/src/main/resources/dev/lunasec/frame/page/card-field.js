import { appear } from './appearance.js';
import { caretAfter } from './caret.js';
import { formatExpiry } from './card-expiry.js';
import { brandOf, digitsOf, formatNumber } from './card-number.js';
import { askedParts, brokenCard, storedCard, typedCard } from './card-value.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { FieldShell } from './field-shell.js';
import { sentence } from './sentences.js';
import { StoredField } from './stored-field.js';

/** @typedef {import('./card-value.js').CardPart} CardPart */

/**
 * How each input of a card differs.
 * @type {Record<CardPart, {label: string, autocomplete: AutoFill, inputMode: string, maxLength: number}>}
 */
const INPUTS = {
  number: { label: 'cardNumber', autocomplete: 'cc-number', inputMode: 'numeric', maxLength: 40 },
  expiry: { label: 'expiry', autocomplete: 'cc-exp', inputMode: 'numeric', maxLength: 10 },
  cvc: { label: 'cvc', autocomplete: 'cc-csc', inputMode: 'numeric', maxLength: 4 },
  name: { label: 'name', autocomplete: 'cc-name', inputMode: 'text', maxLength: 100 },
};

/**
 * A card in one frame, because browsers never fill a card number into several. It is stored as one value.
 */
export class CardField extends StoredField {
  /**
   * @param {import('./host.js').Host} host
   * @param {import('./vault-calls.js').VaultCalls} calls
   */
  constructor(host, calls) {
    const asked = askedParts(host.config.fields);
    const inputs = asked.map((part) => inputFor(part, host.config.required === true));
    const labels = inputs.map((input) => element('label', { htmlFor: input.id }));
    const cells = inputs.map((input, place) => element('div', { className: `cell ${input.id}` }, labels[place], input));
    const card = element('div', { className: 'card', role: 'group' }, ...cells);
    super(host, calls, new FieldShell(card, inputs));
    this.card = card;
    this.labels = labels;
    this.parts = asked;
    this.inputs = inputs;
    this.brand = element('span', { className: 'brand', ariaHidden: 'true' });
    this.inputOf('number')?.before(this.brand);
    for (const input of inputs) input.addEventListener('input', () => this.#guard(), { capture: true });
    this.#format('number', (typed) => formatNumber(digitsOf(typed)), /\d/);
    this.#format('expiry', formatExpiry, /[\d/]/);
    this.#format('cvc', (typed) => typed.replace(/\D/g, ''), /\d/);
    this.configure(host.config);
  }

  /**
   * @override
   * @param {import('./stored-field.js').Config} change
   */
  configure(change) {
    for (const input of this.inputs) appear(change, input);
    if (change.label !== undefined) document.title = this.card.ariaLabel = change.label || sentence('value');
    super.configure(change);
    this.labels.forEach((label, place) => {
      label.textContent = sentence(INPUTS[this.parts[place]].label, this.texts);
    });
    const expiry = this.inputOf('expiry');
    if (expiry) expiry.placeholder = sentence('expiryForm', this.texts);
  }

  /** @override */
  value() {
    return storedCard(this.#typed(), thisMonth());
  }

  /**
   * @override
   * @param {string} value
   */
  setValue(value) {
    const card = value === '' ? { number: '', expiry: '', cvc: '', name: '' } : typedCard(value);
    if (!card) throw new Failure('notCard', 'The value of this token is not a card. Show it with secure-text.');
    for (const part of this.parts) this.#set(part, card[part]);
    this.#showBrand();
    this.#guard();
  }

  /** @override */
  broken() {
    return this.#broken().map(({ rule }) => rule);
  }

  /**
   * @override
   * @param {string} rule
   */
  controlsOf(rule) {
    const found = this.#broken().find((broken) => broken.rule === rule);
    const input = found && this.inputOf(found.part);
    return input ? [input] : this.inputs;
  }

  /** @override */
  known() {
    return { brand: brandOf(digitsOf(this.inputOf('number')?.value ?? '')).name };
  }

  /**
   * The first input that breaks a rule, else the first.
   * @override
   */
  focus() {
    (this.inputs.find((input) => input.ariaInvalid === 'true') ?? this.inputs[0]).focus();
  }

  /**
   * @param {CardPart} part
   * @returns {HTMLInputElement | undefined}
   */
  inputOf(part) {
    return this.inputs[this.parts.indexOf(part)];
  }

  #broken() {
    return brokenCard(this.#typed(), this.host.config.required === true, thisMonth());
  }

  /** @returns {import('./card-value.js').TypedCard} */
  #typed() {
    return Object.fromEntries(this.parts.map((part, place) => [part, this.inputs[place].value]));
  }

  /**
   * @param {CardPart} part
   * @param {string} value
   */
  #set(part, value) {
    const input = this.inputOf(part);
    if (input) input.value = value;
  }

  /**
   * Writes a part in its usual form while it is typed. The caret stays behind the same character.
   * @param {CardPart} part
   * @param {(typed: string) => string} format
   * @param {RegExp} counts
   */
  #format(part, format, counts) {
    const input = this.inputOf(part);
    // In the capture phase, so that the field reports the new text.
    input?.addEventListener('input', () => this.#rewrite(input, format, counts), { capture: true });
  }

  /**
   * @param {HTMLInputElement} input
   * @param {(typed: string) => string} format
   * @param {RegExp} counts
   */
  #rewrite(input, format, counts) {
    const { value, selectionStart } = input;
    const written = format(value);
    if (written !== value) {
      const caret = caretAfter(value, selectionStart ?? value.length, written, counts);
      input.value = written;
      if (document.activeElement === input) input.setSelectionRange(caret, caret);
    }
    this.#showBrand();
  }

  /**
   * Browsers write what stands in a field to disk, to restore a session, unless they may not complete it. So a field is
   * open to be filled only as long as it is empty.
   */
  #guard() {
    this.inputs.forEach((input, place) => {
      input.autocomplete = input.value === '' ? INPUTS[this.parts[place]].autocomplete : 'off';
    });
  }

  #showBrand() {
    this.brand.textContent = brandOf(digitsOf(this.inputOf('number')?.value ?? '')).label;
  }
}

/**
 * @param {CardPart} part
 * @param {boolean} required
 * @returns {HTMLInputElement}
 */
function inputFor(part, required) {
  const { label: _, ...properties } = INPUTS[part];
  const input = element('input', { id: part, className: 'secure-input', ...properties, spellcheck: false });
  input.ariaRequired = String(required);
  // Digits are written from left to right everywhere.
  if (properties.inputMode === 'numeric') input.dir = 'ltr';
  return input;
}

/** @returns {import('./card-expiry.js').YearMonth} */
function thisMonth() {
  const now = new Date();
  return { month: now.getMonth() + 1, year: now.getFullYear() };
}
