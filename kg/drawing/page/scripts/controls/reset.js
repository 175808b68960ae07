// Back to the page as it opened, and back by one step.

import { select, showView, toggleOnly } from "../actions/choosing.js";
import { data } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { refresh } from "../picture/picture.js";
import { fit } from "../picture/view.js";
import { fillLesson } from "../sides/lesson.js";
import { clearPath, emptyPathForm } from "../sides/path-form.js";
import { closeSheet } from "../sides/sheets.js";
import { takeLayout } from "../state/moves.js";
import { resetState, state } from "../state/state.js";
import { switchProjector, switchQuiz } from "./modes.js";
import { openingView } from "./window.js";

export function resetAll() {
  resetState();
  takeLayout(data.layout);
  emptyPathForm();
  if (state.plan === "projector") switchProjector(false);
  switchQuiz(false);
  showView(openingView());
  refresh();
  fillLesson();
  tell("visible");
  select(null);
  fit();
}

// The shortest way back: what is open closes, what is selected is let go, a mode is left.
export function stepBack() {
  if (byId("menu").open) byId("menu").open = false;
  else if (closeSheet()) return;
  else if (state.selected) letGo();
  else if (state.way) clearPath();
  else if (state.only !== null) toggleOnly(state.only);
  else if (state.plan === "projector") switchProjector(false);
  else if (state.quiz) switchQuiz(false);
  else returnToPicture();
}

// What is selected; where it was being read, the keyboard goes back to what it was selected in.
function letGo() {
  const wasRead = byId("panel").contains(document.activeElement);
  select(null);
  if (wasRead) byId(state.view === "graph" ? "canvas" : state.view).focus();
}

function returnToPicture() {
  if (state.view !== "graph") showView("graph");
  byId("canvas").focus();
}
