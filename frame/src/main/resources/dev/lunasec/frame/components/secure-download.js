import { SecureElement } from './secure-element.js';

/** `<secure-download>`: saves the file of a token. */
export class SecureDownload extends SecureElement {
  /** @override */
  static component = 'Downloader';
}
