/**
 * What the URL and the page of the frame say: who embeds it and as what.
 * @typedef {object} PageAddress
 * @property {string} nonce the name of this frame in messages: up to 64 hex digits
 * @property {string} origin of the page that embeds the frame, one of the allowed ones
 * @property {ComponentName} component
 */
/** @typedef {'Input' | 'TextArea' | 'Card' | 'Paragraph' | 'Uploader' | 'Downloader'} ComponentName */

/** @type {ComponentName[]} */
const COMPONENTS = ['Input', 'TextArea', 'Card', 'Paragraph', 'Uploader', 'Downloader'];

/**
 * Reads them. The origin of the URL only chooses among the allowed ones, which the tokenizer has written into the page.
 * @param {string} query of the frame's URL
 * @param {string} allowed the origins of the vault's settings, with spaces between them
 * @returns {PageAddress | null} null if the URL is not one of a frame that an allowed page embeds
 */
export function readAddress(query, allowed) {
  const parameters = new URLSearchParams(query);
  const nonce = parameters.get('n') ?? '';
  const origin = parameters.get('origin') ?? '';
  const component = COMPONENTS.find((name) => name === parameters.get('component'));
  if (!/^[0-9a-f]{1,64}$/i.test(nonce) || !component) return null;
  if (!allowed.split(' ').filter(Boolean).includes(origin)) return null;
  return { nonce, origin, component };
}
