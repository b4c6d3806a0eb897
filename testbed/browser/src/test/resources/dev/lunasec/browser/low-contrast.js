// Runs in a frame, with the color behind it: names each text whose contrast is below 4.5, as WCAG 2 demands it. axe-core
// leaves out placeholders and what is hidden from screen readers.
(behind) => {
  const paper = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const paint = (color, opacity = 1) => {
    paper.globalAlpha = opacity;
    paper.fillStyle = color;
    paper.fillRect(0, 0, 1, 1);
    const parts = [...paper.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const around = (element) => {
    const parent = element.parentElement ?? element.getRootNode().host;
    return parent ? [...around(parent), element] : [element];
  };
  const contrast = (element, pseudo) => {
    const styles = around(element).map((each) => getComputedStyle(each));
    let background = paint(behind);
    for (const { backgroundColor } of styles) background = paint(backgroundColor);
    if (pseudo) styles.push(getComputedStyle(element, pseudo));
    const opacity = styles.reduce((product, each) => product * each.opacity, 1);
    const text = paint(styles.at(-1).color, opacity);
    return (Math.max(text, background) + 0.05) / (Math.min(text, background) + 0.05);
  };
  const ownText = ({ childNodes }) =>
    [...childNodes].map(({ nodeType, data }) => (nodeType === Node.TEXT_NODE ? data : '')).join('').trim();
  const shown = (element) => {
    if (!element.matches('input, textarea')) return [ownText(element)];
    return element.value ? [element.value] : [element.placeholder, '::placeholder'];
  };
  const inside = (root) =>
    [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? inside(each.shadowRoot) : [])]);
  return inside(document.body)
    .filter((element) => element.checkVisibility() && !element.matches(':disabled, .only-read, [type=file]'))
    .map((element) => [element, ...shown(element)])
    .filter(([, text]) => text)
    .map(([element, text, pseudo]) => [text, contrast(element, pseudo)])
    .filter(([, ratio]) => !(ratio >= 4.5))
    .map(([text, ratio]) => `${text}: ${ratio.toFixed(2)}`);
}
