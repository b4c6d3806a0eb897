import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fakeHost } from './fake-dom.js';
import { Failure } from '../src/main/resources/dev/lunasec/frame/page/failure.js';
import { UploadList } from '../src/main/resources/dev/lunasec/frame/page/upload-list.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';
const OTHER = TOKEN.replace('00', '99');

/**
 * @param {object} config
 * @param {object} [vault] what it answers
 */
function list(config, vault) {
  const { host, told } = fakeHost(config);
  const calls = { begin() {}, metadata: () => new Promise(() => {}), tokenize: () => new Promise(() => {}), ...vault };
  const shown = new UploadList(host, /** @type {any} */ (calls));
  /** @returns {any[]} */
  const rows = () => [...shown.list.children];
  /** @param {...File} files */
  const choose = (...files) => {
    const input = /** @type {any} */ (shown.element).all().find((/** @type {any} */ each) => each.type === 'file');
    input.files = files;
    input.dispatchEvent(new Event('change'));
  };
  return { shown, told, rows, choose };
}

/** @param {any} row @param {string} label */
function button(row, label) {
  return row.all().find((/** @type {any} */ each) => !each.hidden && each.textContent === label);
}

/** @param {any} row */
function status(row) {
  return row.all().find((/** @type {any} */ each) => each.className === 'status').textContent;
}

test('a stored file is in the list before its name is known, and in the order of the tokens', async () => {
  const names = /** @type {Record<string, (name: string) => void>} */ ({});
  const metadata = (/** @type {string} */ token) =>
    new Promise((resolve) => (names[token] = (filename) => resolve({ metadata: { fileinfo: { filename } } })));
  const { rows } = list({ tokens: [TOKEN, OTHER] }, { metadata });
  assert.equal(rows().length, 2);
  assert.equal(status(rows()[0]), 'Loading');
  names[OTHER]('second.pdf');
  await turn();
  names[TOKEN]('first.pdf');
  await turn();
  const titles = rows().map((row) => row.children[0].textContent);
  assert.deepEqual(titles, ['first.pdf', 'second.pdf']);
});

test('a stored file whose name cannot be read says why, and can be tried again and removed', async () => {
  let refuses = true;
  const metadata = async () => {
    if (refuses) throw new Failure('noGrant', '');
    return { metadata: { fileinfo: { filename: 'scan.pdf' } } };
  };
  const { rows, told } = list({ tokens: [TOKEN] }, { metadata });
  await turn();
  assert.equal(status(rows()[0]), 'You may not see this value. Ask its owner for access.');
  refuses = false;
  button(rows()[0], 'Try again').click();
  await turn();
  assert.equal(rows()[0].children[0].textContent, 'scan.pdf');
  button(rows()[0], 'Remove').click();
  assert.deepEqual(told.tokens.at(-1), []);
});

test('files that are refused are named, each with what to do', () => {
  const { shown, choose } = list({ multiple: true, maxSize: 3, accept: '.pdf', maxFiles: 1 });
  choose(new File(['12'], 'good.pdf'), new File(['1234'], 'big.pdf'), new File([''], 'run.exe'));
  assert.deepEqual(shown.refused.textContent?.split('\n'), [
    'big.pdf: These are too many files. Remove one, and choose this one again.',
    'run.exe: These are too many files. Remove one, and choose this one again.',
  ]);
  const one = list({ maxSize: 3, accept: '.pdf' });
  one.choose(new File(['1234'], 'big.pdf'));
  assert.match(one.shown.refused.textContent ?? '', /^big\.pdf: This file is too large\. Choose a smaller one\. 4 .* > 3 /);
  one.choose(new File([''], 'run.exe'));
  assert.match(one.shown.refused.textContent ?? '', /^run\.exe: Files of this type .* Choose one of these: \.pdf$/);
  one.choose(new File(['1'], 'good.pdf'));
  assert.equal(one.shown.refused.textContent, '');
});

test('the focus goes to the next file when one is removed, and stays in the row that is tried again', async () => {
  let fails = true;
  const tokenize = () => (fails ? Promise.reject(new Failure('tooLarge', '')) : new Promise(() => {}));
  const { shown, rows, choose } = list({ multiple: true }, { tokenize });
  choose(new File(['1'], 'one'), new File(['2'], 'two'));
  for (let turns = 0; turns < 5; turns++) await turn();
  assert.equal(status(rows()[0]), 'This is larger than the vault accepts.');
  fails = false;
  const again = button(rows()[0], 'Try again');
  again.focus();
  again.click();
  assert.equal(document.activeElement, button(rows()[0], 'Cancel'));
  button(rows()[0], 'Cancel').click();
  assert.equal(document.activeElement, button(rows()[1], 'Remove'));
  button(rows()[1], 'Remove').click();
  assert.equal(document.activeElement, shown.choose);
});

test('an empty file is all of the progress', async () => {
  const { host } = fakeHost({});
  const percents = /** @type {number[]} */ ([]);
  host.progress = (/** @type {number} */ percent) => percents.push(percent);
  globalThis.XMLHttpRequest = /** @type {any} */ (
    class {
      upload = {};
      status = 200;
      onload = () => {};
      open() {}
      setRequestHeader() {}
      getResponseHeader() {}
      abort() {}
      send() {
        queueMicrotask(() => this.onload());
      }
    }
  );
  const calls = { begin() {}, tokenize: async () => ({ tokenId: TOKEN, uploadUrl: '', headers: {} }) };
  const shown = new UploadList(host, /** @type {any} */ (calls));
  const input = /** @type {any} */ (shown.element).all().find((/** @type {any} */ each) => each.type === 'file');
  input.files = [new File([], 'empty')];
  input.dispatchEvent(new Event('change'));
  assert.deepEqual(await shown.commit(), [TOKEN]);
  assert.equal(percents.at(-1), 100);
});

test('a draft may have no file though one is required', async () => {
  const { shown } = list({ required: true });
  assert.deepEqual(await shown.commit(true), []);
  await assert.rejects(shown.commit(), { code: 'invalidValue' });
});
