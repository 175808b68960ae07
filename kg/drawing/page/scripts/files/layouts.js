// A layout saved to a file, and loaded from one.

import { TEXT } from "../basis/data.js";
import { fill } from "../basis/words.js";
import { refresh } from "../picture/picture.js";
import { fit } from "../picture/view.js";
import { announceLoudly } from "../sides/caption.js";
import { isLayout, layoutNow, takeLayout } from "../state/moves.js";
import { state } from "../state/state.js";
import { offer } from "./offer.js";

export function saveLayout() {
  offer(new Blob([JSON.stringify(layoutNow(), null, 1)], { type: "application/json" }), "layout.json");
}

/** @type {(file: File) => Promise<void>} */
export async function loadLayout(file) {
  /** @type {any} */
  let layout = null;
  try {
    layout = JSON.parse(await file.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isLayout(layout)) return announceLoudly(fill(TEXT.layout.notOne, { file: file.name }));
  takeLayout(layout);
  refresh();
  fit();
  return announceLoudly(fill(TEXT.layout.loaded, { count: Object.keys(layout[state.plan]).length }));
}
