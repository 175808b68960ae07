// A connection in the panel.

import { connections, data, TEXT } from "../basis/data.js";
import { apart, make } from "../basis/elements.js";
import { assertionsOf } from "../basis/quotes.js";
import { marks, nameOf, sentence } from "../basis/words.js";
import { againstOf } from "../state/against.js";
import { isVeiled } from "../state/shown.js";
import { assertionOf, findingOf } from "./evidence.js";
import { backButton, fillPanel, listOf, open } from "./panel.js";

/** @type {(number: number) => void} */
export function showConnection(number) {
  const each = connections[number],
    look = data.verdicts[each.verdict];
  /** @type {(end: number) => HTMLElement} */
  const endOf = (end) => listOf([[isVeiled(end) ? TEXT.quiz.unknown : nameOf(end), () => open({ concept: end })]]);
  const veiled = isVeiled(each.subject) || isVeiled(each.object);
  fillPanel(
    backButton(),
    make("h2", {}, data.relations[each.relation].label),
    endOf(each.subject),
    make(
      "p",
      { class: "kind" },
      `${each.excluded ? `${TEXT.panel.excluded} ` : ""}→ ${data.relations[each.relation].label}`,
    ),
    endOf(each.object),
    make("p", {}, make("span", { class: "verdict" }, `${marks(each)} ${each.verdict}`), `: ${look.meaning}`),
    ...(veiled
      ? [make("p", {}, TEXT.quiz.hidden)]
      : [
          ...againstOf(number, "findings").map((finding) => findingOf(finding, TEXT.panel.against)),
          ...againstOf(number, "doubts").map((finding) => findingOf(finding, TEXT.panel.doubt)),
          make("p", { class: "sentence" }, apart(sentence(number))),
          ...assertionsOf(number).map(assertionOf),
        ]),
  );
}
