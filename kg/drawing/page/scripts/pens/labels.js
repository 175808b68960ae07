// Where words stand at a marker, and on their own.

import { concepts } from "../basis/data.js";
import { printable } from "../basis/words.js";
import { flow, font, lineWidth } from "./lettering.js";

/** @type {(number: number, size: number) => Word[]} */
function labelWords(number, size) {
  const { code, name } = concepts[number];
  /** @type {(text: string, bold: boolean) => Word[]} */
  const words = (text, bold) =>
    printable(text)
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => ({ text: word, font: font(size, bold) }));
  return code ? [...words(code, true), ...words(name === code ? "" : name, false)] : words(name, false);
}

// The lines of a label: beside a marker the name follows the code, in a box it stands below it.
/** @type {(number: number, spot: Spot, text: number) => {line: Letters[], size: number}[]} */
function labelLines(number, { side, room, lines }, text) {
  if (side !== "inside") return flow(labelWords(number, text), room, lines).map((line) => ({ line, size: text }));
  const large = Math.round(text * (concepts[number].focus ? 1.4 : 1.15)),
    split = concepts[number].code ? 1 : 0;
  const head = flow(labelWords(number, large).slice(0, split), room, 1).map((line) => ({ line, size: large }));
  return [...head, ...flow(labelWords(number, text).slice(split), room, lines).map((line) => ({ line, size: text }))];
}

// What stands at a concept: its marker's radius, the pieces of its label relative to the marker, and the box of both.
/** @type {(number: number, spot: Spot, text: number) => Design} */
export function designOf(number, spot, text) {
  const lines = labelLines(number, spot, text),
    { side } = spot;
  const radius = text * 0.54,
    gap = text * 0.46,
    height = lines.reduce((sum, { size }) => sum + size * 1.25, 0);
  const width = Math.max(0, ...lines.map(({ line }) => lineWidth(line)));
  let y = side === "below" ? radius + gap / 2 : -height / 2;
  const top = y;
  const pieces = lines.flatMap(({ line, size }) => {
    const start = lineStart(side, lineWidth(line), radius + gap);
    y += size * 1.25;
    return line.map((piece) => ({ ...piece, x: piece.x + start, y: y - size * 0.625, size }));
  });
  if (side === "inside") {
    /** @type {[number, number]} */
    const half = [width / 2 + text, height / 2 + text * 0.6];
    return { radius, half, pieces, box: [-half[0] - radius, -half[1], half[0], half[1]] };
  }
  const start = lineStart(side, width, radius + gap);
  /** @type {Box} */
  const box = [
    Math.min(-radius, start),
    Math.min(top, -radius),
    Math.max(radius, start + width),
    Math.max(top + height, radius),
  ];
  return { radius, half: [radius, radius], pieces, box };
}

// Where a line of words begins, with a gap between a marker and it.
/** @type {(side: string, width: number, gap: number) => number} */
export function lineStart(side, width, gap) {
  if (side === "right") return gap;
  return side === "left" ? -gap - width : -width / 2;
}

// Words on their own: headings of groups, and how many more there are.
/** @type {(words: string, place: {side: string, room: number, lines?: number}, text: number, bold: boolean) => Words} */
export function designOfWords(words, { side, room, lines: most = 1 }, text, bold) {
  const face = font(text, bold),
    plain = printable(words).split(" ").filter(Boolean);
  const lines = flow(
      plain.map((word) => ({ text: word, font: face })),
      room,
      most,
    ),
    step = text * 1.25;
  const width = Math.max(0, ...lines.map(lineWidth)),
    top = (-lines.length * step) / 2;
  const pieces = lines.flatMap((line, nth) => {
    const start = lineStart(side, lineWidth(line), text);
    return line.map((piece) => ({ ...piece, x: piece.x + start, y: top + (nth + 0.5) * step, size: text }));
  });
  const x = lineStart(side, width, text);
  return { pieces, box: [x, top + text * 0.05, x + width, -top - text * 0.05] };
}
