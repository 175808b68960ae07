// A concept in the panel, with its neighbours.

import { toggleOnly } from "../actions/choosing.js";
import { collapse } from "../actions/growing.js";
import { around, concepts, connections, data, otherEnd, TEXT } from "../basis/data.js";
import { apart, button, make } from "../basis/elements.js";
import { fill, marks, nameOf } from "../basis/words.js";
import {
  isExpanded,
  isSeen,
  isShown,
  isToBeAsked,
  isVeiled,
  missingAt,
  waitingAt,
  waitingByRelation,
} from "../state/shown.js";
import { state } from "../state/state.js";
import { openUp } from "./opening.js";
import { backButton, fillPanel, focusPanel, listOf, open } from "./panel.js";
import { startPath } from "./path-form.js";

// The neighbours of a concept, by relation: [title, buttons].
/** @type {(number: number) => [string, PanelItem[]][]} */
function groupsOf(number) {
  const groups = new Map();
  for (const place of around[number].filter(isSeen)) {
    const each = connections[place],
      label = data.relations[each.relation].label;
    const title = each.subject === number ? label : fill(TEXT.panel.incoming, { relation: label });
    if (!groups.has(title)) groups.set(title, []);
    const other = otherEnd(place, number);
    groups
      .get(title)
      .push([
        `${marks(each)} ${isVeiled(other) ? TEXT.quiz.unknown : nameOf(other)}`,
        () => open({ connection: place }),
      ]);
  }
  return [...groups];
}

// What a server adds comes later, and the keyboard stays in the panel.
/** @type {(number: number) => void} */
function openHere(number) {
  const isLater = isToBeAsked(number);
  openUp(number).then(() => {
    if (isLater) focusPanel();
  });
}

// On the page of a server: where the concept has its own, and what is there alone.
/** @type {(number: number) => HTMLElement | null} */
function pageOf(number) {
  const { page } = concepts[number],
    left = isToBeAsked(number) ? 0 : missingAt(number);
  if (!page) return null;
  return make(
    "p",
    {},
    make("a", { href: page }, TEXT.panel.address),
    left ? ` · ${fill(TEXT.panel.left, { count: left })}` : null,
  );
}

/** @type {(number: number) => HTMLElement} */
function conceptButtons(number) {
  const waiting = waitingAt(number).length + (isToBeAsked(number) ? missingAt(number) : 0),
    only = state.only === number;
  /** @type {(name: string, click: (number: number) => void, values?: Record<string, unknown>) => HTMLElement} */
  const act = (name, click, values = {}) =>
    button(
      fill(TEXT.panel[name].text, values),
      () => {
        click(number);
        focusPanel();
      },
      { class: name, title: fill(TEXT.panel[name].hint, values) },
    );
  return make(
    "div",
    { class: "buttons" },
    waiting ? act("expand", openHere, { count: waiting }) : state.folded.has(number) ? act("unfold", openUp) : null,
    isExpanded(number) ? act("collapse", collapse) : null,
    act(only ? "unfocus" : "focus", toggleOnly),
    act("from", (each) => startPath("from", each)),
    act("to", (each) => startPath("to", each)),
  );
}

// From so many on, what is to come is chosen by relation as well.
const MANY = 12;

// The relations by which a hub can be expanded.
/** @type {(number: number) => HTMLElement | null} */
function relationButtons(number) {
  const groups = [...waitingByRelation(number)];
  if (groups.length < 2 || waitingAt(number).length < MANY) return null;
  return listOf(
    groups.map(([relation, { length }]) => [
      fill(TEXT.panel.expandOnly, { relation: data.relations[relation].label, count: length }),
      () => openUp(number, relation).then(focusPanel),
    ]),
  );
}

/** @type {(number: number) => void} */
export function showConcept(number) {
  const { code, name, kind, note, validity = [] } = concepts[number];
  if (isVeiled(number)) {
    fillPanel(make("h2", {}, TEXT.quiz.unknown), make("p", {}, TEXT.quiz.hidden));
    return;
  }
  const groups = groupsOf(number);
  fillPanel(
    backButton(),
    make("h2", {}, apart(code || name)),
    code && name ? make("p", {}, apart(name)) : null,
    make("p", { class: "kind" }, [data.kinds[kind].one, ...validity].join(" · ")),
    note ? make("div", { class: "note" }, make("strong", {}, TEXT.panel.notes), make("p", {}, apart(note))) : null,
    isShown(number) ? null : make("p", {}, TEXT.panel.hidden),
    conceptButtons(number),
    relationButtons(number),
    pageOf(number),
    groups.length ? null : make("p", {}, TEXT.panel.noConnections),
    ...groups.flatMap(([title, items]) => [make("h3", {}, `${title} · ${items.length}`), listOf(items)]),
  );
}
