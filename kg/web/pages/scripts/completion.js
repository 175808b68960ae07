// The list of suggestions below the caret: arrows choose, Enter takes, Escape closes. Tab leaves the editor as it
// leaves any other field.

import { byId, make, cut } from "./elements.js";
import { area, placeOf, replace } from "./editor.js";
import { suggestionsFor, wordBefore } from "./suggestions.js";

const SOON = 120;
const list = make("ul", { id: "suggestions", role: "listbox", "aria-label": "Suggestions" });
/** @type {Suggestion[]} */
let shown = [];
let active = 0;
let word = "";
let asking = new AbortController();
let timer = 0;

/** @type {() => void} */
export function close() {
  asking.abort();
  clearTimeout(timer);
  shown = [];
  list.hidden = true;
  area.removeAttribute("aria-activedescendant");
  byId("offered").textContent = "";
}

/** @type {(always: boolean) => void} */
function offer(always) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const query = area.value;
  const end = area.selectionStart;
  word = end === area.selectionEnd ? wordBefore(query, end) : "";
  const isEnough = word.includes(":") || word.length > 1;
  if (!always && !isEnough) {
    close();
    return;
  }
  suggestionsFor(query, word, signal)
    .then((suggestions) => !signal.aborted && show(suggestions, end))
    .catch(() => {}); // Aborted, or the server is gone, which the next question tells.
}

/** @type {(suggestions: Suggestion[], end: number) => void} */
function show(suggestions, end) {
  if (!suggestions.length) {
    close();
    return;
  }
  shown = suggestions;
  list.replaceChildren(...suggestions.map(option));
  list.hidden = false;
  place(placeOf(Math.max(end - word.length, 0)));
  choose(0);
  byId("offered").textContent = `${suggestions.length} ${suggestions.length === 1 ? "suggestion" : "suggestions"}`;
}

/** @type {(suggestion: Suggestion, index: number) => HTMLElement} */
function option({ text, words }, index) {
  const attributes = { role: "option", id: `suggestion-${index}`, "aria-selected": "false" };
  const element = make("li", attributes, make("b", {}, text), " ", make("span", {}, cut(words, 90)));
  // Before the text area loses the focus.
  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(index);
  });
  return element;
}

/** @type {(at: DOMRect) => void} */
function place(at) {
  const frame = byId("editor").getBoundingClientRect();
  const left = Math.max(Math.min(at.left - frame.left, frame.width - list.offsetWidth), 0);
  list.style.left = `${left}px`;
  list.style.top = `${Math.min(at.bottom - frame.top, frame.height) + 2}px`;
}

/** @type {(index: number) => void} */
function choose(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = (index + shown.length) % shown.length;
  const element = list.children[active];
  element.setAttribute("aria-selected", "true");
  element.scrollIntoView({ block: "nearest" });
  area.setAttribute("aria-activedescendant", element.id);
}

/** @type {(index: number) => void} */
function take(index) {
  const { text } = shown[index];
  const end = area.selectionStart;
  close();
  replace(end - word.length, end, text);
  close();
}

/** @type {(event: KeyboardEvent) => void} */
function press(event) {
  if (event.key === " " && event.ctrlKey) {
    event.preventDefault();
    offer(true);
    return;
  }
  if (list.hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  /** @type {Record<string, () => void>} */
  const acts = {
    ArrowDown: () => choose(active + 1),
    ArrowUp: () => choose(active - 1),
    Enter: () => take(active),
    Escape: close,
  };
  const act = event.isComposing ? undefined : acts[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

list.hidden = true;
byId("editor").after(list);
for (const [name, value] of Object.entries({
  "aria-autocomplete": "list",
  "aria-haspopup": "listbox",
  "aria-controls": "suggestions",
  "aria-multiline": "true",
})) {
  area.setAttribute(name, value);
}
area.addEventListener("keydown", press);
area.addEventListener("blur", close);
area.addEventListener("input", () => {
  clearTimeout(timer);
  asking.abort();
  timer = window.setTimeout(() => offer(false), SOON);
});
for (const name of ["pointerdown", "scroll"]) byId("editor").addEventListener(name, close);
area.addEventListener("keyup", (event) => {
  if (["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"].includes(event.key)) close();
});
