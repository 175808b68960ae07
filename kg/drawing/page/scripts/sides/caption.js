// What stands over the picture: the score of the quiz, the presenter's notes, and what everybody should see.

import { concepts, steps, TEXT } from "../basis/data.js";
import { announce, apart, button, byId } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { fill } from "../basis/words.js";
import { fit, hasWandered } from "../picture/view.js";
import { isShown, selectedConcept } from "../state/shown.js";
import { addRevealed, state } from "../state/state.js";
import { questionsNow, startQuestions } from "./questions.js";

// The notes stand there when they are asked for.
let notesShown = false;

/** @type {(asked: number[]) => string} */
function score(asked) {
  return fill(TEXT.quiz.score, {
    revealed: asked.filter((each) => state.revealed.has(each)).length,
    all: asked.length,
  });
}

export function fillCaption() {
  const caption = byId("caption"),
    before = caption.hidden;
  const asked = [...state.drawn].filter((number) => isShown(number) && !concepts[number].focus);
  const revealAll = button(TEXT.quiz.revealAll, () => {
    addRevealed(...asked);
    tell("look");
  });
  const ask = questionsNow().length
    ? button(TEXT.questions.start, () => startQuestions(state.seed), { id: "start-questions" })
    : "";
  const note = notesShown ? noteNow() : "";
  caption.hidden = !state.quiz && !note;
  caption.replaceChildren(...(note ? [apart(note)] : state.quiz ? [`${score(asked)} `, revealAll, ask] : []));
  if (caption.hidden !== before && !hasWandered()) fit();
}

function noteNow() {
  const concept = selectedConcept();
  const selected = concept === null ? "" : concepts[concept].note;
  const step = state.step === null ? "" : steps[state.step].notes;
  return selected || step || "";
}

export function toggleNotes() {
  notesShown = !notesShown;
  fillCaption();
}

// What everybody should see, and not only those who listen.
/** @type {(text: string) => void} */
export function announceLoudly(text) {
  announce(text);
  byId("caption").hidden = false;
  byId("caption").replaceChildren(apart(text));
}
