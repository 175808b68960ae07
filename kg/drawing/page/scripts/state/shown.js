// What of the concepts and connections is shown, as the state has it.

import { around, concepts, connections, otherEnd, steps, strengthOf, taught } from "../basis/data.js";
import { state } from "./state.js";

/** @type {(what: "concept" | "connection", number: number) => boolean} */
export function isSelected(what, number) {
  return state.selected !== null && state.selected[what] === number;
}

// The concept that is selected, or null.
/** @type {() => number | null} */
export function selectedConcept() {
  return state.selected && state.selected.concept !== undefined ? state.selected.concept : null;
}

// Whether a connection is part of the path that is lit up.
/** @type {(number: number) => boolean} */
export function isLit(number) {
  return state.lit !== null && state.lit.connections.has(number);
}

// In a quiz a label is hidden until it is revealed.
/** @type {(number: number) => boolean} */
export function isVeiled(number) {
  return state.quiz && !concepts[number].focus && !state.revealed.has(number);
}

// Whether the lesson has come to it.
/** @type {(what: "concepts" | "connections", number: number) => boolean} */
export function isTaught(what, number) {
  if (state.step === null) return true;
  const { only } = steps[state.step];
  if (what === "concepts" && only && !only.includes(number)) return false;
  return taught[state.step][what].has(number);
}

// Connections farther away than the page was asked for are shown where one of their ends was expanded, or on a path.
/** @type {(number: number) => boolean} */
export function isWaiting(number) {
  const { waits, subject, object } = connections[number];
  return Boolean(waits) && !isLit(number) && !state.opened.has(subject) && !state.opened.has(object);
}

// Whether a connection may be shown, whatever hides its ends.
/** @type {(number: number) => boolean} */
function isOn(number) {
  const each = connections[number],
    { off } = state;
  if ((each.excluded && !state.excluded) || isWaiting(number)) return false;
  if (off.relations.has(each.relation) || off.verdicts.has(each.verdict)) return false;
  return (
    !off.strengths.has(strengthOf(each)) && isIn(each.subject) && isIn(each.object) && isTaught("connections", number)
  );
}

// Whether a concept may be shown, whatever its connections.
/** @type {(number: number) => boolean} */
function isIn(number) {
  if (!state.drawn.has(number) || state.off.kinds.has(concepts[number].kind)) return false;
  if (
    state.only !== null &&
    number !== state.only &&
    !around[number].some((each) => otherEnd(each, number) === state.only)
  )
    return false;
  return isTaught("concepts", number);
}

// Whether a concept is in the picture.
/** @type {(number: number) => boolean} */
export function isShown(number) {
  if (!isIn(number)) return false;
  if (concepts[number].focus || state.step !== null || number === state.only) return true;
  const own = around[number];
  if (own.length && own.every((each) => state.folded.has(otherEnd(each, number)))) return false;
  return own.length === 0 || own.some(isOn);
}

// Whether a connection is in the picture: where both its ends are.
/** @type {(number: number) => boolean} */
export function isSeen(number) {
  const { subject, object } = connections[number];
  return isOn(number) && isShown(subject) && isShown(object);
}

// ---- What is not drawn yet, and what can be put away ------------------------------------------------------------

// Whether a connection would be shown among those that documents exclude.
/** @type {(number: number) => boolean} */
function isTold(number) {
  return !connections[number].excluded || state.excluded;
}

// A neighbour of the focus, or of a concept in the picture, that waits in the file and would be seen if it were drawn.
/** @type {(number: number, centres?: readonly number[]) => boolean} */
export function isOffered(number, centres = []) {
  if (state.drawn.has(number)) return false;
  const ends = around[number].filter(isTold).map((each) => otherEnd(each, number));
  return ends.some((each) => (centres.length ? centres.includes(each) && isShown(each) : concepts[each].focus));
}

// What hangs on a concept and is not connected to it yet in the picture: it waits in the file, or its line does.
/** @type {(number: number) => number[]} */
export function waitingAt(number) {
  const found = around[number]
    .filter(isTold)
    .filter((each) => !state.drawn.has(otherEnd(each, number)) || isWaiting(each))
    .map((each) => otherEnd(each, number));
  return [...new Set(found)].sort((first, second) => first - second);
}

// The same by relation, the most first.
/** @type {(number: number) => Map<string, number[]>} */
export function waitingByRelation(number) {
  const waiting = new Set(waitingAt(number));
  /** @type {Map<string, number[]>} */
  const found = new Map();
  for (const each of around[number].filter(isTold)) {
    const other = otherEnd(each, number),
      { relation } = connections[each];
    const before = found.get(relation) || [];
    if (waiting.has(other) && !before.includes(other)) found.set(relation, [...before, other]);
  }
  return new Map([...found].sort(([, first], [, second]) => second.length - first.length));
}

// How many connections of a concept are not in the page, though the server has them.
/** @type {(number: number) => number} */
export function missingAt(number) {
  const { degree = 0 } = concepts[number];
  return Math.max(0, degree - around[number].filter((each) => !connections[each].excluded).length);
}

// Whether the server can be asked for them; it says once what it has.
/** @type {(number: number) => boolean} */
export function isToBeAsked(number) {
  return missingAt(number) > 0 && !state.asked.has(number);
}

// The neighbours that hang on a concept alone.
/** @type {(number: number) => number[]} */
function leavesOf(number) {
  return [...new Set(around[number].map((each) => otherEnd(each, number)))].filter(
    (leaf) =>
      leaf !== number &&
      isIn(leaf) &&
      !concepts[leaf].focus &&
      around[leaf].every((each) => otherEnd(each, leaf) === number || !isOn(each)),
  );
}

/** @type {(number: number) => boolean} */
export function isExpanded(number) {
  return state.opened.has(number) || (!state.folded.has(number) && leavesOf(number).length > 0);
}
