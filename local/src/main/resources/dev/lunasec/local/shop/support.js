/** What the vault's field says here, by the code of the error. */
const TEXTS = {
  noGrant: 'The vault refused: this customer has not let support see the card.',
};

const answer = await fetch('/api/customers');
const { customers = [], error } = await answer.json();

if (error) {
  const problem = document.querySelector('#problem');
  problem.textContent = error;
  problem.hidden = false;
}
document.querySelector('#nobody').hidden = Boolean(error) || customers.length > 0;
document.querySelector('#customers').append(...customers.map(articleOf));

/** @param {{id: number, name: string, email: string, card: string}} customer */
function articleOf({ id, name, email, card }) {
  const article = document.querySelector('#customer').content.cloneNode(true);
  article.querySelector('h2').textContent = name;
  article.querySelector('.email').textContent = email;
  article.querySelector('.number-label').id = `number-${id}`;
  const number = article.querySelector('secure-text');
  number.setAttribute('aria-label', `Card number of ${name}`);
  number.texts = TEXTS;
  number.token = card;
  return article;
}
