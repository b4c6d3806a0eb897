import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeElement } from './fake-dom.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';
const OTHER = TOKEN.replace('00', '99');

/** An element of a page, which a browser would know. */
class PageElement extends FakeElement {
  isConnected = false;
  formValue = /** @type {any} */ (null);

  constructor() {
    super('');
  }

  attachInternals() {
    return {
      labels: [],
      states: new Set(),
      setFormValue: (/** @type {any} */ value) => (this.formValue = value),
      setValidity() {},
    };
  }

  attachShadow() {
    return new FakeElement('shadow');
  }

  getAttribute(/** @type {string} */ name) {
    return this.attributes[name] ?? null;
  }

  removeAttribute(/** @type {string} */ name) {
    delete this.attributes[name];
  }

  toggleAttribute(/** @type {string} */ name, /** @type {boolean} */ on) {
    if (on) this.attributes[name] = '';
    else delete this.attributes[name];
  }

  hasAttribute(/** @type {string} */ name) {
    return name in this.attributes;
  }

  closest() {
    return null;
  }

  getRootNode() {
    return document;
  }

  matches() {
    return false;
  }
}

Object.assign(globalThis, {
  HTMLElement: PageElement,
  ShadowRoot: class {},
  location: { origin: 'https://shop.example.com' },
  addEventListener() {},
  removeEventListener() {},
  getComputedStyle: () => ({ direction: 'ltr', colorScheme: '', getPropertyValue: () => '' }),
  CSSStyleSheet: class {
    replaceSync() {}
  },
});

const FOLDER = '../src/main/resources/dev/lunasec/frame/components/';
const { SecureInput } = await import(`${FOLDER}secure-input.js`);
const { SecureUpload } = await import(`${FOLDER}secure-upload.js`);
const { SecureText } = await import(`${FOLDER}secure-text.js`);
const { SecureCard } = await import(`${FOLDER}secure-card.js`);
const { FrameLink } = await import(`${FOLDER}frame-link.js`);
const { looksOf } = await import(`${FOLDER}element-config.js`);
const { configure } = await import(`${FOLDER}settings.js`);
const { answer } = await import(`${FOLDER}ask.js`);

test('an upload whose name is set after its tokens gives the form all of them', () => {
  const upload = new SecureUpload();
  upload.tokens = [TOKEN, OTHER];
  upload.attributes.name = 'scans';
  upload.attributeChangedCallback('name', null, 'scans');
  assert.deepEqual(upload.formValue.getAll('scans'), [TOKEN, OTHER]);
  assert.ok(SecureUpload.observedAttributes.includes('name'));
});

test('a form that is reset has the tokens that the page has set', () => {
  const input = new SecureInput();
  input.token = TOKEN;
  input.setTokens([OTHER]);
  input.formResetCallback();
  assert.equal(input.formValue, TOKEN);
  const upload = new SecureUpload();
  upload.tokens = [TOKEN];
  upload.setTokens([TOKEN, OTHER]);
  upload.formResetCallback();
  assert.deepEqual(upload.tokens, [TOKEN]);
  const empty = new SecureInput();
  empty.setTokens([OTHER]);
  empty.formResetCallback();
  assert.equal(empty.formValue, null);
});

test('a card asks for no security code by default', () => {
  const card = new SecureCard();
  const lines = card.lines();
  card.attributes.fields = 'number expiry name';
  assert.equal(card.lines(), lines);
});

test('an element without the attribute error takes the error of the frame back', () => {
  assert.equal(looksOf(new SecureInput(), []).error, '');
});

test('settings that are proxies, as of Vue, reach the frame', async () => {
  const { port1, port2 } = new MessageChannel();
  const link = new FrameLink('https://vault.example.com', 'Input', /** @type {any} */ ({}));
  clearTimeout(link.timer);
  const got = new Promise((resolve) => (port2.onmessage = ({ data }) => resolve(data)));
  const proxy = new Proxy({ required: 'Pflichtfeld' }, {});
  link.post({ type: 'configure', config: { texts: proxy } }, (/** @type {object} */ plain) => port1.postMessage(plain));
  assert.deepEqual(await got, { type: 'configure', config: { texts: { required: 'Pflichtfeld' } } });
  port1.close();
});

test('settings that are no JSON fail with a sentence, and not by the deadline', async () => {
  const failed = new Promise((fail) => {
    const link = new FrameLink('https://vault.example.com', 'Input', /** @type {any} */ ({ fail }));
    const circular = /** @type {any} */ ({});
    circular.circular = circular;
    link.post(circular);
  });
  assert.equal(/** @type {any} */ (await failed).code, 'badConfiguration');
});

test('a page that returns something else than a code is told so at once', async () => {
  const element = Object.assign(new SecureInput(), { getCode: async () => ({ code: 'text' }) });
  element.attributes.vault = 'https://vault.example.com';
  const reply = await answer(element, 'ab12', { id: 1, what: 'code' });
  assert.equal(reply.failure, 'noCode');
  await turn();
});

test('a property that a framework sets to undefined or null is as if it was never set', () => {
  for (const none of [undefined, null]) {
    const input = new SecureInput();
    Object.assign(input, { vault: 'https://vault.example.com', authProvider: 'staff', name: 'passport' });
    Object.assign(input, { vault: none, authProvider: none, name: none, metadata: none, texts: none });
    assert.deepEqual(input.attributes, {});
    assert.equal(input.metadata, undefined);
    assert.equal(input.texts, undefined);
    const upload = new SecureUpload();
    upload.tokens = [TOKEN];
    upload.tokens = none;
    assert.deepEqual(upload.tokens, []);
  }
});

test('each attribute that is a flag is a property, so that a framework can set it to false', () => {
  const flags = [
    [new SecureInput(), ['required', 'disabled', 'nosubmit']],
    [new SecureUpload(), ['multiple']],
    [new SecureText(), ['reveal', 'copy']],
  ];
  for (const [element, names] of flags)
    for (const name of names) {
      element[name] = true;
      assert.equal(element.attributes[name], '');
      element[name] = false;
      assert.deepEqual(element.attributes, {});
    }
});

test('a framework can name the form of a field by a property', () => {
  const input = new SecureInput();
  input.form = 'sign-up';
  assert.equal(input.attributes.form, 'sign-up');
});

test('the page learns that a frame which was loaded again has lost what was typed', () => {
  const told = /** @type {any[]} */ ([]);
  const input = new SecureInput();
  input.addEventListener('change', (/** @type {any} */ event) => told.push(event.detail.empty));
  const empty = { empty: true, complete: false, valid: true, stored: false, errors: [] };
  input.receive('change', empty);
  input.receive('ready');
  input.receive('change', { ...empty, empty: false, complete: true });
  input.attributes.vault = 'none';
  input.connectedCallback();
  input.receive('change', empty);
  input.receive('ready');
  assert.deepEqual(told, [false, true]);
});

test('an element in the HTML of a page is opened as soon as the page has named the vault', () => {
  const input = new SecureInput();
  input.isConnected = true;
  const errors = /** @type {string[]} */ ([]);
  input.addEventListener('error', (/** @type {any} */ { detail }) => errors.push(detail.code));
  input.connectedCallback();
  configure({ vault: 'none' });
  assert.deepEqual(errors, ['badConfiguration', 'badConfiguration']);
  input.isConnected = false;
  configure({});
  assert.equal(errors.length, 2);
});
