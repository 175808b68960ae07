// vis-network: it moves, zooms and hits; what stands there is drawn by the pens.

import { around, concepts, data } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { colourOfSign, drawConcept, drawWords } from "../pens/markers.js";
import { canvasPen } from "../pens/pens.js";
import { palette } from "../pens/theme.js";
import { isSelected, isShown } from "../state/shown.js";
import { state } from "../state/state.js";
import { forgetArrowheads } from "./arrowheads.js";
import { bundleLeft, drawBundleLines, drawBundleMarker, shownBundles } from "./bundles.js";
import { signLeft, strengthLeft, updateNear } from "./emphasis.js";
import { forgetWords } from "./line-words.js";
import { lineOf } from "./lines.js";
import { arrange, countInHeadings, designNow, planNow, shownSigns, spots } from "./places.js";

// The height in pixels from which letters can be read.
const READABLE = 12;

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
export const network = new vis.Network(
  byId("canvas"),
  { nodes, edges },
  {
    ...data.graph.options,
    nodes: { shape: "custom", ctxRenderer: renderNode },
  },
);
// vis-network would be a second stop of the Tab key, and would take the keyboard from the canvas at a click.
byId("canvas").firstElementChild.removeAttribute("tabindex");

// How much larger the label of what stands out is drawn where all letters are too small to be read.
function enlarged() {
  return Math.max(1, READABLE / (network.getScale() * planNow().text));
}

// What vis-network draws for a concept, and how large it takes it to be.
/** @type {(node: VisNode) => {drawNode: () => void, nodeDimensions: {width: number, height: number}}} */
function renderNode({ ctx, id, x, y, state: { hover } }) {
  const strong = hover || isSelected("concept", id),
    design = designNow(id),
    { side } = spots.get(id);
  const isMain = strong || Boolean(concepts[id].focus);
  const drawNode = () => {
    const scale = planNow().style === "overview" ? enlarged() : 1;
    ctx.save();
    ctx.globalAlpha = strengthLeft("concepts", id);
    if (isMain && scale > 1) {
      ctx.translate(x, y);
      ctx.scale(scale, scale);
      ctx.translate(-x, -y);
    }
    const shown = isMain || scale === 1 ? design : { ...design, pieces: [] };
    drawConcept(canvasPen(ctx), id, shown, { side, x, y }, strong, palette());
    ctx.restore();
  };
  return { drawNode, nodeDimensions: { width: 2 * design.half[0], height: 2 * design.half[1] } };
}

/** @type {(ctx: CanvasRenderingContext2D) => void} */
export function drawSigns(ctx) {
  const pen = canvasPen(ctx),
    colours = palette();
  ctx.save();
  shownSigns().forEach((sign) => {
    ctx.globalAlpha = signLeft(sign);
    if (sign.bundle) ctx.globalAlpha = bundleLeft(sign);
    drawWords(pen, sign, sign.x, sign.y, colourOfSign(sign, colours), colours);
    if (sign.bundle) drawBundleMarker(pen, sign, colours);
  });
  ctx.restore();
}

// In an overview the focus is larger than its place, and stands over the markers around it.
/** @type {(ctx: CanvasRenderingContext2D) => void} */
export function drawFociAgain(ctx) {
  if (planNow().style !== "overview") return;
  const foci = [...spots.keys()].filter((id) => concepts[id].focus && isShown(id));
  for (const id of foci) renderNode({ ctx, id, ...spots.get(id), state: { hover: false } }).drawNode();
}

// Lines go under what they lead to.
/** @type {(ctx: CanvasRenderingContext2D) => void} */
export function drawBundles(ctx) {
  ctx.save();
  for (const sign of shownBundles()) {
    ctx.globalAlpha = bundleLeft(sign);
    drawBundleLines(canvasPen(ctx), sign, palette());
  }
  ctx.restore();
}

// The concepts that vis-network has.
/** @type {() => number[]} */
function drawnNow() {
  return nodes.getIds();
}

// How each concept and each line was given to vis-network last, which takes long to take in what it has already.
const givenNodes = new Map();
const givenLines = new Map();

// How often everything was given its place anew.
let arranged = 0;

/** @type {() => number} */
export function timesArranged() {
  return arranged;
}

// Everything anew that depends on what is drawn, and where: after expanding, with another plan, or at another step.
export function refresh() {
  arranged += 1;
  // vis-network draws while it removes: what goes needs its place until it is gone.
  const gone = drawnNow().filter((id) => !state.drawn.has(id));
  if (gone.length) {
    const lines = gone.flatMap((id) => around[id]);
    edges.remove(lines);
    nodes.remove(gone);
    lines.forEach((number) => givenLines.delete(number));
  }
  arrange();
  nodes.update([...spots].map(([id, { x, y }]) => ({ ...data.graph.nodes[id], x, y, hidden: !isShown(id) })));
  givenNodes.clear();
  [...spots.keys()].forEach((id) => givenNodes.set(id, !isShown(id)));
  const drawn = data.graph.edges.filter(({ from, to }) => spots.has(from) && spots.has(to));
  forgetWords();
  forgetArrowheads();
  const fresh = drawn.filter(({ id }) => !givenLines.has(id));
  edges.update(fresh.map((edge) => ({ ...edge, ...lineToGive(edge.id) })));
  updateLines();
}

// Concepts on their way to where they stand.
/** @type {(places: {id: number, x: number, y: number}[]) => void} */
export function putNodes(places) {
  nodes.update(places);
}

export function updateVisible() {
  countInHeadings();
  const changed = drawnNow().filter((id) => givenNodes.get(id) === isShown(id));
  changed.forEach((id) => givenNodes.set(id, !isShown(id)));
  nodes.update(changed.map((id) => ({ id, hidden: !isShown(id) })));
  updateLines();
}

// A line as vis-network should have it, noted as given.
/** @type {(number: number) => Line} */
function lineToGive(number) {
  const line = lineOf(number);
  givenLines.set(number, lookOf(line));
  return line;
}

// What tells one look of a line from another; how a hidden line looks is of no matter.
/** @type {(line: Line) => string} */
function lookOf({ hidden, dashes, width, color }) {
  return hidden ? "" : JSON.stringify([dashes, width, color.color, color.opacity]);
}

/** @type {(numbers?: number[]) => void} */
export function updateLines(numbers = edges.getIds()) {
  forgetWords();
  forgetArrowheads();
  const changed = numbers.map(lineOf).filter((line) => givenLines.get(line.id) !== lookOf(line));
  changed.forEach((line) => givenLines.set(line.id, lookOf(line)));
  edges.update(changed.map((line) => (line.hidden ? { id: line.id, hidden: true } : line)));
}

// The lines at what was selected before, and at what is selected now.
/** @type {number[]} */
let touched = [];

export function updateSelected() {
  const { concept, connection } = state.selected || {};
  const now = concept !== undefined ? around[concept] : connection !== undefined ? [connection] : [];
  if (updateNear()) updateLines();
  else updateLines([...new Set([...touched, ...now])].filter((number) => edges.get(number) !== null));
  touched = now;
}
