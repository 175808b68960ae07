// Search: a code or a name, with the keyboard.

import { reach } from "../actions/growing.js";
import { concepts, data, TEXT } from "../basis/data.js";
import { announce, apart, byId, make } from "../basis/elements.js";
import { fill, nameOf } from "../basis/words.js";
import { findConcepts } from "../state/finding.js";
import { isVeiled } from "../state/shown.js";
import { state } from "../state/state.js";
import { open } from "./panel.js";

const MOST_FOUND = 12;
/** @type {Match[]} */
let found = [];
// The place among them that Enter opens.
let picked = 0;

export function fillSearch() {
  const input = make("input", {
    type: "search",
    id: "find",
    autocomplete: "off",
    role: "combobox",
    placeholder: TEXT.search.hint,
    maxlength: 100,
    "aria-label": TEXT.search.label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "found",
    input: () => {
      picked = 0;
      showFound();
    },
    keydown: searchKey,
    blur: () => setTimeout(closeFound, 150),
  });
  const list = make("ul", { id: "found", role: "listbox", "aria-label": TEXT.search.label, hidden: "" });
  byId("search").replaceChildren(input, list, make("p", { id: "none", hidden: "" }, TEXT.search.none));
}

// What kind of concept it is, by which brand it was found, and that it waits.
/** @type {(match: Match) => string} */
function besides({ number, brand }) {
  const words = TEXT.search;
  return [data.kinds[concepts[number].kind].one, brand || "", state.drawn.has(number) ? "" : words.notDrawn]
    .filter(Boolean)
    .join(" · ");
}

/** @type {(match: Match, place: number) => HTMLElement} */
function foundItem(match, place) {
  /** @type {(event: Event) => void} */
  const mousedown = (event) => {
    event.preventDefault();
    pick(place);
  };
  const selected = String(place === picked);
  return make(
    "li",
    { role: "option", id: `found-${place}`, "aria-selected": selected, mousedown },
    apart(nameOf(match.number)),
    make("small", {}, apart(besides(match))),
  );
}

function showFound() {
  const input = byId("find"),
    list = byId("found");
  // In a quiz, search gives nothing away.
  found = findConcepts(input.value)
    .filter(({ number }) => !isVeiled(number))
    .slice(0, MOST_FOUND);
  list.hidden = found.length === 0;
  byId("none").hidden = found.length > 0 || !input.value.trim();
  input.setAttribute("aria-expanded", String(found.length > 0));
  list.replaceChildren(...found.map(foundItem));
  if (found.length && found[0].near)
    list.prepend(make("li", { class: "near", role: "presentation" }, TEXT.search.near));
  if (found.length) input.setAttribute("aria-activedescendant", `found-${picked}`);
  else input.removeAttribute("aria-activedescendant");
  if (input.value.trim())
    announce(found.length ? fill(TEXT.search.results, { count: found.length }) : TEXT.search.none);
}

function closeFound() {
  byId("found").hidden = true;
  byId("none").hidden = true;
  byId("find").setAttribute("aria-expanded", "false");
}

/** @type {(event: KeyboardEvent) => void} */
function searchKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    picked = (picked + step + found.length) % found.length;
    showFound();
    event.preventDefault();
  } else if (event.key === "Enter" && found.length) {
    pick(picked);
    event.preventDefault();
  } else if (event.key === "Escape") {
    byId("find").value = "";
    closeFound();
    byId("canvas").focus();
    event.stopPropagation();
  }
}

/** @type {(place: number) => void} */
function pick(place) {
  const { number } = found[place];
  byId("find").value = "";
  closeFound();
  reach(number);
  open({ concept: number });
}
