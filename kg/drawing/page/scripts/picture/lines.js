// Lines: how they look, and where they run.

import { connections, data } from "../basis/data.js";
import { palette } from "../pens/theme.js";
import { isLit, isSeen, isSelected } from "../state/shown.js";
import { strengthLeft } from "./emphasis.js";
import { planNow, rim, spots } from "./places.js";

// How the line of a connection looks now, for vis-network.
/** @type {(number: number) => Line} */
export function lineOf(number) {
  const each = connections[number],
    look = data.verdicts[each.verdict],
    chosen = isSelected("connection", number);
  const near = chosen || isSelected("concept", each.subject) || isSelected("concept", each.object);
  const colour = look[palette().theme],
    opacity = strengthLeft("connections", number),
    width = look.width + (chosen || isLit(number) ? 2.5 : near ? 1 : 0);
  return {
    id: number,
    hidden: !isSeen(number),
    // A wider line keeps its pattern.
    dashes: look.dashes.length ? look.dashes.map((length) => (length * width) / look.width) : false,
    width,
    color: { color: colour, highlight: colour, hover: colour, opacity },
  };
}

const onPaths = new Set(data.paths.flatMap(({ hops }) => hops.map(({ connection }) => connection)));

// A line bears its relation where it is selected, lit, or part of the paths of a page.
/** @type {(number: number) => boolean} */
export function isNamed(number) {
  return isLit(number) || isSelected("connection", number) || (planNow().style === "paths" && onPaths.has(number));
}

// Where a line leaves a marker for: its bend, or the other end where the bend is still within a wide marker.
/** @type {(number: number, via: Point, other: {x: number, y: number}) => Point} */
function beyond(number, via, other) {
  const [x, y] = rim(number, via);
  return x === via[0] && y === via[1] ? [other.x, other.y] : via;
}

// The way of a line from the rim of one marker to that of the other: [start, bend, end], as vis-network bends it.
/** @type {(number: number) => Course} */
export function courseOf(number) {
  const edge = data.graph.edges[number],
    [from, to] = [spots.get(edge.from), spots.get(edge.to)];
  const [dx, dy] = [to.x - from.x, to.y - from.y],
    { smooth } = edge;
  const turn = smooth ? smooth.roundness * (smooth.type === "curvedCW" ? 1 : -1) : 0;
  /** @type {Point} */
  const via = [(from.x + to.x) / 2 - turn * dy, (from.y + to.y) / 2 + turn * dx];
  const [start, end] = [rim(edge.from, beyond(edge.from, via, to)), rim(edge.to, beyond(edge.to, via, from))];
  return [start, turn ? via : [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2], end];
}
