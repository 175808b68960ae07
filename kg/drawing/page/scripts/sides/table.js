// The table: the same as the picture, as text.

import { connections, data, TEXT } from "../basis/data.js";
import { apart, button, byId, make } from "../basis/elements.js";
import { fill, marks, nameOf, sentence } from "../basis/words.js";
import { isSeen } from "../state/shown.js";
import { state } from "../state/state.js";
import { open } from "./panel.js";

/** @type {(number: number) => HTMLElement[]} */
function rowsOf(number) {
  const each = connections[number];
  return each.assertions.map(({ strength, condition, evidence }) => {
    const where = data.evidence[evidence];
    const cells = [
      nameOf(each.subject),
      data.relations[each.relation].label,
      nameOf(each.object),
      `${marks(each)} ${each.excluded ? `${TEXT.panel.excluded}, ` : ""}${each.verdict}`,
      data.strengths[strength],
      condition || "",
      data.documents[where.document],
      String(where.line),
    ].map((text) => make("td", {}, apart(text)));
    const more = button(TEXT.table.show, () => open({ connection: number }), {
      "aria-label": fill(TEXT.table.showRow, { sentence: sentence(number) }),
    });
    const quote = make("td", { class: "quote" }, apart(where.quote || ""));
    return make("tr", { "data-connection": number }, make("td", {}, more), ...cells, quote);
  });
}

export function fillTable() {
  if (state.view !== "table") return;
  /** @type {string[]} */
  const columns = TEXT.table.columns;
  const rows = connections.flatMap((_, number) => (isSeen(number) ? rowsOf(number) : []));
  byId("table").replaceChildren(
    make(
      "table",
      {},
      make("caption", {}, TEXT.table.caption),
      make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows),
    ),
  );
}
