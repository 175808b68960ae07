// What the guide says and what the release says as a sheet: each mistake once, with legend, date and sources.

import { concepts, data, findings, TEXT, VERDICTS } from "../basis/data.js";
import { evidenceOf } from "../basis/quotes.js";
import { fill, printable } from "../basis/words.js";
import { flow, font, lineWidth } from "../pens/lettering.js";
import { claimOf, officialOf, placeOf, quoteOf } from "../sides/against.js";
import { findingsDrawn, linesOf } from "../state/against.js";
import { MARGIN, sourceLines } from "./sheet.js";

// A mistake from left to right: what the document says, a line, the code, a line, what the release says.
const WIDTH = 1240;
const PART = 500;
const CODE = { x: 550, width: 140 };
const INNER = 14;
const MOST_LINES = 12;

// Words in one size and colour, set in lines.
/** @typedef {{text: string, size: number, bold: boolean, colour: string}} Saying */

/** @type {(text: string, size: number, colour: string, bold?: boolean) => Saying} */
function saying(text, size, colour, bold = false) {
  return { text, size, colour, bold };
}

/** @type {(sayings: Saying[], room: number) => {pieces: {piece: Piece, colour: string}[], height: number}} */
function set(sayings, room) {
  let y = 0;
  const pieces = sayings.flatMap(({ text, size, bold, colour }) => {
    const face = font(size, bold),
      words = printable(text).split(/\s+/).filter(Boolean);
    const lines = flow(
      words.map((word) => ({ text: word, font: face })),
      room,
      MOST_LINES,
    );
    const found = lines.flatMap((line) => {
      y += size * 1.3;
      return line.map((piece) => ({ piece: { ...piece, y: y - size * 0.65, size }, colour }));
    });
    y += 5;
    return found;
  });
  return { pieces, height: y };
}

// An element of the page as words: large where it is what somebody says, quiet where it is a place.
/** @type {(element: HTMLElement, colours: Colours) => Saying} */
function fromElement(element, colours) {
  const text = element.textContent || "";
  if (element.className === "where") return saying(text, 12, colours.quiet);
  return element.className === "official" ? saying(text, 18, colours.ink, true) : saying(text, 14, colours.ink);
}

/** @type {(place: number, colours: Colours) => Saying[]} */
function saidIn(place, colours) {
  const finding = findings[place],
    look = data.verdicts[finding.verdict],
    [evidence] = evidenceOf(finding);
  return [
    saying(`${look.sign} ${TEXT.panel.stated}`, 13, look[colours.theme], true),
    saying(claimOf(finding, linesOf(place).own), 18, look[colours.theme], true),
    ...(evidence ? [quoteOf(evidence), placeOf(evidence)].map((each) => fromElement(each, colours)) : []),
  ];
}

/** @type {(place: number, colours: Colours) => Saying[]} */
function officialIn(place, colours) {
  const finding = findings[place],
    green = data.verdicts.corroborated[colours.theme],
    { sign } = data.verdicts.corroborated;
  const isRelease = Boolean(finding.official || finding.opposed === undefined),
    title = isRelease ? TEXT.panel.official : TEXT.panel.opposed;
  return [
    saying(`${finding.official ? `${sign} ` : ""}${title}`, 13, green, true),
    ...officialOf(finding).map((each) => fromElement(each, colours)),
    ...(finding.suggestion
      ? [saying(TEXT.panel.suggestion, 13, green, true), saying(finding.suggestion, 18, green, true)]
      : []),
  ];
}

/** @type {(finding: Finding, colours: Colours) => Saying[]} */
function codeIn({ concept, code }, colours) {
  const { code: key, name, kind } = concept === undefined ? { code, name: "", kind: "" } : concepts[concept];
  return [
    saying(key || name, 16, colours.onFocus, true),
    ...(kind ? [saying(data.kinds[kind].one, 12, colours.onFocus)] : []),
  ];
}

/** @type {(place: number, colours: Colours) => MistakeSheet} */
function mistakeOf(place, colours) {
  const { verdict, hangs = 0 } = findings[place],
    said = set(saidIn(place, colours), PART - 2 * INNER),
    official = set(officialIn(place, colours), PART - 2 * INNER),
    code = set(codeIn(findings[place], colours), CODE.width - INNER),
    words = fill(TEXT.against.hanging, { sign: data.verdicts.disputed.sign, count: hangs });
  const hanging = hangs ? set([saying(words, 13, data.verdicts.disputed[colours.theme], true)], WIDTH) : null;
  const height = Math.max(said.height, official.height, code.height) + 2 * INNER;
  return { verdict, said, official, code, hanging, height, whole: height + (hanging ? hanging.height + 8 : 0) + 16 };
}

