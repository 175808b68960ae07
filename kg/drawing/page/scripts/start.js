// ---- Start: words, buttons, keys, and who listens to what -----------------------------------------------------------

function fillFrame() {
  const count = (number, what) => plural(number, TEXT.count[what]);
  const { drawn, leftOut } = data;
  const joined = connections.filter(
    ({ subject, object, waits, excluded }) => subject < drawn && object < drawn && !waits && !excluded,
  );
  const cited = new Set(
    joined.flatMap((each) => each.assertions).map(({ evidence }) => data.evidence[evidence].document),
  );
  const ends = new Set(joined.flatMap(({ subject, object }) => [subject, object]));
  byId("summary").textContent = fill(TEXT.summary, {
    concepts: count(Math.max(ends.size, 1), "concept"),
    connections: count(joined.length, "connection"),
    documents: count(cited.size, "document"),
  });
  const waiting = concepts.length - drawn;
  const parts = leftOut.map(({ kind, count: number }) => plural(number, data.kinds[kind])).join(", ");
  byId("left-out").textContent = [
    ...data.notes,
    waiting ? fill(TEXT.waiting, { concepts: count(waiting, "concept") }) : "",
    parts ? fill(TEXT.leftOut, { parts }) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function resetAll() {
  resetState();
  if (data.lesson) state.step = 0;
  takeLayout(data.layout);
  byId("path-said").textContent = "";
  ["from", "to"].forEach((end) => {
    byId(end).value = "";
  });
  if (state.plan === "projector") setProjector(false);
  press("quiz", false);
  showTable(false);
  refresh();
  fillLesson();
  tell("visible");
  select(null);
  fit();
}

// The shortest way back: what is open closes, what is selected is let go, a mode is left.
function stepBack() {
  if (byId("menu").open) byId("menu").open = false;
  else if (state.selected) select(null);
  else if (state.way) clearPath();
  else if (state.only !== null) toggleOnly(state.only);
  else if (state.plan === "projector") setProjector(false);
  else if (state.quiz) setQuiz(false);
}

function withConcept(act) {
  if (state.selected && state.selected.concept !== undefined) act(state.selected.concept);
}

const KEYS = {
  "/": () => byId("find").focus(),
  "?": showKeys,
  Escape: stepBack,
  0: fit,
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  t: () => showTable(byId("table").hidden),
  p: () => setProjector(state.plan !== "projector"),
  q: () => setQuiz(!state.quiz),
  d: () => setDark(palette.theme !== "dark"),
  n: toggleNotes,
  f: () => withConcept(toggleOnly),
  e: () => withConcept((number) => (isExpanded(number) && !waitingAt(number).length ? collapse : expand)(number)),
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 };

function keyDown(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  const writing = target.matches("select, input:not([type=checkbox])");
  if (writing && key !== "Escape") return;
  if (state.step !== null && STEPS[key]) goTo(state.step + STEPS[key]);
  else if (ARROWS[key] && target.id === "canvas") walk(...ARROWS[key]);
  else if (key === "Enter" && target.id === "canvas") enter();
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
}

// Enter in the graph opens what is selected, and reveals it first where it is a question.
function enter() {
  withConcept((number) => {
    if (isVeiled(number)) reveal(number);
    else focusPanel();
  });
}

function wire() {
  const clicks = {
    "show-graph": () => showTable(false),
    "show-table": () => showTable(true),
    "zoom-in": () => zoom(1.25),
    "zoom-out": () => zoom(0.8),
    fit,
    "reset-all": resetAll,
    projector: KEYS.p,
    dark: KEYS.d,
    quiz: KEYS.q,
    "save-png": savePng,
    "save-svg": saveSvg,
    print: () => window.print(),
    "save-layout": saveLayout,
    "load-layout": () => byId("layout-file").click(),
    help: showKeys,
  };
  Object.entries(clicks).forEach(([id, act]) => byId(id).addEventListener("click", act));
  byId("menu").addEventListener("click", ({ target }) => {
    if (target.matches("button")) byId("menu").open = false;
  });
  byId("layout-file").addEventListener("change", ({ target }) => {
    if (target.files.length) loadLayout(target.files[0]);
    target.value = "";
  });
  document.addEventListener("keydown", keyDown);
  window.addEventListener("beforeprint", layPaper);
  window.addEventListener("afterprint", clearPaper);
  network.on("afterDrawing", drawSigns);
  network.on("afterDrawing", drawAllWords);
  network.on("dragEnd", rememberPlaces);
  network.on("zoom", () => {
    wandered = true;
  });
  // After telling of it, vis-network puts its own view back.
  network.on("resize", () => {
    if (!wandered) queueMicrotask(fit);
  });
  network.once("afterDrawing", () => {
    document.documentElement.dataset.ready = "true";
  });
  watchPointer();
}

on("visible", () => {
  updateVisible();
  fillSides();
});
on("select", () => {
  updateSelected();
  network.redraw();
  showSelected();
  fillCaption();
});
on("look", () => {
  updateLines();
  network.redraw();
  fillSides();
});

// All that stands around the picture and depends on what it shows.
function fillSides() {
  fillLegend();
  fillTable();
  fillCaption();
  showSelected();
}

setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches);
if (data.lesson) state.step = 0;
refresh();
fillFrame();
fillSearch();
fillPathForm();
fillLesson();
fillSides();
wire();
fit();
// A handle for tests, and for whoever opens the console; the boxes are those of all labels, headings and markers.
window.billingKg = {
  network,
  data,
  state,
  fit,
  svg: () => new XMLSerializer().serializeToString(svgSheet()),
  seen: () => ({
    concepts: [...spots.keys()].filter(isShown),
    connections: connections.map((_, number) => number).filter(isSeen),
  }),
  boxes: labelBoxes,
};
