"""Tables hold what the graph holds, whichever way they are read, and each file is opened by the tool that it is for."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas
import pyarrow.parquet
import pytest
from openpyxl.utils.escape import unescape

import kg
from kg.errors import StoreError
from kg.exports import Content, xlsx
from kg.exports.tables import TABLES, Rows
from kg.graph.days import Days
from kg.graph.inventory.stated import stated
from kg.graph.inventory.verdicts import Verdicts
from kg.graph.kept_readings import Reading
from kg.graph.lookup import findings
from kg.model import Verdict
from kg.model.relations import RELEASED
from kg.network.streaming import Asked
from tests.graph import rich
from tests.graph.making import assertion, document, evidence

from .conftest import DAY, connections_of

Export = Callable[..., Path]
FORMATS = ["csv", "raw-csv", "parquet", "xlsx"]


def rows_of(graph: kg.BillingGraph, **asked: Any) -> dict[str, list[Any]]:
    """The rows of all tables, before they are written."""
    content = Content(
        Asked(trust=graph._trust, **asked), lambda: graph._store, graph.resolve, RELEASED, graph._built.local_build()
    )
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    for name, rows in Rows(content).batches():
        tables[name] += rows
    return tables


def read(format: str, path: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of an export as the tool gives them that it is for."""
    if format == "parquet":
        return {name: pyarrow.parquet.read_table(path / f"{name}.parquet").to_pylist() for name in TABLES}
    if format == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
        return {name: sheet_rows(book[name]) for name in TABLES}
    return {name: list(csv.DictReader(io.StringIO((path / f"{name}.csv").read_text("utf-8")))) for name in TABLES}


def sheet_rows(sheet: Any) -> list[dict[str, Any]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip((head.replace(" ", "_") for head in heads), row, strict=True)) for row in rows]


