// The panel: a place for what is selected, in words, and the way back to what was selected before.

import { select } from "../actions/choosing.js";
import { TEXT } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { state } from "../state/state.js";

/** @type {Target[]} */
const trail = [];
/** @type {Target | null} */
let showing = null;

/** @type {(...children: (Node | null)[]) => void} */
export function fillPanel(...children) {
  byId("panel").replaceChildren(...children.filter((child) => child !== null));
  byId("panel").scrollTop = 0;
}

/** @type {(items: PanelItem[]) => HTMLElement} */
export function listOf(items) {
  return make("ul", { class: "plain" }, ...items.map(([text, click]) => make("li", {}, button(apart(text), click))));
}

export function backButton() {
  if (!trail.length) return null;
  return button(
    TEXT.panel.back,
    () => {
      const before = trail.pop() || null;
      showing = null;
      select(before);
      focusPanel();
    },
    { class: "back" },
  );
}

// After a button of the panel was pressed it is gone; the keyboard stays in the panel.
export function focusPanel() {
  const first = byId("panel").querySelector("button");
  (first || byId("panel")).focus();
}

// Select a thing, and go on in the panel.
/** @type {(target: Target) => void} */
export function open(target) {
  select(target);
  focusPanel();
}

// To what is selected now, of which the way back leads to what was shown before; returns it.
/** @type {() => Target | null} */
export function follow() {
  if (showing && state.selected && showing !== state.selected) trail.push(showing);
  if (!state.selected) trail.length = 0;
  showing = state.selected;
  return showing;
}
