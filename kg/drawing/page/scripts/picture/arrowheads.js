// Arrowheads: at the rim of what a line leads to, over the plates of labels, but never on letters.

import { data } from "../basis/data.js";
import { canvasPen } from "../pens/pens.js";
import { strengthLeft } from "./emphasis.js";
import { courseOf, lineOf } from "./lines.js";
import { boxesOfLetters, seenLines } from "./places.js";

// With more lines than this, nobody follows one to its end, and all of them would be drawn for every frame.
const MOST = 300;

/** @type {(course: Course, size: number) => Point[]} */
function cornersAt([, via, end], size) {
  const angle = Math.atan2(end[1] - via[1], end[0] - via[0]);
  /** @type {(turn: number) => Point} */
  const corner = (turn) => [end[0] - size * Math.cos(angle + turn), end[1] - size * Math.sin(angle + turn)];
  return [end, corner(0.45), corner(-0.45)];
}

/** @type {(corners: Point[], boxes: Box[]) => boolean} */
function isOnLetters(corners, boxes) {
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return boxes.some((box) => left < box[2] && box[0] < right && top < box[3] && box[1] < bottom);
}

// The arrowheads of now: smaller where a larger one would stand on letters, and none where even that would.
/** @type {() => {number: number, corners: Point[]}[]} */
export function placeArrowheads() {
  const lines = seenLines();
  if (lines.length > MOST) return [];
  const boxes = boxesOfLetters();
  return lines.flatMap((number) => {
    const course = courseOf(number),
      size = 5 + 1.5 * data.verdicts[lineVerdict(number)].width;
    const found = [size, size * 0.6].map((each) => cornersAt(course, each)).find((each) => !isOnLetters(each, boxes));
    return found ? [{ number, corners: found }] : [];
  });
}

/** @type {(number: number) => string} */
function lineVerdict(number) {
  return data.connections[number].verdict;
}

/** @type {(pen: Pen, head: {number: number, corners: Point[]}) => void} */
export function drawArrowhead(pen, { number, corners }) {
  pen.polygon(corners, { fill: lineOf(number).color.color });
}

// Where they stand is worked out when something changes, and not for every frame.
/** @type {{number: number, corners: Point[]}[] | null} */
let placed = null;

export function forgetArrowheads() {
  placed = null;
}

/** @type {(ctx: CanvasRenderingContext2D) => void} */
export function drawArrowheads(ctx) {
  const pen = canvasPen(ctx);
  placed = placed || placeArrowheads();
  ctx.save();
  for (const head of placed) {
    ctx.globalAlpha = strengthLeft("connections", head.number);
    drawArrowhead(pen, head);
  }
  ctx.restore();
}
