// All that a script of the page can measure of its frames, without times and random names.
() => {
  const plain = (text) => text.replace(/lunasec-[0-9a-f-]{36}|\b[0-9a-f]{32}\b/g, '*');
  const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const frames = roots.flatMap((root) => [...root.querySelectorAll('iframe')]);
  const entries = performance.getEntries().filter(({ entryType }) => /resource|navigation|element|event/.test(entryType))
    .map(({ entryType, name, transferSize, encodedBodySize, decodedBodySize, responseStatus }) =>
      [entryType, name, transferSize, encodedBodySize, decodedBodySize, responseStatus].join(' '));
  const measured = {
    entries: entries.map(plain).sort(),
    boxes: [document.documentElement, ...roots.map(({ host }) => host), ...frames]
      .map((element) => [element.getBoundingClientRect(), element.scrollHeight, element.scrollWidth]),
    inner: frames.map(({ contentWindow }) => contentWindow.length),
    history: history.length,
    events,
    messages: messages.map(plain).sort(),
  };
  return plain(JSON.stringify(measured, null, 1));
}