def as_text(value: Any) -> str:
    """A value as CSV has it; what a workbook gives as a moment is a day."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(value.date() if isinstance(value, datetime.datetime) else value)


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_read_back_is_what_was_there(format: str, graph: kg.BillingGraph, folder: Export) -> None:
    expected, there = rows_of(graph), read(format, folder(graph, format))
    for name, rows in expected.items():
        wanted = [dict(zip(row._fields, map(as_text, row), strict=True)) for row in rows]
        got = [{column: as_text(value) for column, value in row.items()} for row in there[name]]
        if format == "csv":  # Of safe cells the apostrophe is all that differs.
            got = [{column: value.removeprefix("'") for column, value in row.items()} for row in got]
        assert got == wanted, name
        assert rows, f"{name} should have something in this graph"


@pytest.mark.parametrize("trust", ["consistent", "disputed", "refuted"])
def test_connections_are_those_of_the_api(trust: str, graph: kg.BillingGraph) -> None:
    at = graph.at(trust=trust)
    rows = rows_of(at)["connections"]
    assert {
        (r.subject, r.relation, r.object, r.polarity, r.verdict, r.assertions + r.statements) for r in rows
    } == connections_of(at)
    assert len({row[:4] for row in rows}) == len(rows)


def test_documents_of_a_connection_are_counted_once(graph: kg.BillingGraph) -> None:
    tables = rows_of(graph)
    documents = {(a.subject, a.relation, a.object, a.polarity): set[str]() for a in tables["assertions"]}
    for a in tables["assertions"]:
        documents[a.subject, a.relation, a.object, a.polarity].add(a.document)
    counted = {row[:4]: row.documents for row in tables["connections"] if row.documents}
    assert counted == {key: len(some) for key, some in documents.items()}
    assert max(counted.values()) == 2


@pytest.mark.parametrize("day", [None, DAY])
def test_what_was_kept_says_what_the_quads_say(day: datetime.date | None, graph: kg.BillingGraph) -> None:
    store = graph.at(as_of=day)._store if day else graph._store
    kept, quads = (
        [row for rows in some for row in rows] for some in (stated(store, graph._built.local_build()), stated(store))
    )
    assert kept == quads
    assert len(kept) == graph._built.manifest.counts["assertions"]


def test_a_trust_leaves_out_what_is_below_it_and_what_hangs_on_that(graph: kg.BillingGraph) -> None:
    every, some = rows_of(graph), rows_of(graph.at(trust="consistent"))
    verdicts = {"corroborated", "consistent"}
    assert [row.key for row in some["assertions"]] == [r.key for r in every["assertions"] if r.verdict in verdicts]
    keys = {row.key for row in some["assertions"]}
    assert {row.assertion for row in some["findings"]} <= keys
    assert {row.key for row in some["evidence"]} == {row.evidence for row in some["assertions"]}
    assert 0 < len(keys) < len(every["assertions"])


def test_a_slice_has_what_lies_in_it(graph: kg.BillingGraph) -> None:
    tables = rows_of(graph, around="J3262")
    near = {row.curie for row in tables["nodes"]}
    assert near == set(graph.at(trust="disputed").network(around="J3262"))
    for name in ("connections", "assertions", "statements"):
        assert tables[name]
        assert {end for row in tables[name] for end in (row.subject, row.object)} <= near
    only = rows_of(graph, relations=["acceptsModifier"])
    assert {row.relation for row in only["connections"]} == {"acceptsModifier"}
    assert {row.curie for row in only["nodes"]} == {"hcpcs:J3262", "modifier:JW"}


def test_findings_are_those_of_the_api(graph: kg.BillingGraph) -> None:
    rows = rows_of(graph)["findings"]
    assert Counter((row.assertion, row.concept, row.reason) for row in rows) == Counter(
        (finding.assertion.identifier, finding.concept.curie, finding.reason) for finding in findings(graph._store)
    )


def test_keys_join(graph: kg.BillingGraph) -> None:
    tables = rows_of(graph)
    curies = {row.curie for row in tables["nodes"]}
    for name in ("connections", "assertions", "statements"):
        assert {end for row in tables[name] for end in (row.subject, row.object)} <= curies
    assert {row.assertion for row in tables["findings"]} <= {row.key for row in tables["assertions"]}
    assert {row.evidence for row in tables["assertions"]} == {row.key for row in tables["evidence"]}
    assert {row.release for row in tables["statements"]} <= {row.release for row in tables["releases"]}
    assert sum(row.assertions for row in tables["documents"]) == len(tables["assertions"])
    assert sum(row.statements for row in tables["releases"]) == len(tables["statements"])


@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx", "neo4j", "kgx"])
def test_same_graph_same_bytes(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    for name in "ab":
        graph.export(tmp_path / name, format)
    first, second = (
        {file.name: file.read_bytes() for file in ([path] if path.is_file() else sorted(path.iterdir()))}
        for path in (tmp_path / "a", tmp_path / "b")
    )
    assert [content for _, content in first.items()] == [content for _, content in second.items()]


def test_types_are_those_of_the_columns(graph: kg.BillingGraph, folder: Export) -> None:
    path = folder(graph, "parquet")
    nodes = duckdb.sql(f"SELECT * FROM '{path}/nodes.parquet'")
    types = dict(zip(nodes.columns, map(str, nodes.types), strict=True))
    assert (types["curie"], types["billable"], types["valid_from"]) == ("VARCHAR", "BOOLEAN", "DATE")
    assert pandas.read_parquet(path / "assertions.parquet")["line"].dtype == "int64"


def test_a_note_says_what_is_in_a_folder(graph: kg.BillingGraph, tmp_path: Path) -> None:
    counts = graph.at(trust="disputed").export(tmp_path / "out", "csv").counts
    note = json.loads((tmp_path / "out" / "_export.json").read_text())
    assert note == {
        "made_by": "billing-kg", "format": "csv", "as_of": "2026-05-01", "trust": "disputed", "rows": counts,
    }  # fmt: skip
    for name, count in counts.items():
        with (tmp_path / "out" / f"{name}.csv").open(newline="") as file:
            assert sum(1 for _ in csv.reader(file)) == count + 1


def test_cells_are_no_formulas(tmp_path: Path) -> None:
    bad = "=HYPERLINK(1) _x0041_ \x00\x1b http://x.y\r\n{=1}"
    reading = Reading(document(), (assertion("icd10cm:M06.9", at=evidence(bad, 10), condition="+1"),))
    with kg.BillingGraph(Days(rich.build(tmp_path / "graph", [reading]))) as graph:
        graph.export(tmp_path / "csv", "csv")
        graph.export(tmp_path / "raw", "raw-csv")
        graph.export(tmp_path / "a.xlsx", "xlsx")
    (safe,), (raw,) = read("csv", tmp_path / "csv")["assertions"], read("csv", tmp_path / "raw")["assertions"]
    assert (safe["condition"], raw["condition"]) == ("'+1", "+1")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["assertions"]
    heads = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, heads.index("quote") + 1)
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert unescape(cell.value) == "=HYPERLINK(1) _x0041_ \ufffd\ufffd http://x.y\r\n{=1}"
    assert sheet.cell(2, heads.index("condition") + 1).data_type == "s"


def test_a_workbook_is_made_for_people(graph: kg.BillingGraph, folder: Export) -> None:
    book = openpyxl.load_workbook(io.BytesIO(folder(graph, "xlsx").read_bytes()))
    assert book.sheetnames == list(TABLES)
    sheet = book["connections"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
    assert sheet["A1"].font.bold
    assert book["nodes"].column_dimensions["D"].width > 20


def test_what_a_sheet_cannot_hold_goes_on_in_another(
    graph: kg.BillingGraph, folder: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 8)
    book = openpyxl.load_workbook(io.BytesIO(folder(graph, "xlsx").read_bytes()))
    names = [name for name in book.sheetnames if name.split()[0] == "assertions"]
    assert names[:3] == ["assertions", "assertions 2", "assertions 3"]
    keys = [row["key"] for name in names for row in sheet_rows(book[name])]
    assert keys == [row.key for row in rows_of(graph)["assertions"]]


def test_what_is_missing_is_no_silence(graph: kg.BillingGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(graph._built.manifest.counts, "assertions", 1_000)
    with pytest.raises(StoreError, match=r"the graph is damaged \(19 of 1,000 assertions are there\)"):
        rows_of(graph)


def test_a_verdict_that_is_missing_is_no_silence(graph: kg.BillingGraph) -> None:
    verdicts = Verdicts.of(graph._store)
    key = rows_of(graph)["assertions"][0].key
    assert verdicts.on([key]) == [rows_of(graph)["assertions"][0].verdict]
    with pytest.raises(StoreError, match=f"no verdict on assertion {key[:16]}0"):
        verdicts.on([key, key[:16] + "0" * 16])
    assert len(verdicts) == 19


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
def test_all_of_the_bundled_guides(format: str, bundled_store: Path, tmp_path: Path) -> None:
    with kg.open(bundled_store) as graph:
        counts = graph.export(tmp_path / "out", format).counts
        manifest = graph._store.manifest.counts
        there = read(format, tmp_path / "out")
        assert {name: len(rows) for name, rows in there.items()} == counts
        assert (counts["assertions"], counts["documents"]) == (manifest["assertions"], manifest["documents"])
        assert (counts["nodes"], counts["statements"]) == (manifest["concepts"], manifest["statements"])
        arrays = graph.at(trust=Verdict.REFUTED).arrays(relations="all")
        assert sum(row["polarity"] == "affirmed" for row in there["connections"]) == arrays.forward.sum()


@pytest.mark.parametrize(("found", "put"), [(b"[[", b"[x"), (b'"affirmed"', b'"affirned"')])
def test_damage_to_what_was_kept_is_no_silence(found: bytes, put: bytes, tmp_path: Path) -> None:
    store = rich.build(tmp_path / "graph", [rich.first(), rich.second()])
    file = store.build / "readings.jsonl"
    content = file.read_bytes()
    assert found in content
    file.write_bytes(content.replace(found, put, 1))
    with kg.BillingGraph(Days(store)) as damaged, pytest.raises(StoreError, match="is damaged"):
        damaged.export(tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()
