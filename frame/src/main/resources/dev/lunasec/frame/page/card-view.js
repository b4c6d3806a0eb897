import { typedCard } from './card-value.js';
import { Failure } from './failure.js';

/**
 * What to show of a stored text: one part of a card, or all of it.
 * @param {string} stored
 * @param {import('./card-value.js').CardPart | undefined} part
 * @returns {string}
 */
export function shownText(stored, part) {
  if (!part) return stored;
  const card = typedCard(stored);
  if (card) return card[part];
  throw new Failure('notCard', 'The value of this token is not a card. Leave out the attribute field.');
}
