/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * What is in the shadow root of an element: its frame, a sentence below it, and a button when the frame did not load.
 */
export class ElementView {
  #message = document.createElement('p');
  #again = document.createElement('button');

  /**
   * @param {HTMLElement} element
   * @param {() => void} retry
   */
  constructor(element, retry) {
    this.root = element.attachShadow({ mode: 'open', delegatesFocus: true });
    this.root.adoptedStyleSheets = [styles()];
    this.#message.part.add('error');
    this.#message.dir = 'auto';
    this.#again.part.add('retry');
    this.#again.type = 'button';
    this.#again.textContent = 'Try again';
    this.#again.addEventListener('click', (event) => {
      event.stopPropagation();
      retry();
    });
    this.root.append(this.#message, this.#again);
    this.say('');
    this.offerRetry(false);
  }

  /**
   * @param {HTMLIFrameElement} iframe
   * @param {string} title
   * @param {number} lines how high it is, in lines of text
   */
  add(iframe, title, lines) {
    iframe.title = title;
    iframe.part.add('frame');
    iframe.style.setProperty('--lines', String(lines));
    this.root.prepend(iframe);
  }

  /** @param {string} text a sentence, or an empty text for none */
  say(text) {
    this.#message.textContent = text;
    this.#message.hidden = text === '';
  }

  /** @param {boolean} offered */
  offerRetry(offered) {
    this.#again.hidden = !offered;
  }
}

/** One sheet for all elements. A sheet made by a script needs no permission of a Content-Security-Policy. */
function styles() {
  if (sheet) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host {
      display: inline-flex; flex-direction: column; box-sizing: border-box;
      inline-size: 20em; max-inline-size: 100%; cursor: text;
    }
    :host([hidden]), [hidden] { display: none; }
    :host(:focus-within) { outline: 2px solid; outline-offset: 2px; }
    iframe {
      flex: 1 0 auto; inline-size: 100%; block-size: 0; border: 0;
      min-block-size: calc(var(--lines, 1) * var(--secure-line, 1.5em));
    }
    button { align-self: start; }
    p { margin: 0.25em 0 0; color: var(--secure-error-color, light-dark(#b3261e, #ff8a80)); font-size: 0.875em; }
  `);
  return sheet;
}
