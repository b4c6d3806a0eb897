/**
 * Which flag of `ValidityState` a broken rule sets. Every other rule sets `customError`.
 * @type {Record<string, string>}
 */
const FLAGS = {
  required: 'valueMissing',
  fileMissing: 'valueMissing',
  tooShort: 'tooShort',
  tooLong: 'tooLong',
  pattern: 'patternMismatch',
  email: 'typeMismatch',
};

/**
 * @param {{rule: string}[]} errors
 * @returns {ValidityStateFlags}
 */
export function flagsOf(errors) {
  return Object.fromEntries(errors.map(({ rule }) => [FLAGS[rule] ?? 'customError', true]));
}
