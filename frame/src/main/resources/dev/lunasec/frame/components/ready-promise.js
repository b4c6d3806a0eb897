/** A promise that says when a frame can be used. It starts anew with each frame. */
export class ReadyPromise {
  #settled = false;
  #begun = begin();

  /** @returns {Promise<void>} */
  get promise() {
    return this.#begun.promise;
  }

  /** Begins to wait for another frame. */
  restart() {
    if (this.#settled) this.#begun = begin();
    this.#settled = false;
  }

  /** @param {import('./secure-error.js').SecureError} [error] why the frame cannot be used */
  settle(error) {
    this.#settled = true;
    if (error) this.#begun.reject(error);
    else this.#begun.resolve();
  }
}

/** @returns {{promise: Promise<void>, resolve: () => void, reject: (error: Error) => void}} */
function begin() {
  /** @type {any} */
  const begun = {};
  begun.promise = new Promise((resolve, reject) => Object.assign(begun, { resolve, reject }));
  // Not everybody asks for it.
  begun.promise.catch(() => {});
  return begun;
}
