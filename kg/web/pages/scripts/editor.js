// The editor: a text area, and behind it the same text in colours, with what is wrong underlined.
// The text area is as high as its text, so that both always stand at the same place and one frame scrolls them.

import { byId, make } from "./elements.js";
import { stretches } from "./colours.js";

// To colour more than this would be felt at each letter.
const MOST = 40_000;

const area = /** @type {HTMLTextAreaElement} */ (byId("query"));
const layer = byId("colours");
/** @type {[number, number] | null} */
let wrong = null;

export { area };

/** The query, as it is. @type {() => string} */
export function text() {
  return area.value;
}

/** @type {(query: string) => void} */
export function write(query) {
  area.value = query;
  unmark();
}

/** Put some text in the place of a stretch, as if it were typed, so that it can be undone.
 * @type {(start: number, end: number, text: string) => void} */
export function replace(start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  // The one way that keeps the history of the text area; where it is gone, that history is lost.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    paint();
  }
}

/** Underline a place, given in code points as the server counts. @type {(place: [number, number]) => void} */
export function mark([start, end]) {
  const letters = Array.from(area.value);
  const first = letters.slice(0, start).join("").length;
  const last = letters.slice(0, Math.max(end, start + 1)).join("").length;
  wrong = [first, Math.max(last, first + 1)];
  area.setAttribute("aria-invalid", "true");
  area.setAttribute("aria-errormessage", "problem");
  paint();
  area.focus();
  area.setSelectionRange(first, first);
}

/** @type {() => void} */
export function unmark() {
  wrong = null;
  area.removeAttribute("aria-invalid");
  area.removeAttribute("aria-errormessage");
  paint();
}

/** Where a letter stands in the window. @type {(offset: number) => DOMRect} */
export function placeOf(offset) {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = (node.nodeValue || "").length;
    if (left < length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, left + 1);
      return range.getBoundingClientRect();
    }
    left -= length;
  }
  return layer.getBoundingClientRect();
}

function paint() {
  const query = area.value;
  const parts = query.length > MOST ? [{ kind: "other", text: query, start: 0 }] : stretches(query);
  // What is wrong at the end of the text stands behind it, on a blank.
  layer.replaceChildren(...parts.flatMap(coloured), ...coloured({ kind: "other", text: " ", start: query.length }));
}

/** @type {(part: Stretch) => Node[]} */
function coloured({ kind, text, start }) {
  const [from, to] = wrong ? wrong.map((at) => Math.min(Math.max(at - start, 0), text.length)) : [0, 0];
  const pieces = /** @type {[string, boolean][]} */ ([
    [text.slice(0, from), false],
    [text.slice(from, to), true],
    [text.slice(to), false],
  ]);
  return pieces
    .filter(([piece]) => piece)
    .map(([piece, isWrong]) =>
      kind === "other" && !isWrong
        ? document.createTextNode(piece)
        : make("span", { class: isWrong ? `${kind} wrong` : kind }, piece),
    );
}

area.addEventListener("input", unmark);
byId("editor").classList.add("live");
paint();
