// Which concepts a text may mean.

import { concepts } from "../basis/data.js";
import { nameOf } from "../basis/words.js";
import { state } from "./state.js";

// 0 for a code that begins so, 1 for a name of which a word does, 2 for what holds the letters anywhere, 3 for none.
/** @type {(concept: Concept, wanted: string) => number} */
function rankOf({ code, name }, wanted) {
  const low = name.toLowerCase();
  if (code.toLowerCase().startsWith(wanted)) return 0;
  const begins = low.split(/[\s,(/-]+/).some((_, n, words) => words.slice(n).join(" ").startsWith(wanted));
  if (begins || low.startsWith(wanted)) return 1;
  return low.includes(wanted) || code.toLowerCase().includes(wanted) ? 2 : 3;
}

// The best come first, and of equals what is drawn.
/** @type {(text: string) => number[]} */
export function findConcepts(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return concepts
    .map((each, number) => [rankOf(each, wanted), state.drawn.has(number) ? 0 : 1, number])
    .filter(([rank]) => rank < 3)
    .sort((first, second) => first[0] - second[0] || first[1] - second[1] || first[2] - second[2])
    .map(([, , number]) => number);
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
  return first === undefined ? null : first;
}
