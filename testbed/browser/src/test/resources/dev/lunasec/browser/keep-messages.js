window.messages = [];
const keep = (data) => messages.push(typeof data === 'string' ? data : JSON.stringify(data) ?? '');
addEventListener('message', ({ data }) => keep(data), true);
const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
Object.defineProperty(MessagePort.prototype, 'onmessage', {
  set(listener) {
    set.call(this, (event) => { keep(event.data); listener.call(this, event); });
  },
});
