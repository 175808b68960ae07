// What documents say for a connection, and what speaks against it.

import { data, TEXT } from "../basis/data.js";
import { apart, make } from "../basis/elements.js";
import { fill } from "../basis/words.js";
import { meantOf, quoteOf } from "./against.js";

/** @type {(rows: [string, string | undefined][]) => HTMLElement} */
function termsOf(rows) {
  return make(
    "dl",
    {},
    ...rows.flatMap(([term, value]) => (value ? [make("dt", {}, term), make("dd", {}, apart(value))] : [])),
  );
}

/** @type {(evidence: Evidence) => [string, string | undefined][]} */
function whereOf(evidence) {
  const words = TEXT.panel;
  return [
    [words.document, data.documents[evidence.document]],
    [words.line, String(evidence.line)],
    [words.section, evidence.section],
  ];
}

// A sentence of a document, or a row of a release, and where it stands.
/** @type {(assertion: Assertion) => HTMLElement} */
export function assertionOf({ strength, condition, evidence, released }) {
  const found = data.evidence[evidence],
    words = TEXT.panel;
  /** @type {[string, string | undefined][]} */
  const rows = [[words.strength, data.strengths[strength]], [words.condition, condition], ...whereOf(found)];
  return make(
    "div",
    { class: "assertion" },
    released ? make("h3", {}, words.fromRelease) : null,
    quoteOf(found),
    termsOf(rows),
  );
}

// What speaks against a connection: the words of the release, or of another document, and the code that was meant.
/** @type {(finding: Finding, title: string) => HTMLElement} */
export function findingOf(finding, title) {
  const { verdict, reason, stated, official, row, release, opposed } = finding,
    words = TEXT.panel,
    meant = meantOf(finding),
    other = opposed === undefined ? null : data.evidence[opposed];
  return make(
    "div",
    { class: "finding" },
    make("h3", {}, `${data.verdicts[verdict].sign} ${title}`),
    make("p", {}, apart(reason)),
    termsOf([[words.stated, stated]]),
    official ? make("p", {}, `${words.official}:`) : null,
    official ? make("blockquote", { dir: "auto" }, official) : null,
    termsOf([[words.release, [release, row ? fill(words.row, { row }) : ""].filter(Boolean).join(", ")]]),
    other ? make("p", {}, `${words.opposed}:`) : null,
    other ? quoteOf(other) : null,
    other ? termsOf(whereOf(other)) : null,
    meant ? make("h3", {}, words.suggestion) : null,
    meant,
  );
}
