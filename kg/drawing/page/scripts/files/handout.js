// What is printed besides the picture: a lesson as a handout, a page for each step, and what documents and releases say.

import { connections, data, steps, TEXT } from "../basis/data.js";
import { apart, byId, make } from "../basis/elements.js";
import { assertionsOf } from "../basis/quotes.js";
import { fill, marks, sentence } from "../basis/words.js";
import { arrange } from "../picture/places.js";
import { againstOf } from "../state/against.js";
import { isSeen } from "../state/shown.js";
import { setStep, setWay, state } from "../state/state.js";
import { placeOf, quoteOf } from "../sides/against.js";
import { firstLine } from "./sheet.js";

// A page for each step, with its picture and the evidence of what appears with it; `draw` gives the picture of now.
/** @type {(draw: () => Element) => HTMLElement[]} */
export function handout(draw) {
  const { step, way } = state;
  const pages = steps.map((_, number) => {
    setStep(number);
    arrange();
    return stepPage(number, draw());
  });
  setStep(step);
  setWay(/** @type {Way | null} */ (way));
  arrange();
  return pages;
}

/** @type {(number: number, picture: Element) => HTMLElement} */
function stepPage(number, picture) {
  const { title, say, connections: lines } = steps[number];
  return make(
    "section",
    { class: "handout" },
    make("h2", {}, fill(TEXT.lesson.step, { number: number + 1, count: steps.length }), ": ", apart(title)),
    say ? make("p", { class: "claim" }, apart(say)) : null,
    picture,
    ...lines.filter(isSeen).map(evidencePart),
  );
}

// A line with its first sentence, what speaks against it, and what was meant.
/** @type {(number: number) => HTMLElement} */
function evidencePart(number) {
  const [first] = assertionsOf(number),
    evidence = data.evidence[first.evidence];
  return make(
    "div",
    { class: "printed" },
    make("h3", {}, `${marks(connections[number])} `, apart(sentence(number))),
    quoteOf(evidence),
    placeOf(evidence),
    ...againstOf(number).map(({ reason, suggestion }) =>
      make("p", {}, apart(suggestion ? `${reason} · ${TEXT.panel.suggestion}: ${suggestion}` : reason)),
    ),
  );
}

// Both sentences side by side, as they stand on the page.
export function printedFindings() {
  const copy = byId("findings").cloneNode(true);
  for (const name of ["id", "tabindex"]) copy.removeAttribute(name);
  return make(
    "section",
    { class: "handout" },
    make("h2", {}, apart(data.title)),
    copy,
    make("p", {}, apart(firstLine())),
    make("p", {}, TEXT.disclaimer),
  );
}
