// What was dragged to another place, by plan and CURIE, and the layouts that keep it.

import { concepts, data } from "../basis/data.js";
import { state } from "./state.js";

const FORMAT = "billing-kg layout";
const FARTHEST = 1e5;

/** @type {Record<string, Map<string, [number, number]>>} */
const moves = { panels: new Map(), projector: new Map() };

/** @type {(layout: Layout | null) => void} */
export function takeLayout(layout) {
  for (const plan of Object.keys(moves)) {
    moves[plan] = new Map(Object.entries((layout && layout[plan]) || {}));
  }
}
takeLayout(data.layout);

// Where a concept was moved to in the plan of now, if it was.
/** @type {(number: number) => [number, number] | undefined} */
export function moveOf(number) {
  return moves[state.plan].get(concepts[number].curie);
}

/** @type {(number: number, x: number, y: number) => void} */
export function rememberMove(number, x, y) {
  moves[state.plan].set(concepts[number].curie, [Math.round(x), Math.round(y)]);
}

// Whether a layout gives everything its place, so that no plan of ours has a say.
export function isLaidOut() {
  const moved = moves[state.plan];
  return data.plans[state.plan].spots.every((_, number) => moved.has(concepts[number].curie));
}

// All that was moved, as a layout.
/** @type {() => Layout} */
export function movesNow() {
  return Object.fromEntries(Object.entries(moves).map(([plan, moved]) => [plan, Object.fromEntries(moved)]));
}

// Where everything of the plans stands, and all that was moved.
/** @type {() => object} */
export function layoutNow() {
  /** @type {Record<string, unknown>} */
  const layout = { [FORMAT]: 1 };
  for (const [plan, moved] of Object.entries(moves)) {
    const all = data.plans[plan].spots.map(({ x, y }, number) => [concepts[number].curie, [x, y]]);
    layout[plan] = Object.fromEntries([...all, ...moved]);
  }
  return layout;
}

/** @type {(layout: any) => boolean} */
export function isLayout(layout) {
  /** @type {(length: unknown) => boolean} */
  const isLength = (each) => typeof each === "number" && Math.abs(each) <= FARTHEST;
  /** @type {(place: unknown) => boolean} */
  const isPlace = (place) => Array.isArray(place) && place.length === 2 && place.every(isLength);
  return (
    Boolean(layout) &&
    layout[FORMAT] === 1 &&
    Object.keys(moves).every(
      (plan) => typeof layout[plan] === "object" && layout[plan] !== null && Object.values(layout[plan]).every(isPlace),
    )
  );
}
