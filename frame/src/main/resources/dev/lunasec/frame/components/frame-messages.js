import { flag, listOf, matching, objectOf, oneOf, optional, orNull, text, whole } from './shape.js';

/** What a frame may send to the page. Any other message is ignored. */

const token = matching(/^lunasec-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const code = matching(/^[A-Za-z]{1,60}$/);
const id = whole(1, Number.MAX_SAFE_INTEGER);

/** The messages of the port, by type. */
export const OF_PORT = {
  ready: {},
  change: {
    empty: flag,
    complete: flag,
    valid: flag,
    stored: flag,
    errors: listOf(objectOf({ rule: code, message: text(300) }), 20),
    brand: optional(orNull(matching(/^[a-z]{1,20}$/))),
  },
  event: { name: oneOf('focus', 'blur', 'submit', 'escape', 'copy') },
  tokens: { tokens: listOf(token, 100) },
  progress: { percent: whole(0, 100) },
  error: { code, message: text(500) },
  committed: { id, tokens: listOf(token, 100) },
  failed: { id, code, message: text(500) },
  ask: {
    id,
    what: oneOf('code', 'signIn'),
    action: optional(oneOf('tokenize', 'detokenize')),
    tokens: optional(listOf(token, 100)),
    again: optional(flag),
  },
};

/** @typedef {import('./shape.js').Read<typeof OF_PORT.change>} Change */
/** @typedef {import('./shape.js').Read<typeof OF_PORT.ask>} Ask */

/**
 * Whether a text is the greeting of the frame with this nonce.
 * @param {unknown} data
 * @param {string} nonce
 * @returns {boolean}
 */
export function isGreeting(data, nonce) {
  if (typeof data !== 'string' || data.length > 1000) return false;
  try {
    const message = JSON.parse(data);
    return message?.command === 'NotifyOnStart' && message.frameNonce === nonce;
  } catch {
    return false;
  }
}
