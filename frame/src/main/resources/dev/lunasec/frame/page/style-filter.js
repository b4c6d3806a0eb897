/**
 * Decides which styles of a page the frame takes. A page must not be able to load anything, to place anything, or to
 * find out a text by the way it is drawn, so only these properties count, with plain values.
 */

export const PROPERTIES = [
  'accent-color',
  'background-color',
  'border-color',
  'border-radius',
  'border-style',
  'border-width',
  'caret-color',
  'color',
  'font-family',
  'font-size',
  'font-stretch',
  'font-style',
  'font-variant-numeric',
  'font-weight',
  'letter-spacing',
  'line-height',
  'padding',
  'text-align',
  'text-indent',
  'text-transform',
  'word-spacing',
];

/** The functions that a value may call. */
const FUNCTIONS = /^(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)$/;

/** Letters, digits and the marks of lengths, colors and names of fonts. */
const CHARACTERS = /^[\w\s.,%#()'"+\-/]{1,200}$/;

/** The largest length, in pixels. */
const LARGEST = 200;

/**
 * The styles that count, by property.
 * @param {Record<string, string> | undefined} styles in CSS or JavaScript spelling
 * @returns {[string, string][]}
 */
export function acceptedStyles(styles = {}) {
  return Object.entries(styles)
    .map(([name, value]) => /** @type {[string, string]} */ ([cssName(name), value.trim()]))
    .filter(([name, value]) => PROPERTIES.includes(name) && isPlain(value));
}

/**
 * @param {string} value
 * @returns {boolean}
 */
function isPlain(value) {
  if (!CHARACTERS.test(value)) return false;
  const calls = [...value.matchAll(/([\w-]*)\s*\(/g)];
  if (!calls.every(([, name]) => FUNCTIONS.test(name.toLowerCase()))) return false;
  // A number like 1e9 would have another value than it seems to.
  if (/(^|[\s,(+-])[\d.]*\de[+-]?\d/i.test(value)) return false;
  return [...value.matchAll(/(-?[\d.]+)(px|r?em|ch|r?lh|ex|ic|cap|pt|pc|in|cm|mm|q|cq\w+|[sld]?v\w+)\b/gi)].every(
    ([, amount, unit]) => Math.abs(Number(amount)) <= (unit.toLowerCase() === 'px' ? LARGEST : LARGEST / 10),
  );
}

/**
 * `fontSize` as `font-size`.
 * @param {string} name
 * @returns {string}
 */
function cssName(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The size of the font on a touch screen: at least 16 pixels, because smaller ones make iOS zoom.
 * @param {string} size as the page has it, in pixels
 * @returns {string}
 */
export function sizeForTouch(size) {
  return /^[\d.]+px$/.test(size) && parseFloat(size) >= 16 ? size : '16px';
}
