// What speaks against connections: which it is, and how much of it.

import { concepts, connections, data, findings, VERDICTS } from "../basis/data.js";
import { isWaiting } from "./shown.js";
import { state } from "./state.js";

// What speaks against a connection itself, or against that on which it depends; without a list, both.
/** @type {(number: number, list?: "findings" | "doubts") => Finding[]} */
export function againstOf(number, list) {
  const { findings: own = [], doubts = [] } = connections[number];
  const places = list === "findings" ? own : list === "doubts" ? doubts : [...new Set([...own, ...doubts])];
  return places.map((place) => findings[place]);
}

// The connections that a finding is about, and those that depend on them.
/** @type {(place: number) => {own: number[], hanging: number[]}} */
export function linesOf(place) {
  /** @type {(list: "findings" | "doubts") => number[]} */
  const having = (list) =>
    connections.map((_, number) => number).filter((number) => (connections[number][list] || []).includes(place));
  return { own: having("findings"), hanging: having("doubts") };
}

// Whether a connection is among those that the page drew first, or that were added to them.
/** @type {(number: number) => boolean} */
function isDrawn(number) {
  const { subject, object, excluded } = connections[number];
  return !excluded && state.drawn.has(subject) && state.drawn.has(object) && !isWaiting(number);
}

// The findings about what is drawn, those that weigh most first: the worst, those of the focus, those on which most hangs.
/** @type {() => number[]} */
export function findingsDrawn() {
  // A page that was made of findings has them all.
  if (data.opens === "findings") return inOrder([...findings.keys()]);
  const drawn = connections.filter((_, number) => isDrawn(number)).flatMap((each) => each.findings || []);
  return inOrder([...new Set(drawn)]);
}

/** @type {(places: number[]) => number[]} */
function inOrder(places) {
  /** @type {(place: number) => number[]} */
  const weight = (place) => {
    const { verdict, hangs = 0 } = findings[place];
    return [VERDICTS.indexOf(verdict), hangs, -place];
  };
  return [...places].sort((first, second) => {
    const [one, other] = [weight(first), weight(second)];
    const part = one.findIndex((value, nth) => value !== other[nth]);
    return part < 0 ? 0 : other[part] - one[part];
  });
}

// How many connections are refuted, how many are disputed for what is said of themselves, and how many hang on those.
/** @type {() => {refuted: number, disputed: number, hanging: number}} */
export function countAgainst() {
  const drawn = connections.filter((_, number) => isDrawn(number));
  /** @type {(verdict: string) => Connection[]} */
  const of = (verdict) => drawn.filter((each) => each.verdict === verdict);
  const places = new Set(drawn.flatMap((each) => each.findings || []));
  return {
    refuted: of("refuted").length,
    disputed: of("disputed").filter((each) => (each.findings || []).length).length,
    hanging: [...places].reduce((sum, place) => sum + (findings[place].hangs || 0), 0),
  };
}

// What the page opens with: what is wrong, where it was made for that, or where a code in its focus is something else.
/** @type {() => View} */
export function firstView() {
  if (data.opens) return data.opens;
  const { verdict, concept } = findings[findingsDrawn()[0]] || {};
  const isFocus = concept !== undefined && concepts[concept].focus;
  return verdict === "refuted" && isFocus && !data.lesson && !data.paths.length ? "findings" : "graph";
}
