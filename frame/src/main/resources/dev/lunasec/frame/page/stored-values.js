import { backoff, wait } from './deadlines.js';
import { Failure } from './failure.js';
import { get, put, refused } from './object-store.js';

/** @typedef {import('./vault-calls.js').VaultCalls} VaultCalls */
/** @typedef {{onBytes?: (bytes: number) => void, signal?: AbortSignal}} Transfer */

/** How often a transfer is repeated. */
const REPEATS = 3;

/** How long a signed URL is used, in milliseconds. The vault's settings may allow less; then the store answers 403. */
const URL_AGE = 45_000;

/** The largest text that a frame shows, in bytes. */
const LARGEST_TEXT = 16 << 20;

/**
 * Stores bytes, and returns their token. After a lost connection the same URL is tried again; it takes only one upload,
 * so the answer 412 means that an earlier attempt was stored. After a refusal the frame takes a new token.
 * @param {VaultCalls} calls
 * @param {Blob} body
 * @param {{metadata?: object, expiresAt?: string}} description
 * @param {Transfer} [transfer]
 * @returns {Promise<string>}
 */
export async function store(calls, body, description, transfer = {}) {
  for (let attempt = 0; ; attempt++) {
    const answer = await calls.tokenize({ ...description, size: body.size }, transfer.signal);
    try {
      await upload(answer, body, transfer);
      return answer.tokenId;
    } catch (thrown) {
      const failure = Failure.of(thrown);
      if (!failure.again || attempt === REPEATS) throw failure;
      await wait(backoff(attempt), transfer.signal);
    }
  }
}

/**
 * @param {import('./vault-calls.js').SignedUpload} signed
 * @param {Blob} body
 * @param {Transfer} transfer
 */
async function upload(signed, body, transfer) {
  const began = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      const { status } = await put(signed, body, transfer);
      if (status === 200 || (status === 412 && attempt > 0)) return;
      throw refused(status);
    } catch (thrown) {
      const failure = Failure.of(thrown);
      const late = performance.now() - began > URL_AGE;
      if (failure.code !== 'storeUnreachable' || attempt === REPEATS || late) throw failure;
      await wait(backoff(attempt), transfer.signal);
    }
  }
}

/**
 * Reads the text of a token, byte for byte.
 * @param {VaultCalls} calls
 * @param {string} token
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export async function loadText(calls, token, signal) {
  const chunks = await load(calls, token, { signal, most: LARGEST_TEXT });
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(await new Blob(chunks).arrayBuffer());
  } catch {
    throw new Failure('notText', 'The value of this token is not text. Show it with secure-download.');
  }
}

/**
 * Reads the bytes of a token. Each call of the tokenizer may take a use of a grant, so a lost connection repeats only
 * the download, and a refusal of the store (the URL has expired) the call too.
 * @param {VaultCalls} calls
 * @param {string} token
 * @param {{onBytes?: (bytes: number, all: number) => void, signal?: AbortSignal, most: number}} transfer
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>}
 */
export async function load(calls, token, transfer) {
  let signed = await calls.detokenize(token, transfer.signal);
  for (let attempt = 0; ; attempt++) {
    try {
      return await get(signed, transfer);
    } catch (thrown) {
      const failure = Failure.of(thrown);
      if (!failure.again || attempt === REPEATS) throw failure;
      await wait(backoff(attempt), transfer.signal);
      if (failure.code === 'storeRefused') signed = await calls.detokenize(token, transfer.signal);
    }
  }
}
