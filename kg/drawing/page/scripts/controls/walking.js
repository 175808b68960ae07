// From concept to concept with the arrow keys.

import { select } from "../actions/choosing.js";
import { around, concepts, data, TEXT } from "../basis/data.js";
import { announce } from "../basis/elements.js";
import { fill, nameOf, plural } from "../basis/words.js";
import { shownConcepts, spots } from "../picture/places.js";
import { centre } from "../picture/view.js";
import { isSeen, isShown, isVeiled, selectedConcept } from "../state/shown.js";

/** @type {(dx: number, dy: number) => void} */
export function walk(dx, dy) {
  const here = selectedConcept();
  const next = here === null ? firstConcept() : neighbourTowards(here, dx, dy);
  if (next === null) return;
  select({ concept: next });
  centre(next);
  const shown = around[next].filter(isSeen).length;
  const kind = data.kinds[concepts[next].kind].one;
  if (!isVeiled(next))
    announce(
      fill(TEXT.graph.selected, { name: nameOf(next), kind, connections: plural(shown, TEXT.count.connection) }),
    );
}

/** @type {() => number | null} */
function firstConcept() {
  const shown = shownConcepts();
  const focus = shown.find((each) => concepts[each].focus);
  return focus !== undefined ? focus : shown.length ? shown[0] : null;
}

// The nearest shown concept in the direction of an arrow key.
/** @type {(number: number, dx: number, dy: number) => number | null} */
function neighbourTowards(number, dx, dy) {
  const from = spots.get(number);
  /** @type {number | null} */
  let best = null;
  let least = Infinity;
  for (const [other, { x, y }] of spots) {
    const ahead = (x - from.x) * dx + (y - from.y) * dy,
      aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
    if (other === number || !isShown(other) || ahead <= 1 || aside > ahead * 3) continue;
    if (ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}
