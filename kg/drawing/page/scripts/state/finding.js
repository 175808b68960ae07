// Which concepts a text may mean, as `kg search` has it.

import { around, concepts, connections, otherEnd } from "../basis/data.js";
import { folded, isNear, packed, wordsOf } from "../basis/spelling.js";
import { nameOf } from "../basis/words.js";
import { state } from "./state.js";

// Longer texts are no names, and would take long.
const MOST_WORDS = 12;

// 0 for a code that is so, 1 for one that begins so, 2 for a name that does, 3 for one that has all words in any order.
/** @type {(concept: Concept, text: string, words: string[]) => number | null} */
function rankOf({ code, name }, text, words) {
  const own = packed(code),
    asked = packed(text);
  if (own && own === asked) return 0;
  if (own && own.startsWith(asked)) return 1;
  if (folded(name).startsWith(folded(text).trim())) return 2;
  const all = [...wordsOf(name), ...wordsOf(code), own].filter(Boolean);
  return words.every((word) => all.some((each) => each.startsWith(word))) ? 3 : null;
}

// Whether every word is that of a name, or spelt nearly so.
/** @type {(name: string, words: string[]) => boolean} */
function isNearly(name, words) {
  const all = wordsOf(name);
  return words.every((word) => all.some((each) => each.startsWith(word) || isNear(word, each)));
}

/** @type {(concept: Concept, fits: (brand: string) => boolean) => string | undefined} */
function brandOf({ brands = [] }, fits) {
  return brands.find(fits);
}

// The codes that identify a drug, in the page.
/** @type {(number: number) => number[]} */
function codesOf(number) {
  return around[number]
    .filter((each) => connections[each].relation === "identifiesDrug" && connections[each].object === number)
    .filter((each) => connections[each].verdict !== "refuted")
    .map((each) => otherEnd(each, number));
}

// A drug that was found by its brand, and the codes that it is billed by.
/** @type {(fits: (brand: string) => boolean) => [number, Match][]} */
function byBrand(fits) {
  return concepts.flatMap((each, number) => {
    const brand = brandOf(each, fits);
    if (brand === undefined) return [];
    return [number, ...codesOf(number)].map((found) => /** @type {[number, Match]} */ ([2, { number: found, brand }]));
  });
}

/** @type {(text: string, words: string[]) => [number, Match][]} */
function exactly(text, words) {
  const named = concepts.flatMap((each, number) => {
    const rank = rankOf(each, text, words);
    return rank === null ? [] : [/** @type {[number, Match]} */ ([rank, { number }])];
  });
  /** @type {(brand: string) => boolean} */
  const fits = (brand) => words.every((word) => wordsOf(brand).some((each) => each.startsWith(word)));
  return [...named, ...byBrand(fits)];
}

/** @type {(words: string[]) => [number, Match][]} */
function nearly(words) {
  const named = concepts.flatMap(({ name }, number) =>
    isNearly(name, words) ? [/** @type {[number, Match]} */ ([4, { number, near: true }])] : [],
  );
  const branded = byBrand((brand) => isNearly(brand, words));
  return [...named, ...branded.map(([, match]) => /** @type {[number, Match]} */ ([5, { ...match, near: true }]))];
}

// The best come first, and of equals what is drawn; what is only spelt nearly so where there is nothing else.
/** @type {(text: string) => Match[]} */
export function findConcepts(text) {
  const words = wordsOf(text);
  if (!words.length || words.length > MOST_WORDS) return [];
  const exact = exactly(text, words);
  const found = exact.length ? exact : nearly(words);
  /** @type {(match: Match) => number} */
  const waits = ({ number }) => (state.drawn.has(number) ? 0 : 1);
  found.sort(
    ([rank, one], [other, two]) => rank - other || waits(one) - waits(two) || (one.brand ? 0 : one.number - two.number),
  );
  /** @type {Map<number, Match>} */
  const once = new Map();
  for (const [, match] of found) if (!once.has(match.number)) once.set(match.number, match);
  return [...once.values()];
}

// The concept that a text names: as the list offers it, by its code alone, or the first that search would find.
/** @type {(text: string) => number | null} */
export function findNamed(text) {
  const wanted = text.trim().toLowerCase();
  const exact = concepts.findIndex((each, number) =>
    [nameOf(number), each.code, each.name, each.curie].some((name) => name && name.toLowerCase() === wanted),
  );
  if (exact >= 0) return exact;
  const [first] = findConcepts(text);
  return first === undefined ? null : first.number;
}
