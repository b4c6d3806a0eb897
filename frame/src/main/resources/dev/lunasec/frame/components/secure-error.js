/** Something that went wrong: a code that never changes, and a sentence that says what to do. It holds no secret. */
export class SecureError extends Error {
  /**
   * @param {string} code a code of the tokenizer's API or of the components
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'SecureError';
    this.code = code;
  }

  /**
   * @param {unknown} thrown
   * @returns {SecureError}
   */
  static of(thrown) {
    if (thrown instanceof SecureError) return thrown;
    return new SecureError('componentError', 'The secure component failed because of a bug. Reload the page.');
  }
}
