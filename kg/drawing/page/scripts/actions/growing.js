// More of the graph into the picture, and out of it again.

import { around, concepts, data, otherEnd, take } from "../basis/data.js";
import { tell } from "../basis/events.js";
import { nameOf } from "../basis/words.js";
import { refresh } from "../picture/picture.js";
import { centre, fit } from "../picture/view.js";
import { isToBeAsked, waitingAt, waitingByRelation } from "../state/shown.js";
import { addAsked, addDrawn, addOpened, putAway, state, unfold } from "../state/state.js";
import { showView } from "./choosing.js";

// Draw concepts beside what stands there already; telling that other things are shown is left to the caller.
/** @type {(key: GrowthKey, title: string, numbers: readonly number[]) => void} */
export function grow(key, title, numbers) {
  if (!addDrawn(key, title, numbers)) return;
  refresh();
  fit(numbers);
}

// What hangs on a concept and waits, in the page or on the server, all of it or by one relation; rejected where the
// server does not give it.
/** @type {(number: number, relation?: string) => Promise<void>} */
export async function expand(number, relation) {
  if (isToBeAsked(number)) await ask(number);
  const all = relation === undefined ? waitingAt(number) : waitingByRelation(number).get(relation) || [];
  const waiting = all.filter((each) => !state.drawn.has(each));
  const title = relation === undefined ? nameOf(number) : `${nameOf(number)} · ${data.relations[relation].label}`;
  unfold(number);
  addOpened(number);
  grow(number, `${title} · ${waiting.length}`, waiting);
  tell("visible");
}

// Have the server say what a concept connects to.
/** @type {(number: number) => Promise<void>} */
async function ask(number) {
  const answer = await fetch(concepts[number].more || "", { headers: { Accept: "application/json" } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  take(content);
  addAsked(number);
}

/** @type {(number: number) => void} */
export function collapse(number) {
  putAway(number);
  refresh();
  tell("visible");
}

// What a row stands for.
/** @type {(sign: Sign) => void} */
export function growSign({ more, text, concepts: numbers }) {
  grow(`more ${more}`, text, numbers);
  tell("visible");
}

// Bring a concept into the picture: out of what waits in the file, and past what hides it.
/** @type {(number: number) => void} */
export function reach(number) {
  if (state.view === "findings") showView("graph");
  if (!state.drawn.has(number)) {
    const nearest = around[number].map((each) => otherEnd(each, number)).find((each) => state.drawn.has(each));
    if (nearest === undefined) grow(`alone ${number}`, nameOf(number), [number]);
    else grow(nearest, nameOf(nearest), [number]);
    addOpened(number);
    tell("visible");
  }
  centre(number);
}
