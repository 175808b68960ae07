// Bundles: a row that stands for a large group, with a line of its own from what the group is connected to.

import { around, concepts, data, otherEnd } from "../basis/data.js";
import { outline } from "../pens/shapes.js";
import { isSelected, isShown } from "../state/shown.js";
import { signLeft } from "./emphasis.js";
import { planNow, rim, shownSigns, spots } from "./places.js";

// The line of many connections is wider than that of any one.
const WIDTH = 5;

/** @type {() => Sign[]} */
export function shownBundles() {
  return shownSigns().filter(({ bundle }) => bundle);
}

// What the members of a bundle hang on: a concept, or what of the focus they are connected to.
/** @type {(sign: Sign) => readonly number[]} */
function centresOf({ concepts: members, bundle = [] }) {
  if (bundle.length) return bundle.filter((each) => spots.has(each) && isShown(each));
  const ends = members.flatMap((member) => around[member].map((each) => otherEnd(each, member)));
  return [...new Set(ends)].filter((each) => concepts[each].focus && spots.has(each));
}

// How much of a bundle is left to be seen: it is a neighbour of what it hangs on.
/** @type {(sign: Sign) => number} */
export function bundleLeft(sign) {
  return centresOf(sign).some((each) => isSelected("concept", each)) ? 1 : signLeft(sign);
}

/** @type {(pen: Pen, sign: Sign, colours: Colours) => void} */
export function drawBundleLines(pen, sign, colours) {
  for (const centre of centresOf(sign)) {
    /** @type {Point} */
    const end = [sign.x, sign.y];
    const start = rim(centre, end);
    pen.curve([start, end, end], { stroke: colours.quiet, width: WIDTH });
  }
}

// The markers of its kind, one over the other.
/** @type {(pen: Pen, sign: Sign, colours: Colours) => void} */
export function drawBundleMarker(pen, { concepts: [first], x, y }, colours) {
  const { shape, fill: inside } = data.kinds[concepts[first].kind],
    radius = planNow().text * 0.54;
  for (const shift of [-0.28, 0, 0.28]) {
    pen.polygon(outline(shape, x + shift * radius, y + shift * radius, radius), {
      fill: inside,
      stroke: colours.ink,
      width: 1.2,
    });
  }
}
