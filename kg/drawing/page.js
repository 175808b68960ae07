// One page of billing-kg. Everything it shows is in the JSON block; all of it reaches the page as text nodes.
"use strict";
(() => {
  const TEXT = {
    summary: (concepts, connections, documents) =>
      `${plural(concepts, "concept")}, ${plural(connections, "connection")}, from ${plural(documents, "document")}. ` +
      "Click a concept or a line to see who states it, and in which words.",
    leftOut: (parts) => `Left out for want of room: ${parts.join(", ")}.`,
    kinds: "Kinds of concept",
    relations: "Relations",
    verdicts: "Lines: what the official releases say",
    reset: "Show all again",
    table: "All connections that are switched on in the legend",
    columns: ["More", "Subject", "Relation", "Object", "Verdict", "Strength", "Condition", "Document", "Line", "Quote"],
    show: "Show",
    incoming: (relation) => `← ${relation}`,
    paths: (number) => (number === 1 ? "Path" : "Paths, the best first"),
    path: (number, cost) => `Path ${number} (cost ${cost})`,
    noConnections: "No connections are shown here. That is not a no: the graph may hold nothing on it.",
    excluded: "excluded by the document",
    strengths: {
      required: "required", stated: "stated", permitted: "permitted", offLabel: "off-label", atypical: "atypical",
    },
    strength: "Strength", condition: "Condition", document: "Document", line: "Line", section: "Section",
    verdict: "Verdict", noQuote: "The quoted words were left out of this file.",
  };
  const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
  const INK = "#1B1F24", QUIET = "#4F5864", GROUND = "#FFFFFF", FOCUS_FILL = "#12263F", SELECTED = "#0B5CAD";
  const RADIUS = 7, GAP = 6;

  const data = JSON.parse(document.getElementById("data").textContent);
  const { concepts, connections } = data;
  const byId = (id) => document.getElementById(id);
  const off = { kinds: new Set(), relations: new Set(), verdicts: new Set() };
  const around = concepts.map(() => []);
  connections.forEach((each, number) => {
    around[each.subject].push(number);
    if (each.object !== each.subject) around[each.object].push(number);
  });

  function plural(count, word) {
    return `${count} ${word}${count === 1 ? "" : "s"}`;
  }

  // Elements with attributes and children; a string becomes a text node, never markup.
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "click") element.addEventListener("click", value);
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  // Text of unknown direction, so that a right-to-left mark in it turns nothing outside.
  function apart(text) {
    return make("bdi", {}, text);
  }

  function nameOf(concept) {
    return concept.code && concept.name ? `${concept.code} ${concept.name}` : concept.code || concept.name;
  }

  // ---- Shapes, as outlines around (0, 0) for the canvas and the legend alike -------------------------------

  function polygon(corners, turn = 0, radii = [1]) {
    return Array.from({ length: corners }, (_, n) => {
      const angle = turn + (2 * Math.PI * n) / corners;
      const radius = radii[n % radii.length];
      return [radius * Math.sin(angle), -radius * Math.cos(angle)];
    });
  }
  const PLUS = [[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1], [-0.35, 1],
    [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]];
  const SHAPES = {
    circle: polygon(24),
    square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    sheet: [[-0.65, -1], [0.65, -1], [0.65, 1], [-0.65, 1]],
    diamond: polygon(4, 0, [1.15]),
    hexagon: polygon(6, Math.PI / 6, [1.08]),
    triangle: polygon(3, 0, [1.15]),
    triangleDown: polygon(3, Math.PI, [1.15]),
    star: polygon(10, 0, [1.25, 0.58]),
    plus: PLUS,
    cross: PLUS.map(([x, y]) => [(x - y) * 0.71, (x + y) * 0.71]),
    pill: polygon(24).map(([x, y]) => [x * 0.62 + Math.sign(Math.round(x * 1e6)) * 0.68, y * 0.62]),
  };

  function drawMarker(ctx, kind, x, y, radius, selected) {
    ctx.beginPath();
    SHAPES[data.kinds[kind].shape].forEach(([dx, dy]) => ctx.lineTo(x + dx * radius, y + dy * radius));
    ctx.closePath();
    ctx.fillStyle = data.kinds[kind].fill;
    ctx.fill();
    ctx.lineWidth = selected ? 3 : 1.2;
    ctx.strokeStyle = selected ? SELECTED : INK;
    ctx.stroke();
  }

  function svg(width, ...shapes) {
    const make2 = (name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
      return element;
    };
    const picture = make2("svg", { width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true" });
    picture.append(...shapes.map(([name, attributes]) => make2(name, attributes)));
    return picture;
  }

  function kindSample(kind) {
    const { shape, fill } = data.kinds[kind];
    const points = SHAPES[shape].map(([x, y]) => `${(9 + x * 6).toFixed(1)},${(8 + y * 6).toFixed(1)}`).join(" ");
    return svg(18, ["polygon", { points, fill, stroke: INK }]);
  }

  function verdictSample(verdict) {
    const { colour, dashes, width } = data.verdicts[verdict];
    const line = { x1: 1, x2: 25, y1: 8, y2: 8, stroke: colour, "stroke-width": width };
    return svg(26, ["line", { ...line, "stroke-dasharray": dashes.join(" ") }]);
  }

  // ---- Labels on the canvas -----------------------------------------------------------------------------

  const ruler = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  function widthOf(text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      ruler.font = font;
      widths.set(key, ruler.measureText(text).width);
    }
    return widths.get(key);
  }

  function cut(text, font, room) {
    if (widthOf(text, font) <= room) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (widthOf(`${text.slice(0, middle).trimEnd()}…`, font) <= room) low = middle;
      else high = middle - 1;
    }
    return `${text.slice(0, low).trimEnd()}…`;
  }

  function wrap(text, font, room, most) {
    const lines = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && (widthOf(longer, font) <= room || lines.length === most)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.map((line) => cut(line, font, room));
  }

  // What stands at a concept: its marker's half size, and the pieces of its label relative to the marker.
  function designOf(concept) {
    const rest = concept.code ? concept.label.slice(concept.code.length).trim() : concept.label;
    if (concept.side === "inside") return designInside(concept, rest);
    const bold = `600 13px ${FONT}`, plain = `13px ${FONT}`;
    const code = concept.code && cut(concept.code, bold, concept.room);
    const lead = code ? widthOf(`${code} `, bold) : 0;
    const name = concept.room - lead > 30 ? cut(rest, plain, concept.room - lead) : "";
    const width = lead + widthOf(name, plain);
    const left = concept.side === "right" ? RADIUS + GAP : -RADIUS - GAP - width;
    const pieces = [{ text: code, font: bold, x: left, y: 0 }, { text: name, font: plain, x: left + lead, y: 0 }];
    return { half: [RADIUS, RADIUS], pieces, box: [left, -10, left + width, 10] };
  }

  function designInside(concept, rest) {
    const bold = `600 ${concept.focus ? 19 : 15}px ${FONT}`, plain = `13px ${FONT}`;
    const rows = wrap(rest, plain, concept.room, 2).map((text) => ({ text, font: plain, step: 16 }));
    if (concept.code) rows.unshift({ text: cut(concept.code, bold, concept.room), font: bold, step: 22 });
    const width = Math.max(...rows.map((row) => widthOf(row.text, row.font)));
    const height = rows.reduce((sum, row) => sum + row.step, 0);
    let y = -height / 2;
    const pieces = rows.map(({ text, font, step }) => {
      y += step;
      return { text, font, x: -widthOf(text, font) / 2, y: y - step / 2 };
    });
    const half = [width / 2 + 14, height / 2 + 9];
    return { half, pieces, box: [-half[0], -half[1], half[0], half[1]] };
  }

  const designs = concepts.map(designOf);

  function drawText(ctx, pieces, x, y, colour, halo) {
    ctx.direction = "ltr";
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const piece of pieces) {
      if (!piece.text) continue;
      ctx.font = piece.font;
      if (halo) {
        ctx.lineWidth = 4;
        ctx.strokeStyle = GROUND;
        ctx.strokeText(piece.text, x + piece.x, y + piece.y);
      }
      ctx.fillStyle = colour;
      ctx.fillText(piece.text, x + piece.x, y + piece.y);
    }
  }

  // The focus, and whatever lies on a path: a box with the label inside.
  function drawBox(ctx, concept, design, x, y, selected) {
    const [width, height] = design.half, fill = data.kinds[concept.kind].fill;
    ctx.beginPath();
    ctx.roundRect(x - width, y - height, 2 * width, 2 * height, 10);
    ctx.fillStyle = concept.focus ? FOCUS_FILL : GROUND;
    ctx.fill();
    ctx.lineWidth = selected ? 5 : 3;
    ctx.strokeStyle = selected ? SELECTED : fill;
    ctx.stroke();
    drawMarker(ctx, concept.kind, x - width, y, RADIUS, selected);
    drawText(ctx, design.pieces, x, y, concept.focus ? GROUND : INK, false);
  }

  function renderNode({ ctx, id, x, y, state }) {
    const concept = concepts[id], design = designs[id];
    const strong = state.selected || state.hover;
    const drawNode = () => {
      ctx.save();
      if (concept.side === "inside") drawBox(ctx, concept, design, x, y, strong);
      else {
        drawMarker(ctx, concept.kind, x, y, RADIUS, strong);
        drawText(ctx, design.pieces, x, y, INK, true);
      }
      ctx.restore();
    };
    return { drawNode, nodeDimensions: { width: 2 * design.half[0], height: 2 * design.half[1] } };
  }

  const headings = data.headings.map((heading) => {
    const font = `600 13px ${FONT}`, text = cut(heading.text, font, heading.room), width = widthOf(text, font);
    const x = heading.side === "right" ? RADIUS + GAP : -RADIUS - GAP - width;
    return { ...heading, pieces: [{ text, font, x, y: 2 }], box: [x, -8, x + width, 12] };
  });

  function drawHeadings(ctx) {
    headings.forEach(({ concepts: members, pieces, x, y }) => {
      if (members.some(isShown)) drawText(ctx, pieces, x, y, QUIET, true);
    });
  }

  // ---- What is switched on ------------------------------------------------------------------------------

  function isOn(number) {
    const each = connections[number];
    return !off.relations.has(each.relation) && !off.verdicts.has(each.verdict) &&
      !off.kinds.has(concepts[each.subject].kind) && !off.kinds.has(concepts[each.object].kind);
  }

  function isShown(number) {
    const concept = concepts[number];
    if (off.kinds.has(concept.kind)) return false;
    return Boolean(concept.focus) || around[number].length === 0 || around[number].some(isOn);
  }

  // ---- The picture --------------------------------------------------------------------------------------

  const nodes = new vis.DataSet(data.graph.nodes);
  const edges = new vis.DataSet(data.graph.edges);
  const options = { ...data.graph.options, nodes: { shape: "custom", ctxRenderer: renderNode } };
  options.edges.font.face = FONT;
  const network = new vis.Network(byId("canvas"), { nodes, edges }, options);
  // vis-network puts its frame before everything else in the order of the Tab key; the table is for the keyboard.
  byId("canvas").firstElementChild.tabIndex = -1;
  let moved = false;

  function fit() {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    data.graph.nodes.forEach(({ id, x, y }) => {
      if (!isShown(id)) return;
      const [left, top, right, bottom] = designs[id].box;
      box[0] = Math.min(box[0], x + left, x - RADIUS);
      box[1] = Math.min(box[1], y + top);
      box[2] = Math.max(box[2], x + right, x + RADIUS);
      box[3] = Math.max(box[3], y + bottom);
    });
    if (data.headings.length) box[1] -= 22;
    const { clientWidth, clientHeight } = byId("canvas");
    const scale = Math.min((clientWidth - 16) / (box[2] - box[0]), (clientHeight - 16) / (box[3] - box[1]), 1.6);
    const position = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 };
    if (scale > 0 && Number.isFinite(position.x)) network.moveTo({ position, scale, animation: false });
    moved = false;
  }

  function zoom(factor) {
    network.moveTo({ scale: network.getScale() * factor, animation: false });
    moved = true;
  }

  // The concept whose label is under the pointer: labels belong to their markers.
  function labelAt({ x, y }) {
    return concepts.findIndex((_, number) => {
      if (!isShown(number)) return false;
      const at = network.getPosition(number), [left, top, right, bottom] = designs[number].box;
      return x >= at.x + left && x <= at.x + right && y >= at.y + top && y <= at.y + bottom;
    });
  }

  function clicked({ nodes: hitNodes, edges: hitEdges, pointer }) {
    const label = hitNodes.length ? hitNodes[0] : labelAt(pointer.canvas);
    if (label >= 0) showConcept(label);
    else if (hitEdges.length) showConnection(hitEdges[0]);
    else showStart();
  }

  function applyFilter() {
    nodes.update(concepts.map((_, id) => ({ id, hidden: !isShown(id) })));
    edges.update(connections.map((_, id) => ({ id, hidden: !isOn(id) })));
    byId("reset").hidden = Object.values(off).every((each) => each.size === 0);
    if (!byId("table").hidden) fillTable();
  }

  // ---- Legend -------------------------------------------------------------------------------------------

  function legendItem(group, key, sample, name, count, meaning = name) {
    const box = make("input", { type: "checkbox", "data-group": group, "data-key": key });
    box.checked = true;
    box.addEventListener("change", () => {
      if (box.checked) off[group].delete(key);
      else off[group].add(key);
      applyFilter();
    });
    const words = make("span", { class: "name", title: meaning }, name);
    return make("label", { class: "item" }, box, sample, words, make("span", { class: "count" }, String(count)));
  }

  function counts(values) {
    const found = {};
    values.forEach((value) => { found[value] = (found[value] || 0) + 1; });
    return found;
  }

  function fillLegend() {
    const kinds = counts(concepts.map((each) => each.kind));
    const relations = counts(connections.map((each) => each.relation));
    const verdicts = counts(connections.map((each) => each.verdict));
    const kindItems = Object.entries(data.kinds).map(([key, { title }]) =>
      legendItem("kinds", key, kindSample(key), title, kinds[key]));
    const verdictItems = Object.entries(data.verdicts).map(([key, { sign, meaning }]) =>
      legendItem("verdicts", key, verdictSample(key), `${sign} ${key}`, verdicts[key], meaning));
    const relationItems = Object.entries(data.relations).map(([key, name]) =>
      legendItem("relations", key, null, name, relations[key]));
    const reset = make("button", { type: "button", id: "reset", click: resetFilter, hidden: "" }, TEXT.reset);
    byId("legend").append(
      make("fieldset", {}, make("legend", {}, TEXT.kinds), make("div", { class: "two" }, ...kindItems)),
      make("fieldset", {}, make("legend", {}, TEXT.verdicts), make("div", { class: "two lines" }, ...verdictItems)),
      make("details", {}, make("summary", {}, TEXT.relations), make("div", { class: "two" }, ...relationItems)),
      reset,
    );
  }

  function resetFilter() {
    Object.values(off).forEach((each) => each.clear());
    byId("legend").querySelectorAll("input").forEach((box) => { box.checked = true; });
    applyFilter();
    byId("legend").querySelector("input").focus();
  }

  // ---- Panel --------------------------------------------------------------------------------------------

  function fillPanel(...children) {
    byId("panel").replaceChildren(...children.filter((child) => child !== null));
    byId("panel").scrollTop = 0;
  }

  function listOf(items) {
    return make("ul", { class: "plain" }, ...items.map(([text, click]) =>
      make("li", {}, make("button", { type: "button", click }, apart(text)))));
  }

  function marks(each) {
    return [each.excluded ? data.excludedSign : "", data.verdicts[each.verdict].sign].filter(Boolean).join(" ");
  }

  function showConcept(number) {
    const concept = concepts[number];
    network.unselectAll();
    if (isShown(number)) network.selectNodes([number]);
    const groups = new Map();
    for (const place of around[number].filter(isOn)) {
      const each = connections[place], outgoing = each.subject === number;
      const title = outgoing ? data.relations[each.relation] : TEXT.incoming(data.relations[each.relation]);
      if (!groups.has(title)) groups.set(title, []);
      const other = nameOf(concepts[outgoing ? each.object : each.subject]);
      groups.get(title).push([`${marks(each)} ${other}`, () => showConnection(place)]);
    }
    fillPanel(
      make("h2", {}, apart(concept.code || concept.name)),
      concept.code && concept.name ? make("p", {}, apart(concept.name)) : null,
      make("p", { class: "kind" }, data.kinds[concept.kind].title),
      groups.size ? null : make("p", {}, TEXT.noConnections),
      ...[...groups].flatMap(([title, items]) => [make("h3", {}, `${title} · ${items.length}`), listOf(items)]),
    );
  }

  function showConnection(number) {
    const each = connections[number], look = data.verdicts[each.verdict];
    network.unselectAll();
    if (isOn(number)) network.selectEdges([number]);
    const ends = [each.subject, each.object].map((end) => [nameOf(concepts[end]), () => showConcept(end)]);
    fillPanel(
      make("h2", {}, data.relations[each.relation]),
      listOf([ends[0]]),
      make("p", { class: "kind" }, `${each.excluded ? TEXT.excluded : ""} → ${data.relations[each.relation]}`),
      listOf([ends[1]]),
      make("p", {}, make("span", { class: "verdict" }, `${look.sign} ${each.verdict}`), `: ${look.meaning}`),
      ...each.assertions.map(assertionOf),
    );
  }

  function assertionOf(assertion) {
    const evidence = data.evidence[assertion.evidence];
    const rows = [
      [TEXT.strength, TEXT.strengths[assertion.strength]],
      [TEXT.condition, assertion.condition],
      [TEXT.document, data.documents[evidence.document]],
      [TEXT.line, String(evidence.line)],
      [TEXT.section, evidence.section],
    ].filter(([, value]) => value);
    return make("div", { class: "assertion" },
      evidence.quote ? make("blockquote", { dir: "auto" }, evidence.quote) : make("p", {}, TEXT.noQuote),
      make("dl", {}, ...rows.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, apart(value))])));
  }

  function sentence({ connection, forward }) {
    const each = connections[connection];
    const [subject, object] = [nameOf(concepts[each.subject]), nameOf(concepts[each.object])];
    const relation = data.relations[each.relation];
    const said = forward ? `${subject} — ${relation} → ${object}` : `${object} ← ${relation} — ${subject}`;
    return `${marks(each)} ${said}`;
  }

  function showStart() {
    network.unselectAll();
    if (!data.paths.length) {
      showConcept(concepts.findIndex((each) => each.focus));
      network.unselectAll();
      return;
    }
    fillPanel(make("h2", {}, TEXT.paths(data.paths.length)), ...data.paths.flatMap((path, number) => [
      make("h3", {}, TEXT.path(number + 1, path.cost.toFixed(1))),
      listOf(path.hops.map((hop) => [sentence(hop), () => showConnection(hop.connection)])),
    ]));
  }

  // ---- Table --------------------------------------------------------------------------------------------

  function rowsOf(each, number) {
    return each.assertions.map((assertion) => {
      const evidence = data.evidence[assertion.evidence];
      const cells = [
        nameOf(concepts[each.subject]), data.relations[each.relation], nameOf(concepts[each.object]),
        `${marks(each)} ${each.excluded ? `${TEXT.excluded}, ` : ""}${each.verdict}`,
        TEXT.strengths[assertion.strength], assertion.condition || "", data.documents[evidence.document],
        String(evidence.line),
      ].map((text) => make("td", {}, apart(text)));
      const more = make("button", { type: "button", click: () => showConnection(number) }, TEXT.show);
      more.setAttribute("aria-label", `${TEXT.show}: ${cells.slice(0, 3).map((cell) => cell.textContent).join(" ")}`);
      const quote = make("td", { class: "quote" }, apart(evidence.quote || ""));
      return make("tr", { "data-connection": number }, make("td", {}, more), ...cells, quote);
    });
  }

  function fillTable() {
    const rows = connections.flatMap((each, number) => (isOn(number) ? rowsOf(each, number) : []));
    byId("table").replaceChildren(make("table", {},
      make("caption", {}, TEXT.table),
      make("thead", {}, make("tr", {}, ...TEXT.columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows)));
  }

  function showTable(wanted) {
    byId("table").hidden = !wanted;
    byId("graph").hidden = wanted;
    byId("show-table").setAttribute("aria-pressed", String(wanted));
    byId("show-graph").setAttribute("aria-pressed", String(!wanted));
    if (wanted) fillTable();
    else network.redraw();
  }

  // ---- Start --------------------------------------------------------------------------------------------

  byId("summary").textContent = TEXT.summary(concepts.length, connections.length, data.documents.length);
  const leftOut = data.leftOut.map(({ kind, count }) => `+ ${count} ${kind}`);
  const notes = leftOut.length ? [...data.notes, TEXT.leftOut(leftOut)] : data.notes;
  byId("left-out").textContent = notes.join(" ");
  fillLegend();
  byId("show-graph").addEventListener("click", () => showTable(false));
  byId("show-table").addEventListener("click", () => showTable(true));
  byId("zoom-in").addEventListener("click", () => zoom(1.25));
  byId("zoom-out").addEventListener("click", () => zoom(0.8));
  byId("fit").addEventListener("click", fit);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") showStart(); });
  network.on("click", clicked);
  network.on("beforeDrawing", drawHeadings);
  network.on("dragEnd", () => { moved = true; });
  network.on("zoom", () => { moved = true; });
  network.on("resize", () => { if (!moved) fit(); });
  network.once("afterDrawing", () => { document.documentElement.dataset.ready = "true"; });
  fit();
  showStart();
  // A handle for tests and for whoever opens the console; the boxes are those of all labels and headings.
  const placed = [...data.graph.nodes.map(({ id, x, y }) => ({ x, y, box: designs[id].box })), ...headings];
  const boxes = () => placed.map(({ x, y, box }) => [x + box[0], y + box[1], x + box[2], y + box[3]]);
  window.billingKg = { network, data, boxes };
})();
