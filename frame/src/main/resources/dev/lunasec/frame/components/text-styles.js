/**
 * The styles of the page that its frames take over: those of the text. The box around it (border, background, padding)
 * belongs to the element in the page.
 */
const PROPERTIES = [
  'accent-color',
  'caret-color',
  'color',
  'font-family',
  'font-size',
  'font-stretch',
  'font-style',
  'font-variant-numeric',
  'font-weight',
  'letter-spacing',
  'line-height',
  'text-align',
  'text-indent',
  'text-transform',
  'word-spacing',
];

/**
 * @param {CSSStyleDeclaration} computed
 * @returns {Record<string, string>}
 */
export function textStyles(computed) {
  return Object.fromEntries(
    PROPERTIES.map((name) => [name, computed.getPropertyValue(name)]).filter(([, value]) => value),
  );
}

/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {MutationObserver | undefined} */
let observer;

/**
 * Calls back when the theme of the page may have changed.
 * @param {() => void} callback
 */
export function watchTheme(callback) {
  watchers.add(callback);
  if (observer) return;
  const notify = () => watchers.forEach((watcher) => watcher());
  observer = new MutationObserver(notify);
  observer.observe(document.documentElement, { attributes: true });
  if (document.body) observer.observe(document.body, { attributes: true });
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', notify);
  }
  addEventListener('resize', notify);
}

/** @param {() => void} callback */
export function unwatchTheme(callback) {
  watchers.delete(callback);
}
