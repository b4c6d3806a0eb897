/**
 * The parts of a value that is uploaded in parts, and which of them the store has.
 */
export class PartPlan {
  /** @type {Map<number, string>} part to ETag */
  #stored = new Map();
  /** @type {Map<number, number>} bytes that are on their way, by part */
  #sent = new Map();

  /**
   * @param {number} size of the value, in bytes
   * @param {number} partSize of each part but the last one, in bytes
   */
  constructor(size, partSize) {
    this.size = size;
    this.partSize = partSize;
    this.count = Math.max(1, Math.ceil(size / partSize));
  }

  /**
   * The numbers of the parts that the store has not.
   * @returns {number[]}
   */
  missing() {
    return Array.from({ length: this.count }, (_, place) => place + 1).filter((part) => !this.#stored.has(part));
  }

  /**
   * Where a part begins and ends.
   * @param {number} part from 1 on
   * @returns {[number, number]}
   */
  range(part) {
    return [(part - 1) * this.partSize, Math.min(this.size, part * this.partSize)];
  }

  /**
   * @param {number} part
   * @param {number} bytes
   */
  sent(part, bytes) {
    this.#sent.set(part, bytes);
  }

  /**
   * @param {number} part
   * @param {string} etag
   */
  stored(part, etag) {
    this.#sent.delete(part);
    this.#stored.set(part, etag);
  }

  /**
   * The bytes that the store has or that are on their way.
   * @returns {number}
   */
  bytes() {
    const stored = [...this.#stored.keys()].map((part) => this.range(part)).map(([start, end]) => end - start);
    return [...stored, ...this.#sent.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /**
   * What completes the upload.
   * @returns {{part: number, etag: string}[]}
   */
  etags() {
    return [...this.#stored].sort(([one], [other]) => one - other).map(([part, etag]) => ({ part, etag }));
  }
}
