// Answers as files.

import { button, make } from "./elements.js";
import { rowsSeen } from "./table.js";

// What a spreadsheet takes for a formula begins so, and is run; as kg/cells.py has it.
const FORMULA = /^(?:[=+@\t\r]|-(?!\d[\d.,]*$))/;

/** Buttons that save an answer: its rows as they are seen, and all of it as it came.
 * @type {(text: string, ending: string) => HTMLElement[]} */
export function downloads(text, ending) {
  return [
    button("Save CSV", () => offer(csv(rowsSeen()), "text/csv", "answer.csv")),
    button(`Save ${ending === "json" ? "JSON" : "triples"}`, () => offer(text, "application/octet-stream", `answer.${ending}`)),
  ];
}

/** @type {(rows: Rows) => string} */
function csv({ columns, rows }) {
  const lines = [columns, ...rows.map((row) => row.map((cell) => (Number.isNaN(cell.number) ? safe(cell.text) : cell.text)))];
  return lines.map((line) => `${line.map(quoted).join(",")}\n`).join("");
}

/** @type {(text: string) => string} */
function safe(text) {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** @type {(text: string) => string} */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @type {(text: string, type: string, name: string) => void} */
function offer(text, type, name) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
