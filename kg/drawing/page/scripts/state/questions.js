// Questions made from the lines of the page: the same for everybody who has the page and the number.

import { around, concepts, connections, data, findings, otherEnd, TEXT } from "../basis/data.js";
import { fill, nameOf } from "../basis/words.js";

const MOST_QUESTIONS = 10;
const MOST_ANSWERS = 4;
// Of lines that are wrong, and of codes that were meant, so many questions each.
const MOST_OF_WRONG = 3;
const RIGHT = ["corroborated", "consistent"];
// What is asked of a code, the first first: what else a guide lists is seldom all there is, and no other answer wrong.
const ASKED = [
  "identifiesDrug",
  "billingUnit",
  "indicatedFor",
  "supportedByDiagnosis",
  "administeredWith",
  "routeOfAdministration",
];

// Numbers from 0 to 1 that look like chance and are the same for the same seed (mulberry32).
/** @type {(seed: number) => () => number} */
function chanceOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @type {<T>(items: readonly T[], chance: () => number) => T[]} */
function shuffled(items, chance) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

// The lines that the page drew at first: what was expanded or hidden since makes no other questions.
/** @type {() => number[]} */
function linesAtFirst() {
  return connections
    .map((_, number) => number)
    .filter((number) => {
      const { subject, object, waits, excluded } = connections[number];
      return !waits && !excluded && subject < data.drawn && object < data.drawn;
    });
}

/** @type {(number: number) => boolean} */
function isRight(number) {
  const { verdict, findings: own = [], doubts = [] } = connections[number];
  return RIGHT.includes(verdict) && !own.length && !doubts.length;
}

// A code is called by itself: its name would be half of the answer.
/** @type {(number: number) => string} */
function shortName(number) {
  const { code, name } = concepts[number];
  return code || name;
}

/** @type {(number: number) => string} */
function statement(number) {
  const { subject, relation, object } = connections[number];
  return fill(TEXT.sentence.whole, {
    subject: shortName(subject),
    says: data.relations[relation].says,
    object: nameOf(object),
  });
}

// A question with its answers in any order, or null where there are too few for a choice.
/** @type {(text: string, right: string, others: string[], connection: number, chance: () => number) => Question | null} */
function questionOf(text, right, others, connection, chance) {
  const wrong = shuffled([...new Set(others)].filter((each) => each !== right), chance).slice(0, MOST_ANSWERS - 1);
  if (wrong.length < MOST_ANSWERS - 1) return null;
  const answers = shuffled([right, ...wrong], chance);
  return { text, answers, right: answers.indexOf(right), connection };
}

// Which drug does a code identify? What only a mistaken line says may be among the answers, all else that connects to it
// is not.
/** @type {(number: number, chance: () => number) => Question | null} */
function askObject(number, chance) {
  const { subject, relation, object } = connections[number],
    { kind } = concepts[object];
  const known = around[subject].filter((each) => connections[each].verdict !== "refuted");
  const also = new Set(known.map((each) => otherEnd(each, subject)));
  const others = concepts.map((_, each) => each).filter((each) => concepts[each].kind === kind && !also.has(each));
  const text = fill(TEXT.questions.object, {
    kind: data.kinds[kind].one,
    subject: shortName(subject),
    says: data.relations[relation].says,
  });
  return questionOf(text, nameOf(object), others.map(nameOf), number, chance);
}

// Which of these lines is wrong? Lines of the same relation come first.
/** @type {(number: number, lines: number[], chance: () => number) => Question | null} */
function askWrong(number, lines, chance) {
  const right = shuffled(lines.filter(isRight), chance);
  /** @type {(each: number) => number} */
  const far = (each) => (connections[each].relation === connections[number].relation ? 0 : 1);
  const others = right.sort((first, second) => far(first) - far(second)).slice(0, MOST_ANSWERS - 1);
  return questionOf(TEXT.questions.wrong, statement(number), others.map(statement), number, chance);
}

// Which code was meant?
/** @type {(number: number, chance: () => number) => Question | null} */
function askMeant(number, chance) {
  const { suggested } = findings[(connections[number].findings || [])[0]] || {};
  if (suggested === undefined) return null;
  const { kind } = concepts[suggested],
    { subject, object } = connections[number];
  const others = concepts
    .map((_, each) => each)
    .filter((each) => concepts[each].kind === kind && ![suggested, subject, object].includes(each));
  const text = fill(TEXT.questions.meant, { statement: statement(number) });
  return questionOf(text, shortName(suggested), others.map(shortName), number, chance);
}

/** @type {(lines: number[]) => number[]} */
function toBeAsked(lines) {
  /** @type {(number: number) => number} */
  const rank = (number) => ASKED.indexOf(connections[number].relation);
  return lines.filter((number) => isRight(number) && rank(number) >= 0).sort((first, second) => rank(first) - rank(second));
}

// The questions for a seed: about what is wrong first of all, and then about what is right.
/** @type {(seed: number) => Question[]} */
export function questionsOf(seed) {
  const chance = chanceOf(seed),
    lines = shuffled(linesAtFirst(), chance);
  const wrong = lines.filter((number) => connections[number].verdict === "refuted");
  /** @type {(each: Question | null) => Question[]} */
  const asked = (each) => (each ? [each] : []);
  const chosen = [
    ...wrong.flatMap((number) => asked(askWrong(number, lines, chance))).slice(0, MOST_OF_WRONG),
    ...wrong.flatMap((number) => asked(askMeant(number, chance))).slice(0, MOST_OF_WRONG),
    ...toBeAsked(lines).flatMap((number) => asked(askObject(number, chance))),
  ];
  return shuffled(chosen.slice(0, MOST_QUESTIONS), chance);
}
