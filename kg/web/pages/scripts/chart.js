// Bars, where an answer has a number for each name.

import { cut, make, makeSvg } from "./elements.js";

const MOST = 30;

/** The columns of the names and of the numbers, if there is one of numbers. @type {(rows: Rows) => [number, number] | null} */
export function columnsOfChart({ columns, rows }) {
  if (columns.length < 2 || rows.length < 2) return null;
  const numbers = columns.map((_, column) => column).filter((column) => rows.every((row) => row[column].number >= 0));
  const name = columns.findIndex((_, column) => !numbers.includes(column));
  return name >= 0 && numbers.length === 1 ? [name, numbers[0]] : null;
}

/** @type {(rows: Rows, columns: [number, number]) => HTMLElement} */
export function chart({ columns, rows }, [name, number]) {
  const shown = rows.slice(0, MOST);
  const most = Math.max(...shown.map((row) => row[number].number), Number.MIN_VALUE);
  const bars = shown.map((row) => {
    const bar = makeSvg("svg", { "aria-hidden": "true" }, makeSvg("rect", { width: `${(row[number].number / most) * 100}%`, height: "100%" }));
    return make("li", {}, make("bdi", {}, cut(row[name].text, 60)), bar, make("span", {}, row[number].text));
  });
  const rest = rows.length > shown.length ? `, the first ${shown.length} rows` : "";
  const caption = `${columns[number].replaceAll("_", " ")} by ${columns[name].replaceAll("_", " ")}${rest}`;
  return make("figure", { class: "bars" }, make("figcaption", {}, caption), make("ol", {}, ...bars));
}
