const form = document.querySelector('#leave');

/**
 * Leaves the shop, and then the vault, whose cookie has a session of its own. In the other order, a field of this page
 * could sign in at the vault again.
 */
async function leave() {
  await fetch(form.action, { method: 'POST' });
  await fetch(`${form.dataset.vault}/session/end`, { method: 'POST', credentials: 'include' });
  location.assign('/');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  // The browser then shows what the shop answers.
  leave().catch(() => form.submit());
});
