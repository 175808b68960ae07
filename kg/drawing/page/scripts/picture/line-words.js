// What stands on lines, and where on them.

import { concepts, connections, data } from "../basis/data.js";
import { marks } from "../basis/words.js";
import { font, widthOf } from "../pens/lettering.js";
import { canvasPen } from "../pens/pens.js";
import { palette } from "../pens/theme.js";
import { isGone, strengthLeft } from "./emphasis.js";
import { courseOf, isNamed } from "./lines.js";
import { labelBoxes, planNow, seenLines } from "./places.js";

// With more lines than this, only those that are named bear words.
const MOST_WORDED = 40;

// Its relation, or at least what a release says for or against it.
/** @type {(number: number) => string} */
function wordsOf(number) {
  const each = connections[number];
  if (isGone("connections", number)) return "";
  // What else stands on a page of paths bears its relation where there is room for it.
  if (isNamed(number) || planNow().style === "paths") return `${data.relations[each.relation].label} ${marks(each)}`;
  return each.excluded || ["corroborated", "disputed", "refuted"].includes(each.verdict) ? marks(each) : "";
}

// Where on a line its words may stand, from 0 to 1, the best place first: close to the focus, where there are no labels;
// on a path nearer to what is passed through, where ways have parted.
/** @type {(number: number, length: number) => number[]} */
function sharesOf(number, length) {
  const { subject, object } = connections[number];
  const [first, second] = [subject, object].map((each) => Boolean(concepts[each].focus));
  if (first === second) return [0.5, 0.35, 0.65];
  const near = planNow().style === "paths" ? 0.62 : Math.min(0.5, (6 * planNow().text) / length);
  return [near, near * 1.25, near * 0.75, near * 1.5].map((share) => (first ? share : 1 - share));
}

// Words on lines are as high as labels, which the last row reads.
function wordSize() {
  return planNow().text;
}

// The places on a line where its words may stand, as { x, y, width }.
/** @type {(number: number, words: string) => {x: number, y: number, width: number}[]} */
function wordPlaces(number, words) {
  const [from, via, to] = courseOf(number),
    size = wordSize(),
    width = widthOf(words, font(size)),
    [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  // Words that would hide most of a short line stand above it.
  const hidden = Math.min((width * length) / Math.abs(dx || 1e-9), (1.24 * size * length) / Math.abs(dy || 1e-9));
  return sharesOf(number, length).map((t) => {
    const [x, y] = [0, 1].map((axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * via[axis] + t ** 2 * to[axis]);
    return { x, y: hidden > 0.6 * length ? y - 1.1 * size : y, width };
  });
}

/** @type {(words: {x: number, y: number, width: number}) => Box} */
function boxOfWords({ x, y, width }) {
  const half = wordSize() * 0.62;
  return [x - width / 2 - 2, y - half, x + width / 2 + 2, y + half];
}

/** @type {(first: Box, second: Box) => boolean} */
function meets(first, second) {
  return first[0] < second[2] && second[0] < first[2] && first[1] < second[3] && second[1] < first[3];
}

// The words on lines and where they stand: what is named first, and signs only where they meet nothing.
/** @type {() => LineWords[]} */
export function placeWords() {
  const found = seenLines().filter(wordsOf),
    named = found.filter(isNamed);
  const rest = found.length <= MOST_WORDED ? found.filter((number) => !isNamed(number)) : [];
  const taken = labelBoxes();
  return [...named, ...rest].flatMap((number) => {
    const words = wordsOf(number),
      choices = wordPlaces(number, words);
    const free = choices.find((place) => !taken.some((box) => meets(box, boxOfWords(place))));
    const place = free || (isNamed(number) ? choices[0] : null);
    if (!place) return [];
    taken.push(boxOfWords(place));
    return [{ number, words, ...place }];
  });
}

/** @type {(pen: Pen, words: LineWords, colours: Colours) => void} */
export function drawLineWords(pen, { words, x, y, width }, colours) {
  const size = wordSize();
  pen.box(x - width / 2 - 2, y - size * 0.62, width + 4, size * 1.24, 3, { fill: colours.ground });
  pen.text({ text: words, font: font(size), x: x - width / 2, y, size }, colours.ink);
}

// Where the words stand is worked out when something changes, and not for every frame.
/** @type {LineWords[] | null} */
let worded = null;

export function forgetWords() {
  worded = null;
}

/** @type {(ctx: CanvasRenderingContext2D) => void} */
export function drawAllWords(ctx) {
  const pen = canvasPen(ctx);
  worded = worded || placeWords();
  ctx.save();
  worded.forEach((each) => {
    ctx.globalAlpha = strengthLeft("connections", each.number);
    drawLineWords(pen, each, palette());
  });
  ctx.restore();
}
