import { Failure } from './failure.js';

/** How long the frame waits for an answer of the page, in milliseconds. */
export const REPLY = 30_000;

/** How long the frame waits for an answer of the tokenizer, in milliseconds. */
export const CALL = 30_000;

/** How long a transfer may make no progress, in milliseconds. */
export const STALL = 30_000;

/**
 * Waits. Rejects when the signal aborts.
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const abort = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * How long to wait before an attempt is repeated, in milliseconds: a random time up to a bound that doubles.
 * @param {number} attempt that failed, from 0 on
 * @param {number} [random] from 0 to 1
 * @returns {number}
 */
export function backoff(attempt, random = Math.random()) {
  const bound = Math.min(8_000, 500 * 2 ** attempt);
  return bound / 2 + (bound / 2) * random;
}

/**
 * A promise that rejects if it takes too long.
 * @template T
 * @param {Promise<T>} promise
 * @param {number} milliseconds
 * @param {() => Failure} failure
 * @returns {Promise<T>}
 */
export async function within(promise, milliseconds, failure) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(failure()), milliseconds);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @returns {Failure} */
export function cancelled() {
  return new Failure('cancelled', 'The transfer was cancelled. Start it again.');
}
