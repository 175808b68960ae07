// Words as `kg search` takes them: without case and accents, and with typos forgiven, but never in a word with a digit.

const SHORTEST = 4;
// From so many letters on, two typos are forgiven, else one.
const LONG = 7;

/** @type {(text: string) => string} */
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @type {(text: string) => string[]} */
export function wordsOf(text) {
  return folded(text).match(/[\p{L}\p{N}]+/gu) || [];
}

// A code as it may be typed: without dots, blanks and hyphens.
/** @type {(text: string) => string} */
export function packed(text) {
  return folded(text).replace(/[\s.\-–]+/g, "");
}

// Whether a word is spelt nearly as the beginning of another one.
/** @type {(word: string, other: string) => boolean} */
export function isNear(word, other) {
  if (word.length < SHORTEST || /\p{N}/u.test(word)) return false;
  const most = word.length >= LONG ? 2 : 1;
  return distance(word, other, most) <= most;
}

// How many letters are wrong, missing, too many or swapped, as far as it is no more than asked for.
/** @type {(word: string, other: string, most: number) => number} */
function distance(word, other, most) {
  if (Math.abs(word.length - other.length) > most) return most + 1;
  /** @type {number[][]} */
  const rows = [Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let n = 1; n <= word.length; n += 1) {
    rows.push([n]);
    for (let m = 1; m <= other.length; m += 1) rows[n].push(stepTo(rows, word, other, n, m));
    if (Math.min(...rows[n]) > most) return most + 1;
  }
  return rows[word.length][other.length];
}

/** @type {(rows: number[][], word: string, other: string, n: number, m: number) => number} */
function stepTo(rows, word, other, n, m) {
  const isSame = word[n - 1] === other[m - 1];
  const least = Math.min(rows[n - 1][m] + 1, rows[n][m - 1] + 1, rows[n - 1][m - 1] + (isSame ? 0 : 1));
  const isSwapped = n > 1 && m > 1 && word[n - 1] === other[m - 2] && word[n - 2] === other[m - 1];
  return isSwapped ? Math.min(least, rows[n - 2][m - 2] + 1) : least;
}
