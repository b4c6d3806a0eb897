import { acceptedStyles, sizeForTouch } from './style-filter.js';

/** @typedef {Partial<import('./host-messages.js').Config>} Config */

/**
 * Makes the frame look like the page around it. Each property is set by itself, so a strict Content-Security-Policy
 * allows it.
 * @param {Config} config
 * @param {HTMLElement} element that gets the styles
 */
export function appear({ style, dir, lang, colorScheme }, element) {
  const root = document.documentElement;
  if (lang !== undefined) root.lang = lang;
  if (dir !== undefined) root.dir = dir;
  // A frame with another scheme than its surroundings gets an opaque background.
  if (colorScheme !== undefined) root.style.setProperty('color-scheme', colorScheme);
  for (const [name, value] of acceptedStyles(style)) {
    const size = name === 'font-size' && matchMedia('(pointer: coarse)').matches;
    element.style.setProperty(name, size ? sizeForTouch(value) : value);
  }
}
