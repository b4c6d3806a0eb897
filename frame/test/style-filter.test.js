import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedStyles, sizeForTouch } from '../src/main/resources/dev/lunasec/frame/page/style-filter.js';

/**
 * @param {string} name
 * @param {string} value
 */
const accepts = (name, value) => acceptedStyles({ [name]: value }).length === 1;

test('plain styles of text and box pass', () => {
  const styles = {
    color: 'rgb(1, 2, 3)',
    'font-family': '"Open Sans", system-ui, sans-serif',
    'font-size': '16px',
    'background-color': 'oklch(0.7 0.1 200 / 50%)',
    'line-height': 'normal',
    padding: '4px 8px',
    'letter-spacing': '-0.5px',
  };
  assert.deepEqual(Object.fromEntries(acceptedStyles(styles)), styles);
});

test('a property in the spelling of JavaScript passes', () => {
  assert.deepEqual(acceptedStyles({ fontSize: '16px' }), [['font-size', '16px']]);
});

test('no other property passes', () => {
  for (const name of [
    'content',
    'position',
    'background-image',
    'mask',
    'filter',
    'cursor',
    'transform',
    '--x',
    'src',
    'all',
  ]) {
    assert.ok(!accepts(name, 'none'), name);
  }
});

test('no value loads anything, ends its declaration, or computes', () => {
  for (const value of [
    'url(https://evil.example)',
    'URL (x)',
    'image-set("a")',
    'red; position: fixed',
    'red}body{color:blue',
    'var(--x)',
    'env(x)',
    'attr(value)',
    'expression(1)',
    'calc(1px + 1em)',
    '\\75rl(x)',
    'red !important',
    '@import',
    'rgb(url(x))',
    '<b>',
    'a'.repeat(201),
    '',
  ]) {
    assert.ok(!accepts('color', value), value);
  }
});

test('no length hides or moves the text away', () => {
  assert.ok(!accepts('text-indent', '-9999px'));
  assert.ok(!accepts('font-size', '900px'));
  assert.ok(!accepts('padding', '4px 99em'));
  assert.ok(!accepts('text-indent', '-1e9px'));
  assert.ok(!accepts('text-indent', '-100lh'));
  assert.ok(!accepts('text-indent', '99cqw'));
  assert.ok(accepts('color', '#1e9e1e'));
  assert.ok(accepts('text-indent', '8px'));
});

test('on a touch screen the font has at least 16 pixels', () => {
  assert.equal(sizeForTouch('12px'), '16px');
  assert.equal(sizeForTouch('18.5px'), '18.5px');
  assert.equal(sizeForTouch('1em'), '16px');
});
