// What stands around everything: how much is shown, and what is left out.

import { concepts, connections, data, TEXT } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { fill, plural } from "../basis/words.js";
import { isSeen } from "../state/shown.js";
import { state } from "../state/state.js";

export function fillFrame() {
  /** @type {(number: number, what: string) => string} */
  const count = (number, what) => plural(number, TEXT.count[what]);
  const joined = connections.filter((_, number) => isSeen(number));
  const cited = new Set(
    joined.flatMap((each) => each.assertions).map(({ evidence }) => data.evidence[evidence].document),
  );
  const ends = new Set(joined.flatMap(({ subject, object }) => [subject, object]));
  byId("summary").textContent = fill(TEXT.summary, {
    concepts: count(Math.max(ends.size, 1), "concept"),
    connections: count(joined.length, "connection"),
    documents: count(cited.size, "document"),
  });
  const waiting = concepts.length - state.drawn.size;
  const parts = data.leftOut.map(({ kind, count: number }) => plural(number, data.kinds[kind])).join(", ");
  byId("left-out").textContent = [
    ...data.notes,
    waiting ? fill(TEXT.waiting, { concepts: count(waiting, "concept") }) : "",
    parts ? fill(TEXT.leftOut, { parts }) : "",
  ]
    .filter(Boolean)
    .join(" ");
}
