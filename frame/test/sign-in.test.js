import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { signIn } from '../src/main/resources/dev/lunasec/frame/components/sign-in.js';

/** @type {string[]} the redirects that were begun, in the order of their begin */
let begun;
/** @type {(() => void)[]} what ends each of them */
let end;
/** @type {object} the answer of verify */
let verified;
let vaults = 0;
/** Another vault for each test, because the module remembers sign-ins. */
let vault = '';

beforeEach(() => {
  begun = [];
  end = [];
  verified = { success: true };
  vault = `https://vault-${++vaults}.example.com`;
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {URL} */ url) => {
      if (url.pathname === '/session/verify') return Response.json(verified);
      begun.push(url.pathname + url.search);
      await new Promise((resolve) => end.push(() => resolve(undefined)));
      return new Response();
    }
  );
});

test('frames whose login has expired together share one sign-in', async () => {
  const asked = [signIn(vault, undefined, true), signIn(vault, undefined, true), signIn(vault, undefined, true)];
  await turn();
  assert.deepEqual(begun, ['/session/ensure']);
  end[0]();
  await Promise.all(asked);
  assert.equal(begun.length, 1);
});

test('a refusal after a sign-in begins the next one', async () => {
  const first = signIn(vault, undefined, false);
  await turn();
  end[0]();
  await first;
  await signIn(vault, undefined, false);
  assert.equal(begun.length, 1);
  const again = signIn(vault, undefined, true);
  await turn();
  assert.equal(begun.length, 2);
  end[1]();
  await again;
});

test('a vault has one sign-in at a time, also at several issuers', async () => {
  const shop = signIn(vault, 'shop', false);
  const staff = signIn(vault, 'staff', false);
  await turn();
  assert.deepEqual(begun, ['/session/ensure?auth_provider=shop']);
  end[0]();
  await shop;
  await turn();
  assert.deepEqual(begun.slice(1), ['/session/ensure?auth_provider=staff']);
  end[1]();
  await staff;
});

test('a sign-in that failed is tried again, and does not keep others from theirs', async () => {
  verified = { success: false, error: { name: 'unauthenticated', message: 'A sentence.' } };
  const failed = assert.rejects(signIn(vault, undefined, false), { code: 'unauthenticated' });
  await turn();
  end[0]();
  await failed;
  verified = { success: true };
  const next = signIn(vault, undefined, false);
  await turn();
  assert.equal(begun.length, 2);
  end[1]();
  await next;
});
