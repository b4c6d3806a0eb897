import { wait } from './deadlines.js';
import { put } from './object-store.js';
import { store } from './stored-values.js';

/** How long an upload waits for the connection, in milliseconds. */
const OFFLINE = 10 * 60_000;

/**
 * What an upload uses. Tests replace it.
 * @typedef {object} Ways
 * @property {typeof put} put
 * @property {typeof store} store
 * @property {() => boolean} isOnline
 * @property {(milliseconds: number, signal: AbortSignal) => Promise<void>} wait
 */

/** @type {Ways} */
export const BROWSER = { put, store, isOnline: () => navigator.onLine, wait };

/**
 * Waits until the connection is back.
 * @param {Ways} ways
 * @param {AbortSignal} signal
 * @param {() => void} onSecond called while it waits
 * @returns {Promise<boolean>} whether it is back
 */
export async function connection(ways, signal, onSecond) {
  try {
    for (let waited = 0; waited < OFFLINE && !ways.isOnline(); waited += 1_000) {
      await ways.wait(1_000, signal);
      onSecond();
    }
  } catch {
    return false;
  }
  return ways.isOnline();
}
