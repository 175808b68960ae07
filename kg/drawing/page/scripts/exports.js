// ---- The picture as a file: PNG, SVG and print, with title, legend, date and sources -----------------------------

const MARGIN = 24,
  BAND = 22,
  LEGEND_COLUMN = 170;

function drawLine(pen, number, colour) {
  const line = lineOf(number),
    course = courseOf(number),
    [, via, end] = course;
  const style = { stroke: line.color.color, width: line.width };
  pen.curve(course, { ...style, dashes: line.dashes || [] });
  const angle = Math.atan2(end[1] - via[1], end[0] - via[0]),
    size = 5 + line.width;
  const corner = (turn) => [end[0] - size * Math.cos(angle + turn), end[1] - size * Math.sin(angle + turn)];
  pen.polygon([end, corner(0.45), corner(-0.45)], { fill: style.stroke });
}

// What has faded is left out of files.
function drawGraph(pen, colour) {
  seenLines()
    .filter((number) => !isFaded("connections", number))
    .forEach((number) => drawLine(pen, number, colour));
  placeWords().forEach((each) => drawLineWords(pen, each, colour));
  const words = signs.filter((sign) => sign.more === undefined && isSignShown(sign) && !isSignFaded(sign));
  words.forEach((sign) => drawWords(pen, sign, sign.x, sign.y, colour.quiet, colour));
  const shown = [...spots].filter(([number]) => isShown(number) && !isFaded("concepts", number));
  shown.forEach(([number, spot]) => {
    drawConcept(pen, number, designNow(number), spot, isSelected("concept", number), colour);
  });
}

function legendEntries(colour) {
  const { kinds, verdicts, excluded } = counted();
  const entries = Object.keys(data.kinds)
    .filter((key) => kinds.has(key) && !state.off.kinds.has(key))
    .map((key) => [
      `${data.kinds[key].many} · ${kinds.get(key)}`,
      (pen, x, y) =>
        pen.polygon(outline(data.kinds[key].shape, x + 14, y, 7), { fill: data.kinds[key].fill, stroke: colour.ink }),
    ]);
  const lines = VERDICTS.filter((key) => verdicts.has(key) && !state.off.verdicts.has(key)).map((key) => [
    `${data.verdicts[key].sign} ${key} · ${verdicts.get(key)}`,
    (pen, x, y) =>
      pen.curve(
        [
          [x, y],
          [x + 14, y],
          [x + 28, y],
        ],
        {
          stroke: data.verdicts[key][colour.theme],
          width: data.verdicts[key].width,
          dashes: data.verdicts[key].dashes,
        },
      ),
  ]);
  const refusals =
    state.excluded && excluded
      ? [[`${fill(TEXT.legend.excludedItem, { sign: data.excludedSign })} · ${excluded}`, () => {}]]
      : [];
  return [...entries, ...lines, ...refusals];
}

// The lines under the picture: where it comes from, on which day, and what it is not.
function sourceLines(width) {
  const used = new Set(
    connections
      .flatMap((each, number) => (isSeen(number) ? each.assertions : []))
      .map(({ evidence }) => data.documents[data.evidence[evidence].document]),
  );
  const { asOf, trust, releases } = data.facts,
    now = new Date(),
    day = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const sources = fill(TEXT.export.sources, { sources: [...new Set([...used, ...releases])].join("; ") });
  const first = [
    fill(TEXT.export.date, { title: data.title, date: day }),
    asOf ? fill(TEXT.export.asOf, { day: asOf }) : "",
    fill(TEXT.export.trust, { trust }),
  ]
    .filter(Boolean)
    .join(" · ");
  const words = (text) =>
    text
      .replace(UNPRINTABLE, " ")
      .split(" ")
      .map((word) => ({ text: word, font: font(12) }));
  return [first, sources, TEXT.disclaimer].flatMap((text) => flow(words(text), width, 8));
}

