import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../src/main/resources/dev/lunasec/frame/page/failure.js';
import { brokenFileRule, safeFileName, sizeText } from '../src/main/resources/dev/lunasec/frame/page/file-rules.js';
import { FileUpload } from '../src/main/resources/dev/lunasec/frame/page/file-upload.js';
import { PartPlan } from '../src/main/resources/dev/lunasec/frame/page/part-plan.js';

const MIB = 1 << 20;
const TOKEN = 'lunasec-00112233-4455-6677-8899-aabbccddeeff';
const unreachable = () => new Failure('storeUnreachable', 'The object store cannot be reached.', true);

/** A tokenizer and a store that keep parts, and do what a test wants. */
class FakeVault {
  /** @type {Map<number, string>} */
  stored = new Map();
  starts = 0;
  aborts = 0;
  wholes = 0;
  /** @type {number[]} */
  puts = [];
  online = true;
  /** @type {(part: number) => void} */
  onPut = () => {};
  /** @type {Failure | undefined} */
  startRefused;

  async startUpload() {
    if (this.startRefused) throw this.startRefused;
    this.starts++;
    return { tokenId: TOKEN, uploadId: 'upload', partSize: 8 * MIB };
  }

  /** @param {unknown} _ @param {number} part */
  async signPart(_, part) {
    return { uploadUrl: String(part), headers: {} };
  }

  /** @param {unknown} _ @param {{part: number, etag: string}[]} parts */
  async completeUpload(_, parts) {
    assert.deepEqual(
      parts,
      [...this.stored].map(([part, etag]) => ({ part, etag })).sort((a, b) => a.part - b.part),
    );
  }

  async abortUpload() {
    this.aborts++;
  }

  /** @param {{uploadUrl: string}} signed @param {Blob} body @param {any} options */
  put = async ({ uploadUrl }, body, { onBytes, signal }) => {
    const part = Number(uploadUrl);
    this.puts.push(part);
    this.onPut(part);
    if (signal.aborted) throw new Failure('cancelled', '');
    onBytes(body.size);
    this.stored.set(part, `"${part}"`);
    return { status: 200, etag: `"${part}"` };
  };

  ways() {
    return {
      put: /** @type {any} */ (this.put),
      store: /** @type {any} */ (async () => `whole-${++this.wholes}`),
      isOnline: () => this.online,
      wait: async () => {},
    };
  }

  /** @param {number} size */
  upload(size) {
    return new FileUpload(
      new Blob([new Uint8Array(size)]),
      { metadata: {} },
      /** @type {any} */ (this),
      () => {},
      this.ways(),
    );
  }
}

test('a small file is uploaded whole', async () => {
  const vault = new FakeVault();
  const upload = vault.upload(16 * MIB);
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.equal(upload.token, 'whole-1');
  assert.equal(vault.starts, 0);
});

test('a large file is uploaded in parts of the size that the tokenizer names', async () => {
  const vault = new FakeVault();
  const upload = vault.upload(30 * MIB);
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.equal(upload.token, TOKEN);
  assert.deepEqual([...vault.puts].sort(), [1, 2, 3, 4]);
  assert.equal(upload.bytes, 30 * MIB);
});

test('a lost connection repeats only the parts that the store has not', async () => {
  const vault = new FakeVault();
  const upload = vault.upload(60 * MIB);
  let lost = false;
  vault.onPut = (part) => {
    if (part !== 5 || lost) return;
    lost = true;
    vault.online = false;
    throw unreachable();
  };
  const ways = upload.ways;
  let waited = 0;
  ways.wait = async () => {
    if (++waited === 3) vault.online = true;
  };
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.ok(waited >= 3);
  assert.equal(vault.starts, 1);
  for (const part of [1, 2, 3, 4]) assert.equal(vault.puts.filter((each) => each === part).length, 1, `part ${part}`);
  assert.equal(vault.puts.filter((each) => each === 5).length, 2);
});

