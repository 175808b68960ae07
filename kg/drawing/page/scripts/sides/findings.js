// What the guide says, what the release says: side by side, each mistake once, with what hangs on it.

import { select, showView } from "../actions/choosing.js";
import { concepts, connections, data, findings, TEXT } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { evidenceOf } from "../basis/quotes.js";
import { fill, marks, sentence } from "../basis/words.js";
import { findingsDrawn, linesOf } from "../state/against.js";
import { state } from "../state/state.js";
import { claimOf, meantOf, officialOf, placeOf, quoteOf } from "./against.js";

export function fillFindings() {
  const places = findingsDrawn();
  byId("show-findings").hidden = places.length === 0;
  if (state.view !== "findings") return;
  byId("findings").replaceChildren(
    make("h2", { class: "asked" }, TEXT.against.title),
    ...(places.length ? places.map(pictureOf) : [make("p", {}, TEXT.against.none)]),
  );
}

// A mistake: left what the document says, in the middle the code, right what the release says and what was meant.
/** @type {(place: number) => HTMLElement} */
function pictureOf(place) {
  const finding = findings[place];
  return make(
    "article",
    { class: "mistake", "data-finding": place },
    saidPart(place),
    wire(finding.verdict),
    codePart(finding),
    wire("corroborated"),
    officialPart(finding),
    hangingPart(place),
  );
}

// A line between the parts, with the sign and the dashes of a verdict.
/** @type {(verdict: string) => HTMLElement} */
function wire(verdict) {
  return make("div", { class: `wire ${verdict}`, "aria-hidden": "true" }, make("span", {}, data.verdicts[verdict].sign));
}

/** @type {(place: number) => HTMLElement} */
function saidPart(place) {
  const finding = findings[place],
    { sign } = data.verdicts[finding.verdict],
    { own } = linesOf(place);
  const [first, ...more] = evidenceOf(finding);
  return make(
    "section",
    { class: `part said ${finding.verdict}` },
    make("h3", {}, `${sign} ${TEXT.panel.stated}`),
    make("p", { class: "claim" }, apart(claimOf(finding, own))),
    ...(first ? [quoteOf(first), placeOf(first)] : []),
    more.length ? drawer(fill(TEXT.against.more, { count: more.length }), quotesOf(more)) : null,
    ...own.slice(0, 1).map((number) => button(TEXT.against.line, () => goToLine(number), { class: "line" })),
  );
}

/** @type {(evidence: Evidence[]) => HTMLElement[]} */
function quotesOf(evidence) {
  return evidence.flatMap((each) => [quoteOf(each), placeOf(each)]);
}

/** @type {(title: string, children: HTMLElement[]) => HTMLElement} */
function drawer(title, children) {
  return make("details", {}, make("summary", {}, title), ...children);
}

/** @type {(finding: Finding) => HTMLElement} */
function codePart({ concept, code }) {
  if (concept === undefined) return make("div", { class: "part code" }, make("strong", {}, apart(code)));
  const { code: key, kind, name } = concepts[concept];
  return make(
    "div",
    { class: "part code" },
    make("strong", {}, apart(key || name)),
    make("span", { class: "kind" }, data.kinds[kind].one),
  );
}

/** @type {(finding: Finding) => HTMLElement} */
function officialPart(finding) {
  const { sign } = data.verdicts.corroborated,
    meant = meantOf(finding),
    fromRelease = Boolean(finding.official || finding.opposed === undefined);
  return make(
    "section",
    { class: "part official" },
    make("h3", {}, `${finding.official ? `${sign} ` : ""}${fromRelease ? TEXT.panel.official : TEXT.panel.opposed}`),
    ...officialOf(finding),
    meant ? make("h3", {}, TEXT.panel.suggestion) : null,
    meant,
  );
}

// What hangs on a mistake, as one group that can be opened.
/** @type {(place: number) => HTMLElement | null} */
function hangingPart(place) {
  const { hangs = 0 } = findings[place],
    { hanging } = linesOf(place);
  if (!hangs) return null;
  const items = hanging.map((number) =>
    make("li", {}, button(apart(`${marks(connections[number])} ${sentence(number)}`), () => goToLine(number))),
  );
  const title = fill(TEXT.against.hanging, { sign: data.verdicts.disputed.sign, count: hangs });
  return make(
    "div",
    { class: "hanging" },
    items.length ? drawer(title, [make("ul", { class: "plain" }, ...items)]) : make("p", {}, title),
  );
}

// A line in the picture, with what is said of it.
/** @type {(number: number) => void} */
function goToLine(number) {
  showView("graph");
  select({ connection: number });
  byId("canvas").focus();
}
