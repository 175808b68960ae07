// What the page shows at this moment. It is changed here and nowhere else: others read `state`, and call what stands
// below it. Nothing here tells of a change; who makes one does.

import { data } from "../basis/data.js";

/** @type {FilterName[]} */
export const FILTERS = ["kinds", "relations", "verdicts", "strengths"];

/** @type {() => Omit<State, "plan" | "asked">} */
function stateAtFirst() {
  return {
    view: "graph",
    off: { kinds: new Set(), relations: new Set(), verdicts: new Set(), strengths: new Set() },
    excluded: false,
    drawn: new Set(Array.from({ length: data.drawn }, (_, number) => number)),
    grown: new Map(),
    opened: new Set(),
    folded: new Set(),
    only: null,
    selected: null,
    way: null,
    lit: null,
    step: data.lesson ? 0 : null,
    quiz: false,
    seed: 1,
    answers: [],
    revealed: new Set(),
  };
}

/** @type {State} */
const own = { plan: "panels", asked: new Set(), ...stateAtFirst() };

/** @type {ReadOnly<State>} */
export const state = own;

// As the page opened, but in the plan that it has now, and with what a server added.
export function resetState() {
  Object.assign(own, stateAtFirst());
}

/** @type {(target: Target | null) => void} */
export function setSelected(target) {
  own.selected = target;
}

/** @type {(view: View) => void} */
export function setView(view) {
  own.view = view;
}

/** @type {(plan: string) => void} */
export function setPlan(plan) {
  own.plan = plan;
}

// To a step of the lesson, or out of it with null; a path that is lit belongs to what was shown before.
/** @type {(step: number | null) => void} */
export function setStep(step) {
  own.step = step;
  setWay(null);
}

// Light up the concepts and connections of a way; null puts the light out.
/** @type {(way: Way | null) => void} */
export function setWay(way) {
  own.way = way;
  own.lit = way && { concepts: new Set(way.nodes), connections: new Set(way.hops) };
}

// ---- Filters ----------------------------------------------------------------------------------------------------

/** @type {(group: FilterName, key: string, wanted: boolean) => void} */
export function switchFilter(group, key, wanted) {
  if (wanted) own.off[group].delete(key);
  else own.off[group].add(key);
}

// Only one key of a filter, or all of them again where it was the only one.
/** @type {(group: FilterName, key: string, keys: string[]) => void} */
export function keepOnly(group, key, keys) {
  const others = keys.filter((each) => each !== key),
    off = own.off[group];
  const isOnly = !off.has(key) && others.every((each) => off.has(each));
  off.clear();
  if (!isOnly) others.forEach((each) => off.add(each));
}

export function clearFilters() {
  FILTERS.forEach((group) => own.off[group].clear());
}

/** @type {(wanted: boolean) => void} */
export function setExcluded(wanted) {
  own.excluded = wanted;
}

/** @type {(number: number | null) => void} */
export function setOnly(number) {
  own.only = number;
}

// ---- The quiz ---------------------------------------------------------------------------------------------------

/** @type {(wanted: boolean) => void} */
export function setQuiz(wanted) {
  own.quiz = wanted;
  own.revealed.clear();
}

// The number from which questions are made; the answers to others count no more.
/** @type {(seed: number) => void} */
export function setSeed(seed) {
  own.seed = seed;
  own.answers = [];
}

/** @type {(answer: number) => void} */
export function addAnswer(answer) {
  own.answers.push(answer);
}

/** @type {(...numbers: number[]) => void} */
export function addRevealed(...numbers) {
  numbers.forEach((each) => own.revealed.add(each));
}

// ---- What is drawn ----------------------------------------------------------------------------------------------

// A concept that was expanded shows the connections at it that wait.
/** @type {(number: number) => void} */
export function addOpened(number) {
  own.opened.add(number);
}

// The server has said what a concept connects to.
/** @type {(number: number) => void} */
export function addAsked(number) {
  own.asked.add(number);
}

/** @type {(number: number) => void} */
export function unfold(number) {
  own.folded.delete(number);
}

// Draw concepts under a title, for the key that puts them away again; says whether any of them is new.
/** @type {(key: GrowthKey, title: string, numbers: readonly number[]) => boolean} */
export function addDrawn(key, title, numbers) {
  const added = numbers.filter((each) => !own.drawn.has(each));
  if (!added.length) return false;
  const before = own.grown.get(key);
  own.grown.set(key, { title, numbers: [...(before ? before.numbers : []), ...added] });
  added.forEach((each) => own.drawn.add(each));
  return true;
}

// Put away what an expansion added; without one, the neighbours that hang on this concept alone.
/** @type {(key: GrowthKey) => void} */
export function putAway(key) {
  if (!own.opened.delete(key) && !own.grown.has(key)) own.folded.add(key);
  const { numbers } = own.grown.get(key) || { numbers: [] };
  own.grown.delete(key);
  numbers.forEach((each) => own.drawn.delete(each));
  // What was expanded from something that is now gone goes with it.
  numbers.filter((each) => own.opened.has(each) || own.grown.has(each)).forEach(putAway);
}

// ---- Undo -------------------------------------------------------------------------------------------------------

// All that expanding and filtering changes, as it is now.
/** @type {() => Snapshot} */
export function snapshot() {
  const { off, excluded, drawn, grown, opened, folded, only } = own;
  const copies = FILTERS.map((group) => [group, new Set(off[group])]);
  return {
    off: Object.fromEntries(copies),
    excluded,
    drawn: new Set(drawn),
    grown: new Map(grown),
    opened: new Set(opened),
    folded: new Set(folded),
    only,
  };
}

// As it was.
/** @type {(before: Snapshot) => void} */
export function restore(before) {
  Object.assign(own, before);
  // What is kept is not written to.
  Object.assign(own, snapshot());
}