/** @type {(pen: Pen, set: SetWords, x: number, y: number) => void} */
function drawWords(pen, { pieces }, x, y) {
  pieces.forEach(({ piece, colour }) => pen.text({ ...piece, x: x + piece.x, y: y + piece.y }, colour));
}

/** @type {(pen: Pen, from: number, to: number, y: number, verdict: string, colours: Colours) => void} */
function drawWire(pen, from, to, y, verdict, colours) {
  const { dashes, sign, [colours.theme]: stroke } = data.verdicts[verdict],
    face = font(15, true);
  const middle = (from + to) / 2;
  pen.curve(
    [
      [from, y],
      [middle, y],
      [to, y],
    ],
    { stroke, width: 4, dashes },
  );
  const wide = lineWidth([{ text: sign, font: face, x: 0 }]);
  pen.text({ text: sign, font: face, x: middle - wide / 2, y: y - 12, size: 15 }, stroke);
}

/** @type {(pen: Pen, mistake: MistakeSheet, top: number, colours: Colours) => void} */
function drawMistake(pen, { verdict, said, official, code, hanging, height }, top, colours) {
  const { dashes, [colours.theme]: stroke } = data.verdicts[verdict],
    right = WIDTH - PART,
    middle = top + height / 2;
  drawWire(pen, PART, CODE.x, middle, verdict, colours);
  drawWire(pen, CODE.x + CODE.width, right, middle, "corroborated", colours);
  pen.box(0, top, PART, height, 8, { fill: colours.ground, stroke, width: 3, dashes });
  const green = data.verdicts.corroborated[colours.theme];
  pen.box(right, top, PART, height, 8, { fill: colours.ground, stroke: green, width: 3 });
  const high = code.height + 2 * INNER;
  pen.box(CODE.x, middle - high / 2, CODE.width, high, 8, { fill: colours.focus });
  drawWords(pen, said, INNER, top + INNER);
  drawWords(pen, official, right + INNER, top + INNER);
  drawWords(pen, code, CODE.x + INNER / 2, middle - high / 2 + INNER);
  if (hanging) drawWords(pen, hanging, CODE.x - 30, top + height + 8);
}

// What the signs mean, the worst first.
/** @type {(colours: Colours) => Saying[]} */
function legendOf(colours) {
  const shown = new Set([...findingsDrawn().map((place) => findings[place].verdict), "corroborated"]);
  return [...VERDICTS]
    .reverse()
    .filter((verdict) => shown.has(verdict))
    .map((verdict) => saying(fill(TEXT.legend.verdictItem, { verdict, ...data.verdicts[verdict] }), 12, colours.ink));
}

// The whole, and how it is drawn; `inside` gives a pen whose (0, 0) is at a point.
/** @type {(colours: Colours) => {size: number[], draw: (pen: Pen, inside: (x: number, y: number) => Pen) => void}} */
export function findingsSheet(colours) {
  const mistakes = findingsDrawn().map((place) => mistakeOf(place, colours)),
    head = set([saying(data.title, 20, colours.ink, true), saying(TEXT.against.title, 15, colours.ink)], WIDTH),
    legend = set(legendOf(colours), WIDTH),
    sources = sourceLines(WIDTH);
  const top = MARGIN + head.height + 12,
    under = top + mistakes.reduce((sum, { whole }) => sum + whole, 0);
  const size = [WIDTH + 2 * MARGIN, under + legend.height + sources.length * 16 + 2 * MARGIN];
  return {
    size,
    draw(pen, inside) {
      pen.box(0, 0, size[0], size[1], 0, { fill: colours.ground });
      drawWords(pen, head, MARGIN, MARGIN);
      const part = inside(MARGIN, top);
      let y = 0;
      for (const mistake of mistakes) {
        drawMistake(part, mistake, y, colours);
        y += mistake.whole;
      }
      drawWords(pen, legend, MARGIN, under);
      sources.forEach((line, nth) =>
        line.forEach((piece) => {
          const place = { x: MARGIN + piece.x, y: under + legend.height + 12 + nth * 16, size: 12 };
          pen.text({ ...piece, ...place }, colours.quiet);
        }),
      );
    },
  };
}
