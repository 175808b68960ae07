// What the panel shows: what is selected, or what the page is about.

import { concepts, data, TEXT } from "../basis/data.js";
import { byId, make } from "../basis/elements.js";
import { state } from "../state/state.js";
import { showConcept } from "./concept.js";
import { showConnection } from "./connection.js";
import { leadElement } from "./lead.js";
import { showStep } from "./lesson.js";
import { follow } from "./panel.js";
import { showPaths, showWay } from "./paths.js";

export function showSelected() {
  const target = follow();
  if (!target) showStart();
  else if (target.concept !== undefined) showConcept(target.concept);
  else showConnection(target.connection);
}

function showStart() {
  if (state.way) showWay(state.way);
  else if (state.step !== null) showStep(state.step);
  else if (data.paths.length) showPaths();
  else {
    const focus = concepts.findIndex((each) => each.focus);
    showConcept(focus >= 0 ? focus : 0);
    byId("panel").prepend(make("p", { class: "kind" }, TEXT.panel.about));
  }
  const lead = leadElement();
  if (lead && !state.way) byId("panel").prepend(lead);
}
