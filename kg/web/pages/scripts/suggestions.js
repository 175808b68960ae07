// What may stand at a place of a query: variables that are there, names of the ontology, codes, and keywords.

import { KEYWORDS, stretches } from "./colours.js";
import { terms } from "./terms.js";

const MOST = 12;
const KINDS = new Set(
  ("hcpcs cpt icd10cm nucc modifier ndc pos carc rarc drug payer place route condition documentation denial requirement quantity status").split(" "),
);
const WORD = /(?:[?$][\p{L}\p{N}_]*|(?:[\p{L}][\p{L}\p{N}_-]*)?:[^\s{}()[\]<>"',;|/^]*|[\p{L}][\p{L}\p{N}_-]*)$/u;
// What may stand behind a prefix as it is.
const PLAIN = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** The word that ends at an offset; empty in comments, strings and IRIs. @type {(query: string, end: number) => string} */
export function wordBefore(query, end) {
  const here = stretches(query).find((part) => part.start < end && end <= part.start + part.text.length);
  const isInside = here && (here.kind === "comment" || ((here.kind === "string" || here.kind === "iri") && end < here.start + here.text.length));
  const match = isInside ? null : WORD.exec(query.slice(0, end));
  return match ? match[0] : "";
}

/** @type {(query: string, word: string, signal: AbortSignal) => Promise<Suggestion[]>} */
export async function suggestionsFor(query, word, signal) {
  const first = word.charAt(0);
  if (first === "?" || first === "$") return variables(query, word);
  const [prefix, ...rest] = word.split(":");
  const local = rest.join(":");
  const named = [...(await names(word)), ...(rest.length ? [] : keywords(word))];
  const codes = rest.length && KINDS.has(prefix) && local ? await found(prefix, local, signal) : [];
  return [...codes, ...named].filter(({ text }) => text !== word).slice(0, MOST);
}

/** @type {(query: string, word: string) => Suggestion[]} */
function variables(query, word) {
  const every = stretches(query).filter((part) => part.kind === "variable" && part.text !== word);
  const distinct = [...new Set(every.map((part) => `${word.charAt(0)}${part.text.slice(1)}`))];
  return distinct.filter((name) => name.startsWith(word)).map((text) => ({ text, words: "variable" }));
}

/** @type {(word: string) => Promise<Suggestion[]>} */
async function names(word) {
  const wanted = word.toLowerCase();
  const local = wanted.slice(wanted.indexOf(":") + 1);
  const fitting = (await terms).filter(({ name }) => name.toLowerCase().includes(wanted));
  /** @type {(term: Term) => number} */
  const rank = ({ name, kind }) => {
    const lower = name.toLowerCase();
    const begins = lower.startsWith(wanted) || lower.slice(lower.indexOf(":") + 1).startsWith(local);
    return (begins ? 0 : 4) + ["property", "class", "value", "graph", "prefix"].indexOf(kind) / 10;
  };
  fitting.sort((one, other) => rank(one) - rank(other));
  return fitting.map(({ name, kind, meaning }) => ({ text: name, words: kind === "prefix" ? "prefix" : `${kind}: ${meaning}` }));
}

/** @type {(word: string) => Suggestion[]} */
function keywords(word) {
  const wanted = word.toUpperCase();
  const fitting = word.length > 1 ? KEYWORDS.filter((keyword) => keyword.startsWith(wanted)) : [];
  return fitting.map((text) => ({ text, words: "keyword" }));
}

/** Concepts of a kind by code or name. @type {(kind: string, words: string, signal: AbortSignal) => Promise<Suggestion[]>} */
async function found(kind, words, signal) {
  const address = `/api/v1/search?${new URLSearchParams({ q: words.replaceAll("-", " "), kind, limit: "8" })}`;
  const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) return [];
  /** @type {{ rows: { concept: string, name: string }[] }} */
  const answer = await response.json();
  return answer.rows
    .filter(({ concept }) => PLAIN.test(concept.slice(kind.length + 1)))
    .map(({ concept, name }) => ({ text: concept, words: name }));
}
