// Undo and redo: of dragging, expanding and filtering.

import { tell } from "../basis/events.js";
import { refresh } from "../picture/picture.js";
import { fit, hasWandered } from "../picture/view.js";
import { movesNow, takeLayout } from "../state/moves.js";
import { restore, snapshot } from "../state/state.js";

const MOST = 100;

/** @typedef {{shown: Snapshot, moves: Layout}} Moment */

/** @type {() => Moment} */
function take() {
  return { shown: snapshot(), moves: movesNow() };
}

/** @type {Moment[]} */
const past = [];
/** @type {Moment[]} */
const future = [];
let now = take();

// What tells one moment from another.
/** @type {(moment: Moment) => string} */
function keyOf({ shown, moves }) {
  const { off, excluded, drawn, opened, folded, only } = shown;
  const filters = Object.values(off).map((keys) => [...keys].sort());
  return JSON.stringify([filters, excluded, [...drawn], [...opened], [...folded], only, moves]);
}

// Something may have changed that can be undone.
export function remember() {
  const next = take();
  if (keyOf(next) === keyOf(now)) return;
  past.push(now);
  past.splice(0, past.length - MOST);
  future.length = 0;
  now = next;
}

export function undo() {
  go(past, future);
}

export function redo() {
  go(future, past);
}

/** @type {(from: Moment[], to: Moment[]) => void} */
function go(from, to) {
  const next = from.pop();
  if (!next) return;
  to.push(now);
  now = next;
  restore(next.shown);
  takeLayout(next.moves);
  refresh();
  tell("visible");
  if (!hasWandered()) fit();
}
