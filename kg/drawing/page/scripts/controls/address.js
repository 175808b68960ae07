// The address follows what is shown, so that Back, a reload and a link lead there; and the page follows its address.

import { select, showView, toggleOnly } from "../actions/choosing.js";
import { collapse, reach } from "../actions/growing.js";
import { concepts, data, TEXT } from "../basis/data.js";
import { byId } from "../basis/elements.js";
import { tell } from "../basis/events.js";
import { palette, setTheme } from "../pens/theme.js";
import { announceLoudly } from "../sides/caption.js";
import { goTo } from "../sides/lesson.js";
import { openUp } from "../sides/opening.js";
import { askPath, clearPath } from "../sides/path-form.js";
import { startQuestions } from "../sides/questions.js";
import { clearFilters, setExcluded, state, switchFilter } from "../state/state.js";
import { partsNow, readFragment, written } from "./fragment.js";
import { switchProjector, switchQuiz } from "./modes.js";

// Of the page of a server, its query says which concepts are expanded: only that may ask the server.
const PARAMETER = "open";
const MOST = 20;
// Browsers refuse to write addresses too often.
const WAIT = 150;

// While the picture follows the address, the address does not follow the picture.
let following = 0;
// What was written last, and which part of it was the place.
let last = "";
let lastPlace = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @type {() => string[]} */
function openNow() {
  const numbers = [...state.opened].filter((key) => typeof key === "number");
  return numbers.map((number) => concepts[Number(number)].curie).slice(0, MOST);
}

// The query of the page of a server, as it is to be.
/** @type {() => string} */
function queryNow() {
  const asked = new URLSearchParams(location.search);
  if (!data.live || asked.getAll(PARAMETER).join(" ") === openNow().join(" ")) return location.search;
  asked.delete(PARAMETER);
  openNow().forEach((curie) => asked.append(PARAMETER, curie));
  return asked.size ? `?${asked}` : "";
}

// Something else is shown, or it is looked at otherwise.
export function keepAddress() {
  if (following) return;
  clearTimeout(timer);
  timer = setTimeout(writeAddress, WAIT);
}

// To another place one can go back from; how it is looked at belongs to the place.
function writeAddress() {
  clearTimeout(timer);
  const { place, look } = partsNow(),
    query = queryNow(),
    now = written([...place, ...look]),
    placeNow = query + written(place);
  if (following || (now === last && query === location.search)) return;
  const address = `${location.pathname}${query}${now ? `#${now}` : ""}`;
  try {
    if (placeNow === lastPlace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  } catch (error) {
    // In a frame without an origin of its own there is no address to keep.
    if (!(error instanceof DOMException)) throw error;
  }
  [last, lastPlace] = [now, placeNow];
}

// What is shown now counts as written, whatever stands in the address.
function settle() {
  const { place, look } = partsNow();
  [last, lastPlace] = [written([...place, ...look]), queryNow() + written(place)];
}

// A link that leads to what is shown.
export async function copyLink() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(document.URL);
    announceLoudly(TEXT.address.copied);
  } catch (error) {
    // Not every browser lets a page write there: then the link is shown, to be copied by hand.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    announceLoudly(document.URL);
  }
}

// ---- Following --------------------------------------------------------------------------------------------------

async function followAddress() {
  following += 1;
  clearTimeout(timer);
  const wanted = readFragment(location.hash.slice(1));
  followModes(wanted);
  followFilters(wanted);
  if (wanted.step !== state.step) goTo(wanted.step);
  const queried = new URLSearchParams(location.search).getAll(PARAMETER).slice(0, MOST);
  await followOpen(data.live ? queried : wanted.open);
  followWay(wanted.path);
  if (wanted.only !== state.only) toggleOnly(wanted.only === null ? Number(state.only) : wanted.only);
  if (wanted.selected && wanted.selected.concept !== undefined) reach(wanted.selected.concept);
  followView(wanted);
  select(wanted.selected);
  followSearch(wanted.find);
  following -= 1;
  settle();
}

/** @type {(wanted: Address) => void} */
function followModes({ projector, quiz, theme }) {
  if (projector !== (state.plan === "projector")) switchProjector(projector);
  if (quiz !== state.quiz) switchQuiz(quiz);
  if (theme && theme !== palette().theme) {
    setTheme(theme === "dark");
    tell("look");
  }
}

// Questions are asked in a quiz alone, which would be given away by what documents and releases say.
/** @type {(wanted: Address) => void} */
function followView({ view, quiz, seed }) {
  if (view === "questions" && quiz && (state.view !== view || state.seed !== seed)) startQuestions(seed);
  else if (view !== state.view && view !== "questions" && !(quiz && view === "findings")) showView(view);
}

/** @type {(wanted: Address) => void} */
function followFilters({ hide, excluded }) {
  clearFilters();
  hide.forEach(([group, key]) => switchFilter(group, key, false));
  setExcluded(excluded);
  tell("visible");
}

/** @type {(path: AddressPath | null) => void} */
function followWay(path) {
  if (path) askPath(path.from, path.to, path.floor);
  else if (state.way) clearPath();
}

/** @type {(text: string) => void} */
function followSearch(text) {
  const input = byId("find");
  if (input.value === text) return;
  input.value = text;
  input.dispatchEvent(new Event("input"));
  if (text) input.focus();
}

// Expand what is wanted, one after another, since each may bring the next; put away what is not.
/** @type {(wanted: string[]) => Promise<void>} */
async function followOpen(wanted) {
  for (const curie of openNow().filter((each) => !wanted.includes(each))) {
    const number = placeOf(curie);
    // It may have gone with another one.
    if (state.opened.has(number)) collapse(number);
  }
  for (const curie of wanted) {
    const number = placeOf(curie);
    if (number >= 0 && !state.opened.has(number)) await openUp(number);
  }
}

/** @type {(curie: string) => number} */
function placeOf(curie) {
  return concepts.findIndex((each) => each.curie === curie);
}

export function watchAddress() {
  window.addEventListener("popstate", followAddress);
  byId("search").addEventListener("input", keepAddress);
  settle();
  if (location.hash || data.live) followAddress();
}
