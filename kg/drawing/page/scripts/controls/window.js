// What the page does when its window is small, changes, or is a frame in another page.

import { TEXT } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { isFramed, isNarrow, markScreen } from "../basis/screen.js";
import { announceLoudly } from "../sides/caption.js";
import { fitTitle } from "../sides/lead.js";
import { openSheet, watchSheets } from "../sides/sheets.js";
import { firstView } from "../state/against.js";

// What the page opens with: in a narrow window the list in place of the graph.
/** @type {() => View} */
export function openingView() {
  const view = firstView();
  return view === "graph" && isNarrow() ? "list" : view;
}

// The wheel scrolls a page that scrolls, and a notebook around it; with Ctrl it zooms the picture.
function leaveWheel() {
  let isTold = false;
  /** @type {(event: WheelEvent) => void} */
  const leave = (event) => {
    if (event.ctrlKey || !(isFramed || isNarrow())) return;
    event.stopPropagation();
    if (!isTold) announceLoudly(TEXT.graph.wheel);
    isTold = true;
  };
  byId("canvas").addEventListener("wheel", leave, true);
}

export function watchWindowSize() {
  window.addEventListener("resize", () => {
    const before = document.documentElement.className;
    markScreen();
    fitTitle();
    if (document.documentElement.className !== before) openSheet(null);
  });
  watchSheets();
  leaveWheel();
}
