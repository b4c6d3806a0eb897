import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Failure } from '../src/main/resources/dev/lunasec/frame/page/failure.js';
import { Session } from '../src/main/resources/dev/lunasec/frame/page/session.js';
import { VaultCalls } from '../src/main/resources/dev/lunasec/frame/page/vault-calls.js';

const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';

/** @type {{path: string, options: any}[]} what was called */
let calls;
/** @type {((path: string, options: any) => Response | Promise<Response>)} */
let answer;

beforeEach(() => {
  calls = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ path, /** @type {any} */ options) => {
      calls.push({ path, options });
      return answer(path, options);
    }
  );
});

/**
 * @param {object} data
 * @param {Record<string, string>} [headers]
 */
function ok(data, headers) {
  return Response.json({ success: true, error: {}, data }, { headers });
}

/**
 * @param {number} status
 * @param {string} name
 * @param {Record<string, string>} [headers]
 */
function refusal(status, name, headers) {
  return Response.json({ success: false, error: { name, message: 'A sentence.' }, data: {} }, { status, headers });
}

/** @param {'cookie' | 'code'} auth */
function vault(auth) {
  const asked = { signIns: /** @type {boolean[]} */ ([]), codes: /** @type {any[]} */ ([]) };
  const host = /** @type {any} */ ({
    config: {},
    signIn: async (/** @type {boolean} */ again) => {
      if (auth === 'cookie') asked.signIns.push(again);
      return auth === 'code';
    },
    getCode: async (/** @type {string} */ action, /** @type {string[]} */ tokens) => {
      asked.codes.push({ action, tokens });
      return `code-${asked.codes.length}`;
    },
  });
  return { asked, calls: new VaultCalls(new Session(host, 'ab12')) };
}

test('with a cookie, the page signs in before the first call, and only once', async () => {
  const { asked, calls: vaultCalls } = vault('cookie');
  answer = () => ok({ tokenId: TOKEN });
  await vaultCalls.tokenize({ size: 1 });
  await vaultCalls.tokenize({ size: 1 });
  assert.deepEqual(asked.signIns, [false]);
  assert.equal(calls[0].options.credentials, 'same-origin');
  assert.equal(calls[0].options.headers.authorization, undefined);
});

test('after a 401 the page signs in again, and the call is repeated once', async () => {
  const { asked, calls: vaultCalls } = vault('cookie');
  answer = () => (calls.length === 1 ? refusal(401, 'unauthenticated') : ok({ tokenId: TOKEN }));
  await vaultCalls.tokenize({ size: 1 });
  assert.deepEqual(asked.signIns, [false, true]);
  answer = () => refusal(401, 'unauthenticated');
  await assert.rejects(vaultCalls.tokenize({ size: 1 }), { code: 'unauthenticated' });
  assert.equal(calls.length, 4);
});

test('the first answer locks the frame to its session', async () => {
  const { calls: vaultCalls } = vault('cookie');
  answer = () => ok({ tokenId: TOKEN }, { 'lunasec-session-hash': 'aaaa' });
  await vaultCalls.tokenize({ size: 1 });
  answer = () => ok({ tokenId: TOKEN }, { 'lunasec-session-hash': 'bbbb' });
  await vaultCalls.tokenize({ size: 1 });
  await vaultCalls.tokenize({ size: 1 });
  assert.deepEqual(
    calls.map(({ options }) => options.headers['lunasec-session-hash']),
    [undefined, 'aaaa', 'aaaa'],
  );
});

test('a frame whose user has changed calls nothing any more', async () => {
  const { calls: vaultCalls } = vault('cookie');
  answer = () => refusal(401, 'sessionMismatch');
  await assert.rejects(vaultCalls.tokenize({ size: 1 }), { code: 'sessionMismatch' });
  answer = () => ok({ tokenId: TOKEN });
  await assert.rejects(vaultCalls.tokenize({ size: 1 }), { code: 'sessionMismatch' });
  assert.equal(calls.length, 1);
});

test('the user who begins to type is the one whom the frame is locked to', async () => {
  const { calls: vaultCalls } = vault('cookie');
  answer = (path) => (path === '/session/verify' ? ok({}, { 'lunasec-session-hash': 'aaaa' }) : ok({ tokenId: TOKEN }));
  vaultCalls.begin();
  vaultCalls.begin();
  await vaultCalls.tokenize({ size: 1 });
  assert.deepEqual(
    calls.map(({ path }) => path),
    ['/session/verify', '/tokenize'],
  );
  assert.equal(calls[1].options.headers['lunasec-session-hash'], 'aaaa');
});

test('a code is asked for once for each action, and redeemed with the nonce of the frame', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  answer = (path) =>
    path === '/session/redeem' ? ok({ accessToken: 'secret', expiresInSeconds: 300 }) : ok({ metadata: {} });
  await vaultCalls.tokenize({ size: 1 });
  await vaultCalls.tokenize({ size: 1 });
  await vaultCalls.metadata(TOKEN);
  await vaultCalls.detokenize(TOKEN);
  assert.deepEqual(asked.codes, [
    { action: 'tokenize', tokens: [] },
    { action: 'detokenize', tokens: [TOKEN] },
  ]);
  const [redeem, tokenize] = calls;
  assert.deepEqual(JSON.parse(redeem.options.body), { code: 'code-1', nonce: 'ab12' });
  assert.equal(redeem.options.credentials, 'omit');
  assert.equal(tokenize.options.credentials, 'omit');
  assert.equal(tokenize.options.headers.authorization, 'Bearer secret');
  assert.deepEqual(asked.signIns, []);
});

