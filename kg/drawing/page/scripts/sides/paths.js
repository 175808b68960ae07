// Paths in the panel, in sentences that can be read aloud.

import { connections, data, TEXT } from "../basis/data.js";
import { apart, button, make } from "../basis/elements.js";
import { fill, marks, nameOf, sentence } from "../basis/words.js";
import { fillPanel, open } from "./panel.js";

/** @type {(number: number) => HTMLElement} */
export function hopItem(number) {
  const evidence = data.evidence[connections[number].assertions[0].evidence];
  const cited = fill(TEXT.sentence.cited, { document: data.documents[evidence.document], line: evidence.line });
  return make(
    "li",
    {},
    button(apart(`${marks(connections[number])} ${sentence(number)}`), () => open({ connection: number })),
    make("p", { class: "kind" }, apart(cited)),
  );
}

/** @type {(hops: readonly number[]) => HTMLElement} */
function hopList(hops) {
  return make("ol", { class: "plain hops" }, ...hops.map(hopItem));
}

// The path that was asked for.
/** @type {(way: ReadOnly<Way>) => void} */
export function showWay({ nodes: passed, hops, cost }) {
  fillPanel(
    make("h2", {}, TEXT.path.title),
    make("p", {}, apart(passed.map(nameOf).join(" → "))),
    make("p", { class: "kind" }, fill(TEXT.path.cost, { cost: (cost / 1000).toFixed(1) })),
    hopList(hops),
  );
}

// The paths that the page was made for.
export function showPaths() {
  fillPanel(
    make("h2", {}, TEXT.path.title),
    ...data.paths.flatMap(({ cost, hops }, number) => [
      make(
        "h3",
        {},
        `${fill(TEXT.path.best, { number: number + 1 })} · ${fill(TEXT.path.cost, { cost: cost.toFixed(1) })}`,
      ),
      hopList(hops.map((hop) => hop.connection)),
    ]),
  );
}
