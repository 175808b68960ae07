// The rows of the table: what they say, in which order, and which of them a text keeps.

import { connections, data, TEXT, VERDICTS } from "../basis/data.js";
import { fill, marks, nameOf } from "../basis/words.js";
import { againstOf } from "./against.js";
import { isSeen, isVeiled } from "./shown.js";

/** @type {Column[]} */
const COLUMNS = ["subject", "relation", "object", "verdict", "against", "meant", "strength", "where", "quote"];
/** @type {Column[]} */
const AGAINST = ["against", "meant"];

const ALPHABET = new Intl.Collator("en", { numeric: true });

/** @type {(number: number) => string} */
function named(number) {
  return isVeiled(number) ? TEXT.quiz.unknown : nameOf(number);
}

// A row for each statement of a connection.
/** @type {(number: number) => Row[]} */
function rowsOf(number) {
  const each = connections[number],
    found = againstOf(number);
  const veiled = isVeiled(each.subject) || isVeiled(each.object);
  const told = {
    subject: named(each.subject),
    relation: data.relations[each.relation].label,
    object: named(each.object),
    verdict: `${marks(each)} ${each.excluded ? `${TEXT.panel.excluded}, ` : ""}${each.verdict}`,
    against: veiled ? "" : [...new Set(found.map(({ reason }) => reason))].join("; "),
    meant: veiled ? "" : [...new Set(found.map(({ suggestion }) => suggestion || ""))].filter(Boolean).join("; "),
  };
  return each.assertions.map(({ strength, condition, evidence }) => {
    const { document, line, quote = "" } = data.evidence[evidence];
    const cells = {
      ...told,
      strength: [data.strengths[strength], condition].filter(Boolean).join(": "),
      where: fill(TEXT.sentence.cited, { document: data.documents[document], line }),
      quote: veiled ? "" : quote,
    };
    return { number, cells };
  });
}

// The rows of all that is seen, and the columns that any of them fills.
/** @type {() => {rows: Row[], columns: Column[]}} */
export function rowsNow() {
  const rows = connections.flatMap((_, number) => (isSeen(number) ? rowsOf(number) : []));
  const columns = COLUMNS.filter((column) => !AGAINST.includes(column) || rows.some(({ cells }) => cells[column]));
  return { rows, columns };
}

// The rows that have all words of a text, in any order.
/** @type {(rows: Row[], text: string) => Row[]} */
export function filtered(rows, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return rows;
  return rows.filter(({ cells }) => {
    const all = Object.values(cells).join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

// The rows by a column; verdicts from the worst, or else as words.
/** @type {(rows: Row[], column: Column | null, down: boolean) => Row[]} */
export function sorted(rows, column, down) {
  if (!column) return rows;
  const turn = down ? -1 : 1;
  /** @type {(row: Row) => number} */
  const rank = ({ number }) => -VERDICTS.indexOf(connections[number].verdict);
  /** @type {(first: Row, second: Row) => number} */
  const compare = (first, second) =>
    column === "verdict" ? rank(first) - rank(second) : ALPHABET.compare(first.cells[column], second.cells[column]);
  return [...rows].sort((first, second) => turn * compare(first, second));
}

// What a spreadsheet would take for a formula is a text.
/** @type {(text: string) => string} */
function cell(text) {
  const safe = /^(?:[=+@\t\r]|-(?!\d[\d.,]*$))/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** @type {(rows: Row[], columns: readonly Column[]) => string} */
export function asCsv(rows, columns) {
  const head = columns.map((column) => cell(TEXT.table.columns[column]));
  const lines = rows.map(({ cells }) => columns.map((column) => cell(cells[column])));
  return [head, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}
