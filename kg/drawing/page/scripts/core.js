// ---- What the page is told, what it shows of it, and the words and elements that all parts use ------------------

const data = JSON.parse(document.getElementById("data").textContent);
const { concepts, connections, texts: TEXT } = data;

const around = concepts.map(() => []);
connections.forEach((each, number) => {
  around[each.subject].push(number);
  if (each.object !== each.subject) around[each.object].push(number);
});

function byId(id) {
  return document.getElementById(id);
}

// "{count} found" and { count: 3 } are "3 found"; what is put in is not looked at again.
function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

function plural(count, { one, many }) {
  return `${count} ${count === 1 ? one : many}`;
}

// Elements with attributes and children; a string becomes a text node, never markup.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function button(text, click, attributes = {}) {
  return make("button", { type: "button", click, ...attributes }, text);
}

// Text of unknown direction, so that a right-to-left mark in it turns nothing outside.
function apart(text) {
  return make("bdi", {}, text);
}

function announce(text) {
  byId("live").textContent = text;
}

// ---- Names ------------------------------------------------------------------------------------------------------

function nameOf(number) {
  const { code, name } = concepts[number];
  return code && name ? `${code} ${name}` : code || name;
}

function spoken(number) {
  const { code, name } = concepts[number];
  return code && name ? fill(TEXT.sentence.named, { code, name }) : code || name;
}

function sentence(number) {
  const { subject, relation, object, excluded } = connections[number];
  const { says, denies } = data.relations[relation];
  return fill(TEXT.sentence.whole, {
    subject: spoken(subject),
    says: excluded ? denies : says,
    object: spoken(object),
  });
}

function marks({ excluded, verdict }) {
  return [excluded ? data.excludedSign : "", data.verdicts[verdict].sign].filter(Boolean).join(" ");
}

function otherEnd(number, concept) {
  const { subject, object } = connections[number];
  return subject === concept ? object : subject;
}

// ---- What is shown ----------------------------------------------------------------------------------------------

const FILTERS = ["kinds", "relations", "verdicts", "strengths"];

// `drawn` are the concepts in the picture; `opened` those that were expanded; `grown` holds what each expansion added,
// in the order of expanding;
// `folded` concepts hide the neighbours that hang on them alone; `only` is a concept shown with its neighbours;
// `lit` is what stands out while the rest fades, `near` the same around a selected concept; `step` is the step of the lesson, or null.
const state = {};

function resetState() {
  Object.assign(state, {
    off: Object.fromEntries(FILTERS.map((each) => [each, new Set()])),
    excluded: false,
    drawn: new Set(Array.from({ length: data.drawn }, (_, number) => number)),
    grown: new Map(),
    opened: new Set(),
    folded: new Set(),
    only: null,
    selected: null,
    lit: null,
    near: null,
    way: null,
    step: null,
    quiz: false,
    revealed: new Set(),
  });
}
resetState();
state.plan = "panels";

const listeners = { visible: [], select: [], look: [] };

function on(event, listener) {
  listeners[event].push(listener);
}

// `visible`: other things are shown; `select`: another thing is selected; `look`: the same things look otherwise.
function tell(event) {
  listeners[event].forEach((listener) => listener());
}

function strengthOf(connection) {
  return connection.assertions[0].strength;
}

function isOn(number) {
  const each = connections[number],
    { off } = state;
  if ((each.excluded && !state.excluded) || isWaiting(number)) return false;
  if (off.relations.has(each.relation) || off.verdicts.has(each.verdict)) return false;
  return (
    !off.strengths.has(strengthOf(each)) && isIn(each.subject) && isIn(each.object) && isTaught("connections", number)
  );
}

// Connections farther away than the page was asked for are shown where one of their ends was expanded, or on a path.
function isWaiting(number) {
  const { waits, subject, object } = connections[number];
  const lit = state.lit !== null && state.lit.connections.has(number);
  return Boolean(waits) && !lit && !state.opened.has(subject) && !state.opened.has(object);
}

// Whether a concept may be shown, whatever its connections.
function isIn(number) {
  if (!state.drawn.has(number) || state.off.kinds.has(concepts[number].kind)) return false;
  if (
    state.only !== null &&
    number !== state.only &&
    !around[number].some((each) => otherEnd(each, number) === state.only)
  )
    return false;
  return isTaught("concepts", number);
}

function isTaught(what, number) {
  return state.step === null || taught[state.step][what].has(number);
}

// What each step of the lesson shows, with all that the steps before it showed.
const taught = [];
(data.lesson ? data.lesson.steps : []).forEach(({ concepts: shown, connections: joined }, number) => {
  const before = taught[number - 1] || { concepts: [], connections: [] };
  taught.push({
    concepts: new Set([...before.concepts, ...shown]),
    connections: new Set([...before.connections, ...joined]),
  });
});

function isShown(number) {
  if (!isIn(number)) return false;
  if (concepts[number].focus || state.step !== null || number === state.only) return true;
  const own = around[number];
  if (own.length && own.every((each) => state.folded.has(otherEnd(each, number)))) return false;
  return own.length === 0 || own.some(isOn);
}

// An edge is in the picture where both its ends are.
function isSeen(number) {
  const { subject, object } = connections[number];
  return isOn(number) && isShown(subject) && isShown(object);
}

function select(target) {
  state.selected = target;
  tell("select");
}
