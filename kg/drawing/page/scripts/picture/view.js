// Which part of the picture is in sight, and what is at a point of it.

import { byId } from "../basis/elements.js";
import { isShown } from "../state/shown.js";
import { network } from "./picture.js";
import { bounds, boxOf, boxOfSign, shownConcepts, shownSigns, spots } from "./places.js";

// Whether a person chose what is in sight; until then all of it is kept in sight.
let wandered = false;

export function wander() {
  wandered = true;
}

export function hasWandered() {
  return wandered;
}

// All that is shown into sight.
export function fit() {
  const box = bounds(shownConcepts(), shownSigns());
  const { clientWidth, clientHeight } = byId("canvas"),
    margin = 12;
  // What is said below the picture hides none of it.
  const caption = byId("caption").hidden ? 0 : byId("caption").offsetHeight + margin;
  const [width, height] = [clientWidth - margin, clientHeight - margin - caption];
  const scale = Math.min(width / (box[2] - box[0]), height / (box[3] - box[1]), 1.6);
  const position = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 + caption / 2 / scale };
  if (scale > 0 && Number.isFinite(position.x)) network.moveTo({ position, scale, animation: false });
  wandered = false;
}

/** @type {(factor: number) => void} */
export function zoom(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: false });
  wander();
}

// A concept into sight, if it is not there.
/** @type {(number: number) => void} */
export function centre(number) {
  if (!spots.has(number)) return;
  const { x, y } = network.canvasToDOM(spots.get(number)),
    { clientWidth, clientHeight } = byId("canvas");
  if (x > 20 && y > 20 && x < clientWidth - 20 && y < clientHeight - 20) return;
  network.moveTo({ position: spots.get(number), animation: false });
  wander();
}

// Concepts above what hides so many pixels at the foot of the picture, in the size in which they are.
/** @type {(numbers: number[], hidden: number) => void} */
export function bringAbove(numbers, hidden) {
  const there = numbers.filter((number) => spots.has(number)).map((number) => spots.get(number));
  if (!there.length) return;
  const ys = there.map(({ y }) => y),
    free = byId("canvas").clientHeight - hidden,
    lowest = network.canvasToDOM({ x: 0, y: Math.max(...ys) }).y,
    highest = network.canvasToDOM({ x: 0, y: Math.min(...ys) }).y;
  if (highest > 30 && lowest < free - 30) return;
  const { x } = network.getViewPosition(),
    middle = (Math.min(...ys) + Math.max(...ys)) / 2;
  network.moveTo({ position: { x, y: middle + hidden / 2 / network.getScale() }, animation: false });
}

/** @type {(point: {x: number, y: number}, box: Box) => boolean} */
function isWithin({ x, y }, [left, top, right, bottom]) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

// What is at a point of the window: a concept or its label, a row that stands for more, or the line that is nearest.
/** @type {(point: {x: number, y: number}) => Hit | null} */
export function hit(point) {
  const spot = network.DOMtoCanvas(point);
  const concept = [...spots.keys()].find((each) => isShown(each) && isWithin(spot, boxOf(each)));
  if (concept !== undefined) return { concept };
  const sign = shownSigns().find((each) => each.more !== undefined && isWithin(spot, boxOfSign(each)));
  if (sign) return { sign };
  const connection = network.getEdgeAt(point);
  return connection === undefined ? null : { connection };
}
