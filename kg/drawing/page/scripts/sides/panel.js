// The panel: a place for what is selected, in words, and the way back to what was selected before.

import { select } from "../actions/choosing.js";
import { TEXT } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { fill } from "../basis/words.js";
import { state } from "../state/state.js";
import { openSheet } from "./sheets.js";

/** @type {Target[]} */
const trail = [];
/** @type {Target | null} */
let showing = null;

/** @type {(...children: (Node | null)[]) => void} */
export function fillPanel(...children) {
  byId("panel").replaceChildren(...children.filter((child) => child !== null));
  byId("panel").scrollTop = 0;
}

// Of a long list so many are shown until more are asked for.
const MOST_LISTED = 60;

/** @type {(items: PanelItem[]) => HTMLElement} */
export function listOf(items) {
  const list = make("ul", { class: "plain" });
  /** @type {(these: PanelItem[]) => void} */
  const add = (these) => list.append(...these.map(([text, click]) => make("li", {}, button(apart(text), click))));
  add(items.slice(0, MOST_LISTED));
  const rest = items.slice(MOST_LISTED);
  if (rest.length) list.append(make("li", {}, moreButton(rest.length, () => add(rest))));
  return list;
}

// A button in place of what is left of a list; the keyboard goes on at the first of it.
/** @type {(count: number, add: () => void) => HTMLElement} */
export function moreButton(count, add) {
  const more = button(
    fill(TEXT.panel.more, { count }),
    () => {
      const item = more.parentElement,
        before = item && item.previousElementSibling;
      add();
      if (item) item.remove();
      const next = before && before.nextElementSibling && before.nextElementSibling.querySelector("button");
      if (next) next.focus();
    },
    { class: "more" },
  );
  return more;
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
  openSheet("sheet");
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
