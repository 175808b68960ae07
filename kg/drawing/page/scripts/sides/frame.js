// What stands around everything: how much there is, and what is left out.

import { concepts, connections, data, TEXT } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { fill, plural } from "../basis/words.js";

export function fillFrame() {
  /** @type {(number: number, what: string) => string} */
  const count = (number, what) => plural(number, TEXT.count[what]);
  const { drawn, leftOut } = data;
  const joined = connections.filter(
    ({ subject, object, waits, excluded }) => subject < drawn && object < drawn && !waits && !excluded,
  );
  const cited = new Set(
    joined.flatMap((each) => each.assertions).map(({ evidence }) => data.evidence[evidence].document),
  );
  const ends = new Set(joined.flatMap(({ subject, object }) => [subject, object]));
  byId("summary").textContent = fill(TEXT.summary, {
    concepts: count(Math.max(ends.size, 1), "concept"),
    connections: count(joined.length, "connection"),
    documents: count(cited.size, "document"),
  });
  const waiting = concepts.length - drawn;
  const parts = leftOut.map(({ kind, count: number }) => plural(number, data.kinds[kind])).join(", ");
  byId("left-out").textContent = [
    ...data.notes,
    waiting ? fill(TEXT.waiting, { concepts: count(waiting, "concept") }) : "",
    parts ? fill(TEXT.leftOut, { parts }) : "",
  ]
    .filter(Boolean)
    .join(" ");
}
