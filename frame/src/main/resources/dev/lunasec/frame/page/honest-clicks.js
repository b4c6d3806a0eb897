/**
 * Calls back for clicks on a button that a person can see. A page that lays something over the frame, or makes it
 * transparent, could otherwise make its user click. Browsers without visibility tracking call back for every click.
 * @param {HTMLButtonElement} button
 * @param {() => void} clicked
 * @param {() => void} covered
 */
export function onHonestClick(button, clicked, covered) {
  // Until the browser has looked, nobody has seen the button.
  let isVisible = !('isVisible' in IntersectionObserverEntry.prototype);
  const options = { threshold: 0.5, trackVisibility: true, delay: 100 };
  const observer = new IntersectionObserver((entries) => {
    const last = /** @type {IntersectionObserverEntry & {isVisible?: boolean}} */ (entries.at(-1));
    isVisible = last.isVisible ?? true;
  }, options);
  observer.observe(button);
  button.addEventListener('click', (event) => {
    // A script cannot make a click that the browser trusts.
    if (event.isTrusted && isVisible) clicked();
    else covered();
  });
}
