// ---- The panel: what is selected, in words ------------------------------------------------------------------------

const trail = [];

function fillPanel(...children) {
  byId("panel").replaceChildren(...children.filter((child) => child !== null));
  byId("panel").scrollTop = 0;
}

function listOf(items) {
  return make("ul", { class: "plain" }, ...items.map(([text, click]) => make("li", {}, button(apart(text), click))));
}

function backButton() {
  if (!trail.length) return null;
  return button(
    TEXT.panel.back,
    () => {
      const before = trail.pop();
      showing = null;
      select(before);
      focusPanel();
    },
    { class: "back" },
  );
}

// After a button of the panel was pressed it is gone; the keyboard stays in the panel.
function focusPanel() {
  const first = byId("panel").querySelector("button");
  (first || byId("panel")).focus();
}

function open(target) {
  select(target);
  focusPanel();
}

let showing = null;

function showSelected() {
  if (showing && state.selected && showing !== state.selected) trail.push(showing);
  if (!state.selected) trail.length = 0;
  showing = state.selected;
  if (!showing) showStart();
  else if (showing.concept !== undefined) showConcept(showing.concept);
  else showConnection(showing.connection);
}

function showStart() {
  if (state.way) showWay(state.way);
  else if (state.step !== null) showStep();
  else if (data.paths.length) showPaths();
  else {
    const focus = concepts.findIndex((each) => each.focus);
    showConcept(focus >= 0 ? focus : 0);
    byId("panel").prepend(make("p", { class: "kind" }, TEXT.panel.about));
  }
}

// The neighbours of a concept, by relation: [title, [[text, click], …]].
function groupsOf(number) {
  const groups = new Map();
  for (const place of around[number].filter(isSeen)) {
    const each = connections[place],
      label = data.relations[each.relation].label;
    const title = each.subject === number ? label : fill(TEXT.panel.incoming, { relation: label });
    if (!groups.has(title)) groups.set(title, []);
    const other = otherEnd(place, number);
    groups
      .get(title)
      .push([
        `${marks(each)} ${isVeiled(other) ? TEXT.quiz.unknown : nameOf(other)}`,
        () => open({ connection: place }),
      ]);
  }
  return [...groups];
}

function conceptButtons(number) {
  const waiting = waitingAt(number).length,
    only = state.only === number;
  const act = (name, click, values = {}) =>
    button(
      fill(TEXT.panel[name].text, values),
      () => {
        click(number);
        focusPanel();
      },
      { class: name, title: fill(TEXT.panel[name].hint, values) },
    );
  return make(
    "div",
    { class: "buttons" },
    waiting ? act("expand", expand, { count: waiting }) : state.folded.has(number) ? act("unfold", expand) : null,
    isExpanded(number) ? act("collapse", collapse) : null,
    act(only ? "unfocus" : "focus", toggleOnly),
    act("from", (each) => startPath("from", each)),
    act("to", (each) => startPath("to", each)),
  );
}

function toggleOnly(number) {
  state.only = state.only === number ? null : number;
  tell("visible");
  fit();
}

function showConcept(number) {
  const { code, name, kind, note, validity = [] } = concepts[number];
  if (isVeiled(number)) {
    fillPanel(make("h2", {}, TEXT.quiz.unknown), make("p", {}, TEXT.quiz.hidden));
    return;
  }
  const groups = groupsOf(number);
  fillPanel(
    backButton(),
    make("h2", {}, apart(code || name)),
    code && name ? make("p", {}, apart(name)) : null,
    make("p", { class: "kind" }, [data.kinds[kind].one, ...validity].join(" · ")),
    note ? make("div", { class: "note" }, make("strong", {}, TEXT.panel.notes), make("p", {}, apart(note))) : null,
    isShown(number) ? null : make("p", {}, TEXT.panel.hidden),
    conceptButtons(number),
    groups.length ? null : make("p", {}, TEXT.panel.noConnections),
    ...groups.flatMap(([title, items]) => [make("h3", {}, `${title} · ${items.length}`), listOf(items)]),
  );
}

function showConnection(number) {
  const each = connections[number],
    look = data.verdicts[each.verdict];
  const name = (end) => (isVeiled(end) ? TEXT.quiz.unknown : nameOf(end));
  const ends = [each.subject, each.object].map((end) => [name(end), () => open({ concept: end })]);
  const veiled = isVeiled(each.subject) || isVeiled(each.object);
  fillPanel(
    backButton(),
    make("h2", {}, data.relations[each.relation].label),
    listOf([ends[0]]),
    make(
      "p",
      { class: "kind" },
      `${each.excluded ? `${TEXT.panel.excluded} ` : ""}→ ${data.relations[each.relation].label}`,
    ),
    listOf([ends[1]]),
    make("p", {}, make("span", { class: "verdict" }, `${marks(each)} ${each.verdict}`), `: ${look.meaning}`),
    ...(veiled
      ? [make("p", {}, TEXT.quiz.hidden)]
      : [
          make("p", {}, apart(sentence(number))),
          ...each.assertions.map(assertionOf),
          ...(each.findings || []).map(findingOf),
        ]),
  );
}

function termsOf(rows) {
  return make(
    "dl",
    {},
    ...rows
      .filter(([, value]) => value)
      .flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, apart(value))]),
  );
}

function quoteOf({ quote }) {
  return quote ? make("blockquote", { dir: "auto" }, quote) : make("p", {}, TEXT.panel.noQuote);
}

function whereOf(evidence) {
  const words = TEXT.panel;
  return [
    [words.document, data.documents[evidence.document]],
    [words.line, String(evidence.line)],
    [words.section, evidence.section],
  ];
}

function assertionOf({ strength, condition, evidence }) {
  const found = data.evidence[evidence],
    words = TEXT.panel;
  const rows = [[words.strength, data.strengths[strength]], [words.condition, condition], ...whereOf(found)];
  return make("div", { class: "assertion" }, quoteOf(found), termsOf(rows));
}

// What speaks against a connection: the words of the release, or of another document, and the code that was meant.
function findingOf({ verdict, reason, stated, official, row, release, suggestion, opposed }) {
  const words = TEXT.panel,
    other = opposed === undefined ? null : data.evidence[opposed];
  return make(
    "div",
    { class: "finding" },
    make("h3", {}, `${data.verdicts[verdict].sign} ${words.against}`),
    make("p", {}, apart(reason)),
    termsOf([[words.stated, stated]]),
    official ? make("p", {}, `${words.official}:`) : null,
    official ? make("blockquote", { dir: "auto" }, official) : null,
    termsOf([
      [words.release, [release, row ? fill(words.row, { row }) : ""].filter(Boolean).join(", ")],
      [words.suggestion, suggestion],
    ]),
    other ? make("p", {}, `${words.opposed}:`) : null,
    other ? quoteOf(other) : null,
    other ? termsOf(whereOf(other)) : null,
  );
}
