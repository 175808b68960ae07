// The table: the same as the picture, as text, to be sorted, filtered and copied.

import { TEXT } from "../basis/data.js";
import { announce, apart, button, byId, make } from "../basis/elements.js";
import { fill, sentence } from "../basis/words.js";
import { asCsv, filtered, rowsNow, sorted } from "../state/rows.js";
import { state } from "../state/state.js";
import { moreButton, open } from "./panel.js";

// So many rows are laid out at once; the browser needs long for thousands.
const MOST_ROWS = 150;

/** @type {Column | null} */
let sortedBy = null;
let isDown = false;
let wanted = "";

// What the table has to show: the rows that are seen and wanted, in order.
function shownRows() {
  const { rows, columns } = rowsNow();
  return { all: rows.length, columns, rows: sorted(filtered(rows, wanted), sortedBy, isDown) };
}

/** @type {(row: Row, columns: readonly Column[]) => HTMLElement} */
function rowElement({ number, cells }, columns) {
  const more = button(TEXT.table.show, () => open({ connection: number }), {
    "aria-label": fill(TEXT.table.showRow, { sentence: sentence(number) }),
  });
  const others = columns.map((column) => make("td", { class: column }, apart(cells[column])));
  return make("tr", { "data-connection": number }, make("td", {}, more), ...others);
}

/** @type {(column: Column) => HTMLElement} */
function headElement(column) {
  const name = TEXT.table.columns[column],
    isSorted = column === sortedBy;
  const mark = isSorted ? (isDown ? " ▼" : " ▲") : "";
  /** @type {() => void} */
  const sort = () => {
    isDown = isSorted && !isDown;
    sortedBy = column;
    fillTable();
    byId(`sort-${column}`).focus();
  };
  const title = fill(TEXT.table.sort, { column: name });
  return make(
    "th",
    { scope: "col", class: column, "aria-sort": isSorted ? (isDown ? "descending" : "ascending") : null },
    button(`${name}${mark}`, sort, { id: `sort-${column}`, title }),
  );
}

/** @type {(rows: Row[], columns: readonly Column[]) => HTMLElement[]} */
function tableElements(rows, columns) {
  const body = make("tbody");
  /** @type {(these: Row[]) => HTMLElement} */
  const add = (these) => {
    const added = these.map((row) => rowElement(row, columns));
    body.append(...added);
    return added[0];
  };
  add(rows.slice(0, MOST_ROWS));
  const rest = rows.slice(MOST_ROWS);
  const head = make("tr", {}, make("th", { scope: "col" }, TEXT.table.columns.details), ...columns.map(headElement));
  const table = make("table", {}, make("caption", {}, TEXT.table.caption), make("thead", {}, head), body);
  if (!rest.length) return [table];
  return [
    table,
    make(
      "p",
      { class: "more" },
      moreButton(TEXT.table.more, rest.length, () => add(rest)),
    ),
  ];
}

export function fillTable() {
  if (state.view !== "table") return;
  const { all, columns, rows } = shownRows();
  if (!byId("table-rows")) byId("table").replaceChildren(rowsBar(), make("div", { id: "table-rows" }));
  byId("table-count").textContent = fill(TEXT.table.filtered, { shown: rows.length, all });
  byId("table-rows").replaceChildren(...tableElements(rows, columns));
}

// What stands above the table: a filter, how many rows it leaves, and a copy.
function rowsBar() {
  const input = make("input", {
    type: "search",
    id: "table-filter",
    "aria-label": TEXT.table.filter,
    placeholder: TEXT.table.filter,
    maxlength: 100,
    input: () => {
      wanted = input.value;
      fillTable();
    },
  });
  const count = make("span", { id: "table-count", class: "kind", role: "status" });
  return make("div", { class: "rows" }, input, count, button(TEXT.table.copy, copyRows, { id: "copy-csv" }));
}

async function copyRows() {
  const { rows, columns } = shownRows();
  const isCopied = await copied(asCsv(rows, columns));
  const said = isCopied ? fill(TEXT.table.copied, { count: rows.length }) : TEXT.table.notCopied;
  byId("table-count").textContent = said;
  announce(said);
}

// Frames are refused what pages may do; there the older way is left.
/** @type {(text: string) => Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
  }
  const field = make("textarea", { class: "unseen" });
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  byId("copy-csv").focus();
  return isDone;
}
