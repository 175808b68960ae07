// How much there is of each kind, relation, verdict and strength.

import { around, concepts, connections, strengthOf } from "../basis/data.js";
import { isTaught, isWaiting } from "./shown.js";
import { state } from "./state.js";

/** @type {(values: string[]) => Map<string, number>} */
function tally(values) {
  return values.reduce((all, value) => all.set(value, (all.get(value) || 0) + 1), new Map());
}

// What is counted is what is drawn and not switched off by being excluded, or by the step of a lesson.
/** @type {() => Counts} */
export function countAll() {
  const shown = [...state.drawn].filter((number) => isTaught("concepts", number));
  const among = new Set(shown);
  const joined = connections.filter(
    (each, number) =>
      among.has(each.subject) && among.has(each.object) && isTaught("connections", number) && !isWaiting(number),
  );
  const told = joined.filter((each) => !each.excluded || state.excluded);
  const ends = new Set(told.flatMap(({ subject, object }) => [subject, object]));
  /** @type {(number: number) => boolean} */
  const isTold = (number) => ends.has(number) || !around[number].length || Boolean(concepts[number].focus);
  return {
    kinds: tally(shown.filter((each) => isTold(each) || state.step !== null).map((number) => concepts[number].kind)),
    relations: tally(told.map((each) => each.relation)),
    verdicts: tally(told.map((each) => each.verdict)),
    strengths: tally(told.map(strengthOf)),
    excluded: joined.filter((each) => each.excluded).length,
  };
}
