// ---- Fitting, zooming, hitting ------------------------------------------------------------------------------------

function fit() {
  const shown = [...spots.keys()].filter(isShown),
    box = bounds(shown, signs.filter(isSignShown));
  const { clientWidth, clientHeight } = byId("canvas"),
    margin = 12;
  // What is said below the picture hides none of it.
  const caption = byId("caption").hidden ? 0 : byId("caption").offsetHeight + margin;
  const [width, height] = [clientWidth - margin, clientHeight - margin - caption];
  const scale = Math.min(width / (box[2] - box[0]), height / (box[3] - box[1]), 1.6);
  const position = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 + caption / 2 / scale };
  if (scale > 0 && Number.isFinite(position.x)) network.moveTo({ position, scale, animation: false });
  wandered = false;
}

function zoom(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: false });
  wandered = true;
}

function centre(number) {
  const { x, y } = network.canvasToDOM(spots.get(number)),
    { clientWidth, clientHeight } = byId("canvas");
  if (x > 20 && y > 20 && x < clientWidth - 20 && y < clientHeight - 20) return;
  network.moveTo({ position: spots.get(number), animation: false });
  wandered = true;
}

function isWithin({ x, y }, at, [left, top, right, bottom]) {
  return x >= at.x + left && x <= at.x + right && y >= at.y + top && y <= at.y + bottom;
}

// What is at a point of the window: a concept or its label, a sign, or the line that is nearest.
function hit(point) {
  const spot = network.DOMtoCanvas(point);
  const concept = [...spots.keys()].find(
    (each) => isShown(each) && isWithin(spot, spots.get(each), designs.get(each).box),
  );
  if (concept !== undefined) return { concept };
  const sign = signs.find((each) => each.more !== undefined && isSignShown(each) && isWithin(spot, each, each.box));
  if (sign) return { sign };
  const connection = network.getEdgeAt(point);
  return connection === undefined ? null : { connection };
}

function clicked(point) {
  const found = hit(point);
  if (found && found.sign) growSign(found.sign);
  else if (found && found.concept !== undefined && isVeiled(found.concept)) reveal(found.concept);
  else select(found);
}

function growSign({ more, text, concepts: numbers }) {
  grow(`more ${more}`, text, numbers);
  tell("visible");
}

function reveal(number) {
  state.revealed.add(number);
  tell("look");
  select({ concept: number });
}

// vis-network waits whether a click is half of a double click; a class should not.
function watchPointer() {
  let down = null;
  const canvas = byId("canvas");
  const at = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      down = event.button === 0 ? at(event) : null;
    },
    true,
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const up = at(event);
      if (down && Math.hypot(up.x - down.x, up.y - down.y) < 5) clicked(up);
      down = null;
    },
    true,
  );
}

function rememberPlaces({ nodes: dragged }) {
  wandered = true;
  dragged.forEach((id) => {
    const { x, y } = network.getPosition(id);
    places[state.plan].set(concepts[id].curie, [Math.round(x), Math.round(y)]);
    spots.set(id, { ...spots.get(id), x, y });
  });
}

// The nearest shown concept in the direction of an arrow key.
function neighbourTowards(number, dx, dy) {
  const from = spots.get(number);
  let best = null,
    least = Infinity;
  for (const [other, { x, y }] of spots) {
    const ahead = (x - from.x) * dx + (y - from.y) * dy,
      aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
    if (other === number || !isShown(other) || ahead <= 1 || aside > ahead * 3) continue;
    if (ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}

function walk(dx, dy) {
  const here = state.selected && state.selected.concept !== undefined ? state.selected.concept : null;
  const next = here === null ? firstConcept() : neighbourTowards(here, dx, dy);
  if (next === null) return;
  select({ concept: next });
  centre(next);
  const shown = around[next].filter(isSeen).length;
  const kind = data.kinds[concepts[next].kind].one;
  if (!isVeiled(next))
    announce(
      fill(TEXT.graph.selected, { name: nameOf(next), kind, connections: plural(shown, TEXT.count.connection) }),
    );
}

function firstConcept() {
  const shown = [...spots.keys()].filter(isShown);
  const focus = shown.find((each) => concepts[each].focus);
  return focus !== undefined ? focus : shown.length ? shown[0] : null;
}
