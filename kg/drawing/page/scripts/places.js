// ---- Where everything stands: the plan, what was moved, and what was expanded beyond it ------------------------

const spots = new Map();
const designs = new Map();
// Words in the picture that are no concepts: headings of groups, and how many more wait in the file.
let signs = [];
// What was dragged, by plan and CURIE; a layout that was given or loaded starts it.
const places = { panels: new Map(), projector: new Map() };

function takeLayout(layout) {
  for (const plan of Object.keys(places)) {
    places[plan] = new Map(Object.entries((layout && layout[plan]) || {}));
  }
}
takeLayout(data.layout);

function planNow() {
  return data.plans[state.plan];
}

function arrange() {
  spots.clear();
  planNow().spots.forEach((spot, number) => stand(number, spot));
  arrangeSigns();
  for (const [key, { title, numbers }] of state.grown) growOut(key, title, numbers);
}

// The words of the plan; what is expanded adds its own.
function arrangeSigns() {
  const { headings, more, text } = planNow();
  const words = (sign, said, bold) => ({ ...sign, ...designOfWords(said, sign, text, bold) });
  signs = [
    ...headings.map((each) => words(each, headingWords(each), true)),
    ...more.map((each, number) => words({ ...each, more: number }, each.text, false)),
  ];
}

// A heading counts what is shown, and what there is where some waits in the file.
function headingWords({ text, concepts: members, waiting = [], continued }) {
  if (continued) return text;
  const hidden = waiting.filter(isOffered).length;
  const shown = members.filter(isShown).length + waiting.filter(isShown).length;
  const count = hidden ? fill(TEXT.graph.share, { shown, all: shown + hidden }) : String(shown);
  // The count keeps to the last word, and never stands in a line of its own.
  return `${text}\u00a0·\u00a0${count.replaceAll(" ", "\u00a0")}`;
}

// A neighbour of the focus that waits in the file and would be seen if it were drawn.
function isOffered(number) {
  const isTold = (each) => !connections[each].excluded || state.excluded;
  return (
    !state.drawn.has(number) && around[number].some((each) => isTold(each) && concepts[otherEnd(each, number)].focus)
  );
}

// Give a concept its place, or the one to which it was moved.
function stand(number, spot) {
  const place = places[state.plan].get(concepts[number].curie);
  const there = place ? { ...spot, x: place[0], y: place[1] } : spot;
  spots.set(number, there);
  designs.set(number, designOf(number, there, planNow().text));
}

// What is expanded stands in columns of its own beyond all that stands there already, so that nothing meets.
function growOut(key, title, numbers) {
  const { text, view } = planNow(),
    box = bounds([...spots.keys()], signs);
  const anchor = spots.get(typeof key === "number" ? key : -1) || { x: 0 };
  const side = anchor.x >= 0 ? "right" : "left",
    turn = side === "right" ? 1 : -1;
  const pitch = text * 1.7,
    room = text * 16;
  const most = Math.max(10, Math.floor((box[3] - box[1] || view[1]) / pitch) - 2);
  const edge = (side === "right" ? box[2] : box[0]) + turn * text * 3,
    middle = (box[1] + box[3]) / 2;
  numbers.forEach((number, place) => {
    const column = Math.floor(place / most),
      rows = Math.min(numbers.length - column * most, most);
    const x = edge + turn * column * (room + text * 3),
      y = middle + ((place % most) - (rows - 1) / 2) * pitch;
    stand(number, { x, y, side, room, lines: 1 });
  });
  const { x, y } = spots.get(numbers[0]),
    heading = { text: title, x, y: y - pitch * 1.2, side, room, bold: true };
  signs.push({ ...heading, concepts: numbers, continued: true, ...designOfWords(title, heading, text, true) });
}

// The box around concepts and signs: [left, top, right, bottom].
function bounds(numbers, words) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const add = ({ x, y }, [left, top, right, bottom]) => {
    box[0] = Math.min(box[0], x + left);
    box[1] = Math.min(box[1], y + top);
    box[2] = Math.max(box[2], x + right);
    box[3] = Math.max(box[3], y + bottom);
  };
  numbers.forEach((number) => add(spots.get(number), designs.get(number).box));
  words.forEach((sign) => add(sign, sign.box));
  return box;
}

// The boxes of all that is shown: labels with their markers, headings, and the rows that stand for more.
function labelBoxes() {
  const shown = [...spots]
    .filter(([number]) => isShown(number))
    .map(([number, spot]) => [spot, designs.get(number).box]);
  const words = signs.filter(isSignShown).map((sign) => [sign, sign.box]);
  return [...shown, ...words].map(([{ x, y }, box]) => [x + box[0], y + box[1], x + box[2], y + box[3]]);
}

function isSignShown({ more, concepts: members, waiting = [] }) {
  const plain = state.step === null && state.only === null;
  if (more !== undefined) return plain && members.some(isOffered);
  return members.some(isShown) || (plain && waiting.some(isOffered));
}

// ---- Expanding and putting away -----------------------------------------------------------------------------------

// What hangs on a concept and is not connected to it yet in the picture: it waits in the file, or its line does.
function waitingAt(number) {
  const found = around[number]
    .filter((each) => !connections[each].excluded || state.excluded)
    .filter((each) => !state.drawn.has(otherEnd(each, number)) || isWaiting(each))
    .map((each) => otherEnd(each, number));
  return [...new Set(found)].sort((first, second) => first - second);
}

function leavesOf(number) {
  return [...new Set(around[number].map((each) => otherEnd(each, number)))].filter(
    (leaf) =>
      leaf !== number &&
      isIn(leaf) &&
      !concepts[leaf].focus &&
      around[leaf].every((each) => otherEnd(each, leaf) === number || !isOn(each)),
  );
}

function grow(key, title, numbers) {
  const added = numbers.filter((each) => !state.drawn.has(each));
  if (!added.length) return;
  const before = state.grown.get(key);
  state.grown.set(key, { title, numbers: [...(before ? before.numbers : []), ...added] });
  added.forEach((each) => state.drawn.add(each));
  refresh();
  fit();
}

function expand(number) {
  const waiting = waitingAt(number).filter((each) => !state.drawn.has(each));
  state.folded.delete(number);
  state.opened.add(number);
  grow(number, `${nameOf(number)} · ${waiting.length}`, waiting);
  tell("visible");
}

function isExpanded(number) {
  return state.opened.has(number) || (!state.folded.has(number) && leavesOf(number).length > 0);
}

// Put away what an expansion added; without one, the neighbours that hang on this concept alone.
function collapse(number) {
  putAway(number);
  refresh();
  tell("visible");
}

function putAway(number) {
  if (!state.opened.delete(number) && !state.grown.has(number)) state.folded.add(number);
  const { numbers } = state.grown.get(number) || { numbers: [] };
  state.grown.delete(number);
  numbers.forEach((each) => state.drawn.delete(each));
  // What was expanded from something that is now gone goes with it.
  numbers.filter((each) => state.opened.has(each) || state.grown.has(each)).forEach(putAway);
}
