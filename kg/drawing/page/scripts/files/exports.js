// The sheet as a file, PNG or SVG, and on paper.

import { data } from "../basis/data.js";
import { byId, make } from "../basis/elements.js";
import { printable } from "../basis/words.js";
import { canvasPen, SVG, svgElement, svgPen, tidy } from "../pens/pens.js";
import { palette, setTheme } from "../pens/theme.js";
import { state } from "../state/state.js";
import { fileName, offer } from "./offer.js";
import { findingsSheet } from "./findings-sheet.js";
import { handout, printedFindings } from "./handout.js";
import { drawSheet, planSheet } from "./sheet.js";

/** @typedef {{size: number[], draw: (pen: Pen, inside: (x: number, y: number) => Pen) => void}} Drawn */

/** @type {(colours: Colours) => Drawn} */
function pictureSheet(colours) {
  const parts = planSheet(colours);
  return { size: parts.size, draw: (pen, inside) => drawSheet(pen, inside, parts, colours) };
}

// What stands there now: the picture, or what the guide says and what the release says.
/** @type {(colours: Colours) => Drawn} */
function sheetNow(colours) {
  return state.view === "findings" ? findingsSheet(colours) : pictureSheet(colours);
}

/** @type {(sheet: Drawn) => Element} */
function svgOf(sheet) {
  const [width, height] = sheet.size.map(Math.ceil);
  const root = svgElement("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  root.append(svgElement("title", {}, printable(data.title)));
  /** @type {(x: number, y: number) => Pen} */
  const inside = (x, y) => {
    const group = svgElement("g", { transform: `translate(${tidy(x)} ${tidy(y)})` });
    root.append(group);
    return svgPen(group);
  };
  sheet.draw(svgPen(root), inside);
  return root;
}

/** @type {() => string} */
export function svgText() {
  return new XMLSerializer().serializeToString(svgOf(sheetNow(palette())));
}

export function saveSvg() {
  offer(new Blob([svgText()], { type: "image/svg+xml" }), fileName("svg"));
}

export function savePng() {
  const sheet = sheetNow(palette());
  /** @type {HTMLCanvasElement} */
  const canvas = make("canvas");
  // Two pixels for one, as far as browsers have canvases of that size.
  const scale = Math.min(2, 8000 / Math.max(...sheet.size));
  [canvas.width, canvas.height] = sheet.size.map((each) => Math.ceil(each * scale));
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  ctx.scale(scale, scale);
  sheet.draw(canvasPen(ctx), (x, y) => shiftedPen(ctx, x, y));
  canvas.toBlob((blob) => blob && offer(blob, fileName("png")), "image/png");
}

// A pen whose (0, 0) is at a point.
/** @type {(ctx: CanvasRenderingContext2D, x: number, y: number) => Pen} */
function shiftedPen(ctx, x, y) {
  const pen = canvasPen(ctx);
  /** @type {(draw: () => void) => void} */
  const shifted = (draw) => {
    ctx.save();
    ctx.translate(x, y);
    draw();
    ctx.restore();
  };
  return {
    polygon: (...given) => shifted(() => pen.polygon(...given)),
    curve: (...given) => shifted(() => pen.curve(...given)),
    box: (...given) => shifted(() => pen.box(...given)),
    text: (...given) => shifted(() => pen.text(...given)),
  };
}

// Paper is light, whatever the screen is.
export function layPaper() {
  const { theme } = palette();
  setTheme(false);
  const paper = byId("paper");
  paper.hidden = false;
  for (const [verdict, look] of Object.entries(data.verdicts)) paper.style.setProperty(`--${verdict}`, look.light);
  if (state.view === "findings") paper.replaceChildren(printedFindings());
  else if (state.step !== null) paper.replaceChildren(...handout(() => svgOf(pictureSheet(palette()))));
  else paper.replaceChildren(svgOf(pictureSheet(palette())));
  setTheme(theme === "dark");
}

export function clearPaper() {
  byId("paper").hidden = true;
  byId("paper").replaceChildren();
}
