// Which sentences say most of a connection: those that name both of its ends come first.

import { concepts, connections, data } from "./data.js";

// The words by which a sentence names a thing: its code, its name, or the first word of that.
/** @type {(...names: string[]) => string[]} */
function wordsOf(...names) {
  const words = names.flatMap((name) => [name, name.split(/[\s,(/-]/)[0]]);
  return [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 1))];
}

/** @type {(quote: string | undefined, words: string[]) => boolean} */
function isNamedIn(quote = "", words) {
  const low = quote.toLowerCase();
  return words.some((word) => low.includes(word));
}

// Evidence in the order of how many of some things it names, each by any of its words.
/** @type {<T>(every: T[], evidenceOf: (one: T) => number, things: string[][]) => T[]} */
function mostNamedFirst(every, evidenceOf, things) {
  /** @type {(one: number) => number} */
  const count = (number) => things.filter((words) => isNamedIn(data.evidence[number].quote, words)).length;
  return [...every].sort((first, second) => count(evidenceOf(second)) - count(evidenceOf(first)));
}

// The assertions of a connection: what a release states first, then the sentence that names both ends.
/** @type {(number: number) => Assertion[]} */
export function assertionsOf(number) {
  const { subject, object, assertions } = connections[number];
  const things = [subject, object].map((end) => wordsOf(concepts[end].code, concepts[end].name));
  const sorted = mostNamedFirst(assertions, ({ evidence }) => evidence, things);
  return [...sorted.filter(({ released }) => released), ...sorted.filter(({ released }) => !released)];
}

// The sentences that a finding is about, those first that name the code and what is said of it.
/** @type {(finding: Finding) => Evidence[]} */
export function evidenceOf({ code, stated = "", evidence = [] }) {
  const things = [wordsOf(code.split(" ")[0]), wordsOf(stated)];
  return mostNamedFirst(evidence, (number) => number, things).map((number) => data.evidence[number]);
}
