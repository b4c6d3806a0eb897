/**
 * Copies a text that may still be on its way. Call it while a click is handled: Safari lets a page write only then, so
 * the browser gets a promise of the text at once. A browser that takes no promise gets the text when it is there.
 * @param {Promise<string>} text
 * @returns {Promise<void>} rejected if the text does not come, or the browser does not let the frame copy
 */
export async function copyText(text) {
  try {
    const type = 'text/plain';
    const blob = text.then((arrived) => new Blob([arrived], { type }));
    // A browser that takes no promise never looks at it.
    blob.catch(() => {});
    await navigator.clipboard.write([new ClipboardItem({ [type]: blob })]);
  } catch {
    await navigator.clipboard.writeText(await text);
  }
}
