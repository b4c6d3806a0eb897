import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeHost } from './fake-dom.js';
import { explain, sentence } from '../src/main/resources/dev/lunasec/frame/page/sentences.js';
import { TextView } from '../src/main/resources/dev/lunasec/frame/page/text-view.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';

test('a page replaces sentences of the frame', () => {
  assert.equal(sentence('required', { required: 'Bitte ausfüllen.' }), 'Bitte ausfüllen.');
  assert.equal(sentence('required', Object.create({ required: 'inherited' })), 'Fill in this field.');
});

test('a page cannot give a button that hands out a value another name, nor hide that the user has changed', () => {
  const texts = Object.fromEntries(
    ['show', 'hide', 'copy', 'copied', 'sessionMismatch'].map((code) => [code, 'Continue']),
  );
  for (const code of Object.keys(texts)) assert.notEqual(sentence(code, texts), 'Continue', code);
  const mismatch = /** @type {any} */ ({ code: 'sessionMismatch', message: '' });
  assert.match(explain(mismatch, texts), /Another user/);
  const view = new TextView(fakeHost({ token: TOKEN, reveal: true, copy: true, texts }).host, /** @type {any} */ ({}));
  assert.equal(view.show.textContent, 'Show');
  assert.equal(view.copy.textContent, 'Copy');
});

test('a page cannot move the focus to a button that hands out a value, where a key would press it', () => {
  const view = new TextView(fakeHost({ token: TOKEN, reveal: true, copy: true }).host, /** @type {any} */ ({}));
  view.focus();
  assert.equal(document.activeElement, view.text);
});
