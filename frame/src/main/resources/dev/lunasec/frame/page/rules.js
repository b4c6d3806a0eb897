import { matches, parsePattern } from './pattern.js';

/**
 * What a text must be. A page sets the rules once.
 * @typedef {object} Rules
 * @property {boolean} [required]
 * @property {number} [minLength] in UTF-16 units, as in HTML
 * @property {number} [maxLength]
 * @property {string} [pattern] see `pattern.js`
 * @property {'Email' | 'SSN' | 'EIN' | 'SSN_EIN'} [validator]
 */

const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;

/** No such number begins with 000, 666 or 9, and no group of it is all zeros. */
const SSN = /^(?!000|666|9)\d{3}([- ]?)(?!00)\d{2}\1(?!0000)\d{4}$/;

const EIN = /^\d{2}-?\d{7}$/;

/** @type {Record<string, [string, (value: string) => boolean]>} the broken rule, and who keeps it */
const VALIDATORS = {
  Email: ['email', (value) => value.length <= 254 && EMAIL.test(value)],
  SSN: ['ssn', (value) => SSN.test(value)],
  EIN: ['ein', (value) => EIN.test(value)],
  SSN_EIN: ['ssnOrEin', (value) => SSN.test(value) || EIN.test(value)],
};

/**
 * The rules that a text breaks. An empty text breaks at most `required`, as in HTML.
 * @param {string} value
 * @param {Rules} rules
 * @returns {string[]}
 */
export function brokenRules(value, { required, minLength, maxLength, pattern, validator }) {
  if (value === '') return required ? ['required'] : [];
  const broken = [];
  if (minLength !== undefined && value.length < minLength) broken.push('tooShort');
  if (maxLength !== undefined && value.length > maxLength) broken.push('tooLong');
  const parts = pattern === undefined ? undefined : parsePattern(pattern);
  if (parts === null || (parts && !matches(value, parts))) broken.push('pattern');
  if (validator && !VALIDATORS[validator][1](value)) broken.push(VALIDATORS[validator][0]);
  return broken;
}

/**
 * What is wrong with the rules themselves.
 * @param {Rules} rules
 * @returns {string | undefined} one sentence
 */
export function wrongRules({ pattern }) {
  if (pattern === undefined || parsePattern(pattern)) return undefined;
  return 'The pattern is not valid. Write 9 for a digit, a for a letter, * for either, and {2,4} to repeat.';
}
