// ---- Lines: how they look, what stands on them, and where they run ----------------------------------------------

// How the line of a connection looks now; its words only where there are few lines, or it is the one selected.
function lineOf(number) {
  const each = connections[number],
    look = data.verdicts[each.verdict],
    chosen = isSelected("connection", number);
  const near = chosen || isSelected("concept", each.subject) || isSelected("concept", each.object);
  const lit = state.lit !== null && state.lit.connections.has(number);
  const colour = look[palette.theme],
    opacity = isFaded("connections", number) ? 0.1 : 1;
  return {
    id: number,
    hidden: !isSeen(number),
    dashes: look.dashes.length ? look.dashes : false,
    width: look.width + (chosen || lit ? 2.5 : near ? 1 : 0),
    color: { color: colour, highlight: colour, hover: colour, opacity },
  };
}

// What stands on a line: the relation where it is selected, lit or part of a path, else what a release says of it.
function wordsOf(number) {
  const each = connections[number],
    lit = state.lit !== null && state.lit.connections.has(number);
  if (state.lit !== null && !lit) return "";
  if (lit || isSelected("connection", number) || planNow().style === "paths") {
    return `${data.relations[each.relation].label} ${marks(each)}`;
  }
  return each.excluded || ["corroborated", "disputed", "refuted"].includes(each.verdict) ? marks(each) : "";
}

// The words of a line, in its middle; on a path nearer to what is passed through, where ways have parted.
function drawLineWords(pen, number, colour) {
  const words = wordsOf(number),
    { subject, object } = connections[number];
  if (!words) return;
  const [from, via, to] = courseOf(number),
    size = planNow().text,
    face = font(size),
    width = widthOf(words, face);
  const inner = concepts[subject].focus === concepts[object].focus ? 0.5 : concepts[subject].focus ? 0.62 : 0.38;
  const t = planNow().style === "paths" ? inner : 0.5;
  const [x, y] = [0, 1].map((axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * via[axis] + t ** 2 * to[axis]);
  pen.box(x - width / 2 - 2, y - size * 0.62, width + 4, size * 1.24, 3, { fill: colour.ground });
  pen.text({ text: words, font: face, x: x - width / 2, y, size }, colour.ink);
}

// The way of a line from the rim of one marker to that of the other: [start, bend, end], as vis-network bends it.
function courseOf(number) {
  const edge = data.graph.edges[number],
    [from, to] = [edge.from, edge.to].map((id) => ({ ...spots.get(id), id }));
  const [dx, dy] = [to.x - from.x, to.y - from.y],
    { smooth } = edge;
  const turn = smooth ? smooth.roundness * (smooth.type === "curvedCW" ? 1 : -1) : 0;
  const via = [(from.x + to.x) / 2 - turn * dy, (from.y + to.y) / 2 + turn * dx];
  return [rim(from, via), via, rim(to, via)];
}

function rim({ id, x, y }, [toX, toY]) {
  const { half } = designs.get(id),
    [dx, dy] = [toX - x, toY - y];
  const share = Math.min(half[0] / Math.abs(dx || 1e-9), half[1] / Math.abs(dy || 1e-9), 1);
  return [x + dx * share, y + dy * share];
}

// Connections whose lines are in the picture.
function seenLines() {
  return connections
    .map((_, number) => number)
    .filter((number) => {
      const { subject, object } = connections[number];
      return spots.has(subject) && spots.has(object) && isSeen(number);
    });
}

// Which lines have words is worked out when something changes, and not for every frame.
let worded = null;

function drawAllWords(ctx) {
  const pen = canvasPen(ctx);
  worded = worded || seenLines().filter(wordsOf);
  worded.forEach((number) => drawLineWords(pen, number, palette));
}
