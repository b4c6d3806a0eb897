import { isObject, read, shape } from '../components/shape.js';

/** Checks the settings that a page sends: each by itself, so that a wrong one does not refuse the others. */

/**
 * @template T
 * @typedef {import('../components/shape.js').Shape<T>} Shape
 */

/**
 * An object whose own properties all have one type.
 * @template T
 * @param {Shape<T>} item
 * @param {number} most properties
 * @returns {Shape<Record<string, T>>}
 */
export const recordOf = (item, most) =>
  shape((value) => {
    if (!isObject(value)) return false;
    const entries = Object.entries(value);
    return entries.length <= most && entries.every(([name, each]) => name !== '__proto__' && item(each));
  });

/**
 * Copies the fields that have the expected type, and names those that have another one.
 * @template {Record<string, Shape<any>>} F
 * @param {unknown} value
 * @param {F} fields
 * @returns {{found: import('../components/shape.js').Read<F>, wrong: string[]}}
 */
export function pick(value, fields) {
  const found = Object.create(null);
  const wrong = [];
  for (const name of Object.keys(fields)) {
    const one = read(value, { [name]: fields[name] });
    if (one) Object.assign(found, one);
    else wrong.push(name);
  }
  return { found, wrong };
}
