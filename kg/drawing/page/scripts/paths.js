// ---- Paths: the best way between two concepts among the connections of this page ------------------------------------

// As `kg path` has it: a hop costs 1, a tenth more for each step below `corroborated`, and for every concept passed
// through what each of its two connections says of how little it tells apart. All in whole thousandths.
const HOP = 1000,
  VERDICT_STEP = 100;
const VERDICTS = Object.keys(data.verdicts);

// A package leads to its code, and is no way from one code to another: walked only where the package is an end.
function allowed(floor, ends) {
  const heard = new Set(VERDICTS.slice(0, VERDICTS.indexOf(floor) + 1));
  return connections
    .map((each, number) => number)
    .filter((number) => {
      const { excluded, verdict, relation, subject, object } = connections[number];
      const walked = relation !== "billedAs" || ends.has(subject);
      return !excluded && heard.has(verdict) && subject !== object && walked;
    });
}

function stepCost(number, here, ends) {
  const { verdict, subject, object, fees } = connections[number];
  return (
    HOP +
    VERDICT_STEP * VERDICTS.indexOf(verdict) +
    (ends.has(subject) ? 0 : fees[0]) +
    (ends.has(object) ? 0 : fees[1])
  );
}

// Of equal costs the fewer hops, then the CURIEs that come first; of equal connections the better verdict.
function isBetter(first, second) {
  if (!second) return true;
  if (first.cost !== second.cost) return first.cost < second.cost;
  if (first.hops.length !== second.hops.length) return first.hops.length < second.hops.length;
  const differing = first.nodes.findIndex((node, place) => node !== second.nodes[place]);
  if (differing >= 0) return concepts[first.nodes[differing]].curie < concepts[second.nodes[differing]].curie;
  const last = [first, second].map(({ hops }) => connections[hops[hops.length - 1]]);
  const [rank, other] = last.map(({ verdict }) => VERDICTS.indexOf(verdict));
  return rank !== other ? rank < other : last[0].relation < last[1].relation;
}

// Dijkstra's search; a way is { cost, nodes, hops }, with hops the numbers of connections; null where there is none.
function bestWay(from, to, floor) {
  const ends = new Set([from, to]),
    heard = new Set(allowed(floor, ends)),
    done = new Set();
  const best = new Map([[from, { cost: 0, nodes: [from], hops: [] }]]);
  for (;;) {
    const here = nearestOf(best, done);
    if (here === null || here === to) return best.get(to) || null;
    done.add(here);
    const way = best.get(here);
    for (const number of around[here].filter((each) => heard.has(each))) {
      const there = otherEnd(number, here);
      const longer = {
        cost: way.cost + stepCost(number, here, ends),
        nodes: [...way.nodes, there],
        hops: [...way.hops, number],
      };
      if (!done.has(there) && isBetter(longer, best.get(there))) best.set(there, longer);
    }
  }
}

function nearestOf(best, done) {
  let nearest = null;
  for (const [number, way] of best) {
    if (!done.has(number) && (nearest === null || isBetter(way, best.get(nearest)))) nearest = number;
  }
  return nearest;
}

// ---- The form, and the path lit up -----------------------------------------------------------------------------------

function fillPathForm() {
  const words = TEXT.path,
    field = (id, label) => [
      make("label", { for: id }, label),
      make("input", { type: "text", id, list: "names", autocomplete: "off", maxlength: 200 }),
    ];
  const floors = VERDICTS.map((verdict) => make("option", { value: verdict }, fill(words.floors, { verdict })));
  const floor = make("select", { id: "floor" }, ...floors);
  floor.value = data.facts.trust;
  const form = make(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        findPath();
      },
    },
    ...field("from", words.from),
    ...field("to", words.to),
    make("label", { for: "floor" }, words.floor),
    floor,
    make(
      "div",
      {},
      make("button", { type: "submit", id: "find-path" }, words.find),
      button(words.clear, clearPath, { id: "clear-path", hidden: "" }),
    ),
  );
  const names = make(
    "datalist",
    { id: "names" },
    ...concepts.map((_, number) => make("option", { value: nameOf(number) })),
  );
  const said = make("p", { id: "path-said", role: "status" });
  byId("path").replaceChildren(
    make("details", { id: "path-form" }, make("summary", {}, words.title), form, names, said),
  );
}

