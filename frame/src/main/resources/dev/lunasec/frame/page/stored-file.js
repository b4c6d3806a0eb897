import { download, fileOf } from './downloads.js';
import { Failure } from './failure.js';
import { explain } from './sentences.js';
import { UploadItem } from './upload-item.js';

/**
 * A file of an upload field that was stored before. Its row is there at once: a file whose name cannot be read could
 * otherwise not be removed.
 */
export class StoredFile {
  /** What counts for the progress of uploads: nothing. */
  size = 0;
  bytes = 0;
  #stop = new AbortController();

  /**
   * @param {string} token
   * @param {import('./upload-list.js').UploadList} list
   * @param {() => void} remove
   */
  constructor(token, list, remove) {
    this.token = token;
    this.list = list;
    this.item = new UploadItem('…', null, {
      remove,
      again: () => void this.describe(),
      download: () => void this.#download(),
    });
  }

  /** Reads its name, and shows it. */
  async describe() {
    this.item.show('loading', 0, '', this.list.texts);
    try {
      const { name } = await fileOf(this.list.calls, this.token);
      this.item.rename(name);
      this.item.show('done', 100, '', this.list.texts);
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#fail('stopped', thrown);
    }
  }

  /** Ends a download. */
  cancel() {
    this.#stop.abort();
  }

  async #download() {
    const { signal } = this.#stop;
    const onPercent = (/** @type {number} */ percent) =>
      this.item.show('done', 100, `${percent} %`, this.list.texts);
    try {
      await download(this.list.calls, this.token, this.item.name, { onPercent, signal });
      this.item.show('done', 100, '', this.list.texts);
    } catch (thrown) {
      if (!signal.aborted) this.#fail('done', thrown);
    }
  }

  /**
   * @param {'stopped' | 'done'} state
   * @param {unknown} thrown
   */
  #fail(state, thrown) {
    const failure = Failure.of(thrown);
    this.item.show(state, 100, explain(failure, this.list.texts), this.list.texts);
    this.list.host.error(failure);
  }
}
