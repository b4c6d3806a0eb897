/**
 * The grammar of `pattern`. It is small so that a page cannot make the frame compute for long, as it could with a
 * regular expression:
 *
 *     9    a digit                 {3}    the one before three times
 *     a    a letter                {2,4}  the one before two to four times
 *     *    a letter or a digit     \x     the character x itself
 *
 * Every other character stands for itself. Letters are those of English.
 */

/** The longest value that a pattern can match, in characters. */
const LONGEST = 500;

/** @type {Record<string, RegExp>} */
const CLASSES = { 9: /^[0-9]$/, a: /^[A-Za-z]$/, '*': /^[0-9A-Za-z]$/ };

/**
 * @typedef {object} Part
 * @property {(character: string) => boolean} accepts
 * @property {number} least how many characters
 * @property {number} most
 */

/**
 * @param {string} pattern
 * @returns {Part[] | null} null if it is not written in this grammar
 */
export function parsePattern(pattern) {
  /** @type {Part[]} */
  const parts = [];
  const symbols = /\\(.)|\{(\d{1,3})(?:,(\d{1,3}))?\}|([^\\{}])/suy;
  while (symbols.lastIndex < pattern.length) {
    const found = symbols.exec(pattern);
    if (!found) return null;
    const [, literal, least, most, character] = found;
    if (least === undefined) {
      const accepts = CLASSES[character] ? (/** @type {string} */ c) => CLASSES[character].test(c) : undefined;
      parts.push({ accepts: accepts ?? ((c) => c === (literal ?? character)), least: 1, most: 1 });
    } else {
      const last = parts.at(-1);
      if (!last || last.most !== 1 || Number(most ?? least) < Number(least)) return null;
      Object.assign(last, { least: Number(least), most: Number(most ?? least) });
    }
  }
  return parts.reduce((sum, { most }) => sum + most, 0) <= LONGEST ? parts : null;
}

/**
 * Whether a whole value has the form of a pattern. It takes at most LONGEST steps for each character of the value.
 * @param {string} value
 * @param {Part[]} parts
 * @returns {boolean}
 */
export function matches(value, parts) {
  const characters = [...value];
  if (characters.length > LONGEST) return false;
  /** Where a match of the parts so far can end. */
  let ends = new Set([0]);
  for (const { accepts, least, most } of parts) {
    const next = new Set();
    for (const end of ends) {
      let count = 0;
      if (least === 0) next.add(end);
      while (count < most && end + count < characters.length && accepts(characters[end + count])) {
        if (++count >= least) next.add(end + count);
      }
    }
    ends = next;
  }
  return ends.has(characters.length);
}
