/** As much of a DOM as components in a frame need to run without a browser. Import it before them. */

/** An element that keeps what it is given, and draws nothing. */
export class FakeElement extends EventTarget {
  /** @type {any[]} */
  children = [];
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {Record<string, string>} */
  attributes = {};
  style = { setProperty() {} };
  part = { add() {} };
  value = '';
  textContent = '';
  hidden = false;
  selectionStart = null;
  scrollHeight = 0;
  clientHeight = 0;

  /** @param {string} name */
  constructor(name) {
    super();
    this.localName = name;
  }

  /** @param {...any} children */
  append(...children) {
    this.children.push(...children);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  before() {}
  remove() {}
  setSelectionRange() {}

  focus() {
    /** @type {any} */ (document).activeElement = this;
  }

  click() {
    this.dispatchEvent(new Event('click'));
  }

  /** @returns {FakeElement[]} this element and all below it */
  all() {
    return [this, ...this.children.flatMap((child) => child.all?.() ?? [])];
  }
}

class FakeInput extends FakeElement {}

Object.assign(globalThis, {
  HTMLInputElement: FakeInput,
  document: Object.assign(new EventTarget(), {
    documentElement: new FakeElement('html'),
    title: '',
    activeElement: null,
    createElement: (/** @type {string} */ name) => (name === 'input' ? new FakeInput(name) : new FakeElement(name)),
  }),
  matchMedia: () => ({ matches: false }),
  IntersectionObserverEntry: class {},
  IntersectionObserver: class {
    observe() {}
  },
});

/** A page that notes what a frame tells it. @param {object} [config] */
export function fakeHost(config = {}) {
  const told = {
    changes: /** @type {any[]} */ ([]),
    tokens: /** @type {string[][]} */ ([]),
    errors: /** @type {any[]} */ ([]),
    events: /** @type {string[]} */ ([]),
  };
  const host = /** @type {any} */ ({
    config,
    change: (/** @type {any} */ state) => told.changes.push(state),
    tokens: (/** @type {string[]} */ tokens) => told.tokens.push(tokens),
    error: (/** @type {any} */ failure) => told.errors.push(failure),
    event: (/** @type {string} */ name) => told.events.push(name),
    progress() {},
  });
  return { host, told };
}
