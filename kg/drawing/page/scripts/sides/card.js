// Before a class: a selected line in large letters under the picture, and the signs that are in sight.

import { connections, data, TEXT, VERDICTS } from "../basis/data.js";
import { apart, byId, make } from "../basis/elements.js";
import { assertionsOf, evidenceOf } from "../basis/quotes.js";
import { fill, marks, sentence } from "../basis/words.js";
import { seenLines } from "../picture/places.js";
import { bringAbove, fit, hasWandered } from "../picture/view.js";
import { againstOf, linesOf } from "../state/against.js";
import { isVeiled } from "../state/shown.js";
import { state } from "../state/state.js";
import { claimOf, meantOf, officialOf, placeOf, quoteOf } from "./against.js";

export function fillCard() {
  const { connection } = state.selected || {};
  const isOpen = state.plan === "projector" && state.view === "graph" && connection !== undefined && !isHidden(connection);
  const wasOpen = !byId("card").hidden;
  byId("card").hidden = !isOpen;
  if (isOpen) {
    const { subject, object } = connections[connection];
    byId("card").replaceChildren(...cardOf(connection));
    bringAbove([subject, object], byId("card").offsetHeight);
  } else if (wasOpen && !hasWandered()) fit();
}

/** @type {(number: number) => boolean} */
function isHidden(number) {
  const { subject, object } = connections[number];
  return isVeiled(subject) || isVeiled(object);
}

// What documents and releases say of a line, and what was meant.
/** @type {(number: number) => HTMLElement[]} */
export function cardOf(number) {
  const [own] = againstOf(number, "findings"),
    [finding] = againstOf(number),
    claim = own ? claimOf(own, [number]) : sentence(number);
  const { verdict } = connections[number];
  const said = section(`said ${verdict}`, `${marks(connections[number])} ${TEXT.panel.stated}`, [
    make("p", { class: "claim" }, apart(claim)),
    ...firstOf(number, false),
  ]);
  if (finding) return [said, ...partsAgainst(number, finding)];
  const rows = firstOf(number, true);
  return rows.length
    ? [section("official", `${data.verdicts.corroborated.sign} ${TEXT.panel.official}`, rows), said]
    : [said];
}

// What the release says, and what was meant; of a line that depends on another, what is wrong with that.
/** @type {(number: number, finding: Finding) => HTMLElement[]} */
function partsAgainst(number, finding) {
  const meant = meantOf(finding),
    isOwn = againstOf(number, "findings").length > 0,
    { sign } = data.verdicts.corroborated;
  const [evidence] = isOwn ? [] : evidenceOf(finding);
  return [
    ...(isOwn ? [] : [section("said refuted", TEXT.panel.doubt, mistakeOf(number, finding, evidence))]),
    section("official", `${finding.official ? `${sign} ` : ""}${TEXT.panel.official}`, officialOf(finding)),
    ...(meant ? [section("official", TEXT.panel.suggestion, [meant])] : []),
  ];
}

/** @type {(number: number, finding: Finding, evidence: Evidence | undefined) => HTMLElement[]} */
function mistakeOf(number, finding, evidence) {
  const [place] = connections[number].doubts || [];
  const claim = make("p", { class: "claim" }, apart(claimOf(finding, linesOf(place).own)));
  return [claim, ...(evidence ? [placeOf(evidence)] : [])];
}

// The first sentence of documents, or the first row of releases, with its place.
/** @type {(number: number, released: boolean) => HTMLElement[]} */
function firstOf(number, released) {
  const first = assertionsOf(number).find((each) => Boolean(each.released) === released);
  return first ? [quoteOf(data.evidence[first.evidence]), placeOf(data.evidence[first.evidence])] : [];
}

/** @type {(name: string, title: string, children: HTMLElement[]) => HTMLElement} */
function section(name, title, children) {
  return make("section", { class: `part ${name}` }, make("h3", {}, title), ...children);
}

// One line of legend: the verdicts of the lines that are in the picture, the worst first.
export function fillSigns() {
  const seen = new Set(seenLines().map((number) => connections[number].verdict));
  const items = [...VERDICTS].reverse().filter((verdict) => seen.has(verdict));
  byId("signs").replaceChildren(
    ...items.map((verdict) =>
      make("span", { class: `sign ${verdict}` }, fill(TEXT.legend.signItem, { verdict, ...data.verdicts[verdict] })),
    ),
  );
}