test('an upload that stops goes on with the missing parts when a person tries again', async () => {
  const vault = new FakeVault();
  const upload = vault.upload(40 * MIB);
  let fails = true;
  vault.onPut = (part) => {
    if (part === 3 && fails) throw unreachable();
  };
  await upload.start();
  assert.equal(upload.state, 'stopped');
  assert.equal(upload.failure?.code, 'storeUnreachable');
  assert.ok(upload.bytes >= 8 * MIB && upload.bytes < 40 * MIB);
  fails = false;
  const before = vault.puts.length;
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.equal(vault.starts, 1);
  assert.ok(!vault.puts.slice(before).includes(1));
});

test('a refusal that cannot succeed later stops the upload at once', async () => {
  const vault = new FakeVault();
  vault.startRefused = new Failure('tooLarge', 'The value is over the maximum size.');
  const upload = vault.upload(30 * MIB);
  await upload.start();
  assert.equal(upload.state, 'stopped');
  assert.equal(upload.failure?.code, 'tooLarge');
});

test('a store without uploads in parts gets the file whole', async () => {
  const vault = new FakeVault();
  vault.startRefused = new Failure('notSupported', '');
  const upload = vault.upload(30 * MIB);
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.equal(upload.token, 'whole-1');
});

test('a cancelled upload is aborted and stays cancelled', async () => {
  const vault = new FakeVault();
  const upload = vault.upload(60 * MIB);
  vault.onPut = (part) => {
    if (part === 2) upload.cancel();
  };
  await upload.start();
  assert.equal(upload.state, 'cancelled');
  assert.equal(vault.aborts, 1);
  assert.ok(vault.puts.length < 8);
});

test('parts cover a value without a gap', () => {
  const plan = new PartPlan(20, 8);
  assert.deepEqual(
    plan.missing().map((part) => plan.range(part)),
    [
      [0, 8],
      [8, 16],
      [16, 20],
    ],
  );
  plan.stored(2, 'b');
  plan.sent(1, 5);
  plan.stored(3, 'c');
  assert.deepEqual(plan.missing(), [1]);
  assert.equal(plan.bytes(), 8 + 4 + 5);
  plan.stored(1, 'a');
  assert.deepEqual(plan.etags(), [
    { part: 1, etag: 'a' },
    { part: 2, etag: 'b' },
    { part: 3, etag: 'c' },
  ]);
  assert.deepEqual(new PartPlan(0, 8).missing(), [1]);
});

test('a file is checked by ending, type and size', () => {
  const file = { name: 'Scan.PDF', type: 'application/pdf', size: 100 };
  for (const accept of ['.pdf', 'application/pdf', 'application/*', 'image/*, .pdf', ''])
    assert.equal(brokenFileRule(file, { accept }), undefined, accept);
  for (const accept of ['.png', 'image/*', 'application/json'])
    assert.equal(brokenFileRule(file, { accept }), 'fileType', accept);
  assert.equal(brokenFileRule(file, { maxSize: 99 }), 'fileTooLarge');
  assert.equal(brokenFileRule(file, { maxSize: 100 }), undefined);
});

test('a file name can name no folder and cannot look like another type', () => {
  assert.equal(safeFileName('../../etc/passwd'), '__.._etc_passwd');
  assert.equal(safeFileName('gpj.\u202Eexe'), 'gpj.exe');
  assert.equal(safeFileName('a\u0000b\n.txt'), 'ab.txt');
  for (const name of [undefined, null, 5, '', '   ']) assert.equal(safeFileName(name), 'file');
  assert.equal(safeFileName('passport.pdf'), 'passport.pdf');
});

test('a size has a unit', () => {
  assert.equal(sizeText(0, 'en'), '0 bytes');
  assert.equal(sizeText(1, 'en'), '1 byte');
  assert.equal(sizeText(6, 'en'), '6 bytes');
  assert.equal(sizeText(6, 'de'), '6 Byte');
  assert.match(sizeText(1_500, 'en'), /^1\.5 kB/);
  assert.match(sizeText(30_000_000, 'en'), /^30 MB/);
});
