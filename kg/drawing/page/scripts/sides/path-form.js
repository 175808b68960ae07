// The form that asks for a path, and the path lit up.

import { select } from "../actions/choosing.js";
import { grow } from "../actions/growing.js";
import { concepts, data, TEXT, VERDICTS } from "../basis/data.js";
import { button, byId, make } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { bestWay } from "../basis/ways.js";
import { fill, nameOf, plural, spoken } from "../basis/words.js";
import { refresh } from "../picture/picture.js";
import { findNamed } from "../state/finding.js";
import { putAway, setWay, state } from "../state/state.js";
import { openSheet } from "./sheets.js";

export function fillPathForm() {
  const words = TEXT.path;
  /** @type {(event: Event) => void} */
  const submit = (event) => {
    event.preventDefault();
    findPath();
  };
  const form = make(
    "form",
    { submit },
    ...field("from", words.from),
    ...field("to", words.to),
    make("label", { for: "floor" }, words.floor),
    floorChoice(),
    make(
      "div",
      {},
      make("button", { type: "submit", id: "find-path" }, words.find),
      button(words.clear, clearPath, { id: "clear-path", hidden: "" }),
    ),
  );
  const options = concepts.map((_, number) => make("option", { value: nameOf(number) }));
  const names = make("datalist", { id: "names" }, ...options);
  const said = make("p", { id: "path-said", role: "status" });
  byId("path").replaceChildren(
    make("details", { id: "path-form" }, make("summary", {}, words.title), form, names, said),
  );
}

/** @type {(id: string, label: string) => HTMLElement[]} */
function field(id, label) {
  return [
    make("label", { for: id }, label),
    make("input", { type: "text", id, list: "names", autocomplete: "off", maxlength: 200 }),
  ];
}

// The verdict that every step of a path has at least.
function floorChoice() {
  const options = VERDICTS.map((verdict) => make("option", { value: verdict }, fill(TEXT.path.floors, { verdict })));
  const choice = make("select", { id: "floor" }, ...options);
  choice.value = data.facts.trust;
  return choice;
}

// Ask for a path from or to a concept.
/** @type {(end: "from" | "to", number: number) => void} */
export function startPath(end, number) {
  // After the button that was pressed has done with the panel.
  setTimeout(() => openSheet("drawer"));
  byId("path-form").open = true;
  byId(end).value = nameOf(number);
  const other = byId(end === "from" ? "to" : "from");
  if (other.value) findPath();
  else setTimeout(() => other.focus());
}

// The best path between two concepts, as if it had been asked for in the form.
/** @type {(from: number, to: number, floor: string) => void} */
export function askPath(from, to, floor) {
  byId("path-form").open = true;
  byId("from").value = nameOf(from);
  byId("to").value = nameOf(to);
  byId("floor").value = floor;
  findPath();
}

function findPath() {
  const [from, to] = ["from", "to"].map((end) => findNamed(byId(end).value)),
    floor = byId("floor").value;
  if (from === null) return sayOfUnknown("from");
  if (to === null) return sayOfUnknown("to");
  if (from === to) return sayOfPath(TEXT.path.same);
  const way = bestWay(from, to, floor),
    [start, end] = [from, to].map((each) => concepts[each].curie);
  if (!way) return sayOfPath(fill(TEXT.path.none, { from: spoken(from), to: spoken(to), floor, start, end }));
  const hops = plural(way.hops.length, TEXT.path.hop);
  sayOfPath(fill(TEXT.path.found, { hops, from: spoken(from), to: spoken(to) }));
  return lightUp(way);
}

/** @type {(end: "from" | "to") => void} */
function sayOfUnknown(end) {
  sayOfPath(fill(TEXT.path.unknown, { text: byId(end).value }));
}

/** @type {(text: string) => void} */
function sayOfPath(text) {
  lightOut();
  byId("path-said").textContent = text;
}

/** @type {(way: Way) => void} */
function lightUp(way) {
  const missing = way.nodes.filter((each) => !state.drawn.has(each));
  if (missing.length) grow("path", TEXT.path.title, missing);
  setWay(way);
  byId("clear-path").hidden = false;
  tell("visible");
  select(null);
  openSheet("sheet");
}

function lightOut() {
  if (state.grown.has("path")) putAway("path");
  refresh();
  setWay(null);
  byId("clear-path").hidden = true;
  tell("visible");
}

// As it was before any path was asked for.
export function emptyPathForm() {
  ["from", "to"].forEach((end) => {
    byId(end).value = "";
  });
  byId("path-said").textContent = "";
}

export function clearPath() {
  emptyPathForm();
  lightOut();
  select(null);
  byId("from").focus();
}
