import { textStyles } from './text-styles.js';

/**
 * Reads what a frame gets to know from the attributes of its element and from the page around it.
 */

/** The attributes that have an effect while the frame is shown. */
export const LOOKS = [
  'label',
  'description',
  'placeholder',
  'inputmode',
  'enterkeyhint',
  'autocomplete',
  'disabled',
  'readonly',
  'error',
  'lang',
  'dir',
  'class',
  'style',
];

/** The attributes that are read once: by changing them, a page could find out a value. */
const RULES = {
  type: text,
  pattern: text,
  validator: text,
  required: flag,
  multiple: flag,
  reveal: flag,
  copy: flag,
  accept: text,
  field: text,
  minlength: number,
  maxlength: number,
  'max-size': number,
  'max-files': number,
  'expires-at': text,
  fields: words,
};

/** @type {Record<string, string>} their names for the frame */
const NAMES = {
  minlength: 'minLength',
  maxlength: 'maxLength',
  'max-size': 'maxSize',
  'max-files': 'maxFiles',
  'expires-at': 'expiresAt',
};

/**
 * @param {Element} element
 * @returns {Record<string, unknown>}
 */
export function rulesOf(element) {
  const rules = Object.entries(RULES).map(([name, reader]) => [
    NAMES[name] ?? name,
    reader(element.getAttribute(name)),
  ]);
  return Object.fromEntries(rules.filter(([, value]) => value !== undefined));
}

/**
 * @param {HTMLElement} element
 * @param {Iterable<Node>} labels of the page for this element
 * @returns {Record<string, unknown>}
 */
export function looksOf(element, labels) {
  const style = getComputedStyle(element);
  return {
    label: titleOf(element, labels).slice(0, 200),
    description: (element.getAttribute('description') ?? textOf(element, 'aria-describedby')).slice(0, 1000),
    placeholder: element.getAttribute('placeholder') ?? '',
    inputMode: element.getAttribute('inputmode') ?? undefined,
    enterKeyHint: element.getAttribute('enterkeyhint') ?? undefined,
    autocomplete: element.getAttribute('autocomplete')?.toLowerCase() ?? undefined,
    disabled: element.matches(':disabled'),
    readOnly: element.hasAttribute('readonly'),
    error: element.getAttribute('error') ?? '',
    lang: element.closest('[lang]')?.getAttribute('lang') ?? undefined,
    dir: style.direction,
    colorScheme: style.colorScheme || 'normal',
    style: textStyles(style),
  };
}

/**
 * The title of a frame, which must have one.
 * @param {Element} element
 * @param {Iterable<Node>} labels
 * @returns {string}
 */
export function titleOf(element, labels) {
  return labelOf(element, labels) || element.getAttribute('placeholder') || 'Secure field';
}

/**
 * The name of an element for screen readers.
 * @param {Element} element
 * @param {Iterable<Node>} labels
 * @returns {string}
 */
function labelOf(element, labels) {
  const own = element.getAttribute('label') ?? element.getAttribute('aria-label');
  if (own !== null) return own;
  const named = textOf(element, 'aria-labelledby');
  if (named) return named;
  return [...labels].map((label) => words(label.textContent)?.join(' ')).join(' ');
}

/**
 * The text of the elements that an attribute names.
 * @param {Element} element
 * @param {string} attribute
 * @returns {string}
 */
function textOf(element, attribute) {
  const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  const named = words(element.getAttribute(attribute)) ?? [];
  return named.map((id) => words(root.getElementById?.(id)?.textContent ?? '')?.join(' ') ?? '').join(' ');
}

/** @param {string | null} value */
function text(value) {
  return value ?? undefined;
}

/** @param {string | null} value */
function flag(value) {
  return value === null ? undefined : true;
}

/** @param {string | null} value */
function number(value) {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** @param {string | null} value */
function words(value) {
  return value?.split(/\s+/).filter(Boolean);
}
