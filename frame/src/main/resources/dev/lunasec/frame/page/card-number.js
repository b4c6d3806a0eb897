/**
 * A brand of cards.
 * @typedef {object} Brand
 * @property {string} name as the page learns it
 * @property {string} label as the user reads it
 * @property {RegExp} starts what its numbers begin with
 * @property {number[]} lengths of its numbers, in digits
 * @property {number} cvc length of its security codes, in digits
 * @property {number[]} [groups] in which people write the number; by default groups of four
 */

/** In the order in which they are tried: a longer start comes before a shorter one. @type {Brand[]} */
const BRANDS = [
  { name: 'amex', label: 'Amex', starts: /^3[47]/, lengths: [15], cvc: 4, groups: [4, 6, 5] },
  { name: 'diners', label: 'Diners Club', starts: /^3(0[0-5]|095|6|[89])/, lengths: [14, 15, 16, 17, 18, 19], cvc: 3 },
  { name: 'jcb', label: 'JCB', starts: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19], cvc: 3 },
  { name: 'mir', label: 'Mir', starts: /^220[0-4]/, lengths: [16, 17, 18, 19], cvc: 3 },
  {
    name: 'mastercard',
    label: 'Mastercard',
    starts: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    lengths: [16],
    cvc: 3,
  },
  { name: 'discover', label: 'Discover', starts: /^6(011|4[4-9]|5)/, lengths: [16, 17, 18, 19], cvc: 3 },
  { name: 'unionpay', label: 'UnionPay', starts: /^(62|81)/, lengths: [16, 17, 18, 19], cvc: 3 },
  { name: 'maestro', label: 'Maestro', starts: /^(50|5[6-8]|6)/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvc: 3 },
  { name: 'visa', label: 'Visa', starts: /^4/, lengths: [13, 16, 19], cvc: 3 },
];

/** A card of no known brand may have these. @type {Brand} */
const UNKNOWN = { name: 'unknown', label: '', starts: /^/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvc: 3 };

/** The longest number, in digits. */
const LONGEST = 19;

/**
 * The brand that a number belongs to as far as it was typed.
 * @param {string} digits
 * @returns {Brand}
 */
export function brandOf(digits) {
  return BRANDS.find(({ starts }) => starts.test(digits)) ?? UNKNOWN;
}

/**
 * The digits of what was typed or pasted, at most as many as a number has.
 * @param {string} typed
 * @returns {string}
 */
export function digitsOf(typed) {
  return typed.replace(/\D/g, '').slice(0, LONGEST);
}

/**
 * A number as it is written on a card.
 * @param {string} digits
 * @returns {string}
 */
export function formatNumber(digits) {
  const groups = brandOf(digits).groups ?? [4, 4, 4, 4, 4];
  const written = [];
  let start = 0;
  for (const length of groups) {
    written.push(digits.slice(start, start + length));
    start += length;
  }
  written.push(digits.slice(start));
  return written.filter(Boolean).join(' ');
}

/**
 * The rule that a number breaks.
 * @param {string} digits
 * @returns {'required' | 'numberIncomplete' | 'numberInvalid' | undefined}
 */
export function brokenNumber(digits) {
  const { lengths } = brandOf(digits);
  if (digits.length < Math.min(...lengths)) return 'numberIncomplete';
  if (lengths.includes(digits.length) && isLuhn(digits)) return undefined;
  return digits.length < Math.max(...lengths) && !lengths.includes(digits.length)
    ? 'numberIncomplete'
    : 'numberInvalid';
}

/**
 * The check digit of ISO/IEC 7812: every second digit from the right is doubled, and the sum of all is a multiple of
 * ten.
 * @param {string} digits
 * @returns {boolean}
 */
export function isLuhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const weighted = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return digits !== '' && sum % 10 === 0;
}
