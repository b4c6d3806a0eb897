const form = document.querySelector('form.fields');
const note = document.querySelector('#filling');

form.addEventListener('change', ({ target, detail }) => {
  if (target.localName === 'secure-card' && detail?.brand && detail.brand !== 'unknown')
    note.textContent = `The vault tells this page the brand of the card, ${detail.brand}, and nothing else.`;
});
