// The lesson: what appears, step by step.

import { select } from "../actions/choosing.js";
import { data, steps, taught, TEXT } from "../basis/data.js";
import { announce, apart, button, byId, make } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { fill, nameOf } from "../basis/words.js";
import { glide } from "../picture/glide.js";
import { network, refresh } from "../picture/picture.js";
import { fit } from "../picture/view.js";
import { isSeen, isVeiled } from "../state/shown.js";
import { setStep, state } from "../state/state.js";
import { toggleNotes } from "./caption.js";
import { fillCard } from "./card.js";
import { fillPanel, listOf, open } from "./panel.js";
import { hopItem } from "./paths.js";

export function fillLesson() {
  const { lesson } = data,
    { step } = state;
  byId("lesson").hidden = lesson === null;
  document.body.classList.toggle("teaching", lesson !== null && step !== null);
  if (lesson) byId("lesson").replaceChildren(...(step === null ? outside(lesson.title) : within(step)));
}

/** @type {(title: string) => HTMLElement[]} */
function outside(title) {
  return [
    make("span", { class: "step" }, apart(title)),
    button(TEXT.lesson.start, () => goTo(0), { id: "start-lesson" }),
  ];
}

// Big words for the class.
/** @type {(step: number) => HTMLElement[]} */
function sayOf(step) {
  const { say } = steps[step];
  return say ? [make("p", { class: "say" }, apart(say))] : [];
}

/** @type {(step: number) => HTMLElement[]} */
function within(step) {
  const words = TEXT.lesson,
    count = steps.length,
    isLast = step + 1 === count;
  return [
    make(
      "span",
      { class: "step" },
      make("span", { class: "number" }, fill(words.step, { number: step + 1, count })),
      apart(steps[step].title),
    ),
    button(words.back, () => goTo(step - 1), { id: "lesson-back", ...(step ? {} : { disabled: "" }) }),
    button(words.next, () => goTo(step + 1), { id: "lesson-next", ...(isLast ? { disabled: "" } : {}) }),
    button(words.notes, toggleNotes, { id: "lesson-notes", title: words.notesHint }),
    button(words.leave, () => goTo(null), { id: "lesson-leave" }),
    ...sayOf(step),
  ];
}

// The line whose evidence a step shows.
/** @type {(step: number | null) => Target | null} */
export function openedAt(step) {
  const [connection] = (step !== null && steps[step].opened) || [];
  return connection === undefined ? null : { connection };
}

// All that is shown into sight, or with an open card the line that it is about.
export function fitWithCard() {
  fit();
  fillCard();
}

// To a step of the lesson, or out of it with null; beyond its ends nothing happens.
/** @type {(step: number | null) => void} */
export function goTo(step) {
  if (step !== null && !steps[step]) return;
  const before = document.activeElement ? document.activeElement.id : "";
  glide(() => {
    setStep(step);
    fillLesson();
    refresh();
    // What is said to the class takes room from the picture; vis-network hears of it one frame later.
    network.setSize("100%", "100%");
    tell("visible");
    select(openedAt(step));
  }, fitWithCard);
  if (step === null) return;
  announce(`${fill(TEXT.lesson.step, { number: step + 1, count: steps.length })}: ${steps[step].title}`);
  const again = byId(before);
  if (before.startsWith("lesson-")) (again && !again.disabled ? again : byId("lesson-back")).focus();
}

// In the panel: a step, and what appears with it.
/** @type {(step: number) => void} */
export function showStep(step) {
  const { title, notes } = steps[step];
  const before = step ? taught[step - 1] : { concepts: new Set(), connections: new Set() };
  const fresh = [...taught[step].concepts].filter((each) => !before.concepts.has(each));
  const joined = [...taught[step].connections].filter((each) => !before.connections.has(each));
  fillPanel(
    make("h2", {}, apart(title)),
    notes ? make("div", { class: "note" }, make("strong", {}, TEXT.lesson.notes), make("p", {}, apart(notes))) : null,
    listOf(fresh.map((each) => [isVeiled(each) ? TEXT.quiz.unknown : nameOf(each), () => open({ concept: each })])),
    make("ol", { class: "plain hops" }, ...joined.filter(isSeen).map(hopItem)),
  );
}