function startPath(end, number) {
  byId("path-form").open = true;
  byId(end).value = nameOf(number);
  const other = byId(end === "from" ? "to" : "from");
  if (other.value) findPath();
  else setTimeout(() => other.focus());
}

// The concept that a text names: as the list offers it, by its code alone, or the first that search would find.
function named(text) {
  const wanted = text.trim().toLowerCase();
  const exact = concepts.findIndex((each, number) =>
    [nameOf(number), each.code, each.name, each.curie].some((name) => name && name.toLowerCase() === wanted),
  );
  return exact >= 0 ? exact : findConcepts(text).length ? findConcepts(text)[0] : null;
}

function findPath() {
  const texts = ["from", "to"].map((end) => byId(end).value),
    [from, to] = texts.map(named),
    floor = byId("floor").value;
  const missing = texts.find((text, place) => [from, to][place] === null);
  if (missing !== undefined) return sayOfPath(fill(TEXT.path.unknown, { text: missing }));
  if (from === to) return sayOfPath(TEXT.path.same);
  const way = bestWay(from, to, floor),
    [start, end] = [from, to].map((each) => concepts[each].curie);
  if (!way) return sayOfPath(fill(TEXT.path.none, { from: spoken(from), to: spoken(to), floor, start, end }));
  const hops = plural(way.hops.length, TEXT.path.hop);
  sayOfPath(fill(TEXT.path.found, { hops, from: spoken(from), to: spoken(to) }));
  return lightUp(way);
}

function sayOfPath(text) {
  lightOut();
  byId("path-said").textContent = text;
}

function lightUp(way) {
  const missing = way.nodes.filter((each) => !state.drawn.has(each));
  if (missing.length) grow("path", TEXT.path.title, missing);
  state.way = way;
  state.lit = { concepts: new Set(way.nodes), connections: new Set(way.hops) };
  byId("clear-path").hidden = false;
  tell("visible");
  select(null);
}

function lightOut() {
  if (state.grown.has("path")) putAway("path");
  refresh();
  Object.assign(state, { way: null, lit: null });
  byId("clear-path").hidden = true;
  tell("visible");
}

function clearPath() {
  ["from", "to"].forEach((end) => {
    byId(end).value = "";
  });
  sayOfPath("");
  select(null);
  byId("from").focus();
}

// ---- Paths in words ----------------------------------------------------------------------------------------------

function hopItem(number) {
  const evidence = data.evidence[connections[number].assertions[0].evidence];
  const cited = fill(TEXT.sentence.cited, { document: data.documents[evidence.document], line: evidence.line });
  return make(
    "li",
    {},
    button(apart(`${marks(connections[number])} ${sentence(number)}`), () => open({ connection: number })),
    make("p", { class: "kind" }, apart(cited)),
  );
}

function hopList(hops) {
  return make("ol", { class: "plain hops" }, ...hops.map(hopItem));
}

function showWay({ nodes: passed, hops, cost }) {
  fillPanel(
    make("h2", {}, TEXT.path.title),
    make("p", {}, apart(passed.map(nameOf).join(" → "))),
    make("p", { class: "kind" }, fill(TEXT.path.cost, { cost: (cost / 1000).toFixed(1) })),
    hopList(hops),
  );
}

function showPaths() {
  fillPanel(
    make("h2", {}, TEXT.path.title),
    ...data.paths.flatMap(({ cost, hops }, number) => [
      make(
        "h3",
        {},
        `${fill(TEXT.path.best, { number: number + 1 })} · ${fill(TEXT.path.cost, { cost: cost.toFixed(1) })}`,
      ),
      hopList(hops.map((hop) => hop.connection)),
    ]),
  );
}
