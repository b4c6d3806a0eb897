import { element } from './elements.js';

/**
 * How files come into an upload field: a button that opens the browser's dialog, and files that are dropped on the
 * frame.
 */
export class FileChoice {
  /**
   * @param {import('./host.js').Host} host
   * @param {(files: File[]) => void} chosen
   */
  constructor(host, chosen) {
    const { multiple = false, accept = '' } = host.config;
    this.input = element('input', { type: 'file', multiple, accept, hidden: true, className: 'secure-input' });
    this.button = element('button', { type: 'button', className: 'choose' });
    this.button.setAttribute('aria-describedby', 'description error');
    this.button.addEventListener('click', () => this.input.click());
    this.button.addEventListener('focus', () => host.event('focus'));
    this.button.addEventListener('blur', () => host.event('blur'));
    this.input.addEventListener('change', () => {
      chosen([...(this.input.files ?? [])]);
      // So that the same file can be chosen again.
      this.input.value = '';
    });
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      if (!this.button.disabled) chosen([...(event.dataTransfer?.files ?? [])]);
    });
  }
}
