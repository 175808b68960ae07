// One thing out of those in the picture: selected, revealed, or shown alone.

import { tell } from "../basis/events.js";
import { fit } from "../picture/view.js";
import { addRevealed, setOnly, setSelected, setView, state } from "../state/state.js";

/** @type {(target: Target | null) => void} */
export function select(target) {
  setSelected(target);
  tell("select");
}

// The graph, what the guide and the release say, the list, or the table.
/** @type {(view: View) => void} */
export function showView(view) {
  setView(view);
  tell("view");
}

// In a quiz, say what a concept is.
/** @type {(number: number) => void} */
export function reveal(number) {
  addRevealed(number);
  tell("look");
  select({ concept: number });
}

// Only a concept and its neighbours, or all again.
/** @type {(number: number) => void} */
export function toggleOnly(number) {
  setOnly(state.only === number ? null : number);
  tell("visible");
  fit();
}
