// How wide words are, and how they are cut and flow into lines.

import { make } from "../basis/elements.js";

export const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const ruler = make("canvas").getContext("2d");
const widths = new Map();

/** @type {(size: number, bold?: boolean) => string} */
export function font(size, bold = false) {
  return `${bold ? "600 " : ""}${size}px ${FONT}`;
}

/** @type {(text: string, face: string) => number} */
export function widthOf(text, face) {
  const key = face + text;
  if (!widths.has(key)) {
    ruler.font = face;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

// As much of a text as there is room for; "…" stands for the rest.
/** @type {(text: string, face: string, room: number) => string} */
export function cut(text, face, room) {
  if (widthOf(text, face) <= room) return text;
  let low = 0,
    high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(`${text.slice(0, middle).trimEnd()}…`, face) <= room) low = middle;
    else high = middle - 1;
  }
  return low ? `${text.slice(0, low).trimEnd()}…` : "";
}

// Words in lines no wider than the room, at most so many; a line is [{ text, font, x }]. The last ends in "…" where
// words are left.
/** @type {(words: Word[], room: number, most: number) => Letters[][]} */
export function flow(words, room, most) {
  const lines = [];
  let x = Infinity;
  for (const [place, { text, font: face }] of words.entries()) {
    const gap = x ? widthOf(" ", face) : 0,
      width = widthOf(text, face);
    if (x + gap + width <= room) {
      lines[lines.length - 1].push({ text, font: face, x: x + gap });
      x += gap + width;
    } else if (lines.length < most) {
      lines.push([{ text: cut(text, face, room), font: face, x: 0 }]);
      x = Math.min(width, room);
    } else {
      shorten(lines[most - 1], words.slice(place), room);
      break;
    }
  }
  return lines;
}

// The last words of a line and those that no longer fit, cut to the room; a change of font is not carried over.
/** @type {(line: Letters[], rest: Word[], room: number) => void} */
function shorten(line, rest, room) {
  const face = rest[0].font,
    same = line.filter((piece) => piece.font === face);
  const start = same.length ? same[0].x : lineWidth(line) + widthOf(" ", face);
  const text = [...same, ...rest]
    .filter((piece) => piece.font === face)
    .map((piece) => piece.text)
    .join(" ");
  line.splice(line.length - same.length, same.length);
  const short = cut(text, face, room - start);
  if (short) line.push({ text: short, font: face, x: start });
}

/** @type {(line: Letters[]) => number} */
export function lineWidth(line) {
  return line.length ? line[line.length - 1].x + widthOf(line[line.length - 1].text, line[line.length - 1].font) : 0;
}
