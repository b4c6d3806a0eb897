/** Checks messages that come from another window: in the page those of the frame, in the frame those of the page. */

/**
 * Says whether a value has a type.
 * @template T
 * @typedef {(value: unknown) => value is T} Shape
 */

/**
 * What `read` returns.
 * @template {Record<string, Shape<any>>} F
 * @typedef {{[K in keyof F]: F[K] extends Shape<infer T> ? T : never}} Read
 */

/**
 * @template T
 * @param {(value: unknown) => boolean} accepts
 * @returns {Shape<T>}
 */
export const shape = (accepts) => /** @type {Shape<any>} */ (accepts);

/**
 * A text.
 * @param {number} most how many UTF-16 units it may have
 * @returns {Shape<string>}
 */
export const text = (most) => shape((value) => typeof value === 'string' && value.length <= most);

/**
 * A text that a regular expression matches.
 * @param {RegExp} pattern with ^ and $
 * @returns {Shape<string>}
 */
export const matching = (pattern) => shape((value) => typeof value === 'string' && pattern.test(value));

/** @type {Shape<boolean>} */
export const flag = shape((value) => typeof value === 'boolean');

/**
 * A whole number within two bounds.
 * @param {number} least
 * @param {number} most
 * @returns {Shape<number>}
 */
export const whole = (least, most) =>
  shape((value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most);

/**
 * One of some texts.
 * @template {string} T
 * @param {...T} texts
 * @returns {Shape<T>}
 */
export const oneOf = (...texts) => shape((value) => texts.includes(/** @type {T} */ (value)));

/**
 * A list.
 * @template T
 * @param {Shape<T>} item
 * @param {number} most items
 * @returns {Shape<T[]>}
 */
export const listOf = (item, most) =>
  shape((value) => Array.isArray(value) && value.length <= most && value.every((each) => item(each)));

/**
 * An object that `read` accepts.
 * @template {Record<string, Shape<any>>} F
 * @param {F} fields
 * @returns {Shape<Read<F>>}
 */
export const objectOf = (fields) => shape((value) => read(value, fields) !== null);

/**
 * The same, or nothing.
 * @template T
 * @param {Shape<T>} item
 * @returns {Shape<T | undefined>}
 */
export const optional = (item) => shape((value) => value === undefined || item(value));

/**
 * The same, or null.
 * @template T
 * @param {Shape<T>} item
 * @returns {Shape<T | null>}
 */
export const orNull = (item) => shape((value) => value === null || item(value));

/**
 * Copies the fields that are expected of an object. The copy has no prototype, and only own properties count, so
 * neither a polluted prototype nor an unexpected field has an effect.
 * @template {Record<string, Shape<any>>} F
 * @param {unknown} value
 * @param {F} fields
 * @returns {Read<F> | null} null if a field has another type
 */
export function read(value, fields) {
  if (!isObject(value)) return null;
  const copy = Object.create(null);
  for (const name of Object.keys(fields)) {
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!fields[name](field)) return null;
    if (field !== undefined) copy[name] = field;
  }
  return copy;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
