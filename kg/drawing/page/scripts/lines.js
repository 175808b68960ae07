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

// Where on a line its words may stand, from 0 to 1, the best place first: close to the focus, where there are no labels;
// on a path nearer to what is passed through, where ways have parted.
function sharesOf(number, length) {
  const { subject, object } = connections[number];
  const [first, second] = [subject, object].map((each) => Boolean(concepts[each].focus));
  if (first === second) return [0.5, 0.35, 0.65];
  const near = planNow().style === "paths" ? 0.62 : Math.min(0.5, (6 * planNow().text) / length);
  return [near, near * 1.25, near * 0.75, near * 1.5].map((share) => (first ? share : 1 - share));
}

// Words on lines are as high as labels, which the last row reads.
function wordSize() {
  return planNow().text;
}

// The places on a line where its words may stand, as { x, y, width }.
function wordPlaces(number, words) {
  const [from, via, to] = courseOf(number),
    size = wordSize(),
    width = widthOf(words, font(size)),
    [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  // Words that would hide most of a short line stand above it.
  const hidden = Math.min((width * length) / Math.abs(dx || 1e-9), (1.24 * size * length) / Math.abs(dy || 1e-9));
  return sharesOf(number, length).map((t) => {
    const [x, y] = [0, 1].map((axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * via[axis] + t ** 2 * to[axis]);
    return { x, y: hidden > 0.6 * length ? y - 1.1 * size : y, width };
  });
}

function boxOfWords({ x, y, width }) {
  const half = wordSize() * 0.62;
  return [x - width / 2 - 2, y - half, x + width / 2 + 2, y + half];
}

function meets(first, second) {
  return first[0] < second[2] && second[0] < first[2] && first[1] < second[3] && second[1] < first[3];
}

function drawLineWords(pen, { words, x, y, width }, colour) {
  const size = wordSize();
  pen.box(x - width / 2 - 2, y - size * 0.62, width + 4, size * 1.24, 3, { fill: colour.ground });
  pen.text({ text: words, font: font(size), x: x - width / 2, y, size }, colour.ink);
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

// The words on lines and where they stand: what is named first, and signs only where they meet nothing.
function placeWords() {
  const found = seenLines().filter(wordsOf),
    named = found.filter(isNamed);
  const rest = found.length <= MOST_WORDED ? found.filter((number) => !isNamed(number)) : [];
  const taken = labelBoxes();
  return [...named, ...rest].flatMap((number) => {
    const words = wordsOf(number),
      choices = wordPlaces(number, words);
    const free = choices.find((place) => !taken.some((box) => meets(box, boxOfWords(place))));
    const place = free || (isNamed(number) ? choices[0] : null);
    if (!place) return [];
    taken.push(boxOfWords(place));
    return [{ number, words, ...place }];
  });
}

// Where the words stand is worked out when something changes, and not for every frame.
const MOST_WORDED = 40;
let worded = null;

function drawAllWords(ctx) {
  const pen = canvasPen(ctx);
  worded = worded || placeWords();
  worded.forEach((each) => drawLineWords(pen, each, palette));
}
