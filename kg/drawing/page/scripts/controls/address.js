// The address of the page of a server says which concepts are expanded, so that a link and Back lead there.

import { collapse } from "../actions/growing.js";
import { concepts, data } from "../basis/data.js";
import { openUp } from "../sides/opening.js";
import { state } from "../state/state.js";

const PARAMETER = "open";
const MOST = 20;

// While the picture follows the address, the address does not follow the picture.
let following = 0;

/** @type {() => string[]} */
function openNow() {
  const numbers = [...state.opened].filter((key) => typeof key === "number");
  return numbers.map((number) => concepts[Number(number)].curie).slice(0, MOST);
}

// Concepts were expanded or put away.
export function keepAddress() {
  const asked = new URLSearchParams(location.search),
    open = openNow();
  if (!data.live || following || asked.getAll(PARAMETER).join(" ") === open.join(" ")) return;
  asked.delete(PARAMETER);
  open.forEach((curie) => asked.append(PARAMETER, curie));
  history.pushState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
}

// Expand what the address has, one after another, since each may bring the next; put away what it has not.
async function followAddress() {
  following += 1;
  const wanted = new URLSearchParams(location.search).getAll(PARAMETER).slice(0, MOST);
  for (const curie of openNow().filter((each) => !wanted.includes(each))) {
    const number = placeOf(curie);
    // It may have gone with another one.
    if (state.opened.has(number)) collapse(number);
  }
  for (const curie of wanted) {
    const number = placeOf(curie);
    if (number >= 0 && !state.opened.has(number)) await openUp(number);
  }
  following -= 1;
}

/** @type {(curie: string) => number} */
function placeOf(curie) {
  return concepts.findIndex((each) => each.curie === curie);
}

export function watchAddress() {
  if (!data.live) return;
  window.addEventListener("popstate", followAddress);
  followAddress();
}
