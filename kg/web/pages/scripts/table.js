// The table of an answer, which can be sorted by each column, filtered, and turned over page by page.

import { byId, button, make } from "./elements.js";

const PAGE = 100;
const LONG = 60;

/** @type {Rows} */
let all = { columns: [], rows: [] };
/** @type {Cell[][]} */
let seen = [];
let wanted = "";
let first = 0;
/** @type {{ column: number, isDown: boolean } | null} */
let order = null;
/** @type {(address: string) => string} */
let linked = (address) => address;
/** @type {() => void} */
let changed = () => {};

/** Show rows; `link` completes the addresses of pages, `change` is called when other rows are seen.
 * @type {(rows: Rows, link: (address: string) => string, change: () => void) => void} */
export function show(rows, link, change) {
  [all, linked, changed] = [rows, link, change];
  [wanted, first, order] = ["", 0, null];
  look();
}

/** The rows as they are seen: filtered and sorted. @type {() => Rows} */
export function rowsSeen() {
  return { columns: all.columns, rows: seen };
}

/** A field that filters the rows. @type {() => HTMLElement} */
export function filter() {
  const field = /** @type {HTMLInputElement} */ (make("input", { type: "search", maxlength: "200" }));
  field.addEventListener("input", () => {
    [wanted, first] = [field.value.trim().toLowerCase(), 0];
    look();
  });
  return make("label", {}, "Only rows with ", field);
}

function look() {
  seen = wanted ? all.rows.filter((row) => row.some(({ text }) => text.toLowerCase().includes(wanted))) : [...all.rows];
  if (order) {
    const { column, isDown } = order;
    seen.sort((one, other) => (isDown ? -1 : 1) * compare(one[column], other[column]));
  }
  draw();
  changed();
}

const collator = new Intl.Collator("en", { numeric: true });

/** @type {(one: Cell, other: Cell) => number} */
function compare(one, other) {
  const difference = one.number - other.number;
  return Number.isNaN(difference) ? collator.compare(one.text, other.text) : difference;
}

function draw() {
  const table = /** @type {HTMLTableElement} */ (make("table"));
  const heading = table.createTHead().insertRow();
  all.columns.forEach((name, column) => heading.append(headed(name, column)));
  const body = table.createTBody();
  for (const row of seen.slice(first, first + PAGE)) {
    const line = body.insertRow();
    for (const cell of row) fill(line.insertCell(), cell);
  }
  const frame = make("div", { class: "rows", role: "region", "aria-label": "Rows", tabindex: "0" }, table);
  byId("answer").replaceChildren(frame, turning());
}

/** @type {(name: string, column: number) => HTMLElement} */
function headed(name, column) {
  const isOrdered = order?.column === column;
  const sort = button(name.replaceAll("_", " "), () => {
    order = { column, isDown: isOrdered && !order?.isDown };
    first = 0;
    look();
    /** @type {HTMLElement | null} */ (byId("answer").querySelector(`th:nth-child(${column + 1}) button`))?.focus();
  });
  const isOfNumbers = seen.length > 0 && seen.every((row) => !Number.isNaN(row[column].number));
  const heading = make("th", { scope: "col", class: isOfNumbers ? "number" : "" }, sort);
  if (isOrdered) heading.setAttribute("aria-sort", order?.isDown ? "descending" : "ascending");
  return heading;
}

/** @type {(element: HTMLTableCellElement, cell: Cell) => void} */
function fill(element, { text, number, address }) {
  const words = make("bdi", {}, text);
  if (text.length > LONG) element.className = "long";
  if (!Number.isNaN(number)) element.className = "number";
  element.append(address ? make("a", { href: linked(address) }, words) : words);
}

function turning() {
  if (seen.length <= PAGE && seen.length === all.rows.length) return "";
  const last = Math.min(first + PAGE, seen.length);
  const among = seen.length < all.rows.length ? ` of ${counted(all.rows.length)} in all` : "";
  const where = seen.length ? `${counted(first + 1)} to ${counted(last)} of ${counted(seen.length)}${among}` : `No row${among} has that`;
  const parts = [make("span", { role: "status" }, where)];
  if (first > 0) parts.unshift(button("Those before", () => turn(-PAGE)));
  if (last < seen.length) parts.push(button("The next", () => turn(PAGE)));
  return make("div", { class: "pager" }, ...parts);
}

/** @type {(by: number) => void} */
function turn(by) {
  first = Math.max(first + by, 0);
  draw();
  byId("answer").querySelector("div")?.focus();
}

/** @type {(number: number) => string} */
export function counted(number) {
  return number.toLocaleString("en");
}
