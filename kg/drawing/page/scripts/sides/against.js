// What speaks against a line, in words: what the document says, what the release says, and what was meant.

import { select, showView } from "../actions/choosing.js";
import { reach } from "../actions/growing.js";
import { concepts, connections, data, TEXT } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { fill, nameOf } from "../basis/words.js";
import { state } from "../state/state.js";

// What a document says of a code: which drug it is, or the name that it gives it.
/** @type {(finding: Finding, lines: number[]) => string} */
export function claimOf({ concept, code, stated }, lines) {
  const said = concept === undefined ? code : concepts[concept].code || code;
  if (!stated) return said;
  const identity = lines
    .map((number) => connections[number])
    .find(({ relation, subject }) => relation === "identifiesDrug" && subject === concept);
  return identity
    ? fill(TEXT.sentence.whole, { subject: said, says: data.relations[identity.relation].says, object: stated })
    : fill(TEXT.against.claim, { code: said, stated });
}

/** @type {(evidence: Evidence) => HTMLElement} */
export function quoteOf({ quote }) {
  return quote ? make("blockquote", { dir: "auto" }, quote) : make("p", {}, TEXT.panel.noQuote);
}

// Where a sentence stands, in one line.
/** @type {(evidence: Evidence) => HTMLElement} */
export function placeOf({ document, line }) {
  return make("p", { class: "where" }, apart(fill(TEXT.sentence.cited, { document: data.documents[document], line })));
}

// The words of the release with their row; where it has none, the reason; or the sentence of another document.
/** @type {(finding: Finding) => HTMLElement[]} */
export function officialOf({ official, opposed, reason, release, row }) {
  if (opposed !== undefined && !official) {
    const other = data.evidence[opposed];
    return [make("p", { class: "reason" }, apart(reason)), quoteOf(other), placeOf(other)];
  }
  const where = [release, row ? fill(TEXT.panel.row, { row }) : ""].filter(Boolean).join(", ");
  return [
    official
      ? make("blockquote", { class: "official", dir: "auto" }, official)
      : make("p", { class: "reason" }, apart(reason)),
    ...(where ? [make("p", { class: "where" }, apart(where))] : []),
  ];
}

// The code that was probably meant: a button that goes there, if the page has it.
/** @type {(finding: Finding) => HTMLElement | null} */
export function meantOf({ suggestion, suggested }) {
  if (!suggestion) return null;
  if (suggested === undefined) return make("p", { class: "meant" }, apart(suggestion));
  const words = fill(TEXT.against.goTo, { code: nameOf(suggested) });
  return button(apart(nameOf(suggested)), () => goTo(suggested), { class: "meant", title: words });
}

// To a concept in the picture, from wherever it is named.
/** @type {(number: number) => void} */
function goTo(number) {
  if (state.view !== "graph") showView("graph");
  reach(number);
  select({ concept: number });
  byId("canvas").focus();
}
