/**
 * Submits a form as the key Enter does in an `input`: clicks its default button, unless that is disabled.
 * @param {HTMLFormElement} form
 */
export function clickDefaultButton(form) {
  const buttons = [...form.elements].filter((control) =>
    control.matches('[type=submit], [type=image], button:not([type])'),
  );
  if (!buttons.length) return form.requestSubmit();
  const [button] = /** @type {HTMLElement[]} */ (buttons);
  if (!button.matches(':disabled')) button.click();
}
