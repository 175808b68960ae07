// Modes: projector, dark, quiz.

import { select, showView } from "../actions/choosing.js";
import { byId, press } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { palette, setTheme } from "../pens/theme.js";
import { network, refresh } from "../picture/picture.js";
import { fit } from "../picture/view.js";
import { setPlan, setQuiz, state } from "../state/state.js";

/** @type {(wanted: boolean) => void} */
export function switchProjector(wanted) {
  setPlan(wanted ? "projector" : "panels");
  document.body.classList.toggle("projector", wanted);
  press("projector", wanted);
  if (state.view !== "findings") showView("graph");
  refresh();
  // The button that was pressed is gone with the panels.
  if (wanted && document.activeElement !== document.body) byId("canvas").focus();
  // The window changes with the panels; vis-network hears of it one frame later.
  network.setSize("100%", "100%");
  network.redraw();
  fit();
  tell("look");
}

// Labels are hidden until a click reveals them, those of the focus excepted.
/** @type {(wanted: boolean) => void} */
export function switchQuiz(wanted) {
  setQuiz(wanted);
  press("quiz", wanted);
  document.body.classList.toggle("quizzing", wanted);
  if (wanted ? state.view === "findings" : state.view === "questions") showView("graph");
  select(null);
  tell("look");
}

export function toggleProjector() {
  switchProjector(state.plan !== "projector");
}

export function toggleDark() {
  setTheme(palette().theme !== "dark");
  tell("look");
}

export function toggleQuiz() {
  switchQuiz(!state.quiz);
}
