import { SecureField } from './secure-field.js';

/** The parts of a card that take a row; the code shares the row of the date. */
const ROWS = ['number', 'expiry', 'name'];

/** The height of a row, which has a label above its input, in lines. */
const ROW = 2.4;

/**
 * `<secure-card>`: number, expiry date and name of a card as one value. The attribute `fields` chooses, and asks for a
 * security code, like `fields="number expiry cvc"`.
 */
export class SecureCard extends SecureField {
  /** @override */
  static component = 'Card';

  /** @override */
  lines() {
    const fields = (this.getAttribute('fields') ?? 'number expiry name').split(/\s+/);
    const codeAlone = fields.includes('cvc') && !fields.includes('expiry') ? 1 : 0;
    return (ROWS.filter((part) => fields.includes(part)).length + codeAlone) * ROW;
  }
}
