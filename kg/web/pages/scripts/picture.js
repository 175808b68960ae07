// A small picture of triples: things as dots, what holds between them as lines. The table has all that it shows.

import { byId, cut, make, makeSvg } from "./elements.js";

const MOST = 40;
// More words than these on lines would cover each other.
const MOST_WORDS = 14;
const NARROW = 600;
const [WIDEST, HEIGHT, EDGE] = [900, 520, 60];
// As wide as its place, so that letters keep their size.
let width = WIDEST;
const ROUNDS = 250;

/** @typedef {{ text: string, x: number, y: number }} Dot */

/** The picture of triples, or nothing where there are none, or too many to be read. @type {(rows: Rows) => HTMLElement | null} */
export function picture({ rows }) {
  const lines = rows.filter(([, , object]) => object.type !== "literal" && object.type !== "");
  const names = [...new Set(lines.flatMap(([subject, , object]) => [subject.text, object.text]))];
  if (!names.length || names.length > MOST) return null;
  width = Math.min(Math.max(byId("picture").clientWidth, 280), WIDEST);
  const dots = placed(names, lines);
  const isTold = lines.length <= MOST_WORDS && width >= NARROW;
  const edges = lines.map(([subject, predicate, object]) => edge(at(dots, subject), at(dots, object), isTold ? predicate.text : ""));
  const caption = `${names.length} things and ${lines.length} lines between them${isTold ? "" : "; what they mean stands in the table"}`;
  const attributes = { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": "Picture of what the table has" };
  const drawn = makeSvg("svg", attributes, arrow(), ...edges, ...[...dots.values()].map(dot));
  return make("figure", { class: "graph" }, make("figcaption", {}, caption), drawn);
}

/** @type {(dots: Map<string, Dot>, cell: Cell) => Dot} */
function at(dots, cell) {
  return /** @type {Dot} */ (dots.get(cell.text));
}

/** Things that are connected draw each other near, all others keep away. @type {(names: string[], lines: Cell[][]) => Map<string, Dot>} */
function placed(names, lines) {
  const dots = new Map(
    names.map((text, index) => {
      const angle = (index / names.length) * 2 * Math.PI;
      return [text, { text, x: Math.cos(angle), y: Math.sin(angle) }];
    }),
  );
  const every = [...dots.values()];
  const far = 1.6 / Math.sqrt(every.length);
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = 0.1 * (1 - round / ROUNDS);
    for (const one of every) {
      for (const other of every) {
        if (one !== other) push(one, other, (distance) => (step * far * far) / distance);
      }
    }
    for (const [subject, , object] of lines) {
      const [one, other] = [at(dots, subject), at(dots, object)];
      push(one, other, (distance) => (-step * distance * distance) / far);
      push(other, one, (distance) => (-step * distance * distance) / far);
    }
  }
  spread(every, "x", width);
  spread(every, "y", HEIGHT);
  return dots;
}

/** Move one away from the other, or to it. @type {(one: Dot, other: Dot, force: (distance: number) => number) => void} */
function push(one, other, force) {
  const [x, y] = [one.x - other.x, one.y - other.y];
  const distance = Math.max(Math.hypot(x, y), 0.01);
  const by = Math.max(Math.min(force(distance), 0.2), -0.2);
  one.x += (x / distance) * by;
  one.y += (y / distance) * by;
}

/** @type {(dots: Dot[], axis: "x" | "y", size: number) => void} */
function spread(dots, axis, size) {
  const values = dots.map((one) => one[axis]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  for (const one of dots) {
    one[axis] = most > least ? EDGE + ((one[axis] - least) / (most - least)) * (size - 2 * EDGE) : size / 2;
  }
}

/** The point of a line, which ends before the dot. */
function arrow() {
  const attributes = { id: "arrow", viewBox: "0 0 10 10", refX: 19, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return makeSvg("defs", {}, makeSvg("marker", attributes, makeSvg("path", { d: "M0 0 10 5 0 10z" })));
}

/** @type {(from: Dot, to: Dot, text: string) => SVGElement} */
function edge(from, to, text) {
  const line = makeSvg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "marker-end": "url(#arrow)" });
  const label = makeSvg("text", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3, class: "edge" }, cut(text, 30));
  return makeSvg("g", {}, line, label);
}

/** @type {(one: Dot) => SVGElement} */
function dot({ text, x, y }) {
  const side = x < width / 4 ? "start" : x > (width * 3) / 4 ? "end" : "middle";
  const label = makeSvg("text", { x: side === "start" ? x - 7 : side === "end" ? x + 7 : x, y: y - 11, "text-anchor": side }, cut(text, 36));
  return makeSvg("g", {}, makeSvg("circle", { cx: x, cy: y, r: 7 }), label);
}
