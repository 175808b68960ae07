// Concepts and words as both pens draw them.

import { concepts, data } from "../basis/data.js";
import { outline } from "./shapes.js";

/** @type {(pieces: Piece[], x: number, y: number) => Piece[]} */
function moved(pieces, x, y) {
  return pieces.map((piece) => ({ ...piece, x: x + piece.x, y: y + piece.y }));
}

/**
 * @type {(pen: Pen, number: number, x: number, y: number, radius: number, strong: boolean, colours: Colours) => void}
 */
function drawMarker(pen, number, x, y, radius, strong, colours) {
  const { shape, fill: inside } = data.kinds[concepts[number].kind];
  const style = { fill: inside, stroke: strong ? colours.accent : colours.ink, width: strong ? 3 : 1.2 };
  pen.polygon(outline(shape, x, y, radius), style);
}

// A marker with its label beside it, on a plate that the lines go under; or a box with the label inside.
/**
 * @type {(pen: Pen, number: number, design: Design, spot: Pick<Spot, "side" | "x" | "y">, strong: boolean,
 *   colours: Colours) => void}
 */
export function drawConcept(pen, number, design, { side, x, y }, strong, colours) {
  const { focus, kind } = concepts[number],
    { half, radius, pieces, box } = design;
  if (side === "inside") {
    const style = {
      fill: focus ? colours.focus : colours.ground,
      stroke: strong ? colours.accent : data.kinds[kind].fill,
    };
    pen.box(x - half[0], y - half[1], 2 * half[0], 2 * half[1], 10, { ...style, width: strong ? 5 : 3 });
    drawMarker(pen, number, x - half[0], y, radius, strong, colours);
    moved(pieces, x, y).forEach((piece) => pen.text(piece, focus ? colours.onFocus : colours.ink));
    return;
  }
  if (pieces.length)
    drawPlate(
      pen,
      side === "right"
        ? [radius, box[1], box[2], box[3]]
        : side === "left"
          ? [box[0], box[1], -radius, box[3]]
          : [box[0], radius, box[2], box[3]],
      x,
      y,
      colours,
    );
  drawMarker(pen, number, x, y, radius, strong, colours);
  moved(pieces, x, y).forEach((piece) => pen.text(piece, colours.ink));
}

/** @type {(pen: Pen, box: Box, x: number, y: number, colours: Colours) => void} */
function drawPlate(pen, [left, top, right, bottom], x, y, colours) {
  pen.box(x + left + 2, y + top, right - left, bottom - top, 3, { fill: colours.ground });
}

/** @type {(pen: Pen, words: Words, x: number, y: number, colour: string, colours: Colours) => void} */
export function drawWords(pen, { pieces, box }, x, y, colour, colours) {
  drawPlate(pen, [box[0] - 2, box[1], box[2], box[3]], x, y, colours);
  moved(pieces, x, y).forEach((piece) => pen.text(piece, colour));
}

// Headings are quiet, but for those of what is refuted; rows that stand for more can be clicked on.
/** @type {(sign: Sign, colours: Colours) => string} */
export function colourOfSign({ more, refuted }, colours) {
  if (refuted) return data.verdicts.refuted[colours.theme];
  return more === undefined ? colours.quiet : colours.accent;
}
