// What was asked before, in this browser only.

import { byId, make, cut } from "./elements.js";

const KEY = "billing-kg asked";
const MOST = 30;
const LONGEST = 20_000;

/** @type {() => Asked[]} */
function kept() {
  try {
    const every = JSON.parse(localStorage.getItem(KEY) || "[]");
    return every.filter((/** @type {any} */ one) => typeof one?.query === "string");
  } catch {
    return []; // Where nothing may be kept, or somebody else wrote it.
  }
}

/** @type {(every: Asked[]) => void} */
function keep(every) {
  try {
    localStorage.setItem(KEY, JSON.stringify(every));
  } catch {
    // Full or forbidden: then there is no history.
  }
}

/** @type {(asked: Asked) => void} */
export function remember(asked) {
  if (asked.query.length > LONGEST) return;
  keep([asked, ...kept().filter(({ query }) => query !== asked.query)].slice(0, MOST));
  list();
}

/** Show what was asked before, each with a link to ask it again. */
export function list() {
  const every = kept();
  byId("past").hidden = !every.length;
  byId("past-list").replaceChildren(
    ...every.map((asked) => make("li", {}, make("a", { href: addressOf(asked) }, cut(asked.query.replace(/\s+/g, " "), 140)))),
  );
}

/** The address of a query. @type {(asked: Asked) => string} */
export function addressOf({ query, trust, asOf }) {
  const values = Object.entries({ query, trust, as_of: asOf }).filter(([, value]) => value);
  return `/query?${new URLSearchParams(values)}`;
}

byId("forget").addEventListener("click", () => {
  keep([]);
  list();
  byId("query").focus();
});
