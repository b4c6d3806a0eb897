import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fakeHost } from './fake-dom.js';
import { TextField } from '../src/main/resources/dev/lunasec/frame/page/text-field.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';

/** @type {() => void} what lets the store answer */
let answer;

beforeEach(() => {
  const answered = new Promise((resolve) => (answer = () => resolve(undefined)));
  globalThis.fetch = /** @type {any} */ (async () => answered.then(() => new Response('stored text')));
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
        void answered.then(() => this.onload());
      }
    }
  );
});

/** @param {object} [config] */
function field(config) {
  const { host, told } = fakeHost(config);
  const calls = /** @type {any} */ ({
    begin() {},
    tokenize: async () => ({ tokenId: TOKEN, uploadUrl: '', headers: {} }),
    detokenize: async () => ({ downloadUrl: '', headers: {} }),
  });
  const shown = new TextField(host, calls, 'input');
  const { control, shell } = shown;
  return { shown, control, shell, told, type: (/** @type {string} */ text) => type(control, text) };
}

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} control
 * @param {string} text
 */
function type(control, text) {
  control.value = text;
  control.dispatchEvent(new Event('input'));
}

test('nobody can type while a text is stored, also if the page changes its looks', async () => {
  const { shown, control, type } = field();
  type('secret');
  const stored = shown.commit();
  await turn();
  assert.equal(control.readOnly, true);
  shown.configure({ placeholder: 'restyled', readOnly: false });
  assert.equal(control.readOnly, true);
  answer();
  assert.deepEqual(await stored, [TOKEN]);
  assert.equal(control.readOnly, false);
});

test('nobody can type while a text is loaded, also if the page changes its looks', async () => {
  const { shown, control } = field({ token: TOKEN });
  shown.configure({ readOnly: false });
  assert.equal(control.readOnly, true);
  answer();
  await shown.commit();
  assert.equal(control.value, 'stored text');
  assert.equal(control.readOnly, false);
});

test('a field that the page clears while it loads can be used at once', () => {
  const { shown, control } = field({ token: TOKEN });
  shown.clear();
  assert.equal(control.readOnly, false);
});

test('the token of a text that has changed since is not that of the field', async () => {
  const { shown, type } = field();
  type('first');
  const stored = assert.rejects(shown.commit(), { code: 'valueChanged' });
  await turn();
  type('second');
  answer();
  await stored;
  assert.deepEqual(await shown.commit(), [TOKEN]);
});

test('a text that arrives after its page was left is not shown', async () => {
  const { shown, control } = field({ token: TOKEN });
  await turn();
  shown.forget();
  answer();
  await turn();
  await turn();
  assert.equal(control.value, '');
});

test('a required field that is empty has no token in a draft, and one that breaks a rule is not stored', async () => {
  const { shown, told, type } = field({ required: true, minLength: 3 });
  await assert.rejects(shown.commit(), { code: 'invalidValue' });
  assert.deepEqual(await shown.commit(true), []);
  type('a');
  await assert.rejects(shown.commit(true), { code: 'invalidValue' });
  type('abc');
  answer();
  assert.deepEqual(await shown.commit(true), [TOKEN]);
  assert.deepEqual(told.errors, []);
});

test('a page takes its error back', () => {
  const { shown, control, shell } = field();
  shown.configure({ error: 'This number is taken.' });
  assert.equal(shell.error.textContent, 'This number is taken.');
  assert.equal(control.ariaInvalid, 'true');
  shown.configure({ error: '' });
  assert.equal(shell.error.textContent, '');
  assert.equal(control.ariaInvalid, 'false');
});

test('a page without an error leaves that of the frame', () => {
  const { shown, shell } = field();
  shell.fail('The vault cannot be reached.');
  shown.configure({ error: '' });
  assert.equal(shell.error.textContent, 'The vault cannot be reached.');
});
