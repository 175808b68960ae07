// The list: the connections of what the page is about, by relation, the worst first, as text that a phone can show.

import { around, concepts, connections, data, otherEnd, TEXT, VERDICTS } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { fill, marks, nameOf, sentence } from "../basis/words.js";
import { isSeen, isShown, isVeiled } from "../state/shown.js";
import { state } from "../state/state.js";
import { open, shortened } from "./panel.js";

/** @type {(numbers: number[]) => number[]} */
function worstFirst(numbers) {
  /** @type {(number: number) => number} */
  const rank = (number) => VERDICTS.indexOf(connections[number].verdict);
  return [...numbers].sort((first, second) => rank(second) - rank(first) || first - second);
}

/** @type {(number: number, words: string) => HTMLElement} */
function lineItem(number, words) {
  const sign = make("span", { class: "sign" }, marks(connections[number]));
  const line = make("span", {}, sign, apart(words));
  return make(
    "li",
    {},
    button(line, () => open({ connection: number })),
  );
}

// Of many lines so many are listed until more are asked for.
const MOST_LISTED = 100;

/** @type {(numbers: readonly number[], words: (number: number) => string) => HTMLElement} */
function linesOf(numbers, words) {
  return shortened(numbers, MOST_LISTED, (number) => lineItem(number, words(number)));
}

/** @type {(number: number) => string} */
function titleOf(number) {
  return data.relations[connections[number].relation].label;
}

// A concept with its connections, in groups of one relation.
/** @type {(number: number) => HTMLElement[]} */
function sectionOf(number) {
  const groups = new Map();
  for (const place of worstFirst(around[number].filter(isSeen))) {
    const label = titleOf(place);
    const title = connections[place].subject === number ? label : fill(TEXT.panel.incoming, { relation: label });
    groups.set(title, [...(groups.get(title) || []), place]);
  }
  const { code, name, kind } = concepts[number];
  return [
    make(
      "h2",
      {},
      button(apart(code || name), () => open({ concept: number }), { class: "about" }),
    ),
    make("p", {}, ...(code && name ? [apart(name), " · "] : []), data.kinds[kind].one),
    ...[...groups].flatMap(([title, places]) => [
      make("h3", {}, `${title} · ${places.length}`),
      linesOf(places, (place) => otherName(place, number)),
    ]),
  ];
}

/** @type {(place: number, number: number) => string} */
function otherName(place, number) {
  const other = otherEnd(place, number);
  return isVeiled(other) ? TEXT.quiz.unknown : nameOf(other);
}

/** @type {(number: number) => string} */
function saidOf(number) {
  const { subject, object } = connections[number];
  return isVeiled(subject) || isVeiled(object) ? `${titleOf(number)}: ${TEXT.quiz.unknown}` : sentence(number);
}

// Which signs stand in the list, and what they mean.
/** @type {(numbers: number[]) => HTMLElement} */
function signsOf(numbers) {
  const found = VERDICTS.filter((verdict) => numbers.some((number) => connections[number].verdict === verdict));
  const items = found.reverse().map((verdict) => make("span", {}, `${data.verdicts[verdict].sign} ${verdict}`));
  return make("div", { class: "signs" }, ...items);
}

/** @type {(title: string, numbers: readonly number[]) => HTMLElement[]} */
function groupOf(title, numbers) {
  return numbers.length ? [make("h3", {}, title), linesOf(numbers, saidOf)] : [];
}

// The ways that a page was made for, step by step.
/** @type {() => HTMLElement[]} */
function pathGroups() {
  return data.paths.flatMap(({ hops }, number) =>
    groupOf(
      fill(TEXT.path.best, { number: number + 1 }),
      hops.map((hop) => hop.connection),
    ),
  );
}

export function fillList() {
  if (state.view !== "list") return;
  const seen = connections.map((_, number) => number).filter(isSeen);
  const about = concepts.map((_, number) => number).filter((number) => concepts[number].focus && isShown(number));
  const told = new Set(about.flatMap((number) => around[number]));
  const rest = worstFirst(seen.filter((number) => !told.has(number)));
  const ways = new Set(data.paths.flatMap(({ hops }) => hops.map(({ connection }) => connection)));
  const beside = worstFirst(seen.filter((number) => !ways.has(number)));
  const groups = data.paths.length
    ? [...pathGroups(), ...groupOf(`${TEXT.list.others} · ${beside.length}`, beside)]
    : [...about.flatMap(sectionOf), ...groupOf(`${TEXT.list.others} · ${rest.length}`, rest)];
  byId("list").replaceChildren(signsOf(seen), ...groups);
}
