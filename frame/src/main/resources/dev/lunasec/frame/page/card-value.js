import { brandOf, brokenNumber, digitsOf, formatNumber } from './card-number.js';
import { brokenExpiry, readExpiry } from './card-expiry.js';

/** @typedef {'number' | 'expiry' | 'cvc' | 'name'} CardPart */

/** What the inputs of a card hold, as typed. @typedef {Partial<Record<CardPart, string>>} TypedCard */

/** In the order in which they are shown. @type {CardPart[]} */
const PARTS = ['number', 'expiry', 'cvc', 'name'];

/**
 * The parts that a page asks for. By default there is no security code: PCI DSS forbids to keep it after the payment.
 * @param {CardPart[]} [fields]
 * @returns {CardPart[]}
 */
export function askedParts(fields = ['number', 'expiry', 'name']) {
  return PARTS.filter((part) => fields.includes(part));
}

/**
 * The text that is stored: JSON with the parts that were asked for. Numbers are texts of digits, and the year has four.
 * @param {TypedCard} typed
 * @param {import('./card-expiry.js').YearMonth} now
 * @returns {string} empty if nothing was typed
 */
export function storedCard(typed, now) {
  if (Object.values(typed).every((part) => part.trim() === '')) return '';
  const expiry = typed.expiry === undefined ? null : readExpiry(typed.expiry, now);
  return JSON.stringify({
    ...(typed.number !== undefined && { number: digitsOf(typed.number) }),
    ...(expiry && { expMonth: String(expiry.month).padStart(2, '0'), expYear: String(expiry.year) }),
    ...(typed.cvc !== undefined && { cvc: typed.cvc }),
    ...(typed.name !== undefined && { name: typed.name.trim() }),
  });
}

/**
 * The inputs for a stored text.
 * @param {string} stored
 * @returns {Record<CardPart, string> | null} null if it is not a card
 */
export function typedCard(stored) {
  try {
    const card = JSON.parse(stored);
    if (typeof card !== 'object' || card === null) return null;
    const { number = '', expMonth = '', expYear = '', cvc = '', name = '' } = card;
    const expiry = expMonth && expYear ? `${expMonth}/${String(expYear).slice(-2)}` : '';
    return { number: formatNumber(digitsOf(String(number))), expiry, cvc: String(cvc), name: String(name) };
  } catch {
    return null;
  }
}

/**
 * The rules that a card breaks, with the part that breaks each. An empty card breaks at most `required`.
 * @param {TypedCard} typed
 * @param {boolean} required
 * @param {import('./card-expiry.js').YearMonth} now
 * @returns {{part: CardPart, rule: string}[]}
 */
export function brokenCard(typed, required, now) {
  const parts = /** @type {[CardPart, string][]} */ (Object.entries(typed));
  if (parts.every(([, text]) => text.trim() === '')) return required ? [{ part: parts[0][0], rule: 'required' }] : [];
  return parts.flatMap(([part, text]) => {
    const rule = brokenPart(part, text, digitsOf(typed.number ?? ''), now);
    return rule ? [{ part, rule }] : [];
  });
}

/**
 * @param {CardPart} part
 * @param {string} text
 * @param {string} number
 * @param {import('./card-expiry.js').YearMonth} now
 * @returns {string | undefined}
 */
function brokenPart(part, text, number, now) {
  switch (part) {
    case 'number':
      return brokenNumber(number);
    case 'expiry':
      return brokenExpiry(text, now);
    case 'cvc':
      return isCvc(text, number) ? undefined : 'cvcIncomplete';
    case 'name':
      return text.trim() === '' ? 'nameMissing' : undefined;
  }
}

/**
 * Whether a security code has the length of the card's brand; three or four digits if the brand is not known.
 * @param {string} text
 * @param {string} number
 * @returns {boolean}
 */
function isCvc(text, number) {
  const { name, cvc } = brandOf(number);
  return /^\d{3,4}$/.test(text) && (name === 'unknown' || text.length === cvc);
}
