/** The entry of the page inside the frame. */

import { CardField } from './card-field.js';
import { DownloadLink } from './download-link.js';
import { element } from './elements.js';
import { Failure } from './failure.js';
import { greet } from './handshake.js';
import { readAddress } from './page-address.js';
import { Session } from './session.js';
import { TextField } from './text-field.js';
import { TextView } from './text-view.js';
import { UploadList } from './upload-list.js';
import { VaultCalls } from './vault-calls.js';

/** @typedef {import('./host.js').Host} Host */
/**
 * A component on the page. `isHidden` says that it belongs into a shadow root.
 * @typedef {import('./host.js').Component & {element: HTMLElement, isHidden?: boolean}} Shown
 */

/** @type {Record<import('./page-address.js').ComponentName, (host: Host, calls: VaultCalls) => Shown>} */
const COMPONENTS = {
  Input: (host, calls) => new TextField(host, calls, 'input'),
  TextArea: (host, calls) => new TextField(host, calls, 'textarea'),
  Paragraph: (host, calls) => new TextView(host, calls),
  Card: (host, calls) => new CardField(host, calls),
  Uploader: (host, calls) => new UploadList(host, calls),
  Downloader: (host, calls) => new DownloadLink(host, calls),
};

async function start() {
  const allowed = document.querySelector('meta[name="tokenizer-allowed-origins"]')?.getAttribute('content') ?? '';
  const address = readAddress(location.search, allowed);
  if (!address || parent === window) return;
  const host = await greet(address);
  try {
    show(host, COMPONENTS[address.component](host, new VaultCalls(new Session(host, address.nonce))));
  } catch (thrown) {
    host.error(Failure.of(thrown));
  }
}

/**
 * @param {Host} host
 * @param {Shown} component
 */
function show(host, component) {
  document.body.replaceChildren(component.isHidden ? inShadow(component.element) : component.element);
  host.serve(component);
  // A page that is left keeps no plaintext, also not in the memory of the browser's back button.
  addEventListener('pagehide', () => component.forget());
  // A page could make its user drag a value out of the frame.
  addEventListener('dragstart', (event) => event.preventDefault());
  addEventListener('focus', () => {
    if (document.activeElement === document.body) component.focus();
  });
  host.ready();
}

/**
 * An element in a shadow root. Browsers write what stands in the fields of a document to disk, to restore a session
 * after a crash, but not what stands in the fields of a shadow root. A card stays in the document, where browsers fill
 * it.
 * @param {HTMLElement} shown
 * @returns {HTMLElement}
 */
function inShadow(shown) {
  const host = element('div', { className: 'root' });
  const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
  const sheet = new CSSStyleSheet();
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]);
  sheet.replaceSync(rules.map(({ cssText }) => cssText).join('\n'));
  root.adoptedStyleSheets = [sheet];
  root.append(shown);
  return host;
}

void start();
