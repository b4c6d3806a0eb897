import { element } from './elements.js';
import { safeFileName } from './file-rules.js';
import { load } from './stored-values.js';

/** The largest file that a page holds in memory before it is saved, in bytes. */
const LARGEST = 256 << 20;

/**
 * What a token's metadata says of its file.
 * @param {import('./vault-calls.js').VaultCalls} calls
 * @param {string} token
 * @returns {Promise<{name: string}>}
 */
export async function fileOf(calls, token) {
  const { metadata } = await calls.metadata(token);
  return { name: safeFileName(metadata?.fileinfo?.filename) };
}

/**
 * Saves the value of a token as a file. Its type is never that of a page: a page at an address of this origin could do
 * what the frame can.
 * @param {import('./vault-calls.js').VaultCalls} calls
 * @param {string} token
 * @param {string} name
 * @param {{onPercent: (percent: number) => void, signal: AbortSignal}} options
 */
export async function download(calls, token, name, { onPercent, signal }) {
  const chunks = await load(calls, token, {
    signal,
    most: LARGEST,
    onBytes: (bytes, all) => onPercent(all ? Math.floor((bytes / all) * 100) : 0),
  });
  const url = URL.createObjectURL(new Blob(chunks, { type: 'application/octet-stream' }));
  element('a', { href: url, download: name }).click();
  // The browser has the bytes when the next task begins, except for Safari, which takes a little longer.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
