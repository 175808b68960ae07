// Where everything stands: the plan, what was moved, and what was expanded beyond it. Changed here and nowhere else.

import { connections, data, steps, TEXT } from "../basis/data.js";
import { fill } from "../basis/words.js";
import { designOf, designOfWords, lineStart } from "../pens/labels.js";
import { font, widthOf } from "../pens/lettering.js";
import { isLaidOut, moveOf } from "../state/moves.js";
import { isOffered, isSeen, isShown, isVeiled } from "../state/shown.js";
import { state } from "../state/state.js";

const standing = new Map();
/** @type {OfDrawn<Spot>} */
export const spots = standing;
const ownDesigns = new Map();
/** @type {OfDrawn<Design>} */
const designs = ownDesigns;
// Words in the picture that are no concepts: headings of groups, and how many more wait in the file.
/** @type {Sign[]} */
let signs = [];

// The plan of the step of a lesson, where it has one of its own.
/** @type {StepPlan | null} */
let planOfStep = null;

/** @type {() => Omit<Plan, "spots">} */
export function planNow() {
  return planOfStep || data.plans[state.plan];
}

// Whether what is shown stands around the middle of the picture, where it stays from step to step.
export function isCentred() {
  return planOfStep !== null;
}

/** @type {() => StepPlan | null} */
function findPlanOfStep() {
  const { plans } = state.step === null ? {} : steps[state.step];
  return plans && !isLaidOut() ? plans[state.plan] : null;
}

// Everything to its place: after expanding, with another plan, or at another step.
export function arrange() {
  standing.clear();
  planOfStep = findPlanOfStep();
  data.plans[state.plan].spots.forEach((spot, number) => stand(number, spot));
  const own = planOfStep ? planOfStep.spots : [];
  own.forEach(([number, x, y, side, room, lines]) => stand(number, { x, y, side, room, lines }));
  arrangeSigns();
  for (const [key, { title, numbers }] of state.grown) growOut(key, title, numbers);
}

// Give a concept its place, or the one to which it was moved.
/** @type {(number: number, spot: Spot) => void} */
function stand(number, spot) {
  const place = moveOf(number);
  const there = place ? { ...spot, x: place[0], y: place[1] } : spot;
  standing.set(number, there);
  ownDesigns.set(number, designOf(number, there, planNow().text));
}

// A concept was dragged.
/** @type {(number: number, x: number, y: number) => void} */
export function moveSpot(number, x, y) {
  standing.set(number, { ...spots.get(number), x, y });
}

// What is expanded stands in columns of its own beyond all that stands there already, so that nothing meets.
/** @type {(key: GrowthKey, title: string, numbers: readonly number[]) => void} */
function growOut(key, title, numbers) {
  const { text, view } = planNow(),
    box = bounds([...spots.keys()], signs);
  const anchor = spots.get(typeof key === "number" ? key : -1) || { x: 0 };
  const side = anchor.x >= 0 ? "right" : "left",
    turn = side === "right" ? 1 : -1;
  const pitch = text * 1.7,
    room = text * 16;
  const most = Math.max(10, Math.floor((box[3] - box[1] || view[1]) / pitch) - 2);
  const edge = (side === "right" ? box[2] : box[0]) + turn * text * 3,
    middle = (box[1] + box[3]) / 2;
  numbers.forEach((number, place) => {
    const column = Math.floor(place / most),
      rows = Math.min(numbers.length - column * most, most);
    const x = edge + turn * column * (room + text * 3),
      y = middle + ((place % most) - (rows - 1) / 2) * pitch;
    stand(number, { x, y, side, room, lines: 1 });
  });
  const { x, y } = spots.get(numbers[0]),
    heading = { text: title, x, y: y - pitch * 1.2, side, room };
  signs.push({ ...heading, concepts: numbers, continued: true, ...designOfWords(title, heading, text, true) });
}

// The label of a veiled concept is a question mark.
/** @type {(number: number) => Design} */
export function designNow(number) {
  const design = designs.get(number);
  if (!isVeiled(number) || !design.pieces.length) return design;
  const { text } = planNow(),
    face = font(text, true),
    { side } = spots.get(number);
  const x = lineStart(side, widthOf(TEXT.quiz.unknown, face), text);
  const y = side === "below" ? text * 1.4 : 0;
  return {
    ...design,
    box: side === "inside" ? design.box : [x - 2, y - text * 0.6, x + text, y + text * 0.6],
    pieces: [{ text: TEXT.quiz.unknown, font: face, x, y, size: text }],
  };
}

// ---- Words that are no concepts ---------------------------------------------------------------------------------

// The words of the plan; what is expanded adds its own.
function arrangeSigns() {
  const { headings, more } = planNow();
  /** @type {<T extends Heading>(sign: T, said: string, bold: boolean) => T & Words} */
  const words = (sign, said, bold) => ({ ...sign, ...designOfSign(sign, said, bold) });
  signs = [
    ...headings.map((each) => words(each, headingWords(each), true)),
    ...more.map((each, number) => words({ ...each, more: number }, each.text, false)),
  ];
}

