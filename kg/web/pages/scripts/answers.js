// Reads what the endpoint answers: rows, yes or no, and triples.

import { pageOf, prefixes, shortened } from "./terms.js";

export const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

// More than this would fill the memory of the browser; a file takes any number.
const MOST_BYTES = 24_000_000;
const TRIPLE = /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/u;

export class TooLong extends Error {}

/** The text of an answer; raises `TooLong`. @type {(response: Response) => Promise<string>} */
export async function read(response) {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.join("") + decoder.decode();
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new TooLong();
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

/** The rows of results in JSON. @type {(answer: any) => Promise<Rows>} */
export async function rowsOf(answer) {
  const known = await prefixes;
  const columns = /** @type {string[]} */ (answer.head.vars);
  return {
    columns,
    rows: answer.results.bindings.map((/** @type {any} */ binding) => columns.map((name) => cellOf(binding[name], known))),
  };
}

/** The rows of N-Triples, one a line. @type {(text: string) => Promise<Rows>} */
export async function triplesOf(text) {
  const known = await prefixes;
  const lines = text.split("\n").filter(Boolean);
  const rows = lines.map((line) => {
    const match = TRIPLE.exec(line);
    return match ? match.slice(1).map((term) => cellOf(termOf(term), known)) : [cellOf({ type: "literal", value: line }, known)];
  });
  return { columns: ["subject", "predicate", "object"], rows: rows.map((row) => [...row, EMPTY, EMPTY].slice(0, 3)) };
}

const EMPTY = { type: "", text: "", number: NaN, address: "" };

/** @type {(term: any, known: [string, string][]) => Cell} */
function cellOf(term, known) {
  if (!term) return EMPTY;
  if (term.type === "triple") return { type: "triple", text: tripleOf(term.value, known), number: NaN, address: "" };
  if (term.type === "uri") return { type: "iri", text: shortened(term.value, known), number: NaN, address: pageOf(term.value) };
  const isNumber = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/.test(term.datatype || "");
  return { type: term.type, text: term.value, number: isNumber ? Number(term.value) : NaN, address: "" };
}

/** @type {(triple: any, known: [string, string][]) => string} */
function tripleOf(triple, known) {
  const parts = [triple.subject, triple.predicate, triple.object].map((term) => cellOf(term, known).text);
  return `<< ${parts.join(" ")} >>`;
}

/** A term of N-Triples as results in JSON have it. @type {(text: string) => any} */
function termOf(text) {
  if (text.startsWith("<")) return { type: "uri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text };
  const end = text.lastIndexOf('"');
  const behind = text.slice(end + 1);
  const datatype = behind.startsWith("^^") ? behind.slice(3, -1) : "";
  return { type: "literal", value: unescaped(text.slice(1, end)), datatype };
}

/** @type {Record<string, string>} */
const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** @type {(text: string) => string} */
function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, four, eight, letter) =>
    letter === undefined ? String.fromCodePoint(Math.min(parseInt(four || eight, 16), 0x10ffff)) : (ESCAPES[letter] ?? letter),
  );
}