// How large the whole is, and where its parts are: title, picture, legend, sources.
function sheet(colour) {
  const box = bounds(
    [...spots.keys()].filter(isShown),
    signs.filter((sign) => sign.more === undefined && isSignShown(sign)),
  );
  const width = Math.max(box[2] - box[0], 640),
    entries = legendEntries(colour);
  const columns = Math.floor(width / LEGEND_COLUMN),
    rows = Math.ceil(entries.length / columns),
    sources = sourceLines(width);
  const top = MARGIN + 34,
    under = top + box[3] - box[1] + MARGIN;
  const height = under + (rows + 1) * BAND + sources.length * 16 + MARGIN;
  return { box, width, entries, columns, sources, top, under, rows, size: [width + 2 * MARGIN, height] };
}

// Everything of the sheet; `inside` gives a pen that draws the graph with its (0, 0) at a point.
function drawSheet(pen, inside, { box, width, entries, columns, sources, top, under, rows, size }, colour) {
  pen.box(0, 0, ...size, 0, { fill: colour.ground });
  const face = font(20, true);
  pen.text(
    { text: cut(data.title.replace(UNPRINTABLE, " "), face, width), font: face, x: MARGIN, y: MARGIN + 8, size: 20 },
    colour.ink,
  );
  drawGraph(inside(MARGIN - box[0] + (width - (box[2] - box[0])) / 2, top - box[1]), colour);
  entries.forEach(([text, draw], number) => {
    const x = MARGIN + (number % columns) * LEGEND_COLUMN,
      y = under + (Math.floor(number / columns) + 0.5) * BAND;
    draw(pen, x, y);
    pen.text({ text: cut(text, font(12), LEGEND_COLUMN - 40), font: font(12), x: x + 36, y, size: 12 }, colour.ink);
  });
  sources.forEach((line, number) =>
    line.forEach((piece) =>
      pen.text(
        { ...piece, x: MARGIN + piece.x, y: under + (rows + 0.5) * BAND + number * 16 + 8, size: 12 },
        colour.quiet,
      ),
    ),
  );
}

function svgSheet() {
  const colour = palette,
    parts = sheet(colour),
    [width, height] = parts.size.map(Math.ceil);
  const root = svgElement("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  root.append(svgElement("title", {}, data.title.replace(UNPRINTABLE, " ")));
  const inside = (x, y) => {
    const group = svgElement("g", { transform: `translate(${tidy(x)} ${tidy(y)})` });
    root.append(group);
    return svgPen(group);
  };
  drawSheet(svgPen(root), inside, parts, colour);
  return root;
}

function saveSvg() {
  const text = new XMLSerializer().serializeToString(svgSheet());
  offer(new Blob([text], { type: "image/svg+xml" }), fileName("svg"));
}

function savePng() {
  const colour = palette,
    parts = sheet(colour),
    canvas = document.createElement("canvas");
  // Two pixels for one, as far as browsers have canvases of that size.
  const scale = Math.min(2, 8000 / Math.max(...parts.size));
  [canvas.width, canvas.height] = parts.size.map((each) => Math.ceil(each * scale));
  const ctx = canvas.getContext("2d");
  ctx.scale(scale, scale);
  const plain = canvasPen(ctx);
  const shifted = (x, y) =>
    new Proxy(plain, {
      get:
        (pen, name) =>
        (...given) => {
          ctx.save();
          ctx.translate(x, y);
          pen[name](...given);
          ctx.restore();
        },
    });
  drawSheet(plain, shifted, parts, colour);
  canvas.toBlob((blob) => offer(blob, fileName("png")), "image/png");
}

// Paper is light, whatever the screen is.
function layPaper() {
  const { theme } = palette;
  setTheme(false);
  byId("paper").hidden = false;
  byId("paper").replaceChildren(svgSheet());
  setTheme(theme === "dark");
}

function clearPaper() {
  byId("paper").hidden = true;
  byId("paper").replaceChildren();
}
