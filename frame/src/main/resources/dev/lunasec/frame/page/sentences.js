/**
 * What the frame says to a person, by code. A page can replace each sentence with its property `texts`, except for
 * those of `FIXED`.
 * @type {Record<string, string>}
 */
const SENTENCES = {
  required: 'Fill in this field.',
  tooShort: 'This is too short.',
  tooLong: 'This is too long.',
  pattern: 'This does not have the expected form.',
  email: 'Write an email address, like name@example.com.',
  ssn: 'Write a Social Security number, like 123-45-6789.',
  ein: 'Write an Employer Identification Number, like 12-3456789.',
  ssnOrEin: 'Write a number like 123-45-6789 or 12-3456789.',
  numberIncomplete: 'The card number is incomplete.',
  numberInvalid: 'This is not a card number. Check the digits.',
  expiryIncomplete: 'Write the expiry date as MM/YY.',
  expiryInvalid: 'This is not a date. Write the expiry date as MM/YY.',
  expiryPast: 'This card has expired.',
  cvcIncomplete: 'The security code is incomplete.',
  nameMissing: 'Write the name on the card.',
  cardNumber: 'Card number',
  expiry: 'Expiry date',
  expiryForm: 'MM/YY',
  cvc: 'Security code',
  name: 'Name on card',
  value: 'Secure field',
  chooseFile: 'Choose a file',
  chooseFiles: 'Choose files',
  fileMissing: 'Choose a file.',
  fileTooLarge: 'This file is too large. Choose a smaller one.',
  fileType: 'Files of this type are not accepted. Choose one of these:',
  tooManyFiles: 'These are too many files. Remove one, and choose this one again.',
  uploading: 'Uploading',
  uploaded: 'Uploaded',
  stopped: 'Stopped',
  waiting: 'Waiting for the connection',
  cancel: 'Cancel',
  remove: 'Remove',
  tryAgain: 'Try again',
  download: 'Download',
  downloading: 'Downloading',
  stored: 'Stored',
  storing: 'Storing',
  loading: 'Loading',
  show: 'Show',
  hide: 'Hide',
  copy: 'Copy',
  copied: 'Copied',
  noGrant: 'You may not see this value. Ask its owner for access.',
  unauthenticated: 'You are not signed in. Sign in and try again.',
  sessionMismatch: 'Another user has signed in. Reload the page.',
  unknownToken: 'This value no longer exists.',
  tooLarge: 'This is larger than the vault accepts.',
};

/**
 * The sentences that no page replaces. A hostile page could otherwise make its user copy a value by a button with the
 * name "Continue", or go on after another user has signed in.
 */
const FIXED = ['show', 'hide', 'copy', 'copied', 'sessionMismatch'];

/**
 * @param {string} code
 * @param {Record<string, string>} [replaced] by the page
 * @returns {string}
 */
export function sentence(code, replaced = {}) {
  const isReplaced = Object.hasOwn(replaced, code) && !FIXED.includes(code);
  return (isReplaced && replaced[code]) || SENTENCES[code] || code;
}

/**
 * What went wrong, for the person in front of the frame. The tokenizer's own sentence is for those who program with it.
 * @param {import('./failure.js').Failure} failure
 * @param {Record<string, string>} [replaced] by the page
 * @returns {string}
 */
export function explain({ code, message }, replaced) {
  const known = sentence(code, replaced);
  return known === code ? message : known;
}
