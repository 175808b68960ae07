// ---- The table: the same as text ------------------------------------------------------------------------------------

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

function fillTable() {
  if (byId("table").hidden) return;
  const rows = connections.flatMap((_, number) => (isSeen(number) ? rowsOf(number) : []));
  byId("table").replaceChildren(
    make(
      "table",
      {},
      make("caption", {}, TEXT.table.caption),
      make("thead", {}, make("tr", {}, ...TEXT.table.columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows),
    ),
  );
}

function showTable(wanted) {
  byId("table").hidden = !wanted;
  byId("graph").hidden = wanted;
  byId("show-table").setAttribute("aria-pressed", String(wanted));
  byId("show-graph").setAttribute("aria-pressed", String(!wanted));
  if (wanted) fillTable();
  else network.redraw();
}
