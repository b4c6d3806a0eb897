import { flag, listOf, matching, objectOf, oneOf, optional, orNull, text, whole } from '../components/shape.js';
import { recordOf } from './settings-shape.js';

/** What a page may send to the frame. Any other message is ignored. */

/** The form of a token; the tokenizer checks it again. */
export const token = matching(/^lunasec-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);

/** The settings that have an effect once, when the frame starts. A page could find out a value by changing them. */
export const RULES = {
  required: optional(flag),
  minLength: optional(whole(0, 1_000_000)),
  maxLength: optional(whole(0, 10_000_000)),
  pattern: optional(text(200)),
  validator: optional(oneOf('Email', 'SSN', 'EIN', 'SSN_EIN')),
  fields: optional(listOf(oneOf('number', 'expiry', 'cvc', 'name'), 4)),
  multiple: optional(flag),
  accept: optional(text(500)),
  maxSize: optional(whole(0, Number.MAX_SAFE_INTEGER)),
  maxFiles: optional(whole(1, 100)),
  type: optional(text(20)),
  metadata: optional(recordOf(/** @type {import('../components/shape.js').Shape<any>} */ ((_) => true), 100)),
  expiresAt: optional(text(40)),
  field: optional(oneOf('number', 'expiry', 'cvc', 'name')),
  reveal: optional(flag),
  copy: optional(flag),
};

/** The settings that a page may change at any time. */
export const LOOKS = {
  style: optional(recordOf(text(300), 60)),
  label: optional(text(200)),
  description: optional(text(1000)),
  placeholder: optional(text(200)),
  lang: optional(matching(/^[A-Za-z0-9-]{0,35}$/)),
  dir: optional(oneOf('ltr', 'rtl')),
  colorScheme: optional(matching(/^(normal|((only|light|dark) ?){1,3})$/)),
  inputMode: optional(oneOf('none', 'text', 'decimal', 'numeric', 'tel', 'search', 'email', 'url')),
  enterKeyHint: optional(oneOf('enter', 'done', 'go', 'next', 'previous', 'search', 'send')),
  autocomplete: optional(matching(/^[a-z0-9 -]{0,80}$/)),
  disabled: optional(flag),
  readOnly: optional(flag),
  error: optional(text(500)),
  texts: optional(recordOf(text(300), 60)),
};

/** What to show: one token, or several for uploads. Absent for no change, null or an empty list for nothing. */
export const CONTENT = {
  token: optional(orNull(token)),
  tokens: optional(listOf(token, 100)),
};

export const CONFIG = { ...RULES, ...LOOKS, ...CONTENT };

/** @typedef {import('../components/shape.js').Read<typeof CONFIG>} Config */

/** The first message, which brings the port. Its settings are checked one by one. */
export const INIT = { type: oneOf('init'), nonce: text(64), config: objectOf({}) };

const id = whole(1, Number.MAX_SAFE_INTEGER);

/** The messages of the port, by type. */
export const OF_PORT = {
  configure: { type: oneOf('configure'), config: objectOf({}) },
  commit: { type: oneOf('commit'), id, isDraft: optional(flag) },
  clear: { type: oneOf('clear') },
  focus: { type: oneOf('focus') },
  reply: {
    type: oneOf('reply'),
    id,
    // As long as the tokenizer makes them.
    code: optional(text(10_240)),
    usesCode: optional(flag),
    failure: optional(text(60)),
    message: optional(text(300)),
  },
};
