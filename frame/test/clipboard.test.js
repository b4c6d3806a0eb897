import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { copyText } from '../src/main/resources/dev/lunasec/frame/page/clipboard.js';

/** @type {any[]} what the browser was given, in this order */
let written;

/** @param {{refuses?: boolean, takesItems?: boolean}} [browser] */
function browser({ refuses = false, takesItems = true } = {}) {
  written = [];
  const clipboard = {
    write: async (/** @type {any[]} */ [item]) => {
      if (refuses) throw new Error('NotAllowedError');
      written.push(item);
      await item['text/plain'];
    },
    writeText: async (/** @type {string} */ text) => {
      if (refuses) throw new Error('NotAllowedError');
      written.push(text);
    },
  };
  Object.defineProperty(globalThis, 'navigator', { value: { clipboard }, configurable: true });
  const item = class {
    /** @param {object} parts */
    constructor(parts) {
      Object.assign(this, parts);
    }
  };
  Object.assign(globalThis, { ClipboardItem: takesItems ? item : undefined });
}

beforeEach(() => browser());

test('the browser gets a promise of the text before the click has ended', async () => {
  let arrive = (/** @type {string} */ _) => {};
  const copied = copyText(new Promise((resolve) => (arrive = resolve)));
  assert.equal(written.length, 1);
  arrive('secret');
  await copied;
  assert.equal(await (await written[0]['text/plain']).text(), 'secret');
});

test('a browser that takes no promise gets the text when it is there', async () => {
  browser({ takesItems: false });
  await copyText(Promise.resolve('secret'));
  assert.deepEqual(written, ['secret']);
});

test('a text that does not come, and a browser that refuses, are failures', async () => {
  await assert.rejects(copyText(Promise.reject(new Error('not there'))), /not there/);
  assert.equal(written.length, 1);
  browser({ refuses: true });
  await assert.rejects(copyText(Promise.resolve('secret')), /NotAllowedError/);
});
