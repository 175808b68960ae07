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

// A line bears its relation where it is selected, lit, or part of a page of paths.
function isNamed(number) {
  const lit = state.lit !== null && state.lit.connections.has(number);
  return lit || isSelected("connection", number) || planNow().style === "paths";
}

// What stands on a line: its relation, or at least what a release says for or against it.
function wordsOf(number) {
  const each = connections[number];
  if (isFaded("connections", number)) return "";
  if (isNamed(number)) return `${data.relations[each.relation].label} ${marks(each)}`;
  return each.excluded || ["corroborated", "disputed", "refuted"].includes(each.verdict) ? marks(each) : "";
}

// Where on a line its words stand, from 0 to 1: close to the focus, where there are no labels; on a path nearer to what
// is passed through, where ways have parted.
function wordsAt(number, length) {
  const { subject, object } = connections[number];
  const [first, second] = [subject, object].map((each) => Boolean(concepts[each].focus));
  if (first === second) return 0.5;
  const share = planNow().style === "paths" ? 0.62 : Math.min(0.5, (6 * planNow().text) / length);
  return first ? share : 1 - share;
}

function drawLineWords(pen, number, colour) {
  const [from, via, to] = courseOf(number),
    words = wordsOf(number),
    face = font(13),
    width = widthOf(words, face);
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]],
    length = Math.hypot(dx, dy),
    t = wordsAt(number, length);
  const [x, middle] = [0, 1].map((axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * via[axis] + t ** 2 * to[axis]);
  // Words that would hide most of a short line stand above it.
  const hidden = Math.min((width * length) / Math.abs(dx || 1e-9), (16 * length) / Math.abs(dy || 1e-9));
  const y = hidden > 0.6 * length ? middle - 14 : middle;
  pen.box(x - width / 2 - 2, y - 8, width + 4, 16, 3, { fill: colour.ground });
  pen.text({ text: words, font: face, x: x - width / 2, y, size: 13 }, colour.ink);
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

// Lines that bear words; signs alone are left out where there are too many to be read.
function wordedLines() {
  const found = seenLines().filter(wordsOf);
  return found.length <= MOST_WORDED ? found : found.filter(isNamed);
}

// Which lines have words is worked out when something changes, and not for every frame.
const MOST_WORDED = 40;
let worded = null;

function drawAllWords(ctx) {
  const pen = canvasPen(ctx);
  worded = worded || wordedLines();
  worded.forEach((number) => drawLineWords(pen, number, palette));
}
