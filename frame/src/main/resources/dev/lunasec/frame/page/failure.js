/** Something that went wrong: a code that never changes, and a sentence that says what to do. */
export class Failure extends Error {
  /**
   * @param {string} code a code of the tokenizer's API, or of `sentences.js`
   * @param {string} message without any secret
   * @param {boolean} [again] whether the same step may succeed a little later
   */
  constructor(code, message, again = false) {
    super(message);
    this.code = code;
    this.again = again;
  }

  /**
   * A failure of whatever was thrown. The text of an unknown error is left out, because it could hold a URL.
   * @param {unknown} thrown
   * @returns {Failure}
   */
  static of(thrown) {
    if (thrown instanceof Failure) return thrown;
    return new Failure('frameError', 'The secure field failed because of a bug. Tell the people who run the vault.');
  }
}
