import { FileUpload } from './file-upload.js';
import { explain } from './sentences.js';
import { UploadItem } from './upload-item.js';

/** A file that was chosen in an upload field: its upload, and its row in the list. */
export class ChosenFile {
  /**
   * @param {File} file
   * @param {import('./upload-list.js').UploadList} list
   * @param {{remove: (file: ChosenFile) => void, changed: (file: ChosenFile) => void}} on
   */
  constructor(file, list, { remove, changed }) {
    const { metadata, expiresAt } = list.host.config;
    const fileinfo = { filename: file.name, type: file.type, lastModified: file.lastModified };
    const description = {
      metadata: { dataType: 'file', fileinfo, ...(metadata && { customFields: metadata }) },
      expiresAt,
    };
    this.list = list;
    /** In bytes. */
    this.size = file.size;
    this.upload = new FileUpload(file, description, list.calls, () => {
      this.show();
      changed(this);
    });
    this.upload.state = 'waiting';
    const again = () => void this.upload.start();
    this.item = new UploadItem(file.name, file.size, { remove: () => remove(this), again });
    this.show();
  }

  get token() {
    return this.upload.token;
  }

  /** How many bytes the store has. */
  get bytes() {
    return this.upload.bytes;
  }

  show() {
    const { state, failure } = this.upload;
    const percent = this.size ? Math.floor((this.bytes / this.size) * 100) : 0;
    const { texts } = this.list;
    this.item.show(state, percent, failure ? explain(failure, texts) : '', texts);
  }
}
