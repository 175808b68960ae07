// ---- Modes: projector, dark, quiz -----------------------------------------------------------------------------------

function press(id, wanted) {
  byId(id).setAttribute("aria-pressed", String(wanted));
}

function setProjector(wanted) {
  state.plan = wanted ? "projector" : "panels";
  document.body.classList.toggle("projector", wanted);
  press("projector", wanted);
  showTable(false);
  refresh();
  fillCaption();
  // The button that was pressed is gone with the panels.
  if (wanted && document.activeElement !== document.body) byId("canvas").focus();
  // The window changes with the panels; vis-network hears of it one frame later.
  network.setSize("100%", "100%");
  network.redraw();
  fit();
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  press("dark", dark);
  palette = colours();
}

function setDark(wanted) {
  setTheme(wanted);
  tell("look");
}

// Labels are hidden until a click reveals them, those of the focus excepted.
function setQuiz(wanted) {
  state.quiz = wanted;
  state.revealed.clear();
  press("quiz", wanted);
  select(null);
  tell("look");
}

function fillCaption() {
  const asked = [...state.drawn].filter((number) => isShown(number) && !concepts[number].focus);
  const score = fill(TEXT.quiz.score, {
    revealed: asked.filter((each) => state.revealed.has(each)).length,
    all: asked.length,
  });
  const revealAll = button(TEXT.quiz.revealAll, () => {
    asked.forEach((each) => state.revealed.add(each));
    tell("look");
  });
  const note = notesShown ? noteNow() : "";
  const before = byId("caption").hidden;
  byId("caption").hidden = !state.quiz && !note;
  byId("caption").replaceChildren(...(note ? [apart(note)] : state.quiz ? [`${score} `, revealAll] : []));
  if (byId("caption").hidden !== before && !wandered) fit();
}

// The presenter's notes stand over the picture when they are asked for.
let notesShown = false;

function noteNow() {
  const selected = state.selected && state.selected.concept !== undefined ? concepts[state.selected.concept].note : "";
  const step = state.step === null ? "" : data.lesson.steps[state.step].notes;
  return selected || step || "";
}

function toggleNotes() {
  notesShown = !notesShown;
  fillCaption();
}

// ---- A layout saved to a file, and loaded from one --------------------------------------------------------------

function saveLayout() {
  const layout = { "billing-kg layout": 1 };
  for (const [plan, moves] of Object.entries(places)) {
    const all = data.plans[plan].spots.map(({ x, y }, number) => [concepts[number].curie, [x, y]]);
    layout[plan] = Object.fromEntries([...all, ...moves]);
  }
  offer(new Blob([JSON.stringify(layout, null, 1)], { type: "application/json" }), "layout.json");
}

function isPlaces(layout) {
  const isPlace = (place) =>
    Array.isArray(place) && place.length === 2 && place.every((each) => Number.isFinite(each) && Math.abs(each) <= 1e5);
  return (
    Boolean(layout) &&
    layout["billing-kg layout"] === 1 &&
    Object.keys(places).every(
      (plan) => typeof layout[plan] === "object" && layout[plan] !== null && Object.values(layout[plan]).every(isPlace),
    )
  );
}

async function loadLayout(file) {
  let layout = null;
  try {
    layout = JSON.parse(await file.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isPlaces(layout)) return announceLoudly(fill(TEXT.layout.notOne, { file: file.name }));
  takeLayout(layout);
  refresh();
  fit();
  return announceLoudly(fill(TEXT.layout.loaded, { count: Object.keys(layout[state.plan]).length }));
}

// What everybody should see, and not only those who listen.
function announceLoudly(text) {
  announce(text);
  byId("caption").hidden = false;
  byId("caption").replaceChildren(apart(text));
}

function offer(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function fileName(ending) {
  const words = data.title
    .replace(/[^\p{L}\p{N}.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return `${words || "billing-kg"}.${ending}`;
}

// ---- The list of keys ---------------------------------------------------------------------------------------------

function showKeys() {
  const rows = TEXT.keys.list.map(([key, meaning]) =>
    make("tr", {}, make("th", { scope: "row" }, key), make("td", {}, meaning)),
  );
  const close = button(TEXT.buttons.close, () => byId("keys").close());
  byId("keys").replaceChildren(
    make("h2", { id: "keys-title" }, TEXT.keys.title),
    make("table", {}, make("tbody", {}, ...rows)),
    close,
  );
  byId("keys").showModal();
}
