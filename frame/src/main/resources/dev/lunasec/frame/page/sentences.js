/**
 * What the frame says to a person, by code. A page can replace each sentence with its property `texts`.
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
  expiry: 'Expiry date (MM/YY)',
  cvc: 'Security code',
  name: 'Name on card',
  chooseFile: 'Choose a file',
  chooseFiles: 'Choose files',
  fileMissing: 'Choose a file.',
  fileTooLarge: 'This file is too large.',
  fileType: 'Files of this type are not accepted.',
  tooManyFiles: 'These are too many files.',
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
};

/**
 * @param {string} code
 * @param {Record<string, string>} [replaced] by the page
 * @returns {string}
 */
export function sentence(code, replaced = {}) {
  return (Object.hasOwn(replaced, code) && replaced[code]) || SENTENCES[code] || code;
}
