import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OF_PORT, isGreeting } from '../src/main/resources/dev/lunasec/frame/components/frame-messages.js';
import {
  flag,
  listOf,
  objectOf,
  optional,
  read,
  text,
  whole,
} from '../src/main/resources/dev/lunasec/frame/components/shape.js';
import { CONFIG, INIT } from '../src/main/resources/dev/lunasec/frame/page/host-messages.js';
import { readAddress } from '../src/main/resources/dev/lunasec/frame/page/page-address.js';
import { pick, recordOf } from '../src/main/resources/dev/lunasec/frame/page/settings-shape.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';

test('a message that is not an object is none', () => {
  for (const value of [null, undefined, 'text', 1, [], true]) assert.equal(read(value, {}), null);
});

test('only own properties of a message count', () => {
  const polluted = Object.create({ name: 'inherited' });
  assert.deepEqual({ ...read(polluted, { name: optional(text(10)) }) }, {});
  assert.equal(read(polluted, { name: text(10) }), null);
  const found = read(JSON.parse('{"__proto__":{"admin":true},"name":"own"}'), { name: text(10) });
  assert.equal(/** @type {any} */ (found).admin, undefined);
  assert.equal(Object.getPrototypeOf(found), null);
});

test('a field that nobody expects is left out', () => {
  assert.deepEqual({ ...read({ name: 'a', more: 1 }, { name: text(10) }) }, { name: 'a' });
});

test('a field of another type, or one that is too long, refuses the message', () => {
  const fields = { name: text(3), on: flag, count: whole(1, 5), list: listOf(flag, 2), inner: objectOf({ a: flag }) };
  const good = { name: 'abc', on: true, count: 5, list: [true, false], inner: { a: true } };
  assert.deepEqual({ ...read(good, fields) }, good);
  const bad = [
    { name: 'abcd' },
    { on: 1 },
    { count: 1.5 },
    { count: 6 },
    { list: [1] },
    { list: [true, true, true] },
    { inner: {} },
  ];
  for (const change of bad) assert.equal(read({ ...good, ...change }, fields), null, JSON.stringify(change));
  assert.ok(!recordOf(text(1), 1)({ a: 'a', b: 'b' }));
  assert.ok(!recordOf(text(1), 2)(JSON.parse('{"__proto__":"a"}')));
});

test('settings that are not valid are named, and the others count', () => {
  const { found, wrong } = pick({ label: 'Name', dir: 'up', required: 1, token: TOKEN }, CONFIG);
  assert.deepEqual({ ...found }, { label: 'Name', token: TOKEN });
  assert.deepEqual(wrong, ['required', 'dir']);
});

test('the first message needs a nonce and settings', () => {
  assert.ok(read({ type: 'init', nonce: 'a', config: {} }, INIT));
  for (const message of [{}, { type: 'init' }, { type: 'configure', nonce: 'a', config: {} }])
    assert.equal(read(message, INIT), null);
});

test('a frame can send the page tokens and states, and nothing that could hold a value', () => {
  const change = { empty: false, complete: true, valid: true, stored: false, errors: [], brand: 'visa' };
  assert.deepEqual({ ...read({ ...change, value: 'secret' }, OF_PORT.change) }, change);
  assert.equal(read({ tokens: ['secret'] }, OF_PORT.tokens), null);
  assert.equal(read({ ...change, brand: '4111' }, OF_PORT.change), null);
});

test('only the greeting with the nonce of the frame is one', () => {
  const greeting = JSON.stringify({ command: 'NotifyOnStart', frameNonce: 'ab12', data: {} });
  assert.ok(isGreeting(greeting, 'ab12'));
  for (const data of [null, 1, {}, '', 'null', '[]', '{', greeting.replace('ab12', 'ab13')])
    assert.ok(!isGreeting(data, 'ab12'));
});

test('the URL of a frame names a component and one of the allowed origins', () => {
  const allowed = 'https://shop.example.com https://other.example.com';
  const query = '?n=00ff&origin=https://shop.example.com&component=Input';
  assert.deepEqual(readAddress(query, allowed), {
    nonce: '00ff',
    origin: 'https://shop.example.com',
    component: 'Input',
  });
  for (const wrong of [
    query.replace('shop', 'evil'),
    query.replace('Input', 'Output'),
    query.replace('00ff', ''),
    query.replace('00ff', 'xyz'),
    query.replace('https://shop.example.com', ''),
    '',
  ]) {
    assert.equal(readAddress(wrong, allowed), null, wrong);
  }
  assert.equal(readAddress(query, ''), null);
});
