import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, parsePattern } from '../src/main/resources/dev/lunasec/frame/page/pattern.js';
import { brokenRules, wrongRules } from '../src/main/resources/dev/lunasec/frame/page/rules.js';

/**
 * @param {string} pattern
 * @param {string} value
 */
function fits(pattern, value) {
  const parts = parsePattern(pattern);
  assert.ok(parts, pattern);
  return matches(value, parts);
}

test('a pattern names digits, letters and literal characters', () => {
  assert.ok(fits('999-99', '123-45'));
  assert.ok(!fits('999-99', '123-4'));
  assert.ok(!fits('999-99', '123-456'));
  assert.ok(fits('aa**', 'Ab1c'));
  assert.ok(!fits('aa', 'é1'));
  assert.ok(fits('\\9\\a', '9a'));
  assert.ok(!fits('\\9', '1'));
  assert.ok(fits('😀9', '😀7'));
});

test('a part of a pattern can repeat', () => {
  for (const value of ['12', '123', '1234']) assert.ok(fits('9{2,4}', value), value);
  for (const value of ['1', '12345']) assert.ok(!fits('9{2,4}', value), value);
  assert.ok(fits('9{3}', '123'));
  assert.ok(fits('9{0,3}9', '1'));
  assert.ok(fits('a{0,2}9{1,3}', 'b12'));
});

test('a pattern that is not in the grammar is named as wrong', () => {
  for (const pattern of ['9{', '9}', '{2}', '9{4,2}', '\\', '9{2}{3}', '9{999}']) {
    assert.equal(parsePattern(pattern), null, pattern);
    assert.match(wrongRules({ pattern }) ?? '', /pattern is not valid/);
    assert.deepEqual(brokenRules('1', { pattern }), ['pattern']);
  }
  assert.equal(wrongRules({}), undefined);
});

test('the worst pattern and value take no longer than others', () => {
  const parts = parsePattern('*{0,25}'.repeat(20));
  assert.ok(parts);
  const began = performance.now();
  assert.ok(!matches('a'.repeat(499) + '-', parts));
  assert.ok(performance.now() - began < 5_000);
});

test('an empty text breaks only the rule that it is required', () => {
  assert.deepEqual(brokenRules('', { required: true, minLength: 3, pattern: '9' }), ['required']);
  assert.deepEqual(brokenRules('', { minLength: 3, validator: 'Email' }), []);
});

test('lengths count as in HTML', () => {
  assert.deepEqual(brokenRules('ab', { minLength: 3 }), ['tooShort']);
  assert.deepEqual(brokenRules('abcd', { maxLength: 3 }), ['tooLong']);
  assert.deepEqual(brokenRules('😀', { maxLength: 1 }), ['tooLong']);
  assert.deepEqual(brokenRules('abc', { minLength: 3, maxLength: 3 }), []);
});

test('the validators of LunaDefend have their names', () => {
  const valid = /** @type {const} */ ([
    ['Email', 'a@example.com'],
    ['SSN', '123-45-6789'],
    ['SSN', '123456789'],
    ['EIN', '12-3456789'],
    ['SSN_EIN', '12-3456789'],
    ['SSN_EIN', '123-45-6789'],
  ]);
  for (const [validator, value] of valid) assert.deepEqual(brokenRules(value, { validator }), [], value);
  const invalid = /** @type {const} */ ([
    ['Email', 'a@example', 'email'],
    ['Email', 'a b@example.com', 'email'],
    ['SSN', '000-45-6789', 'ssn'],
    ['SSN', '666-45-6789', 'ssn'],
    ['SSN', '123-00-6789', 'ssn'],
    ['SSN', '123-456789', 'ssn'],
    ['EIN', '123456', 'ein'],
    ['SSN_EIN', '1', 'ssnOrEin'],
  ]);
  for (const [validator, value, rule] of invalid) assert.deepEqual(brokenRules(value, { validator }), [rule], value);
});
