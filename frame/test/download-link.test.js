import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fakeHost } from './fake-dom.js';
import { DownloadLink } from '../src/main/resources/dev/lunasec/frame/page/download-link.js';
import { RULES } from '../src/main/resources/dev/lunasec/frame/page/host-messages.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';
const OTHER = TOKEN.replace('00', '99');

/** @type {string[]} the tokens that were read */
let read;
/** @type {Record<string, Promise<object>>} the metadata of each token */
let metadata;

beforeEach(() => {
  read = [];
  metadata = { [TOKEN]: Promise.resolve({ metadata: { fileinfo: { filename: 'first.pdf' } } }) };
  // A store that answers only when the download is stopped.
  globalThis.fetch = /** @type {any} */ (
    (/** @type {string} */ _, /** @type {any} */ { signal }) =>
      new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
  );
});

/** @param {object} config */
function link(config) {
  const { host, told } = fakeHost(config);
  const calls = /** @type {any} */ ({
    metadata: (/** @type {string} */ token) => metadata[token],
    detokenize: async (/** @type {string} */ token) => {
      read.push(token);
      return { downloadUrl: '', headers: {} };
    },
  });
  return { shown: new DownloadLink(host, calls), told };
}

test('no file is saved without a click', async () => {
  const { shown } = link({ token: TOKEN, hidden: true });
  await turn();
  await turn();
  assert.deepEqual(read, []);
  assert.equal(shown.element.hidden, false);
  assert.ok(!('hidden' in RULES));
  shown.button.click();
  await turn();
  assert.deepEqual(read, [TOKEN]);
});

test('a file is not saved under the name of another one', async () => {
  metadata[OTHER] = new Promise(() => {});
  const { shown, told } = link({ token: TOKEN });
  await turn();
  assert.equal(shown.button.textContent, 'first.pdf');
  shown.button.click();
  await turn();
  shown.configure({ token: OTHER });
  await turn();
  await turn();
  assert.equal(shown.button.disabled, true);
  assert.notEqual(shown.button.textContent, 'first.pdf');
  assert.deepEqual(told.errors, []);
});
