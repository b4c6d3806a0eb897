/** How many files are uploaded at once. */
const FILES_AT_ONCE = 3;

/** @typedef {import('./file-upload.js').FileUpload} FileUpload */

/** The uploads of a field: a few run at once, and the others wait for their turn. */
export class Uploads {
  /** @type {FileUpload[]} */
  #all = [];
  /** @type {(() => void)[]} those who wait until no upload runs */
  #waiting = [];

  /** @param {FileUpload} upload that waits for its turn */
  add(upload) {
    this.#all.push(upload);
  }

  /**
   * Ends an upload for good.
   * @param {FileUpload} upload
   */
  cancel(upload) {
    this.#all = this.#all.filter((each) => each !== upload);
    upload.cancel();
    this.#check();
  }

  /** Starts the next ones. */
  next() {
    const running = this.#all.filter(({ begun, runs }) => begun && runs);
    const idle = this.#all.filter(({ begun }) => !begun);
    for (const upload of idle.slice(0, Math.max(0, FILES_AT_ONCE - running.length))) void upload.start();
    this.#check();
  }

  /** The first that has stopped and can be started again. */
  stopped() {
    return this.#all.find(({ state }) => state === 'stopped');
  }

  /** Fulfilled when no upload runs. @returns {Promise<void>} */
  ended() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#check();
    });
  }

  #check() {
    if (this.#all.some(({ runs }) => runs)) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
