import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const FOLDER = new URL('../src/main/resources/dev/lunasec/frame/', import.meta.url);

test('all that a page loads is under 16 kB in one gzip stream', () => {
  const names = ['components.js', ...readdirSync(new URL('components/', FOLDER)).map((name) => `components/${name}`)];
  const all = Buffer.concat(names.map((name) => readFileSync(new URL(name, FOLDER))));
  if (process.env.SHOW) console.error(gzipSync(all).length);
  assert.ok(gzipSync(all).length < 16_000, `${gzipSync(all).length} bytes`);
});
