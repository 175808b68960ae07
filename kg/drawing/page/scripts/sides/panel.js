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
  return shortened(items, MOST_LISTED, ([text, click]) => make("li", {}, button(apart(text), click)));
}

// A list with its first items, so many at most, and a button for the rest.
/** @type {<T>(items: readonly T[], most: number, itemOf: (item: T) => HTMLElement) => HTMLElement} */
export function shortened(items, most, itemOf) {
  const list = make("ul", { class: "plain" });
  /** @type {(these: typeof items) => HTMLElement} */
  const add = (these) => {
    const added = these.map(itemOf);
    list.append(...added);
    return added[0];
  };
  add(items.slice(0, most));
  const rest = items.slice(most);
  if (rest.length)
    list.append(
      make(
        "li",
        {},
        moreButton(TEXT.panel.more, rest.length, () => add(rest)),
      ),
    );
  return list;
}

// A button in place of what is left of a list; the keyboard goes on at the first of it.
/** @type {(words: string, count: number, add: () => HTMLElement) => HTMLElement} */
export function moreButton(words, count, add) {
  /** @type {(event: Event) => void} */
  const click = ({ target }) => {
    const first = add().querySelector("button");
    if (target instanceof HTMLElement && target.parentElement) target.parentElement.remove();
    if (first) first.focus();
  };
  return button(fill(words, { count }), click, { class: "more" });
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
