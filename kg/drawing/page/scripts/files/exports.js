// The sheet as a file, PNG or SVG, and on paper.

import { data } from "../basis/data.js";
import { byId, make } from "../basis/elements.js";
import { printable } from "../basis/words.js";
import { canvasPen, SVG, svgElement, svgPen, tidy } from "../pens/pens.js";
import { palette, setTheme } from "../pens/theme.js";
import { state } from "../state/state.js";
import { fileName, offer } from "./offer.js";
import { handout, printedFindings } from "./handout.js";
import { drawSheet, planSheet } from "./sheet.js";

function svgSheet() {
  const colours = palette(),
    parts = planSheet(colours),
    [width, height] = parts.size.map(Math.ceil);
  const root = svgElement("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  root.append(svgElement("title", {}, printable(data.title)));
  /** @type {(x: number, y: number) => Pen} */
  const inside = (x, y) => {
    const group = svgElement("g", { transform: `translate(${tidy(x)} ${tidy(y)})` });
    root.append(group);
    return svgPen(group);
  };
  drawSheet(svgPen(root), inside, parts, colours);
  return root;
}

/** @type {() => string} */
export function svgText() {
  return new XMLSerializer().serializeToString(svgSheet());
}

export function saveSvg() {
  offer(new Blob([svgText()], { type: "image/svg+xml" }), fileName("svg"));
}

export function savePng() {
  const colours = palette(),
    parts = planSheet(colours);
  /** @type {HTMLCanvasElement} */
  const canvas = make("canvas");
  // Two pixels for one, as far as browsers have canvases of that size.
  const scale = Math.min(2, 8000 / Math.max(...parts.size));
  [canvas.width, canvas.height] = parts.size.map((each) => Math.ceil(each * scale));
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  ctx.scale(scale, scale);
  drawSheet(canvasPen(ctx), (x, y) => shiftedPen(ctx, x, y), parts, colours);
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
  else if (state.step !== null) paper.replaceChildren(...handout(svgSheet));
  else paper.replaceChildren(svgSheet());
  setTheme(theme === "dark");
}

export function clearPaper() {
  byId("paper").hidden = true;
  byId("paper").replaceChildren();
}
