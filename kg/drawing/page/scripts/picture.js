// ---- vis-network: it moves, zooms and hits; what stands there is drawn by the pens -----------------------------

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let palette = colours();

function isFaded(what, number) {
  const light = state.lit || state.near;
  return light !== null && !light[what].has(number);
}

function isSignFaded({ concepts: members }) {
  return members.length > 0 && members.every((each) => isFaded("concepts", each));
}

// Where there are too many lines to follow one, a selected concept stands out with its neighbours.
const TOO_MANY_LINES = 150;

function findNear() {
  const { concept } = state.selected || {},
    lines = concept === undefined ? [] : seenLines();
  if (lines.length <= TOO_MANY_LINES) {
    state.near = null;
    return;
  }
  const own = around[concept].filter(isSeen);
  state.near = {
    concepts: new Set([concept, ...own.map((each) => otherEnd(each, concept))]),
    connections: new Set(own),
  };
}

function isSelected(what, number) {
  return state.selected !== null && state.selected[what] === number;
}

function isVeiled(number) {
  return state.quiz && !concepts[number].focus && !state.revealed.has(number);
}

// The label of a veiled concept is a question mark.
function designNow(number) {
  const design = designs.get(number);
  if (!isVeiled(number) || !design.pieces.length) return design;
  const { text } = planNow(),
    face = font(text, true),
    { side } = spots.get(number);
  const x = lineStart(side, widthOf(TEXT.quiz.unknown, face), text);
  const y = side === "below" ? text * 1.4 : 0,
    box = [x - 2, y - text * 0.6, x + text, y + text * 0.6];
  return {
    ...design,
    box: side === "inside" ? design.box : box,
    pieces: [{ text: TEXT.quiz.unknown, font: face, x, y, size: text }],
  };
}

function isReadable(strong) {
  return planNow().style !== "overview" || strong || network.getScale() * planNow().text >= 9;
}

function renderNode({ ctx, id, x, y, state: { hover } }) {
  const strong = hover || isSelected("concept", id),
    design = designNow(id),
    { side } = spots.get(id);
  const drawNode = () => {
    ctx.save();
    ctx.globalAlpha = isFaded("concepts", id) ? 0.13 : 1;
    const shown = isReadable(strong) ? design : { ...design, pieces: [] };
    drawConcept(canvasPen(ctx), id, shown, { side, x, y }, strong, palette);
    ctx.restore();
  };
  return { drawNode, nodeDimensions: { width: 2 * design.half[0], height: 2 * design.half[1] } };
}

function drawSigns(ctx) {
  const pen = canvasPen(ctx);
  ctx.save();
  signs.filter(isSignShown).forEach((sign) => {
    ctx.globalAlpha = isSignFaded(sign) ? 0.13 : 1;
    drawWords(pen, sign, sign.x, sign.y, sign.more === undefined ? palette.quiet : palette.accent, palette);
  });
  ctx.restore();
}

const network = new vis.Network(
  byId("canvas"),
  { nodes, edges },
  {
    ...data.graph.options,
    nodes: { shape: "custom", ctxRenderer: renderNode },
  },
);
// vis-network would be a second stop of the Tab key, and would take the keyboard from the canvas at a click.
byId("canvas").firstElementChild.removeAttribute("tabindex");
let wandered = false;

// Everything anew that depends on what is drawn, and where: after expanding, or with another plan.
function refresh() {
  // vis-network draws while it removes: what goes needs its place until it is gone.
  const gone = nodes.getIds().filter((id) => !state.drawn.has(id));
  if (gone.length) {
    edges.remove(gone.flatMap((id) => around[id]));
    nodes.remove(gone);
  }
  arrange();
  nodes.update([...spots].map(([id, { x, y }]) => ({ ...data.graph.nodes[id], x, y, hidden: !isShown(id) })));
  const drawn = data.graph.edges.filter(({ from, to }) => spots.has(from) && spots.has(to));
  worded = null;
  edges.update(drawn.map((edge) => ({ ...edge, ...lineOf(edge.id) })));
}

function updateVisible() {
  signs.forEach((sign, number) => {
    if (sign.more === undefined)
      signs[number] = { ...sign, ...designOfWords(headingWords(sign), sign, planNow().text, true) };
  });
  nodes.update(nodes.getIds().map((id) => ({ id, hidden: !isShown(id) })));
  updateLines();
}

function updateLines(numbers = edges.getIds()) {
  worded = null;
  edges.update(numbers.map(lineOf));
}

// The lines at what was selected before, and at what is selected now.
let touched = [];

function updateSelected() {
  const { concept, connection } = state.selected || {},
    before = state.near;
  const now = concept !== undefined ? around[concept] : connection !== undefined ? [connection] : [];
  findNear();
  if (before || state.near) updateLines();
  else updateLines([...new Set([...touched, ...now])].filter((number) => edges.get(number) !== null));
  touched = now;
}
