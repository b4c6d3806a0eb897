import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caretAfter } from '../src/main/resources/dev/lunasec/frame/page/caret.js';
import { brokenExpiry, formatExpiry, readExpiry } from '../src/main/resources/dev/lunasec/frame/page/card-expiry.js';
import {
  brandOf,
  brokenNumber,
  digitsOf,
  formatNumber,
  isLuhn,
} from '../src/main/resources/dev/lunasec/frame/page/card-number.js';
import {
  askedParts,
  brokenCard,
  storedCard,
  typedCard,
} from '../src/main/resources/dev/lunasec/frame/page/card-value.js';

const NOW = { month: 11, year: 2026 };
const VALID = { number: '4111 1111 1111 1111', expiry: '12/30', cvc: '123', name: 'Ada' };

test('the check digit of a card number is checked', () => {
  for (const number of ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117']) {
    assert.ok(isLuhn(number), number);
    const changed = number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10);
    assert.ok(!isLuhn(changed), changed);
  }
  assert.ok(!isLuhn(''));
});

test('the brand follows from the first digits', () => {
  const brands = {
    4: 'visa',
    51: 'mastercard',
    2221: 'mastercard',
    2720: 'mastercard',
    2721: 'unknown',
    2220: 'unknown',
    34: 'amex',
    36: 'diners',
    3528: 'jcb',
    3527: 'unknown',
    6011: 'discover',
    62: 'unionpay',
    6759: 'maestro',
    2204: 'mir',
    '': 'unknown',
    9: 'unknown',
  };
  for (const [digits, name] of Object.entries(brands)) assert.equal(brandOf(digits).name, name, digits);
  assert.equal(brandOf('36').label, 'Diners Club');
  assert.equal(brandOf('9').label, '', 'of an unknown brand, the user reads nothing');
});

test('a number that is too short is incomplete, and one with a wrong digit is invalid', () => {
  assert.equal(brokenNumber('411111111111'), 'numberIncomplete');
  assert.equal(brokenNumber('41111111111111'), 'numberIncomplete');
  assert.equal(brokenNumber('4111111111111112'), 'numberInvalid');
  assert.equal(brokenNumber('4111111111111111'), undefined);
  assert.equal(brokenNumber('37828224631000'), 'numberIncomplete');
  assert.equal(brokenNumber('378282246310005'), undefined);
  assert.equal(brokenNumber(''), 'numberIncomplete');
});

test('a number is written in the groups of its brand, and pasted text gives at most 19 digits', () => {
  assert.equal(formatNumber('4111111111111111'), '4111 1111 1111 1111');
  assert.equal(formatNumber('378282246310005'), '3782 822463 10005');
  assert.equal(formatNumber('41111'), '4111 1');
  assert.equal(digitsOf('Card: 4111-1111-1111-1111-9999-9999'), '4111111111111111999');
});

test('an expiry date has a year of two or four digits', () => {
  for (const typed of ['12/30', '12 / 2030', '1230', '122030', '12-30', '12.2030']) {
    assert.deepEqual(readExpiry(typed, NOW), { month: 12, year: 2030 }, typed);
  }
  assert.deepEqual(readExpiry('1/30', NOW), { month: 1, year: 2030 });
  for (const typed of ['', '12', '12/', '12/3', '12/203', '12/20300', 'ab/cd'])
    assert.equal(readExpiry(typed, NOW), null, typed);
});

test('a card is good until its month ends', () => {
  assert.equal(brokenExpiry('11/26', NOW), undefined);
  assert.equal(brokenExpiry('10/26', NOW), 'expiryPast');
  assert.equal(brokenExpiry('13/30', NOW), 'expiryInvalid');
  assert.equal(brokenExpiry('00/30', NOW), 'expiryInvalid');
  assert.equal(brokenExpiry('12/2090', NOW), 'expiryInvalid');
  assert.equal(brokenExpiry('12/3', NOW), 'expiryIncomplete');
});

test('a slash is written for the person who leaves it out', () => {
  const written = { 1: '1', 12: '12', 123: '12/3', 1230: '12/30', 122030: '12/2030', 5: '05', '1/': '01/' };
  for (const [typed, text] of Object.entries(written)) assert.equal(formatExpiry(typed), text, typed);
});

test('the caret stays behind the digit that was typed', () => {
  assert.equal(caretAfter('41111', 5, '4111 1', /\d/), 6);
  assert.equal(caretAfter('4911 11', 2, '4911 11', /\d/), 2);
  assert.equal(caretAfter('94111 1111', 1, '9411 1111 1', /\d/), 1);
  assert.equal(caretAfter('41119 1111', 5, '4111 9111 1', /\d/), 6);
});

test('a card is stored as JSON of texts, and comes back into the inputs', () => {
  const stored = storedCard(VALID, NOW);
  assert.deepEqual(JSON.parse(stored), {
    number: '4111111111111111',
    expMonth: '12',
    expYear: '2030',
    cvc: '123',
    name: 'Ada',
  });
  assert.deepEqual(typedCard(stored), VALID);
  assert.deepEqual(JSON.parse(storedCard({ number: '4111 1111 1111 1111' }, NOW)), { number: '4111111111111111' });
  assert.equal(storedCard({ number: '', cvc: ' ' }, NOW), '');
  assert.equal(typedCard('not JSON'), null);
  assert.equal(typedCard('null'), null);
});

test('each part of a card is checked, the code by the brand', () => {
  assert.deepEqual(brokenCard(VALID, true, NOW), []);
  assert.deepEqual(brokenCard({ ...VALID, cvc: '1234' }, true, NOW), [{ part: 'cvc', rule: 'cvcIncomplete' }]);
  assert.deepEqual(brokenCard({ ...VALID, number: '3782 822463 10005', cvc: '1234' }, true, NOW), []);
  assert.deepEqual(brokenCard({ ...VALID, name: ' ' }, true, NOW), [{ part: 'name', rule: 'nameMissing' }]);
  const empty = { number: '', expiry: '', cvc: '', name: '' };
  assert.deepEqual(brokenCard(empty, true, NOW), [{ part: 'number', rule: 'required' }]);
  assert.deepEqual(brokenCard(empty, false, NOW), []);
});

test('a page gets no security code unless it asks for one', () => {
  assert.deepEqual(askedParts(), ['number', 'expiry', 'name']);
  assert.deepEqual(askedParts(['cvc', 'number']), ['number', 'cvc']);
});
