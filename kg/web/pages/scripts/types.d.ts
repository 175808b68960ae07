// The shapes of what the modules pass to each other, for the check of types; no page holds any of it.

// Something that a query can name, as /schema lists it.
interface Term {
  name: string;
  kind: string;
  meaning: string;
  example: string;
}

// A stretch of a query of one kind, which has one colour.
interface Stretch {
  kind: string;
  text: string;
  start: number;
}

interface Suggestion {
  // What takes the place of the word before the caret.
  text: string;
  words: string;
}

// A cell of an answer: what SPARQL 1.1 Query Results JSON has for it, and what is shown.
interface Cell {
  type: string;
  text: string;
  number: number;
  address: string;
}

interface Rows {
  columns: string[];
  rows: Cell[][];
}

interface Asked {
  query: string;
  trust: string;
  asOf: string;
}
