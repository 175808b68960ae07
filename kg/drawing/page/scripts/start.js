// Start: who listens to what, buttons, and all that is there when the page opens.

import { select, showView } from "./actions/choosing.js";
import { connections, data } from "./basis/data.js";
import { byId } from "./basis/elements.js";
import { on } from "./basis/events.js";
import { markScreen } from "./basis/screen.js";
import { copyLink, keepAddress, watchAddress } from "./controls/address.js";
import { redo, remember, undo } from "./controls/history.js";
import { keyDown, showKeys } from "./controls/keys.js";
import { toggleDark, toggleProjector, toggleQuiz } from "./controls/modes.js";
import { rememberPlaces, watchPointer } from "./controls/pointer.js";
import { resetAll } from "./controls/reset.js";
import { openingView, watchWindowSize } from "./controls/window.js";
import { clearPaper, layPaper, savePng, saveSvg, svgText } from "./files/exports.js";
import { loadLayout, saveLayout } from "./files/layouts.js";
import { setTheme } from "./pens/theme.js";
import { drawArrowheads } from "./picture/arrowheads.js";
import { isGliding } from "./picture/glide.js";
import { drawAllWords } from "./picture/line-words.js";
import { drawBundles, drawFociAgain, drawSigns, network, refresh, updateLines, updateSelected, updateVisible } from "./picture/picture.js";
import { labelBoxes, shownConcepts } from "./picture/places.js";
import { fit, fitAll, hasWandered, wander, zoom } from "./picture/view.js";
import { fillAgainstLine } from "./sides/against-line.js";
import { fillCaption } from "./sides/caption.js";
import { fillCard, fillSigns } from "./sides/card.js";
import { fillFindings } from "./sides/findings.js";
import { fillFrame } from "./sides/frame.js";
import { fillLead, fitTitle } from "./sides/lead.js";
import { fillLegend } from "./sides/legend.js";
import { fillLesson, fitWithCard, openedAt } from "./sides/lesson.js";
import { fillList } from "./sides/list.js";
import { fillPathForm } from "./sides/path-form.js";
import { fillSearch } from "./sides/search.js";
import { showSelected } from "./sides/selected.js";
import { fillTable } from "./sides/table.js";
import { fillView } from "./sides/views.js";
import { isSeen } from "./state/shown.js";
import { state } from "./state/state.js";

on("visible", () => {
  updateVisible();
  fillSides();
  keepAddress();
  remember();
});
on("select", () => {
  updateSelected();
  network.redraw();
  showSelected();
  fillCaption();
  fillCard();
  keepAddress();
});
on("view", () => {
  fillView();
  fillAgainstLine();
  fillCard();
  keepAddress();
});
on("look", () => {
  updateLines();
  network.redraw();
  fillSides();
  keepAddress();
});

// All that stands around the picture and depends on what it shows.
function fillSides() {
  fillFrame();
  fillLead();
  fillLegend();
  fillTable();
  fillList();
  fillFindings();
  fillAgainstLine();
  fillSigns();
  fillCard();
  fillCaption();
  showSelected();
}

function watchButtons() {
  const clicks = {
    "show-graph": () => showView("graph"),
    "show-list": () => showView("list"),
    "show-findings": () => showView("findings"),
    "show-table": () => showView("table"),
    "zoom-in": () => zoom(1.25),
    "zoom-out": () => zoom(0.8),
    fit: fitAll,
    "reset-all": resetAll,
    projector: toggleProjector,
    dark: toggleDark,
    quiz: toggleQuiz,
    "save-png": savePng,
    "save-svg": saveSvg,
    print: () => window.print(),
    "copy-link": copyLink,
    "save-layout": saveLayout,
    "load-layout": () => byId("layout-file").click(),
    undo,
    redo,
    help: showKeys,
  };
  Object.entries(clicks).forEach(([id, act]) => byId(id).addEventListener("click", () => act()));
  const menu = byId("menu"),
    file = byId("layout-file");
  /** @type {(event: Event) => void} */
  const closeMenu = ({ target }) => {
    if (target instanceof HTMLButtonElement) menu.open = false;
  };
  menu.addEventListener("click", closeMenu);
  file.addEventListener("change", () => {
    if (file.files.length) loadLayout(file.files[0]);
    file.value = "";
  });
}

function watchWindow() {
  document.addEventListener("keydown", keyDown);
  window.addEventListener("beforeprint", layPaper);
  window.addEventListener("afterprint", clearPaper);
}

function markReady() {
  document.documentElement.dataset.ready = "true";
}

function watchPicture() {
  /** @type {(ctx: CanvasRenderingContext2D) => void} */
  const drawRest = (ctx) => {
    if (!isGliding()) [drawFociAgain, drawArrowheads, drawSigns, drawAllWords].forEach((draw) => draw(ctx));
  };
  /** @type {(ctx: CanvasRenderingContext2D) => void} */
  const drawFirst = (ctx) => {
    if (!isGliding()) drawBundles(ctx);
  };
  network.on("beforeDrawing", drawFirst);
  network.on("afterDrawing", drawRest);
  network.on("dragEnd", rememberPlaces);
  network.on("zoom", wander);
  // After telling of it, vis-network puts its own view back.
  network.on("resize", () => {
    if (!hasWandered()) queueMicrotask(fitWithCard);
  });
  network.once("afterDrawing", markReady);
  watchPointer();
}

byId("still").remove();
markScreen();
setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches);
refresh();
fillSearch();
fillPathForm();
fillLesson();
fillSides();
fitTitle();
watchButtons();
watchWindow();
watchPicture();
watchWindowSize();
fit();
showView(openingView());
// A picture that is not in sight is never drawn.
if (state.view !== "graph") requestAnimationFrame(markReady);
if (openedAt(state.step)) select(openedAt(state.step));
watchAddress();
// A handle for tests, and for whoever opens the console; the boxes are those of all labels, headings and markers.
window.billingKg = {
  network,
  data,
  state,
  fit,
  svg: svgText,
  seen: () => ({
    concepts: shownConcepts(),
    connections: connections.map((_, number) => number).filter(isSeen),
  }),
  boxes: labelBoxes,
};
