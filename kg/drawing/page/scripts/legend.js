// ---- The legend: what there is, how much of it, and switches ------------------------------------------------------

function sample(width, draw) {
  const picture = svgElement("svg", { width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true" });
  draw(svgPen(picture));
  return picture;
}

function kindSample(kind) {
  const { shape, fill: inside } = data.kinds[kind];
  return sample(18, (pen) => pen.polygon(outline(shape, 9, 8, 6), { fill: inside, stroke: palette.ink }));
}

function verdictSample(verdict) {
  const look = data.verdicts[verdict];
  const style = { stroke: look[palette.theme], width: look.width, dashes: look.dashes };
  return sample(34, (pen) =>
    pen.curve(
      [
        [1, 8],
        [17, 8],
        [33, 8],
      ],
      style,
    ),
  );
}

// What is counted is what is drawn and not switched off by being excluded, or by the step of a lesson.
function counted() {
  const shown = [...state.drawn].filter((number) => isTaught("concepts", number));
  const among = new Set(shown);
  const joined = connections.filter(
    (each, number) =>
      among.has(each.subject) && among.has(each.object) && isTaught("connections", number) && !isWaiting(number),
  );
  const told = joined.filter((each) => !each.excluded || state.excluded);
  const ends = new Set(told.flatMap(({ subject, object }) => [subject, object]));
  const isTold = (number) => ends.has(number) || !around[number].length || concepts[number].focus;
  const tally = (values) => values.reduce((all, value) => all.set(value, (all.get(value) || 0) + 1), new Map());
  return {
    kinds: tally(shown.filter((each) => isTold(each) || state.step !== null).map((number) => concepts[number].kind)),
    relations: tally(told.map((each) => each.relation)),
    verdicts: tally(told.map((each) => each.verdict)),
    strengths: tally(told.map(strengthOf)),
    excluded: joined.filter((each) => each.excluded).length,
  };
}

function item(checked, change, picture, name, count, attributes) {
  const box = make("input", { type: "checkbox", ...attributes, change: () => change(box.checked) });
  box.checked = checked;
  return make(
    "label",
    { class: "item" },
    box,
    picture,
    make("span", { class: "name", title: name }, name),
    make("span", { class: "count" }, String(count)),
  );
}

function filterItem(group, key, picture, name, count) {
  const change = (checked) => {
    if (checked) state.off[group].delete(key);
    else state.off[group].add(key);
    tell("visible");
  };
  return item(!state.off[group].has(key), change, picture, name, count, { "data-group": group, "data-key": key });
}

function legendGroup(title, columns, items) {
  return make("fieldset", {}, make("legend", {}, title), make("div", { class: columns }, ...items));
}

// Groups that are long stay closed until they are asked for; what was opened stays open.
function legendDrawer(id, title, columns, items) {
  const before = byId(id);
  const drawer = make("details", { id }, make("summary", {}, title), make("div", { class: columns }, ...items));
  drawer.open = Boolean(before && before.open);
  return drawer;
}

function fillLegend() {
  const found = counted(),
    words = TEXT.legend;
  const present = (group, all) => Object.keys(all).filter((key) => found[group].has(key));
  const focused = document.activeElement && document.activeElement.dataset.key;
  const excluded = item(
    state.excluded,
    (checked) => {
      state.excluded = checked;
      tell("visible");
    },
    null,
    fill(words.excludedItem, { sign: data.excludedSign }),
    found.excluded,
    { "data-key": "excluded", id: "excluded" },
  );
  byId("legend").replaceChildren(
    legendGroup(
      words.kinds,
      "two",
      present("kinds", data.kinds).map((key) =>
        filterItem("kinds", key, kindSample(key), data.kinds[key].many, found.kinds.get(key)),
      ),
    ),
    legendGroup(
      words.verdicts,
      "lines",
      present("verdicts", data.verdicts).map((key) =>
        filterItem("verdicts", key, verdictSample(key), verdictInWords(key), found.verdicts.get(key)),
      ),
    ),
    ...(found.excluded ? [excluded] : []),
    legendDrawer(
      "relations",
      words.relations,
      "two",
      present("relations", data.relations).map((key) =>
        filterItem("relations", key, null, data.relations[key].label, found.relations.get(key)),
      ),
    ),
    legendDrawer(
      "strengths",
      words.strengths,
      "two",
      present("strengths", data.strengths).map((key) =>
        filterItem("strengths", key, null, data.strengths[key], found.strengths.get(key)),
      ),
    ),
    button(words.showAll, showAll, { id: "reset", ...(isFiltered() ? {} : { hidden: "" }) }),
  );
  const again = focused && [...byId("legend").querySelectorAll("input")].find((box) => box.dataset.key === focused);
  if (again) again.focus();
}

function verdictInWords(verdict) {
  return fill(TEXT.legend.verdictItem, { verdict, ...data.verdicts[verdict] });
}

function isFiltered() {
  return FILTERS.some((group) => state.off[group].size > 0);
}

function showAll() {
  FILTERS.forEach((group) => state.off[group].clear());
  tell("visible");
  byId("legend").querySelector("input").focus();
}
