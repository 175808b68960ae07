// The legend: what there is, how much of it, and switches.

import { data, TEXT } from "../basis/data.js";
import { button, byId, make } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { fill } from "../basis/words.js";
import { svgElement, svgPen } from "../pens/pens.js";
import { outline } from "../pens/shapes.js";
import { palette } from "../pens/theme.js";
import { countAll } from "../state/counts.js";
import { clearFilters, FILTERS, keepOnly, setExcluded, state, switchFilter } from "../state/state.js";

/** @type {(width: number, draw: (pen: Pen) => void) => Element} */
function sample(width, draw) {
  const picture = svgElement("svg", { width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true" });
  draw(svgPen(picture));
  return picture;
}

/** @type {(kind: string) => Element} */
function kindSample(kind) {
  const { shape, fill: inside } = data.kinds[kind];
  return sample(18, (pen) => pen.polygon(outline(shape, 9, 8, 6), { fill: inside, stroke: palette().ink }));
}

/** @type {(verdict: string) => Element} */
function verdictSample(verdict) {
  const look = data.verdicts[verdict];
  const style = { stroke: look[palette().theme], width: look.width, dashes: look.dashes };
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

/**
 * @type {(checked: boolean, change: (checked: boolean) => void, picture: Element | null, name: string, count: number,
 *   attributes: Record<string, string>) => HTMLElement}
 */
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

/** @type {(group: FilterName, key: string, picture: Element | null, name: string, count: number) => HTMLElement} */
function filterItem(group, key, picture, name, count) {
  /** @type {(checked: boolean) => void} */
  const change = (checked) => {
    switchFilter(group, key, checked);
    tell("visible");
  };
  const box = item(!state.off[group].has(key), change, picture, name, count, { "data-group": group, "data-key": key });
  return make("div", { class: "choice" }, box, onlyButton(group, key, name));
}

// Only this of its group, or all of it again.
/** @type {(group: FilterName, key: string, name: string) => HTMLElement} */
function onlyButton(group, key, name) {
  const click = () => {
    keepOnly(group, key, Object.keys(data[group]));
    tell("visible");
    const again = /** @type {HTMLElement | null} */ (byId("legend").querySelector(`[data-only="${group} ${key}"]`));
    if (again) again.focus();
  };
  const label = fill(TEXT.legend.onlyThis, { name });
  return button(TEXT.legend.only, click, {
    class: "only",
    "aria-label": label,
    title: label,
    "data-only": `${group} ${key}`,
  });
}

/** @type {(title: string, columns: string, items: HTMLElement[]) => HTMLElement} */
function legendGroup(title, columns, items) {
  return make("fieldset", {}, make("legend", {}, title), make("div", { class: columns }, ...items));
}

// Groups that are long stay closed until they are asked for; what was opened stays open.
/** @type {(id: string, title: string, columns: string, items: HTMLElement[]) => HTMLElement} */
function legendDrawer(id, title, columns, items) {
  const before = byId(id);
  const drawer = make("details", { id }, make("summary", {}, title), make("div", { class: columns }, ...items));
  drawer.open = Boolean(before && before.open);
  return drawer;
}

// The switches of a group, for what there is of it; `look` gives the picture and the words of a key.
/** @type {(group: FilterName, counts: Counts, look: (key: string) => [Element | null, string]) => HTMLElement[]} */
function filterItems(group, counts, look) {
  return Object.keys(data[group])
    .filter((key) => counts[group].has(key))
    .map((key) => {
      const [picture, name] = look(key);
      return filterItem(group, key, picture, name, counts[group].get(key) || 0);
    });
}

/** @type {(count: number) => HTMLElement} */
function excludedItem(count) {
  /** @type {(checked: boolean) => void} */
  const change = (checked) => {
    setExcluded(checked);
    tell("visible");
  };
  const words = fill(TEXT.legend.excludedItem, { sign: data.excludedSign });
  return item(state.excluded, change, null, words, count, { "data-key": "excluded", id: "excluded" });
}

export function fillLegend() {
  const counts = countAll(),
    words = TEXT.legend;
  const { key: focused } = document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {};
  const items = {
    kinds: filterItems("kinds", counts, (key) => [kindSample(key), data.kinds[key].many]),
    verdicts: filterItems("verdicts", counts, (key) => [verdictSample(key), verdictInWords(key)]),
    relations: filterItems("relations", counts, (key) => [null, data.relations[key].label]),
    strengths: filterItems("strengths", counts, (key) => [null, data.strengths[key]]),
  };
  byId("legend").replaceChildren(
    legendGroup(words.verdicts, "lines", [
      // The worst first: that is what a reader has to know.
      ...items.verdicts.reverse(),
      ...(counts.excluded ? [excludedItem(counts.excluded)] : []),
    ]),
    legendGroup(words.kinds, "two", items.kinds),
    legendDrawer("relations", words.relations, "two", items.relations),
    legendDrawer("strengths", words.strengths, "two", items.strengths),
    button(words.showAll, showAll, { id: "reset", ...(isFiltered() ? {} : { hidden: "" }) }),
  );
  const again = focused && [...byId("legend").querySelectorAll("input")].find((box) => box.dataset.key === focused);
  if (again) again.focus();
}

/** @type {(verdict: string) => string} */
function verdictInWords(verdict) {
  return fill(TEXT.legend.verdictItem, { verdict, ...data.verdicts[verdict] });
}

function isFiltered() {
  return FILTERS.some((group) => state.off[group].size > 0);
}

function showAll() {
  clearFilters();
  tell("visible");
  byId("legend").querySelector("input").focus();
}
