/** @typedef {{month: number, year: number}} YearMonth */

/** How many years ahead a card may expire. */
const FURTHEST = 50;

/**
 * Reads an expiry date with a year of two or four digits: `12/30`, `12 / 2030`, `1/30`, `1230`, `122030`.
 * @param {string} typed
 * @param {YearMonth} now
 * @returns {YearMonth | null} null if it is not a whole date
 */
export function readExpiry(typed, now) {
  const [, month, year] =
    /^\s*(\d{1,2})\s*[/\-. ]\s*(\d{4}|\d{2})\s*$/.exec(typed) ?? /^(\d{2})(\d{4}|\d{2})$/.exec(typed) ?? [];
  if (year === undefined) return null;
  const century = now.year - (now.year % 100);
  return { month: Number(month), year: year.length === 4 ? Number(year) : century + Number(year) };
}

/**
 * The rule that a date breaks.
 * @param {string} typed
 * @param {YearMonth} now
 * @returns {'expiryIncomplete' | 'expiryInvalid' | 'expiryPast' | undefined}
 */
export function brokenExpiry(typed, now) {
  const expiry = readExpiry(typed, now);
  if (!expiry) return 'expiryIncomplete';
  if (expiry.month < 1 || expiry.month > 12 || expiry.year > now.year + FURTHEST) return 'expiryInvalid';
  // A card is good until its month ends.
  return expiry.year * 12 + expiry.month < now.year * 12 + now.month ? 'expiryPast' : undefined;
}

/**
 * What was typed, with the slash that people leave out. A year of four digits stays as it is.
 * @param {string} typed
 * @returns {string}
 */
export function formatExpiry(typed) {
  const plain = typed
    .replace(/[^\d/]/g, '')
    .replace(/^([2-9])/, '0$1')
    .replace(/^(\d)\//, '0$1/');
  const [, month, rest] = /^(\d{2})\/?(\d*)/.exec(plain) ?? [];
  if (month === undefined) return plain.slice(0, 2);
  return rest || plain.includes('/') ? `${month}/${rest.slice(0, 4)}` : month;
}
