// Which part of the picture is in sight, and what is at a point of it.

import { concepts } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { isShown } from "../state/shown.js";
import { state } from "../state/state.js";
import { network } from "./picture.js";
import { bounds, boxOf, boxOfSign, isCentred, planNow, shownConcepts, shownSigns, spots } from "./places.js";

// Whether a person chose what is in sight; until then all of it is kept in sight.
let wandered = false;

export function wander() {
  wandered = true;
}

export function hasWandered() {
  return wandered;
}

// The height in pixels below which letters are no longer read by everybody.
const LEAST = { panels: 12, projector: 18 };
const MARGIN = 12;

// How much of the window the picture has, and what is said below it, which hides none of it.
function room() {
  const { clientWidth, clientHeight } = byId("canvas");
  const caption = byId("caption").hidden ? 0 : byId("caption").offsetHeight + MARGIN;
  return { width: clientWidth - MARGIN, height: clientHeight - MARGIN - caption, caption };
}

/** @type {(x: number, y: number, scale: number) => void} */
function look(x, y, scale) {
  const position = { x, y: y + room().caption / 2 / scale };
  if (scale > 0 && Number.isFinite(x)) network.moveTo({ position, scale, animation: false });
}

/** @type {(box: Box) => number} */
function scaleOf(box) {
  const { width, height } = room();
  return Math.min(width / (box[2] - box[0]), height / (box[3] - box[1]), 1.6);
}

// The box of all that is shown; at the step of a lesson with the middle where it always is.
/** @type {() => Box} */
function everything() {
  const box = bounds(shownConcepts(), shownSigns());
  if (!isCentred()) return box;
  const [x, y] = [Math.max(-box[0], box[2]), Math.max(-box[1], box[3])];
  return [-x, -y, x, y];
}

// All that is shown into sight, however small it gets.
export function fitAll() {
  const box = everything();
  look((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, scaleOf(box));
  wandered = false;
}

// All that is shown into sight where its letters can be read so; else these concepts, or what the page is about.
/** @type {(numbers?: readonly number[]) => void} */
export function fit(numbers = []) {
  const box = everything(),
    { style, text } = planNow(),
    least = LEAST[state.plan === "projector" ? "projector" : "panels"] / text;
  if (style === "overview" || scaleOf(box) >= least * 0.999) return fitAll();
  const shown = numbers.filter(isShown),
    foci = shownConcepts().filter((number) => concepts[number].focus);
  const [left, top, right, bottom] = bounds(shown.length ? shown : foci.length ? foci : shownConcepts(), []);
  const { width, height } = room();
  const x = kept((left + right) / 2, box[0], box[2], width / least),
    y = kept((top + bottom) / 2, box[1], box[3], height / least);
  look(x, y, least);
  wandered = false;
}

// The middle of a view of this length that is wanted, so that it shows nothing beyond the ends of the picture.
/** @type {(wanted: number, from: number, to: number, length: number) => number} */
function kept(wanted, from, to, length) {
  if (to - from <= length) return (from + to) / 2;
  return Math.min(Math.max(wanted, from + length / 2), to - length / 2);
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
