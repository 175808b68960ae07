// The picture as a sheet: with title, legend, date and sources.

import { connections, data, TEXT, VERDICTS } from "../basis/data.js";
import { fill, printable } from "../basis/words.js";
import { cut, flow, font } from "../pens/lettering.js";
import { colourOfSign, drawConcept, drawWords } from "../pens/markers.js";
import { outline } from "../pens/shapes.js";
import { drawArrowhead, placeArrowheads } from "../picture/arrowheads.js";
import { drawBundleLines, drawBundleMarker, shownBundles } from "../picture/bundles.js";
import { isGone, isSignGone } from "../picture/emphasis.js";
import { drawLineWords, placeWords } from "../picture/line-words.js";
import { courseOf, lineOf } from "../picture/lines.js";
import { bounds, designNow, seenLines, shownConcepts, shownSigns, spots } from "../picture/places.js";
import { countAll } from "../state/counts.js";
import { isSeen, isSelected } from "../state/shown.js";
import { state } from "../state/state.js";

export const MARGIN = 24;
const BAND = 22;
const LEGEND_COLUMN = 170;

/** @type {(pen: Pen, number: number) => void} */
function drawLine(pen, number) {
  const line = lineOf(number),
    course = courseOf(number);
  const style = { stroke: line.color.color, width: line.width };
  pen.curve(course, { ...style, dashes: line.dashes || [] });
}

// What has faded is left out of files.
/** @type {(pen: Pen, colours: Colours) => void} */
function drawGraph(pen, colours) {
  shownBundles().forEach((sign) => drawBundleLines(pen, sign, colours));
  seenLines()
    .filter((number) => !isGone("connections", number))
    .forEach((number) => drawLine(pen, number));
  placeWords().forEach((each) => drawLineWords(pen, each, colours));
  const headings = shownHeadings().filter((sign) => !isSignGone(sign));
  headings.forEach((sign) => drawWords(pen, sign, sign.x, sign.y, colourOfSign(sign, colours), colours));
  shownBundles().forEach((sign) => drawBundleMarker(pen, sign, colours));
  const shown = shownConcepts().filter((number) => !isGone("concepts", number));
  shown.forEach((number) => {
    drawConcept(pen, number, designNow(number), spots.get(number), isSelected("concept", number), colours);
  });
  placeArrowheads()
    .filter(({ number }) => !isGone("connections", number))
    .forEach((head) => drawArrowhead(pen, head));
}

// Rows that stand for more are for those who can click on them; a bundle stands for what there is.
function shownHeadings() {
  return shownSigns().filter((sign) => sign.more === undefined || sign.bundle);
}

/** @type {(colours: Colours) => SheetEntry[]} */
function legendEntries(colours) {
  const { kinds, verdicts, excluded } = countAll();
  /** @type {(key: string) => SheetEntry} */
  const kindEntry = (key) => {
    const { many, shape, fill: inside } = data.kinds[key];
    const style = { fill: inside, stroke: colours.ink };
    return [`${many} · ${kinds.get(key)}`, (pen, x, y) => pen.polygon(outline(shape, x + 14, y, 7), style)];
  };
  /** @type {(key: string) => SheetEntry} */
  const verdictEntry = (key) => [
    `${data.verdicts[key].sign} ${key} · ${verdicts.get(key)}`,
    (pen, x, y) => drawSample(pen, key, x, y, colours),
  ];
  const words = `${fill(TEXT.legend.excludedItem, { sign: data.excludedSign })} · ${excluded}`;
  return [
    ...Object.keys(data.kinds)
      .filter((key) => kinds.has(key) && !state.off.kinds.has(key))
      .map(kindEntry),
    ...VERDICTS.filter((key) => verdicts.has(key) && !state.off.verdicts.has(key)).map(verdictEntry),
    ...(state.excluded && excluded ? [excludedEntry(words)] : []),
  ];
}

