import { backoff, cancelled } from './deadlines.js';
import { Failure } from './failure.js';
import { refused } from './object-store.js';
import { PartPlan } from './part-plan.js';
import { BROWSER, connection } from './upload-ways.js';

/** Files over this size are uploaded in parts, so that a lost connection costs only a part, in bytes. */
const LARGEST_WHOLE = 16 << 20;

/** How many parts of one file are uploaded at once. */
const PARTS_AT_ONCE = 4;

/** How often a part is tried again before the upload stops. */
const REPEATS = 5;

/** @typedef {'uploading' | 'waiting' | 'done' | 'stopped' | 'cancelled'} UploadState */
/** @typedef {{metadata: object, expiresAt?: string}} Description */

/**
 * The upload of one file. A stopped upload can be started again, and goes on with the parts that are missing.
 */
export class FileUpload {
  /** @type {UploadState} */
  state = 'stopped';
  /** Whether it was ever started. */
  begun = false;
  /** @type {string | undefined} */
  token;
  /** @type {Failure | undefined} */
  failure;
  #bytes = 0;
  #stop = new AbortController();
  /** @type {{tokenId: string, uploadId: string, plan: PartPlan} | undefined} */
  #upload;

  /**
   * @param {Blob} file
   * @param {Description} description
   * @param {import('./vault-calls.js').VaultCalls} calls
   * @param {() => void} onChange of state or progress
   * @param {import('./upload-ways.js').Ways} [ways]
   */
  constructor(file, description, calls, onChange, ways = BROWSER) {
    this.file = file;
    this.description = description;
    this.calls = calls;
    this.onChange = onChange;
    this.ways = ways;
  }

  /** Whether it is on its way, or waits for that. */
  get runs() {
    return this.state === 'uploading' || this.state === 'waiting';
  }

  /** How many bytes the store has. */
  get bytes() {
    return this.state === 'done' ? this.file.size : (this.#upload?.plan.bytes() ?? this.#bytes);
  }

  /** Uploads what is missing. Fulfilled when it is done, stopped or cancelled. */
  async start() {
    this.begun = true;
    this.#to('uploading');
    for (;;) {
      try {
        this.token = await this.#send();
        return this.#to('done');
      } catch (thrown) {
        const failure = Failure.of(thrown);
        if (this.#stop.signal.aborted) return this.#to('cancelled');
        if (!(failure.again && (await this.#comesOnline()))) return this.#to('stopped', failure);
      }
    }
  }

  /** Ends it for good, and deletes what the store has. */
  cancel() {
    this.#stop.abort();
    const upload = this.#upload;
    // What is left of an upload that is not aborted, the vault deletes after two days.
    if (upload && this.state !== 'done') this.calls.abortUpload(upload).catch(() => {});
    this.#to('cancelled');
  }

  /** @returns {Promise<string>} the token */
  async #send() {
    if (this.file.size <= LARGEST_WHOLE) return this.#sendWhole();
    try {
      return await this.#sendParts();
    } catch (thrown) {
      const { code } = Failure.of(thrown);
      if (code === 'notSupported') return this.#sendWhole();
      // It took longer than the vault keeps an upload.
      if (code === 'unknownUpload') this.#upload = undefined;
      throw thrown;
    }
  }

  #sendWhole() {
    const { signal } = this.#stop;
    const onBytes = (/** @type {number} */ bytes) => {
      this.#bytes = bytes;
      this.onChange();
    };
    return this.ways.store(this.calls, this.file, this.description, { signal, onBytes });
  }

  /** @returns {Promise<string>} */
  async #sendParts() {
    const { signal } = this.#stop;
    if (!this.#upload) {
      const begun = await this.calls.startUpload({ ...this.description, size: this.file.size }, signal);
      this.#upload = { ...begun, plan: new PartPlan(this.file.size, begun.partSize) };
    }
    const upload = this.#upload;
    const queue = upload.plan.missing();
    const worker = async () => {
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) await this.#sendPart(upload, part);
    };
    const results = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, worker));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    await this.calls.completeUpload(upload, upload.plan.etags(), signal);
    return upload.tokenId;
  }

  /**
   * @param {{tokenId: string, uploadId: string, plan: PartPlan}} upload
   * @param {number} part
   */
  async #sendPart(upload, part) {
    const { signal } = this.#stop;
    const body = this.file.slice(...upload.plan.range(part));
    for (let attempt = 0; ; attempt++) {
      try {
        // A new URL for each attempt, because it is valid only for about a minute.
        const signed = await this.calls.signPart(upload, part, signal);
        const { status, etag } = await this.ways.put(signed, body, {
          signal,
          onBytes: (bytes) => this.#sent(part, bytes),
        });
        if (status !== 200) throw refused(status);
        if (!etag) throw new Failure('noEtag', "The bucket's CORS hides ETag. Tell the people who run the vault.");
        return upload.plan.stored(part, etag);
      } catch (thrown) {
        this.#sent(part, 0);
        if (signal.aborted) throw cancelled();
        const failure = Failure.of(thrown);
        if (!failure.again || attempt === REPEATS || !this.ways.isOnline()) throw failure;
        await this.ways.wait(backoff(attempt), signal);
      }
    }
  }

  /**
   * @param {number} part
   * @param {number} bytes
   */
  #sent(part, bytes) {
    this.#upload?.plan.sent(part, bytes);
    this.onChange();
  }

  /**
   * Waits for the connection if it is lost.
   * @returns {Promise<boolean>} whether it was lost and is back
   */
  async #comesOnline() {
    if (this.ways.isOnline()) return false;
    this.#to('waiting');
    // The page learns by the progress that the frame still works.
    const isBack = await connection(this.ways, this.#stop.signal, () => this.onChange());
    if (isBack) this.#to('uploading');
    return isBack;
  }

  /**
   * @param {UploadState} state
   * @param {Failure} [failure]
   */
  #to(state, failure) {
    if (this.state === 'cancelled') return;
    this.state = state;
    this.failure = failure;
    this.onChange();
  }
}
