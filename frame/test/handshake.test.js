import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { greet } from '../src/main/resources/dev/lunasec/frame/page/handshake.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';
const SHOP = 'https://shop.example.com';
/** @type {import('../src/main/resources/dev/lunasec/frame/page/page-address.js').PageAddress} */
const ADDRESS = { nonce: 'ab12', origin: SHOP, component: 'Input' };

/** A window whose parent keeps what it gets. */
class FakeFrame extends EventTarget {
  /** @type {{data: any, target: string}[]} */
  sent = [];
  parent = {
    postMessage: (/** @type {string} */ data, /** @type {string} */ target) =>
      this.sent.push({ data: JSON.parse(data), target }),
  };

  /**
   * @param {unknown} data
   * @param {{origin?: string, source?: unknown, ports?: unknown[]}} [from]
   */
  receive(data, { origin = SHOP, source = this.parent, ports = [] } = {}) {
    this.dispatchEvent(Object.assign(new Event('message'), { data, origin, source, ports }));
  }

  async greeted() {
    /** @type {any} */
    let host;
    void greet(ADDRESS, /** @type {any} */ (this)).then((found) => (host = found));
    await turn();
    return () => host;
  }
}

/** A component that notes what it is told. */
function component() {
  const told = { changes: /** @type {any[]} */ ([]), commits: 0, cleared: 0 };
  return {
    told,
    configure: (/** @type {any} */ change) => told.changes.push(change),
    commit: async () => {
      told.commits++;
      return [TOKEN];
    },
    clear: () => told.cleared++,
    focus() {},
    forget() {},
  };
}

const init = (config = {}) => ({ type: 'init', nonce: 'ab12', config });
const attributes = (data = {}) =>
  JSON.stringify({
    command: 'Attributes',
    correlationToken: 'c1',
    data: { id: 'x', component: 'Input', style: '{"style":{}}', ...data },
  });

test('the greeting goes to the allowed origin alone', async () => {
  const frame = new FakeFrame();
  await frame.greeted();
  assert.deepEqual(frame.sent, [{ data: { command: 'NotifyOnStart', frameNonce: 'ab12', data: {} }, target: SHOP }]);
});

test('a first message counts only from the parent, of the allowed origin, with the nonce and a port', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  const ports = [new MessageChannel().port1];
  frame.receive(init(), { ports, origin: 'https://evil.example.com' });
  frame.receive(init(), { ports, source: {} });
  frame.receive(init(), { ports, source: null });
  frame.receive({ ...init(), nonce: 'ab13' }, { ports });
  frame.receive(init(), { ports: [] });
  frame.receive(null, { ports });
  frame.receive('text', { ports });
  frame.receive(attributes(), { origin: 'https://evil.example.com' });
  frame.receive(attributes(), { source: {} });
  await turn();
  assert.equal(host(), undefined);
  frame.receive(init({ label: 'Name' }), { ports });
  await turn();
  assert.equal(host().config.label, 'Name');
  for (const port of ports) port.close();
});

test('the first message decides, and a second one has no effect', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  const { port1, port2 } = new MessageChannel();
  frame.receive(init({ label: 'first' }), { ports: [port1] });
  frame.receive(init({ label: 'second' }), { ports: [port2] });
  await turn();
  assert.equal(host().config.label, 'first');
  const { told, ...served } = component();
  host().serve(served);
  frame.receive(attributes({ placeholder: 'changed' }));
  await turn();
  assert.deepEqual(told.changes, []);
  port1.close();
  port2.close();
});

test('a page with a port commits, and a message of another form has no effect', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  const { port1, port2 } = new MessageChannel();
  frame.receive(init(), { ports: [port1] });
  await turn();
  const { told, ...served } = component();
  host().serve(served);
  /** @type {any[]} */
  const answers = [];
  const committed = new Promise((resolve) => {
    port2.onmessage = ({ data }) => {
      answers.push(data);
      if (data.type === 'committed') resolve(undefined);
    };
  });
  for (const wrong of [
    null,
    'commit',
    5,
    {},
    { type: 'commit' },
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'commit', id: '1' },
  ]) {
    port2.postMessage(wrong);
  }
  port2.postMessage({ type: 'commit', id: 7 });
  await committed;
  assert.deepEqual(answers, [{ type: 'committed', id: 7, tokens: [TOKEN] }]);
  assert.equal(told.commits, 1);
  port1.close();
  port2.close();
});

test('a page cannot change the rules of a field that is shown', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  const { port1, port2 } = new MessageChannel();
  frame.receive(init({ pattern: '999' }), { ports: [port1] });
  await turn();
  assert.equal(host().config.pattern, '999');
  const { told, ...served } = component();
  const changed = new Promise((resolve) => {
    host().serve({ ...served, configure: (/** @type {any} */ change) => resolve(told.changes.push(change)) });
  });
  port2.postMessage({
    type: 'configure',
    config: { pattern: '1', validator: 'SSN', maxLength: 3, required: true, label: 'New' },
  });
  await changed;
  assert.deepEqual({ ...told.changes[0] }, { label: 'New' });
  port1.close();
  port2.close();
});

test('a page of LunaDefend speaks its own protocol', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  frame.receive(
    attributes({
      placeholder: 'SSN',
      validator: 'SSN',
      customMetadata: { a: 1 },
      style: '{"style":{"color":"red"},"pseudo":{}}',
    }),
  );
  await turn();
  const { config } = host();
  assert.equal(config.placeholder, 'SSN');
  assert.equal(config.validator, 'SSN');
  assert.deepEqual({ ...config.metadata }, { a: 1 });
  assert.deepEqual({ ...config.style }, { color: 'red' });
  const { told, ...served } = component();
  host().serve(served);
  host().ready();
  host().change({ valid: false });
  host().change({ valid: false });
  host().event('blur');
  host().event('submit');
  host().event('focus');
  frame.receive(JSON.stringify({ command: 'CommitToken', correlationToken: 'c2', data: {} }), {
    origin: 'https://evil.example.com',
  });
  frame.receive(JSON.stringify({ command: 'CommitToken', correlationToken: 'c3', data: {} }), { source: {} });
  frame.receive(JSON.stringify({ command: 'CommitToken', correlationToken: 'c4', data: {} }));
  for (const wrong of [null, {}, 'null', '{', JSON.stringify({ command: 'Other', correlationToken: '', data: {} })])
    frame.receive(wrong);
  await turn();
  assert.equal(told.commits, 1);
  const named = frame.sent
    .slice(1)
    .map(({ data }) => [data.command, data.correlationToken ?? data.frameNonce, data.data]);
  assert.deepEqual(named, [
    ['ReceiveAttributesConfirmation', 'c1', { success: true }],
    ['NotifyOnFullyLoaded', 'ab12', {}],
    ['NotifyOnValidate', 'ab12', { isValid: false }],
    ['NotifyOnBlur', 'ab12', {}],
    ['NotifyOnSubmit', 'ab12', {}],
    ['ReceiveCommittedToken', 'c4', { success: true, token: TOKEN }],
  ]);
  assert.ok(frame.sent.every(({ target }) => target === SHOP));
});

test('attributes of another component are refused', async () => {
  const frame = new FakeFrame();
  const host = await frame.greeted();
  frame.receive(attributes({ component: 'Paragraph' }));
  await turn();
  assert.equal(host(), undefined);
  assert.equal(frame.sent.at(-1)?.data.data.success, false);
});
