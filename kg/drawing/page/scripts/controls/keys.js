// The keys, and the list of them.

import { reveal, showView, toggleOnly } from "../actions/choosing.js";
import { collapse } from "../actions/growing.js";
import { TEXT } from "../basis/data.js";
import { button, byId, make } from "../basis/elements.js";
import { fitAll, zoom } from "../picture/view.js";
import { toggleNotes } from "../sides/caption.js";
import { goTo } from "../sides/lesson.js";
import { openUp } from "../sides/opening.js";
import { focusPanel } from "../sides/panel.js";
import { openSheet } from "../sides/sheets.js";
import { findingsDrawn } from "../state/against.js";
import { isExpanded, isToBeAsked, isVeiled, selectedConcept, waitingAt } from "../state/shown.js";
import { state } from "../state/state.js";
import { redo, undo } from "./history.js";
import { nextLine } from "./lines.js";
import { toggleDark, toggleProjector, toggleQuiz } from "./modes.js";
import { stepBack } from "./reset.js";
import { walk } from "./walking.js";

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": startSearch,
  "?": showKeys,
  Escape: stepBack,
  0: fitAll,
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  t: () => showView(state.view === "table" ? "graph" : "table"),
  l: () => showView(state.view === "list" ? "graph" : "list"),
  w: () => showFindings(),
  p: toggleProjector,
  q: toggleQuiz,
  d: toggleDark,
  n: toggleNotes,
  f: () => withConcept(toggleOnly),
  e: () => withConcept((number) => (isWhole(number) ? collapse : openUp)(number)),
};
// Of these some programs that people speak to make other use, so that they can be switched off.
let hasLetters = true;
/** @type {Record<string, () => void>} */
const WITH_CTRL = { z: undo, Z: redo, y: redo };
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 };

// Whether all that a concept connects to is in the picture, so that it can only be put away.
/** @type {(number: number) => boolean} */
function isWhole(number) {
  return isExpanded(number) && !waitingAt(number).length && !isToBeAsked(number);
}

function startSearch() {
  openSheet("tools");
  byId("find").focus();
}

function showFindings() {
  if (state.view === "findings") showView("graph");
  else if (findingsDrawn().length && !state.quiz) showView("findings");
}

/** @type {(act: (number: number) => void) => void} */
function withConcept(act) {
  const number = selectedConcept();
  if (number !== null) act(number);
}

/** @type {(event: KeyboardEvent) => void} */
export function keyDown(event) {
  const { key, target } = event;
  if (event.altKey || byId("keys").open || !(target instanceof Element)) return;
  const writing = target.matches("select, textarea, input:not([type=checkbox])");
  if (writing && key !== "Escape") return;
  const act = event.ctrlKey || event.metaKey ? WITH_CTRL[key] : actOf(key, target.id === "canvas");
  if (!act) return;
  act();
  event.preventDefault();
}

// What a key does; in the picture arrows go from concept to concept, elsewhere from step to step of a lesson.
/** @type {(key: string, inPicture: boolean) => (() => void) | undefined} */
function actOf(key, inPicture) {
  if (inPicture && ARROWS[key]) return () => walk(...ARROWS[key]);
  const { step } = state;
  if (step !== null && STEPS[key]) return () => goTo(step + STEPS[key]);
  if (inPicture && key === "Enter") return enter;
  return key.length > 1 || hasLetters ? KEYS[key] : undefined;
}

// Enter in the graph opens what is selected, and reveals it first where it is a question.
function enter() {
  if (state.plan === "projector" && !state.quiz) return nextLine();
  return withConcept((number) => {
    if (isVeiled(number)) reveal(number);
    else focusPanel();
  });
}

export function showKeys() {
  /** @type {[string, string][]} */
  const keys = TEXT.keys.list;
  const rows = keys.map(([key, meaning]) => make("tr", {}, make("th", { scope: "row" }, key), make("td", {}, meaning)));
  const close = button(TEXT.buttons.close, () => byId("keys").close(), { autofocus: "" });
  const letters = make("input", { type: "checkbox", id: "letters", change: () => (hasLetters = letters.checked) });
  letters.checked = hasLetters;
  byId("keys").replaceChildren(
    make("h2", { id: "keys-title" }, TEXT.keys.title),
    make("label", { class: "item" }, letters, TEXT.keys.letters),
    make("table", {}, make("tbody", {}, ...rows)),
    close,
  );
  byId("keys").showModal();
}
