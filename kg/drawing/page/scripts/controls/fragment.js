// What is shown as the fragment of an address, and a fragment read again: what it names and the page has, and no more.

import { concepts, connections, data, steps, VERDICTS } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { palette } from "../pens/theme.js";
import { FILTERS, state } from "../state/state.js";
import { openingView } from "./window.js";

const LONGEST = 4000;
const LONGEST_TEXT = 100;
const MOST_OPEN = 20;
// Letters that stand in a fragment as they are, so that people can read it.
const PLAIN = /%(?:3A|2C|7E|2F)/g;
/** @type {View[]} */
const VIEWS = ["graph", "findings", "list", "table", "questions"];

/** @type {(number: number) => string} */
function curieOf(number) {
  return concepts[number].curie;
}

/** @type {() => string} */
function selectedNow() {
  const { concept, connection } = state.selected || {};
  if (concept !== undefined) return curieOf(concept);
  if (connection === undefined) return "";
  const { subject, relation, object, excluded } = connections[connection];
  return [curieOf(subject), relation, curieOf(object), ...(excluded ? ["excluded"] : [])].join("~");
}

/** @type {() => string} */
function wayNow() {
  const nodes = state.way ? state.way.nodes : [];
  return nodes.length ? [curieOf(nodes[0]), curieOf(nodes[nodes.length - 1]), byId("floor").value].join("~") : "";
}

/** @type {() => string} */
function stepNow() {
  if (state.step === null) return steps.length ? "none" : "";
  return state.step ? String(state.step + 1) : "";
}

// The theme, where it is not that of the system.
/** @type {() => string} */
function themeNow() {
  const { theme } = palette();
  return (theme === "dark") === window.matchMedia("(prefers-color-scheme: dark)").matches ? "" : theme;
}

/** @type {() => string[]} */
function openNow() {
  const numbers = [...state.opened].filter((key) => typeof key === "number");
  return data.live ? [] : numbers.map((number) => curieOf(Number(number))).slice(0, MOST_OPEN);
}

// The view that goes without saying: the picture, where something in it is selected.
/** @type {(isSelected: boolean) => View} */
function viewOf(isSelected) {
  return isSelected ? "graph" : openingView();
}

// All that is told, as [name, value]; what is as the page opened is left out. The first part is where one is, to which
// Back leads; the rest is how it is looked at.
/** @type {() => {place: [string, string][], look: [string, string][]}} */
export function partsNow() {
  const off = FILTERS.flatMap((group) => [...state.off[group]].map((key) => `${group}:${key}`));
  const modes = [state.plan === "projector" ? "projector" : "", state.quiz ? "quiz" : ""].filter(Boolean);
  /** @type {(parts: [string, string][]) => [string, string][]} */
  const told = (parts) => parts.filter(([, value]) => value);
  return {
    place: told([
      ["view", state.view === viewOf(state.selected !== null) ? "" : state.view],
      ["step", stepNow()],
      ["select", selectedNow()],
      ["path", wayNow()],
      ["only", state.only === null ? "" : curieOf(state.only)],
      ["open", openNow().join(",")],
      ["mode", modes.join(",")],
      ["seed", state.view === "questions" ? String(state.seed) : ""],
    ]),
    look: told([
      ["theme", themeNow()],
      ["hide", off.join(",")],
      ["excluded", state.excluded ? "shown" : ""],
      ["find", byId("find").value.slice(0, LONGEST_TEXT)],
    ]),
  };
}

/** @type {(parts: [string, string][]) => string} */
export function written(parts) {
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(PLAIN, decodeURIComponent)}`).join("&");
}

// ---- Reading ----------------------------------------------------------------------------------------------------

/** @type {(curie: string | undefined) => number | null} */
function conceptOf(curie) {
  const number = concepts.findIndex((each) => each.curie === curie);
  return number < 0 ? null : number;
}

/** @type {(text: string) => Target | null} */
function targetOf(text) {
  const [subject, relation, object, excluded] = text.split("~");
  if (relation === undefined) {
    const concept = conceptOf(text);
    return concept === null ? null : { concept };
  }
  const [from, to] = [conceptOf(subject), conceptOf(object)];
  const connection = connections.findIndex(
    (each) =>
      each.subject === from &&
      each.object === to &&
      each.relation === relation &&
      Boolean(each.excluded) === (excluded === "excluded"),
  );
  return connection < 0 ? null : { connection };
}

/** @type {(text: string) => AddressPath | null} */
function pathOf(text) {
  const [start, end, floor] = text.split("~");
  const [from, to] = [conceptOf(start), conceptOf(end)];
  return from === null || to === null || from === to || !VERDICTS.includes(floor) ? null : { from, to, floor };
}

/** @type {(text: string) => number | null} */
function stepOf(text) {
  if (!steps.length || text === "none") return null;
  const step = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) - 1 : 0;
  return steps[step] ? step : 0;
}

/** @type {(text: string) => [FilterName, string][]} */
function filtersOf(text) {
  return text.split(",").flatMap((each) => {
    const [group, key] = each.split(":"),
      name = FILTERS.find((filter) => filter === group);
    return name && key && Object.hasOwn(data[name], key) ? [/** @type {[FilterName, string]} */ ([name, key])] : [];
  });
}

// What a fragment asks for; of what the page does not have nothing is left.
/** @type {(fragment: string) => Address} */
export function readFragment(fragment) {
  const parts = new URLSearchParams(fragment.length > LONGEST ? "" : fragment.replace(/\+/g, "%2B"));
  /** @type {(name: string) => string} */
  const of = (name) => parts.get(name) || "";
  const theme = of("theme"),
    selected = targetOf(of("select"));
  return {
    view: VIEWS.find((view) => view === of("view")) || viewOf(selected !== null),
    step: stepOf(of("step")),
    selected,
    path: pathOf(of("path")),
    only: conceptOf(of("only")),
    open: of("open").split(",").slice(0, MOST_OPEN),
    projector: of("mode").split(",").includes("projector"),
    quiz: of("mode").split(",").includes("quiz"),
    seed: /^[1-9][0-9]{0,8}$/.test(of("seed")) ? Number(of("seed")) : 1,
    theme: theme === "dark" || theme === "light" ? theme : null,
    hide: filtersOf(of("hide")),
    excluded: of("excluded") === "shown",
    find: of("find").slice(0, LONGEST_TEXT),
  };
}
