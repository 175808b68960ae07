// Through the lines of a concept with the keyboard, the worst first.

import { select } from "../actions/choosing.js";
import { around, connections, VERDICTS } from "../basis/data.js";
import { announce } from "../basis/elements.js";
import { marks, sentence } from "../basis/words.js";
import { isSeen, selectedConcept } from "../state/shown.js";
import { state } from "../state/state.js";

// The concept whose lines are gone through.
/** @type {number | null} */
let at = null;

export function nextLine() {
  const concept = selectedConcept();
  if (concept !== null) at = concept;
  if (at === null) return;
  /** @type {(number: number) => number} */
  const rank = (number) => VERDICTS.indexOf(connections[number].verdict);
  const lines = around[at].filter(isSeen).sort((first, second) => rank(second) - rank(first));
  if (!lines.length) return;
  const { connection } = state.selected || {};
  const place = connection === undefined ? -1 : lines.indexOf(connection);
  const next = lines[(place + 1) % lines.length];
  select({ connection: next });
  announce(`${marks(connections[next])} ${sentence(next)}`);
}
