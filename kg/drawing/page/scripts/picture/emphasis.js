// What stands out, and what fades.

import { around, otherEnd } from "../basis/data.js";
import { isSeen, selectedConcept } from "../state/shown.js";
import { state } from "../state/state.js";
import { seenLines } from "./places.js";

// Where there are too many lines to follow one, a selected concept stands out with its neighbours.
const TOO_MANY_LINES = 150;

// What stands out around the selected concept, or null.
/** @type {Members | null} */
let near = null;

/** @type {(what: "concepts" | "connections", number: number) => boolean} */
export function isFaded(what, number) {
  const light = state.lit || near;
  return light !== null && !light[what].has(number);
}

/** @type {(sign: Sign) => boolean} */
export function isSignFaded({ concepts: members }) {
  return members.length > 0 && members.every((each) => isFaded("concepts", each));
}

// After another thing was selected; says whether lines everywhere look otherwise by it.
/** @type {() => boolean} */
export function updateNear() {
  const before = near;
  near = nearNow();
  return before !== null || near !== null;
}

/** @type {() => Members | null} */
function nearNow() {
  const concept = selectedConcept();
  if (concept === null || seenLines().length <= TOO_MANY_LINES) return null;
  const own = around[concept].filter(isSeen);
  return {
    concepts: new Set([concept, ...own.map((each) => otherEnd(each, concept))]),
    connections: new Set(own),
  };
}
