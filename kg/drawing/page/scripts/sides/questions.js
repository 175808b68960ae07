// The quiz: one question at a time in the place of the picture, and what documents and releases say as its answer.

import { showView } from "../actions/choosing.js";
import { TEXT } from "../basis/data.js";
import { announce, apart, button, byId, make } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { fill } from "../basis/words.js";
import { questionsOf } from "../state/questions.js";
import { addAnswer, setSeed, state } from "../state/state.js";
import { cardOf } from "./card.js";

const LARGEST_SEED = 999_999_999;
/** @type {{seed: number, questions: Question[]} | null} */
let made = null;
// Whether the answer to the last question is shown, and not yet the next one.
let isAnswered = false;

// The questions of now, made once for each seed.
/** @type {() => Question[]} */
export function questionsNow() {
  if (!made || made.seed !== state.seed) made = { seed: state.seed, questions: questionsOf(state.seed) };
  return made.questions;
}

// From the first question on, for a number that everybody in a class may give.
/** @type {(seed: number) => void} */
export function startQuestions(seed) {
  setSeed(seed);
  isAnswered = false;
  showView("questions");
}

export function fillQuestions() {
  if (state.view !== "questions") return;
  const questions = questionsNow(),
    place = state.answers.length - (isAnswered ? 1 : 0);
  const parts = place < questions.length ? questionPart(questions[place], place) : endPart();
  byId("questions").replaceChildren(headPart(questions), ...parts);
}

/** @type {(questions: Question[]) => HTMLElement} */
function headPart(questions) {
  const words = TEXT.questions,
    right = state.answers.filter((answer, place) => answer === questions[place].right).length;
  const seed = make("input", { type: "number", id: "seed", min: 1, max: LARGEST_SEED, value: state.seed });
  seed.addEventListener("change", () => {
    const number = Math.floor(Number(seed.value));
    if (number >= 1 && number <= LARGEST_SEED) startQuestions(number);
  });
  return make(
    "div",
    { class: "head" },
    make("h2", {}, words.title),
    make("p", { id: "score" }, fill(words.score, { right, asked: state.answers.length, all: questions.length })),
    make("label", { for: "seed", title: words.seedHint }, words.seed),
    seed,
    button(words.leave, () => showView("graph"), { id: "leave-questions" }),
  );
}

/** @type {(question: Question, place: number) => HTMLElement[]} */
function questionPart({ text, answers, right, connection }, place) {
  const given = isAnswered ? state.answers[place] : null,
    words = TEXT.questions;
  const items = answers.map((answer, number) => {
    const mark = given === null ? "" : number === right ? "✓✓ " : number === given ? "✗ " : "";
    const kind = mark.trim() === "✗" ? "refuted" : mark ? "corroborated" : "";
    const attributes = { class: `answer ${kind}`, ...(given === null ? {} : { disabled: "" }) };
    return make("li", {}, button(apart(`${mark}${answer}`), () => give(number), attributes));
  });
  const asked = [
    make("h3", { id: "question", tabindex: "-1" }, `${fill(words.number, { number: place + 1 })} `, apart(text)),
    make("ol", { class: "answers", "aria-labelledby": "question" }, ...items),
  ];
  if (given === null) return asked;
  return [
    ...asked,
    make("p", { class: "outcome" }, given === right ? words.right : words.wrongAnswer),
    button(words.next, goOn, { id: "next-question" }),
    make("div", { class: "evidence" }, ...cardOf(connection)),
  ];
}

/** @type {() => HTMLElement[]} */
function endPart() {
  const words = TEXT.questions;
  return [
    make("p", { class: "outcome" }, questionsNow().length ? words.end : words.none),
    ...(state.answers.length ? [button(words.again, () => startQuestions(state.seed), { id: "again" })] : []),
  ];
}

/** @type {(answer: number) => void} */
function give(answer) {
  const place = state.answers.length,
    { right } = questionsNow()[place];
  addAnswer(answer);
  isAnswered = true;
  tell("view");
  announce(answer === right ? TEXT.questions.right : TEXT.questions.wrongAnswer);
  byId("next-question").focus();
}

function goOn() {
  isAnswered = false;
  fillQuestions();
  const next = byId("question") || byId("again");
  if (next) next.focus();
}
