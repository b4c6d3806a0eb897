import { read } from '../components/shape.js';
import { INIT } from './host-messages.js';
import { PortHost } from './port-host.js';
import { StringHost } from './string-host.js';

/** @typedef {import('./page-address.js').PageAddress} PageAddress */

/**
 * Greets the page, and waits for its first message. Only the parent window counts, and only while it shows a page of
 * the allowed origin: the browser delivers the greeting to no other origin, and names the origin of each message. The
 * first valid message decides the protocol, and every later one of this kind is ignored.
 * @param {PageAddress} address
 * @param {Window} [frame]
 * @returns {Promise<import('./host.js').Host>}
 */
export function greet(address, frame = window) {
  return new Promise((resolve) => {
    /** @param {MessageEvent} event */
    const listen = (event) => {
      if (event.source !== frame.parent || event.origin !== address.origin) return;
      const host = hostOf(event, address, frame);
      if (!host) return;
      frame.removeEventListener('message', listen);
      resolve(host);
    };
    frame.addEventListener('message', listen);
    // The first message of LunaDefend's protocol. A page that sends a port knows it too.
    frame.parent.postMessage(
      JSON.stringify({ command: 'NotifyOnStart', frameNonce: address.nonce, data: {} }),
      address.origin,
    );
  });
}

/**
 * @param {MessageEvent} event
 * @param {PageAddress} address
 * @param {Window} frame
 * @returns {import('./host.js').Host | null}
 */
function hostOf(event, address, frame) {
  if (typeof event.data === 'string') return StringHost.of(event.data, address, frame);
  const init = read(event.data, INIT);
  if (!init || init.nonce !== address.nonce || event.ports.length !== 1) return null;
  return new PortHost(event.ports[0], init.config);
}
