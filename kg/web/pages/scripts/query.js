// The page that asks in SPARQL. Without this script its form leads to the raw answer; with it, the answer is shown
// below. All that comes from the server is put in as text and never as markup.

import { ACCEPT, TooLong, read, rowsOf, triplesOf } from "./answers.js";
import { chart, columnsOfChart } from "./chart.js";
import { close } from "./completion.js";
import { area, mark, text, unmark, write } from "./editor.js";
import { byId, make } from "./elements.js";
import { downloads } from "./files.js";
import { addressOf, list, remember } from "./past.js";
import { picture } from "./picture.js";
import { counted, filter, rowsSeen, show } from "./table.js";

// A longer one would be too long for the head of a request.
const LONGEST_ADDRESS = 12_000;
const form = /** @type {HTMLFormElement} */ (byId("sparql"));
const trust = /** @type {HTMLSelectElement} */ (byId("trust"));
const day = /** @type {HTMLInputElement} */ (byId("as_of"));
/** @type {AbortController | null} */
let asking = null;

/** @type {(words: string, isError?: boolean) => void} */
function tell(words, isError = false) {
  byId("told").textContent = words;
  byId("told").classList.toggle("no", isError);
}

/** @type {() => Asked} */
function asked() {
  return { query: text(), trust: trust.value, asOf: day.value };
}

/** What goes with each question; an empty day is that of the graph. @type {() => Record<string, string>} */
function scope() {
  return day.value ? { trust: trust.value, as_of: day.value } : { trust: trust.value };
}

/** The address of a page with the trust and the day that were asked with. @type {(address: string) => string} */
function linked(address) {
  const { trust: floor, ...rest } = scope();
  return `${address}?${new URLSearchParams(address.startsWith("/document/") ? rest : { ...rest, trust: floor })}`;
}

async function ask() {
  asking?.abort();
  const mine = (asking = new AbortController());
  clear();
  byId("stop").hidden = false;
  tell("Asking …");
  try {
    const response = await fetch(`/sparql?${new URLSearchParams(scope())}`, {
      method: "POST",
      body: text(),
      headers: { Accept: ACCEPT, "Content-Type": "application/sparql-query" },
      signal: mine.signal,
    });
    const content = await read(response);
    if (asking === mine) await take(response, content);
  } catch (error) {
    if (asking === mine) fail(error);
  }
  if (asking === mine) {
    asking = null;
    byId("stop").hidden = true;
  }
}

/** @type {(error: unknown) => void} */
function fail(error) {
  const isStopped = error instanceof DOMException && error.name === "AbortError";
  if (error instanceof TooLong) {
    tell("The answer is too long to be shown: ask with LIMIT, or save it.", true);
    const whole = `/sparql?${new URLSearchParams({ query: text(), ...scope(), format: "csv" })}`;
    tools(make("a", { href: whole, download: "answer.csv" }, "All of it as CSV"));
  } else {
    tell(isStopped ? "Stopped." : "The server does not answer, or broke off.", true);
  }
}

function clear() {
  close();
  unmark();
  byId("problem").textContent = "";
  for (const id of ["tools", "picture", "answer"]) byId(id).replaceChildren();
  byId("tools").hidden = true;
}

/** @type {(response: Response, content: string) => Promise<void>} */
async function take(response, content) {
  const note = response.headers.get("kg-note");
  const behind = note ? `: ${note}` : "";
  const type = response.headers.get("content-type") || "";
  if (!response.ok) {
    refuse(type.includes("json") ? JSON.parse(content) : { error: `status ${response.status}` });
  } else if (!type.includes("json")) {
    const triples = await triplesOf(content);
    present(triples, content, "nt", ["triple", "triples"], behind);
  } else {
    const answer = JSON.parse(content);
    if (answer.boolean !== undefined) tell((answer.boolean ? "yes" : "no") + behind);
    else present(await rowsOf(answer), content, "json", ["row", "rows"], behind);
  }
}

/** @type {(refusal: { error: string, place?: [number, number] }) => void} */
function refuse({ error, place }) {
  if (place) {
    byId("problem").textContent = error;
    tell("Not asked: see the mark in the query.", true);
    mark(place);
  } else {
    tell(error, true);
  }
}

/** @type {(rows: Rows, content: string, ending: string, words: [string, string], behind: string) => void} */
function present(rows, content, ending, [one, many], behind) {
  tell(`${counted(rows.rows.length)} ${rows.rows.length === 1 ? one : many}${behind}`);
  if (!rows.rows.length) return;
  tools(filter(), ...downloads(content, ending), ...(ending === "nt" ? [turtle()] : []));
  show(rows, linked, () => {
    const seen = rowsSeen();
    const columns = columnsOfChart(seen);
    const drawn = ending === "nt" ? picture(seen) : columns && chart(seen, columns);
    byId("picture").replaceChildren(...(drawn ? [drawn] : []));
  });
}

/** The same triples as people write them. */
function turtle() {
  const address = `/sparql?${new URLSearchParams({ query: text(), ...scope(), format: "turtle" })}`;
  return make("a", { href: address, download: "answer.ttl" }, "Save Turtle");
}

/** @type {(...parts: HTMLElement[]) => void} */
function tools(...parts) {
  byId("tools").replaceChildren(...parts);
  byId("tools").hidden = false;
}

/** Ask, and let the address of the page be that of the question. */
function askAnew() {
  const address = addressOf(asked());
  if (address.length > LONGEST_ADDRESS) history.pushState(null, "", "/query");
  else if (address !== location.pathname + location.search) history.pushState(null, "", address);
  remember(asked());
  ask();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  askAnew();
});
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (form.reportValidity()) askAnew();
  }
});
byId("stop").addEventListener("click", () => asking?.abort());
// The questions of the catalogue are asked at this trust and on this day, too.
for (const question of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form.question"))) {
  question.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of Object.entries(scope())) formData.append(name, value);
  });
}
// Back to another question.
window.addEventListener("popstate", () => {
  const values = new URLSearchParams(location.search);
  const query = values.get("query");
  if (query === null) {
    location.reload();
    return;
  }
  write(query);
  [trust.value, day.value] = [values.get("trust") || "disputed", values.get("as_of") || ""];
  ask();
});
list();
if (form.dataset.asked !== undefined) {
  remember(asked());
  ask();
}
