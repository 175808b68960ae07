// ---- Outlines of kinds around (0, 0), for the canvas, the legend and files alike ---------------------------------

function polygon(corners, turn = 0, radii = [1]) {
  return Array.from({ length: corners }, (_, n) => {
    const angle = turn + (2 * Math.PI * n) / corners;
    const radius = radii[n % radii.length];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

const PLUS = [
  [-0.35, -1],
  [0.35, -1],
  [0.35, -0.35],
  [1, -0.35],
  [1, 0.35],
  [0.35, 0.35],
  [0.35, 1],
  [-0.35, 1],
  [-0.35, 0.35],
  [-1, 0.35],
  [-1, -0.35],
  [-0.35, -0.35],
];
const SHAPES = {
  circle: polygon(24),
  square: [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  sheet: [
    [-0.65, -1],
    [0.65, -1],
    [0.65, 1],
    [-0.65, 1],
  ],
  diamond: polygon(4, 0, [1.15]),
  hexagon: polygon(6, Math.PI / 6, [1.08]),
  triangle: polygon(3, 0, [1.15]),
  triangleDown: polygon(3, Math.PI, [1.15]),
  star: polygon(10, 0, [1.25, 0.58]),
  plus: PLUS,
  cross: PLUS.map(([x, y]) => [(x - y) * 0.71, (x + y) * 0.71]),
  pill: polygon(24).map(([x, y]) => [x * 0.62 + Math.sign(Math.round(x * 1e6)) * 0.68, y * 0.62]),
};

// ---- How wide words are -------------------------------------------------------------------------------------------

const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();

function font(size, bold = false) {
  return `${bold ? "600 " : ""}${size}px ${FONT}`;
}

function widthOf(text, face) {
  const key = face + text;
  if (!widths.has(key)) {
    ruler.font = face;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

function cut(text, face, room) {
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
function flow(words, room, most) {
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

function lineWidth(line) {
  return line.length ? line[line.length - 1].x + widthOf(line[line.length - 1].text, line[line.length - 1].font) : 0;
}

// ---- Where words stand at a marker -----------------------------------------------------------------------------

// What turns the direction of a label, or does not show, is harmless in the panel, which sets text apart.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+/g;

function labelWords(number, size) {
  const { code, name } = concepts[number];
  const words = (text, bold) =>
    text
      .replace(UNPRINTABLE, " ")
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => ({ text: word, font: font(size, bold) }));
  return code ? [...words(code, true), ...words(name === code ? "" : name, false)] : words(name, false);
}

// The lines of a label: beside a marker the name follows the code, in a box it stands below it.
function labelLines(number, { side, room, lines }, text) {
  if (side !== "inside") return flow(labelWords(number, text), room, lines).map((line) => ({ line, size: text }));
  const large = Math.round(text * (concepts[number].focus ? 1.4 : 1.15)),
    split = concepts[number].code ? 1 : 0;
  const head = flow(labelWords(number, large).slice(0, split), room, 1).map((line) => ({ line, size: large }));
  return [...head, ...flow(labelWords(number, text).slice(split), room, lines).map((line) => ({ line, size: text }))];
}

// What stands at a concept: its marker's radius, the pieces of its label relative to the marker, and the box of both.
function designOf(number, spot, text) {
  const lines = labelLines(number, spot, text),
    { side } = spot;
  const radius = text * 0.54,
    gap = text * 0.46,
    height = lines.reduce((sum, { size }) => sum + size * 1.25, 0);
  const width = Math.max(0, ...lines.map(({ line }) => lineWidth(line)));
  let y = side === "below" ? radius + gap / 2 : -height / 2;
  const top = y;
  const pieces = lines.flatMap(({ line, size }) => {
    const start = lineStart(side, lineWidth(line), radius + gap);
    y += size * 1.25;
    return line.map((piece) => ({ ...piece, x: piece.x + start, y: y - size * 0.625, size }));
  });
  if (side === "inside") {
    const half = [width / 2 + text, height / 2 + text * 0.6];
    return { radius, half, pieces, box: [-half[0] - radius, -half[1], half[0], half[1]] };
  }
  const start = lineStart(side, width, radius + gap);
  const box = [
    Math.min(-radius, start),
    Math.min(top, -radius),
    Math.max(radius, start + width),
    Math.max(top + height, radius),
  ];
  return { radius, half: [radius, radius], pieces, box };
}

function lineStart(side, width, gap) {
  if (side === "right") return gap;
  return side === "left" ? -gap - width : -width / 2;
}

// Words on their own: headings of groups, and how many more there are.
function designOfWords(words, { side, room, lines: most = 1 }, text, bold) {
  const face = font(text, bold),
    plain = words.replace(UNPRINTABLE, " ").split(" ").filter(Boolean);
  const lines = flow(
      plain.map((word) => ({ text: word, font: face })),
      room,
      most,
    ),
    step = text * 1.25;
  const width = Math.max(0, ...lines.map(lineWidth)),
    top = (-lines.length * step) / 2;
  const pieces = lines.flatMap((line, nth) => {
    const start = lineStart(side, lineWidth(line), text);
    return line.map((piece) => ({ ...piece, x: piece.x + start, y: top + (nth + 0.5) * step, size: text }));
  });
  const x = lineStart(side, width, text);
  return { pieces, box: [x, top + text * 0.05, x + width, -top - text * 0.05] };
}