// What documents exclude has no sample: its lines look as their verdicts have it.
/** @type {(words: string) => SheetEntry} */
function excludedEntry(words) {
  return [words, () => {}];
}

// A piece of the line of a verdict.
/** @type {(pen: Pen, verdict: string, x: number, y: number, colours: Colours) => void} */
function drawSample(pen, verdict, x, y, colours) {
  const { width, dashes, [colours.theme]: stroke } = data.verdicts[verdict];
  pen.curve(
    [
      [x, y],
      [x + 14, y],
      [x + 28, y],
    ],
    { stroke, width, dashes },
  );
}

// What it is, when it was written, and what was asked for.
export function firstLine() {
  const { asOf, trust } = data.facts,
    now = new Date(),
    day = new Date(Number(now) - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return [
    fill(TEXT.export.date, { title: data.title, date: day }),
    asOf ? fill(TEXT.export.asOf, { day: asOf }) : "",
    fill(TEXT.export.trust, { trust }),
  ]
    .filter(Boolean)
    .join(" · ");
}

// The lines under the picture: where it comes from, on which day, and what it is not.
/** @type {(width: number) => Letters[][]} */
export function sourceLines(width) {
  const used = new Set(
    connections
      .flatMap((each, number) => (isSeen(number) ? each.assertions : []))
      .map(({ evidence }) => data.documents[data.evidence[evidence].document]),
  );
  const { releases } = data.facts;
  const sources = fill(TEXT.export.sources, { sources: [...new Set([...used, ...releases])].join("; ") });
  /** @type {(text: string) => Word[]} */
  const words = (text) =>
    printable(text)
      .split(" ")
      .map((word) => ({ text: word, font: font(12) }));
  return [firstLine(), sources, TEXT.disclaimer].flatMap((text) => flow(words(text), width, 8));
}

// How large the whole is, and where its parts are: title, picture, legend, sources.
/** @type {(colours: Colours) => Sheet} */
export function planSheet(colours) {
  const box = bounds(shownConcepts(), shownHeadings());
  const width = Math.max(box[2] - box[0], 640),
    entries = legendEntries(colours);
  const columns = Math.floor(width / LEGEND_COLUMN),
    rows = Math.ceil(entries.length / columns),
    sources = sourceLines(width);
  const top = MARGIN + 34,
    under = top + box[3] - box[1] + MARGIN;
  const height = under + (rows + 1) * BAND + sources.length * 16 + MARGIN;
  return { box, width, entries, columns, sources, top, under, rows, size: [width + 2 * MARGIN, height] };
}

// Everything of the sheet; `inside` gives a pen that draws the graph with its (0, 0) at a point.
/** @type {(pen: Pen, inside: (x: number, y: number) => Pen, sheet: Sheet, colours: Colours) => void} */
export function drawSheet(pen, inside, { box, width, entries, columns, sources, top, under, rows, size }, colours) {
  pen.box(0, 0, ...size, 0, { fill: colours.ground });
  const face = font(20, true);
  pen.text(
    { text: cut(printable(data.title), face, width), font: face, x: MARGIN, y: MARGIN + 8, size: 20 },
    colours.ink,
  );
  drawGraph(inside(MARGIN - box[0] + (width - (box[2] - box[0])) / 2, top - box[1]), colours);
  entries.forEach(([text, draw], number) => {
    const x = MARGIN + (number % columns) * LEGEND_COLUMN,
      y = under + (Math.floor(number / columns) + 0.5) * BAND;
    draw(pen, x, y);
    pen.text({ text: cut(text, font(12), LEGEND_COLUMN - 40), font: font(12), x: x + 36, y, size: 12 }, colours.ink);
  });
  sources.forEach((line, number) =>
    line.forEach((piece) =>
      pen.text(
        { ...piece, x: MARGIN + piece.x, y: under + (rows + 0.5) * BAND + number * 16 + 8, size: 12 },
        colours.quiet,
      ),
    ),
  );
}
