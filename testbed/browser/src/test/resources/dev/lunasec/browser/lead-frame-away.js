// Leads a frame to a page of the shop, and returns what its window still holds of the page that was there before.
async (frame) => {
  const left = [];
  for (const read of [() => frame.contentWindow.name, () => frame.contentWindow.history.state,
    () => frame.contentDocument?.referrer]) {
    try { left.push(String(read())); } catch (thrown) { left.push(String(thrown)); }
  }
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.contentWindow.location = '/empty';
  await loaded;
  const inside = frame.contentWindow;
  left.push(inside.name, inside.document.referrer, inside.document.cookie, JSON.stringify(inside.history.state),
    ...Object.entries(inside.sessionStorage).flat(), ...Object.entries(inside.localStorage).flat(),
    ...inside.performance.getEntries().map(({ name }) => name));
  return left.join('\n');
}
