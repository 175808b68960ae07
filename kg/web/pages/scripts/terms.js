// What a query can name, as the server lists it, and IRIs in the short form of their prefixes.

const BASE = "https://w3id.org/billing-kg/";

/** @type {Promise<Term[]>} */
export const terms = fetch("/api/v1/schema")
  .then((response) => response.json())
  .then((answer) => answer.rows || [])
  .catch(() => []);

/** The prefixes, the longest IRI first. @type {Promise<[string, string][]>} */
export const prefixes = terms.then((every) =>
  every
    .filter((term) => term.kind === "prefix")
    .map((term) => /** @type {[string, string]} */ ([term.name, term.meaning]))
    .sort((one, other) => other[1].length - one[1].length),
);

/** @type {(iri: string, prefixes: [string, string][]) => string} */
export function shortened(iri, prefixes) {
  const found = prefixes.find(([, base]) => iri.startsWith(base) && iri.length > base.length);
  return found ? found[0] + decoded(iri.slice(found[1].length)) : iri;
}

// Concepts and documents have their pages at the paths of their IRIs.
const WITH_PAGE =
  /^(code\/(hcpcs|cpt|icd10cm|nucc|modifier|ndc|pos|carc|rarc)|drug|payer|place|route|condition|documentation|denial|requirement|quantity|status|document)\/[^?#]+$/;

/** The address of the page of an IRI, empty where it has none. @type {(iri: string) => string} */
export function pageOf(iri) {
  const path = iri.startsWith(BASE) ? iri.slice(BASE.length) : "";
  return WITH_PAGE.test(path) ? `/${path}` : "";
}

/** @type {(text: string) => string} */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
