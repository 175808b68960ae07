"use strict";
// Without this script the forms lead to the raw answers; with it, answers are shown beside them. All that comes
// from the server is put in as text and never as markup.
(() => {
  const MOST = 1000;
  const BASE = "https://w3id.org/billing-kg/";
  const CODES = ["hcpcs", "cpt", "icd10cm", "nucc", "modifier", "ndc"];
  const CONCEPT = /^(hcpcs|cpt|icd10cm|nucc|modifier|ndc|drug|payer|place|route|condition|documentation|denial|requirement|quantity):\S+$/;
  const byId = (id) => document.getElementById(id);
  let asking = null;

  function tell(text, isError = false) {
    byId("told").textContent = text;
    byId("told").classList.toggle("no", isError);
  }

  async function ask(address, options) {
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    byId("answer").replaceChildren();
    byId("stop").hidden = false;
    tell("Asking …");
    try {
      const response = await fetch(address, { ...options, signal: mine.signal });
      await show(response);
      const note = response.headers.get("kg-note");
      if (note) tell(`${byId("told").textContent}: ${note}`);
    } catch (error) {
      if (asking === mine) tell(error.name === "AbortError" ? "Stopped." : "The server does not answer.", true);
    }
    if (asking === mine) {
      asking = null;
      byId("stop").hidden = true;
    }
  }

  async function show(response) {
    if (!response.headers.get("content-type").includes("json")) {
      const text = document.createElement("pre");
      text.textContent = await response.text();
      byId("answer").replaceChildren(text);
      tell("Triples");
      return;
    }
    const answer = await response.json();
    if (answer.error !== undefined) tell(answer.error, true);
    else if (answer.boolean !== undefined) tell(answer.boolean ? "yes" : "no");
    else if (answer.results) showRows(answer.head.vars, answer.results.bindings.map(plainRow));
    else showRows(answer.columns, answer.rows);
  }

  function plainRow(binding) {
    return Object.fromEntries(Object.entries(binding).map(([name, term]) => [name, plain(term)]));
  }

  function plain(term) {
    if (term.type === "triple") return JSON.stringify(term.value);
    if (term.type !== "uri" || !term.value.startsWith(BASE)) return term.value;
    const [kind, ...key] = term.value.slice(BASE.length).replace(/^code\//, "").split("/");
    const curie = `${kind}:${key.join("/")}`;
    return CONCEPT.test(curie) ? decoded(curie) : term.value;
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function showRows(columns, rows) {
    const cut = rows.length > MOST ? `, of which the first ${MOST} are shown` : "";
    tell(`${rows.length} ${rows.length === 1 ? "row" : "rows"}${cut}`);
    const table = document.createElement("table");
    const heading = table.createTHead().insertRow();
    for (const column of columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = column.replaceAll("_", " ");
      heading.append(cell);
    }
    const filled = table.createTBody();
    for (const row of rows.slice(0, MOST)) {
      const line = filled.insertRow();
      for (const column of columns) fill(line.insertCell(), row[column]);
    }
    byId("answer").replaceChildren(table);
  }

  function words(value) {
    if (value === null || value === undefined) return "";
    if (typeof value !== "object") return String(value);
    return Object.entries(value).map(([name, each]) => `${name} ${each}`).join(", ");
  }

  function fill(cell, value) {
    const text = words(value);
    cell.classList.toggle("long", text.length > 60);
    if (!CONCEPT.test(text)) {
      cell.textContent = text;
      return;
    }
    const link = document.createElement("a");
    link.textContent = text;
    link.href = withTrust(addressOf(text));
    cell.append(link);
  }

  // A concept has its page at the path of its IRI.
  function addressOf(curie) {
    const [kind, ...key] = curie.split(":");
    return `/${CODES.includes(kind) ? "code/" : ""}${kind}/${encodeURIComponent(key.join(":"))}`;
  }

  // An empty day is that of the graph, and means nothing to the server either.
  function withTrust(address, values = []) {
    const scope = ["trust", "as_of"].map((name) => [name, byId(name).value]);
    return `${address}?${new URLSearchParams([...values, ...scope.filter(([, value]) => value)])}`;
  }

  for (const form of document.forms) {
    if (form.id === "search") continue;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = new URLSearchParams(new FormData(form));
      const address = form.getAttribute("action");
      if (form.id === "sparql") {
        const accept = "application/sparql-results+json, text/turtle;q=0.9";
        ask(address, { method: "POST", body: values, headers: { Accept: accept } });
      } else {
        ask(withTrust(address, values));
      }
    });
  }
  byId("stop").addEventListener("click", () => asking && asking.abort());
})();