test('an access token that ends is replaced by that of a new code', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  answer = (path) =>
    path === '/session/redeem' ? ok({ accessToken: 'secret', expiresInSeconds: 5 }) : ok({ tokenId: TOKEN });
  await vaultCalls.tokenize({ size: 1 });
  await vaultCalls.tokenize({ size: 1 });
  assert.equal(asked.codes.length, 2);
});

test('a 401 makes the frame ask for a new code', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  let refused = false;
  answer = (path) => {
    if (path === '/session/redeem') return ok({ accessToken: 'secret', expiresInSeconds: 300 });
    if (refused) return ok({ tokenId: TOKEN });
    refused = true;
    return refusal(401, 'unauthenticated');
  };
  await vaultCalls.tokenize({ size: 1 });
  assert.equal(asked.codes.length, 2);
});

test('a code that the vault refuses fails the call with the name of the refusal', async () => {
  const { calls: vaultCalls } = vault('code');
  answer = () => refusal(400, 'invalidCode');
  await assert.rejects(vaultCalls.tokenize({ size: 1 }), { code: 'invalidCode', message: 'A sentence.' });
});

test('a busy tokenizer is asked again when it says so', async () => {
  const { calls: vaultCalls } = vault('cookie');
  answer = () => (calls.length < 3 ? refusal(503, 'stopping', { 'retry-after': '0.2' }) : ok({ tokenId: TOKEN }));
  assert.equal((await vaultCalls.tokenize({ size: 1 })).tokenId, TOKEN);
  assert.equal(calls.length, 3);
});

test('another refusal is not repeated', async () => {
  const { calls: vaultCalls } = vault('cookie');
  answer = () => refusal(403, 'noGrant');
  await assert.rejects(vaultCalls.detokenize(TOKEN), { code: 'noGrant', message: 'A sentence.' });
  assert.equal(calls.length, 1);
});

test('no failure repeats a text that was thrown by a browser', () => {
  const failure = Failure.of(new TypeError('https://bucket.example/objects/1?X-Amz-Signature=secret'));
  assert.equal(failure.code, 'frameError');
  assert.ok(!failure.message.includes('secret'));
});

/** Answers of a vault to a frame with codes. @param {() => Response} [answerOfCall] */
function withCodes(answerOfCall = () => ok({ tokenId: TOKEN })) {
  let redeemed = 0;
  answer = (path) =>
    path === '/session/redeem'
      ? ok(
          { accessToken: `access-${++redeemed}`, expiresInSeconds: 300 },
          { 'lunasec-session-hash': `hash-${redeemed}` },
        )
      : answerOfCall();
}

test('with codes, the user who begins to type is the one whom the frame is locked to', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  withCodes();
  vaultCalls.begin();
  await vaultCalls.detokenize(TOKEN);
  assert.equal(asked.codes[0].action, 'tokenize');
  const { headers } = calls.find(({ path }) => path === '/detokenize')?.options;
  assert.equal(headers['lunasec-session-hash'], 'hash-1');
  assert.equal(headers.authorization, 'Bearer access-2');
});

test('a user whose login has expired is signed in before the frame is locked', async () => {
  const { asked, calls: vaultCalls } = vault('cookie');
  answer = (path) => {
    if (path === '/tokenize') return ok({ tokenId: TOKEN });
    if (asked.signIns.length < 2) return Response.json({ success: false });
    return ok({}, { 'lunasec-session-hash': 'aaaa' });
  };
  vaultCalls.begin();
  await vaultCalls.tokenize({ size: 1 });
  assert.deepEqual(asked.signIns, [false, true]);
  assert.equal(calls.at(-1)?.options.headers['lunasec-session-hash'], 'aaaa');
});

test('a frame that nobody is signed in to asks again later, and not for each key', async () => {
  const { asked, calls: vaultCalls } = vault('cookie');
  answer = (path) => (path === '/session/verify' ? Response.json({ success: false }) : ok({ tokenId: TOKEN }));
  vaultCalls.begin();
  await vaultCalls.tokenize({ size: 1 });
  vaultCalls.begin();
  vaultCalls.begin();
  await vaultCalls.tokenize({ size: 1 });
  assert.equal(calls.filter(({ path }) => path === '/session/verify').length, 2);
  assert.deepEqual(asked.signIns, [false, true]);
});

test('calls side by side share a code, also the one after a refusal', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  withCodes();
  await Promise.all([1, 2, 3].map((size) => vaultCalls.tokenize({ size })));
  assert.equal(asked.codes.length, 1);
  let refusals = 0;
  withCodes(() => (++refusals <= 3 ? refusal(401, 'unauthenticated') : ok({ tokenId: TOKEN })));
  await Promise.all([1, 2, 3].map((size) => vaultCalls.tokenize({ size })));
  assert.equal(asked.codes.length, 2);
});

test('a code that a busy tokenizer did not take is redeemed again', async () => {
  const { asked, calls: vaultCalls } = vault('code');
  answer = (path) => {
    if (path !== '/session/redeem') return ok({ tokenId: TOKEN });
    if (calls.length < 2) return refusal(429, 'tooManyRequests', { 'retry-after': '0.2' });
    return ok({ accessToken: 'secret', expiresInSeconds: 300 });
  };
  assert.equal((await vaultCalls.tokenize({ size: 1 })).tokenId, TOKEN);
  assert.equal(asked.codes.length, 1);
});
