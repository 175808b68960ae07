// What the page is about, in a sentence: below the title, and at the top of the panel.

import { around, concepts, connections, data, otherEnd, TEXT } from "../basis/data.js";
import { apart, byId, make } from "../basis/elements.js";
import { fill, plural } from "../basis/words.js";
import { isSeen, isShown, waitingAt, waitingByRelation } from "../state/shown.js";
import { state } from "../state/state.js";

// So many are named, or counted by kind.
const MOST = 3;

/** @type {(number: number) => string} */
function shortName(number) {
  return concepts[number].code || concepts[number].name;
}

/** @type {(numbers: number[]) => string} */
function listed(numbers) {
  const names = numbers.slice(0, MOST).map(shortName).join(", "),
    count = numbers.length - MOST;
  return count > 0 ? fill(TEXT.lead.others, { concepts: names, count }) : names;
}

/** @type {(number: number) => string} */
function shortSentence(number) {
  const { subject, relation, object } = connections[number];
  const { says } = data.relations[relation];
  return fill(TEXT.sentence.whole, { subject: shortName(subject), says, object: shortName(object) });
}

// The best way, step by step, and how many others there are.
/** @type {() => string} */
function ofPaths() {
  const [{ hops }] = data.paths,
    words = TEXT.lead,
    others = data.paths.length - 1;
  const ends = hops.map(({ connection: number, forward }) => connections[number][forward ? "object" : "subject"]);
  const best =
    hops.length === 1
      ? fill(words.direct, { sentence: shortSentence(hops[0].connection) })
      : fill(words.by, { count: hops.length, concepts: ends.slice(0, -1).map(shortName).join(", ") });
  return `${best}${others === 1 ? words.oneMore : others ? fill(words.more, { count: others }) : ""}`;
}

/** @type {(number: number) => number[]} */
function neighboursOf(number) {
  return [...new Set(around[number].filter(isSeen).map((each) => otherEnd(each, number)))];
}

/** @type {(foci: number[]) => string} */
function inCommon(foci) {
  const [first, ...others] = foci.map(neighboursOf);
  const shared = first.filter((each) => others.every((every) => every.includes(each)));
  if (!shared.length) return TEXT.lead.nothingCommon;
  return fill(TEXT.lead.common, { count: shared.length, concepts: listed(shared) });
}

// Of something that others lead to: which, by their largest relation; of all else how much of each kind is around it.
/** @type {(focus: number) => string} */
function aroundOne(focus) {
  /** @type {Map<string, number[]>} */
  const leading = new Map();
  const seen = around[focus].filter((each) => isSeen(each) && !connections[each].excluded);
  for (const each of seen.filter((number) => connections[number].object === focus)) {
    const { relation, subject } = connections[each];
    leading.set(relation, [...(leading.get(relation) || []), subject]);
  }
  const [relation, subjects] = [...leading].sort(([, one], [, other]) => other.length - one.length)[0] || ["", []];
  if (subjects.length * 2 <= seen.length) return ofKinds([...new Set([...neighboursOf(focus), ...waitingNear(focus)])]);
  const every = [...new Set([...subjects, ...waitingNear(focus, relation)])];
  const { says } = data.relations[relation],
    words = every.length > 1 ? TEXT.lead.each : TEXT.lead.single;
  return fill(words, { concepts: listed(every), says, focus: shortName(focus) });
}

// What is as near and waits in the file, in a bundle or for want of room, all of it or by one relation.
/** @type {(focus: number, relation?: string) => number[]} */
function waitingNear(focus, relation) {
  const waiting = relation === undefined ? waitingAt(focus) : waitingByRelation(focus).get(relation) || [];
  return waiting.filter((number) => !state.off.kinds.has(concepts[number].kind));
}

/** @type {(numbers: number[]) => string} */
function ofKinds(numbers) {
  const kinds = Object.keys(data.kinds)
    .map((kind) => ({ kind, count: numbers.filter((number) => concepts[number].kind === kind).length }))
    .filter(({ count }) => count)
    .sort((first, second) => second.count - first.count);
  const parts = kinds.slice(0, MOST).map(({ kind, count }) => plural(count, data.kinds[kind]));
  return parts.length ? fill(TEXT.lead.around, { parts: parts.join(", ") }) : "";
}

// A lesson speaks for itself.
/** @type {() => string} */
function leadNow() {
  if (state.step !== null || state.quiz) return "";
  if (data.paths.length) return ofPaths();
  const foci = concepts.map((_, number) => number).filter((number) => concepts[number].focus && isShown(number));
  if (!foci.length || data.opens === "findings") return "";
  return foci.length > 1 ? inCommon(foci) : aroundOne(foci[0]);
}

export function fillLead() {
  const text = leadNow();
  byId("lead").hidden = !text;
  byId("lead").title = text;
  byId("lead").replaceChildren(apart(text));
}

// For the top of the panel.
/** @type {() => HTMLElement | null} */
export function leadElement() {
  const text = leadNow();
  return text ? make("p", { class: "lead" }, apart(text)) : null;
}

// Where the title has no room in one line, it takes two of smaller letters.
export function fitTitle() {
  const [header, title] = ["header", "h1"].map((name) => document.getElementsByTagName(name)[0]);
  header.classList.remove("long");
  header.classList.toggle("long", title.scrollWidth > title.clientWidth);
}
