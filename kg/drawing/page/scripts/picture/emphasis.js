// What stands out, and what fades.

import { around, connections, otherEnd, steps } from "../basis/data.js";
import { isSeen } from "../state/shown.js";
import { state } from "../state/state.js";
import { seenLines } from "./places.js";

// With more lines than this, what has faded is all but gone: nobody could follow one among so many.
const TOO_MANY_LINES = 150;
// How much is left to be seen of it, of lines and of markers, among many and among few.
const LEFT = { many: { connections: 0.1, concepts: 0.13 }, few: { connections: 0.35, concepts: 0.4 } };

// What stands out with what is selected, or null.
/** @type {Members | null} */
let near = null;
let isCrowded = false;

/** @type {(what: "concepts" | "connections", number: number) => boolean} */
function isFaded(what, number) {
  const light = state.lit || near || marked();
  return light !== null && !light[what].has(number);
}

// How much of a concept or a connection is left to be seen, 1 where it has not faded.
/** @type {(what: "concepts" | "connections", number: number) => number} */
export function strengthLeft(what, number) {
  if (!isFaded(what, number)) return 1;
  return LEFT[state.lit || isCrowded ? "many" : "few"][what];
}

// Whether so little is left that it bears no words, and that files leave it out.
/** @type {(what: "concepts" | "connections", number: number) => boolean} */
export function isGone(what, number) {
  return isFaded(what, number) && (state.lit !== null || isCrowded);
}

/** @type {(sign: Sign) => boolean} */
export function isSignGone({ concepts: members }) {
  return members.length > 0 && members.every((each) => isGone("concepts", each));
}

/** @type {(sign: Sign) => number} */
export function signLeft({ concepts: members }) {
  return members.length ? Math.max(...members.map((each) => strengthLeft("concepts", each))) : 1;
}

// What the step of a lesson brings out: concepts with the lines between them, and lines with their ends.
/** @type {() => Members | null} */
function marked() {
  const { marked: numbers, markedLines = [] } = state.step === null ? {} : steps[state.step];
  if (!numbers) return null;
  const own = new Set(numbers);
  const between = numbers
    .flatMap((each) => around[each])
    .filter((line) => own.has(connections[line].subject) && own.has(connections[line].object));
  return { concepts: own, connections: new Set(markedLines.length ? markedLines : between) };
}

// After another thing was selected; says whether lines everywhere look otherwise by it.
/** @type {() => boolean} */
export function updateNear() {
  const before = near;
  near = nearNow();
  isCrowded = near !== null && seenLines().length > TOO_MANY_LINES;
  return before !== null || near !== null;
}

// A concept with its neighbours, or a line with its ends.
/** @type {() => Members | null} */
function nearNow() {
  const { concept, connection } = state.selected || {};
  if (connection !== undefined) {
    const { subject, object } = connections[connection];
    return { concepts: new Set([subject, object]), connections: new Set([connection]) };
  }
  if (concept === undefined) return null;
  const own = around[concept].filter(isSeen);
  return {
    concepts: new Set([concept, ...own.map((each) => otherEnd(each, concept))]),
    connections: new Set(own),
  };
}
