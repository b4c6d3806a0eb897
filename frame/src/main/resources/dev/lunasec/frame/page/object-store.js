import { STALL, cancelled } from './deadlines.js';
import { Failure } from './failure.js';

/** @typedef {(bytes: number) => void} OnBytes called with the bytes that were sent or received so far */

/** The headers of a signed request that a script may send; the browser sets the others by itself. */
const SENT = /^(x-amz-[a-z0-9-]+|if-none-match|content-type)$/;

/**
 * @param {Record<string, string>} headers
 * @returns {[string, string][]}
 */
function sendable(headers) {
  return Object.entries(headers).filter(([name]) => SENT.test(name.toLowerCase()));
}

/**
 * Uploads bytes to a signed URL of the object store. An `XMLHttpRequest`, because `fetch` tells no progress.
 * @param {import('./vault-calls.js').SignedUpload} signed
 * @param {Blob} body
 * @param {{onBytes?: OnBytes, signal?: AbortSignal}} [options]
 * @returns {Promise<{status: number, etag: string}>} of an answer of the store, also of a refusal
 */
export function put({ uploadUrl, headers }, body, { onBytes, signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    /** @type {ReturnType<typeof setTimeout>} */
    let stall;
    const alive = () => {
      clearTimeout(stall);
      stall = setTimeout(() => end(() => reject(unreachable())), STALL);
    };
    const abort = () => end(() => reject(cancelled()));
    /** @param {() => void} result */
    const end = (result) => {
      clearTimeout(stall);
      signal?.removeEventListener('abort', abort);
      request.onload = request.onerror = request.onabort = request.upload.onprogress = null;
      request.abort();
      result();
    };
    request.open('PUT', uploadUrl);
    for (const [name, value] of sendable(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      alive();
      onBytes?.(loaded);
    };
    request.onload = () => {
      const answer = { status: request.status, etag: request.getResponseHeader('etag') ?? '' };
      end(() => resolve(answer));
    };
    request.onerror = request.onabort = () => end(() => reject(unreachable()));
    signal?.addEventListener('abort', abort, { once: true });
    alive();
    request.send(body);
  });
}

/**
 * Downloads the bytes of a signed URL.
 * @param {{downloadUrl: string, headers: Record<string, string>}} signed
 * @param {{onBytes?: (bytes: number, all: number) => void, signal?: AbortSignal, most?: number}} [options] `most` bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>} the chunks
 */
export async function get({ downloadUrl, headers }, { onBytes, signal, most = Infinity } = {}) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal?.addEventListener('abort', abort, { once: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let stall;
  const alive = () => {
    clearTimeout(stall);
    stall = setTimeout(abort, STALL);
  };
  try {
    alive();
    const answer = await fetch(downloadUrl, {
      headers: sendable(headers),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: stop.signal,
    });
    if (!answer.ok) throw refused(answer.status);
    return await chunksOf(answer, most, (bytes, all) => {
      alive();
      onBytes?.(bytes, all);
    });
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw signal?.aborted ? cancelled() : unreachable();
  } finally {
    clearTimeout(stall);
    signal?.removeEventListener('abort', abort);
  }
}

/**
 * @param {Response} answer
 * @param {number} most
 * @param {(bytes: number, all: number) => void} onBytes
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>}
 */
async function chunksOf(answer, most, onBytes) {
  const all = Number(answer.headers.get('content-length') ?? 0);
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (answer.body).getReader();
  const chunks = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
    bytes += value.length;
    if (bytes > most || all > most) throw tooLarge();
    onBytes(bytes, all);
  }
}

/**
 * The failure that an answer of the store means.
 * @param {number} status
 * @returns {Failure}
 */
export function refused(status) {
  if (status === 404) return new Failure('notUploaded', 'The value of this token was never stored. Store it again.');
  const again = status >= 500 || status === 429 || status === 408 || status === 403;
  return new Failure('storeRefused', `The object store answered ${status}. Try again.`, again);
}

function unreachable() {
  return new Failure(
    'storeUnreachable',
    'The object store cannot be reached. Check the connection and try again.',
    true,
  );
}

function tooLarge() {
  return new Failure('tooLargeForPage', 'The value is too large for this page. Download it with another client.');
}