// The words of a sign; a bundle has a marker as well, on which one may click.
/** @type {(sign: Heading, said: string, bold: boolean) => Words} */
function designOfSign(sign, said, bold) {
  const { text } = planNow(),
    { pieces, box } = designOfWords(said, sign, text, bold),
    reach = sign.bundle ? text * 0.8 : 0;
  if (!reach) return { pieces, box };
  return {
    pieces,
    box: [Math.min(box[0], -reach), Math.min(box[1], -reach), Math.max(box[2], reach), Math.max(box[3], reach)],
  };
}

// Headings count what is shown, which has changed.
export function countInHeadings() {
  const { text } = planNow();
  signs = signs.map((sign) =>
    sign.more === undefined ? { ...sign, ...designOfWords(headingWords(sign), sign, text, true) } : sign,
  );
}

// A heading counts what is shown, and what there is where some waits in the file.
/** @type {(heading: Heading) => string} */
function headingWords({ text, concepts: members, waiting = [], continued, of }) {
  if (continued) return text;
  const hidden = waiting.filter((each) => isOffered(each, of)).length;
  const shown = members.filter(isShown).length + waiting.filter(isShown).length;
  // What is all in a bundle, the bundle counts.
  const count = !shown ? String(hidden) : hidden ? fill(TEXT.graph.share, { shown, all: shown + hidden }) : String(shown);
  // The count keeps to the last word, and never stands in a line of its own.
  return `${text}\u00a0·\u00a0${count.replaceAll(" ", "\u00a0")}`;
}

/** @type {(sign: Sign) => boolean} */
function isSignShown({ more, concepts: members, waiting = [], bundle, of }) {
  const plain = state.step === null && state.only === null;
  if (more !== undefined) return plain && members.some((each) => isOffered(each, bundle));
  return members.some(isShown) || (plain && waiting.some((each) => isOffered(each, of)));
}

// ---- What is in the picture -------------------------------------------------------------------------------------

/** @type {() => number[]} */
export function shownConcepts() {
  return [...spots.keys()].filter(isShown);
}

/** @type {() => Sign[]} */
export function shownSigns() {
  return signs.filter(isSignShown);
}

// Connections whose lines are in the picture.
/** @type {() => number[]} */
export function seenLines() {
  return connections
    .map((_, number) => number)
    .filter((number) => {
      const { subject, object } = connections[number];
      return spots.has(subject) && spots.has(object) && isSeen(number);
    });
}

// The boxes of all that is shown: labels with their markers, headings, and the rows that stand for more.
/** @type {() => Box[]} */
export function labelBoxes() {
  return [...shownConcepts().map(boxOf), ...shownSigns().map(boxOfSign)];
}

// The boxes of letters alone, where they stand: of labels without their markers, and of headings.
/** @type {() => Box[]} */
export function boxesOfLetters() {
  /** @type {(number: number) => Box[]} */
  const ofLabel = (number) => {
    const { x, y } = spots.get(number),
      { pieces } = designs.get(number);
    return pieces.map((piece) => [
      x + piece.x,
      y + piece.y - piece.size * 0.4,
      x + piece.x + widthOf(piece.text, piece.font),
      y + piece.y + piece.size * 0.4,
    ]);
  };
  return [...shownConcepts().flatMap(ofLabel), ...shownSigns().map(boxOfSign)];
}

// The box around concepts and signs.
/** @type {(numbers: number[], words: Sign[]) => Box} */
export function bounds(numbers, words) {
  return [...numbers.map(boxOf), ...words.map(boxOfSign)].reduce(
    (all, box) => [
      Math.min(all[0], box[0]),
      Math.min(all[1], box[1]),
      Math.max(all[2], box[2]),
      Math.max(all[3], box[3]),
    ],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}

// The box of a concept with its label, where it stands.
/** @type {(number: number) => Box} */
export function boxOf(number) {
  return boxAt(spots.get(number), designs.get(number).box);
}

/** @type {(sign: Sign) => Box} */
export function boxOfSign(sign) {
  return boxAt(sign, sign.box);
}

/** @type {(place: {x: number, y: number}, box: Box) => Box} */
function boxAt({ x, y }, [left, top, right, bottom]) {
  return [x + left, y + top, x + right, y + bottom];
}

// Where the straight line from a concept to a point leaves its marker.
/** @type {(number: number, point: Point) => Point} */
export function rim(number, [toX, toY]) {
  const { x, y } = spots.get(number),
    { half } = designs.get(number),
    [dx, dy] = [toX - x, toY - y];
  const share = Math.min(half[0] / Math.abs(dx || 1e-9), half[1] / Math.abs(dy || 1e-9), 1);
  return [x + dx * share, y + dy * share];
}
