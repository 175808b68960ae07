// What stands in the place of the picture: the graph, what the guide and the release say, the list, or the table.

import { byId, press } from "../basis/elements.js";
import { network } from "../picture/picture.js";
import { fit, hasWandered } from "../picture/view.js";
import { state } from "../state/state.js";
import { fillFindings } from "./findings.js";
import { fillList } from "./list.js";
import { fillQuestions } from "./questions.js";
import { fillTable } from "./table.js";

/** @type {View[]} */
const VIEWS = ["graph", "findings", "list", "table", "questions"];

export function fillView() {
  document.body.dataset.view = state.view;
  for (const view of VIEWS) {
    byId(view).hidden = view !== state.view;
    // The quiz is begun from the picture and has no button of its own.
    if (byId(`show-${view}`)) press(`show-${view}`, view === state.view);
  }
  fillTable();
  fillList();
  fillFindings();
  fillQuestions();
  if (state.view === "graph") showPicture();
}

// The picture may have had no size while it was hidden.
function showPicture() {
  network.setSize("100%", "100%");
  network.redraw();
  if (!hasWandered()) fit();
}
