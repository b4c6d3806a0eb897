/**
 * Where the caret belongs after a text was written anew: behind as many of the characters that count as before.
 * @param {string} before
 * @param {number} caret in it
 * @param {string} after
 * @param {RegExp} counts matches one character that a person types
 * @returns {number}
 */
export function caretAfter(before, caret, after, counts) {
  let left = [...before.slice(0, caret)].filter((character) => counts.test(character)).length;
  if (caret === before.length) return after.length;
  for (let place = 0; place < after.length; place++) {
    if (left === 0) return place;
    if (counts.test(after[place])) left--;
  }
  return after.length;
}
