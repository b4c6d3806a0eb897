import { sentence } from './sentences.js';

/** @typedef {{name: string, type: string, size: number}} FileLike */

/**
 * The rule that a file breaks.
 * @param {FileLike} file
 * @param {{accept?: string, maxSize?: number}} rules `accept` as in HTML, `maxSize` in bytes
 * @returns {'fileTooLarge' | 'fileType' | undefined}
 */
export function brokenFileRule(file, { accept, maxSize }) {
  if (accept !== undefined && !isAccepted(file, accept)) return 'fileType';
  return maxSize !== undefined && file.size > maxSize ? 'fileTooLarge' : undefined;
}

/**
 * @param {FileLike} file
 * @param {string} accept
 * @returns {boolean}
 */
function isAccepted({ name, type }, accept) {
  const kinds = accept
    .toLowerCase()
    .split(',')
    .map((kind) => kind.trim())
    .filter(Boolean);
  const lower = { name: name.toLowerCase(), type: type.toLowerCase() };
  return (
    kinds.length === 0 ||
    kinds.some((kind) => {
      if (kind.startsWith('.')) return lower.name.endsWith(kind);
      return kind.endsWith('/*') ? lower.type.startsWith(kind.slice(0, -1)) : lower.type === kind;
    })
  );
}

/**
 * Why a file is refused: which one, what to do, and what is accepted.
 * @param {FileLike} file
 * @param {string} rule that it breaks
 * @param {{accept?: string, maxSize?: number}} rules
 * @param {Record<string, string>} [texts] of the page
 * @returns {string}
 */
export function refusal({ name, size }, rule, { accept, maxSize = 0 }, texts) {
  const { lang } = document.documentElement;
  /** @type {Record<string, string>} */
  const facts = { fileTooLarge: `${sizeText(size, lang)} > ${sizeText(maxSize, lang)}`, fileType: accept ?? '' };
  return [`${safeFileName(name)}:`, sentence(rule, texts), facts[rule] ?? ''].join(' ').trim();
}

/**
 * A name under which a file can be saved and shown: without folders, control characters, and marks that turn around the
 * direction of the text, with which `exe.txt` can look like another type.
 * @param {unknown} name
 * @returns {string}
 */
export function safeFileName(name) {
  if (typeof name !== 'string') return 'file';
  const plain = name
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim();
  return plain.slice(0, 200).replace(/^\.+/, '_') || 'file';
}

/**
 * A size for people.
 * @param {number} bytes
 * @param {string} [lang]
 * @returns {string}
 */
export function sizeText(bytes, lang) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** power;
  /** @type {Intl.NumberFormatOptions} */
  const options = {
    style: 'unit',
    unit: units[power],
    // The short word for bytes has no plural.
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: amount < 10 && power > 0 ? 1 : 0,
  };
  return new Intl.NumberFormat(lang || undefined, options).format(amount);
}
