// Replaces the built-ins that components are made of, and keeps each argument, result and message that passes them.
(() => {
  const { apply, construct, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const { then } = Promise.prototype;
  const { stringify } = JSON;
  const { get: known, set: know } = WeakMap.prototype;
  const stolen = (window.stolen = []);
  const wrapped = new WeakMap();
  let isKeeping = false;
  const keep = (value) => {
    if (isKeeping) return;
    isKeeping = true;
    try {
      stolen[stolen.length] = typeof value === 'object' && value !== null ? stringify(value) : `${value}`;
    } catch { /* a symbol, or a circle */ } finally {
      isKeeping = false;
    }
  };
  const around = (original, wrapsCallbacks) => {
    if (typeof original !== 'function') return original;
    const earlier = apply(known, wrapped, [original]);
    if (earlier) return earlier;
    const replaced = function (...values) {
      keep(this);
      for (let place = 0; place < values.length; place++) {
        keep(values[place]);
        if (wrapsCallbacks) values[place] = around(values[place], false);
      }
      const result = new.target ? construct(original, values, new.target) : apply(original, this, values);
      keep(result);
      if (result instanceof Promise) apply(then, result, [keep, () => {}]);
      return result;
    };
    replaced.prototype = original.prototype;
    apply(know, wrapped, [original, replaced]);
    return replaced;
  };
  const replace = (owner, names, wrapsCallbacks = false) => {
    for (let place = 0; place < names.length; place++) {
      const descriptor = getOwnPropertyDescriptor(owner, names[place]);
      const changed = { __proto__: null, configurable: true };
      if (descriptor.get) {
        changed.get = around(descriptor.get, false);
        changed.set = around(descriptor.set, true);
      } else {
        changed.value = around(descriptor.value, wrapsCallbacks);
        changed.writable = true;
      }
      defineProperty(owner, names[place], changed);
    }
  };
  const inherited = ['then', 'token', 'tokens', 'code', 'message', 'errors', 'text', 'key', 'headers', 'downloadUrl',
    'accessToken', 'brand', 'usesCode', 'failure'];
  for (let place = 0; place < inherited.length; place++) {
    const name = inherited[place];
    defineProperty(Object.prototype, name, {
      __proto__: null,
      configurable: true,
      get() { keep(this); },
      set(value) {
        keep(value);
        const own = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
        defineProperty(this, name, own);
      },
    });
  }
  replace(Array.prototype, ['map', 'filter', 'find', 'every', 'some', 'includes', 'join', 'slice', 'push', 'flatMap',
    'reduce', 'forEach']);
  replace(String.prototype, ['trim', 'slice', 'split', 'toLowerCase', 'padStart', 'replace', 'startsWith']);
  replace(JSON, ['parse', 'stringify']);
  replace(Object, ['entries', 'fromEntries', 'assign', 'hasOwn', 'keys', 'create']);
  replace(Map.prototype, ['get', 'set', 'delete']);
  replace(Promise.prototype, ['then', 'catch', 'finally'], true);
  replace(EventTarget.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent'], true);
  replace(MessagePort.prototype, ['postMessage', 'onmessage', 'start', 'close']);
  replace(MessageEvent.prototype, ['data', 'origin', 'source', 'ports']);
  replace(Response.prototype, ['json', 'text', 'arrayBuffer', 'url', 'headers']);
  replace(ElementInternals.prototype, ['setFormValue', 'setValidity']);
  replace(Element.prototype, ['getAttribute', 'setAttribute']);
  replace(HTMLIFrameElement.prototype, ['contentWindow', 'contentDocument']);
  replace(HTMLInputElement.prototype, ['value']);
  replace(CryptoKey.prototype, ['type', 'usages']);
  replace(XMLHttpRequest.prototype, ['open', 'send', 'setRequestHeader', 'response', 'responseText']);
  replace(window, ['fetch', 'MessageChannel', 'setTimeout', 'queueMicrotask', 'Response', 'Blob', 'TextEncoder']);
})();
