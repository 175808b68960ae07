"""Text of documents stays text, and comes back letter for letter where the format has its letters."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas
import pyarrow.parquet
import pytest
from openpyxl.utils.escape import unescape

import kg
from kg.cells import read_rows
from kg.exports import xlsx
from kg.graph.days import Days
from kg.graph.kept_readings import Reading
from kg.model import Assertion, Concept, Kind, Relation
from tests.graph import rich
from tests.graph.making import assertion, document, evidence

HOSTILE = (
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "\t=1", "<script>alert(1)</script>", "&lt;b&gt;", "]]>", 'a "q" b',
    '"begins" so', 'ends "so"', "back\\", '\\"', "$(touch x)", "`touch x`", "a|b", "a\tb", "a\nb", "a\rb", "a\r\nb",
    "a\u2028b", "a\u202eb", "a\u200bb", "_x0041_", "😀", " lead", "trail ", "x" * 140_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graph whose documents say such things everywhere, in several formats."""
    folder = tmp_path_factory.mktemp("hostile")
    said: list[Assertion] = []
    for text in HOSTILE:
        at = replace(evidence(text, 200_000 * len(said)), section=text)
        said.append(assertion("icd10cm:M06.9", at=at, condition=text))
        said.append(Assertion(rich.J3262, Relation.HAS_PAYER, Concept.named(Kind.PAYER, f"{text[:99]} p"), at))
    reading = Reading(replace(document(), title=HOSTILE[0], name=HOSTILE[8]), tuple(said))
    with kg.BillingGraph(Days(rich.build(folder / "graph", [reading]))) as graph:
        for format in ("raw-csv", "csv", "parquet", "xlsx", "kgx"):
            graph.export(folder / format, format)
    return folder


def rows_of(file: Path) -> list[list[str]]:
    return list(read_rows(io.StringIO(file.read_bytes().decode(), newline="")))


def test_cells_are_read_back(exports: Path) -> None:
    file = exports / "raw-csv" / "assertions.csv"
    rows = rows_of(file)
    tables = {
        "Python": pandas.DataFrame(rows[1:], columns=rows[0]),
        "pandas": pandas.read_csv(file, dtype=str, keep_default_na=False),
        "Parquet": pyarrow.parquet.read_table(exports / "parquet" / "assertions.parquet").to_pandas(),
    }
    for reader, table in tables.items():
        for column in ("quote", "section"):
            assert set(table[column]) == set(HOSTILE), reader


def test_no_cell_is_a_formula(exports: Path) -> None:
    for row in rows_of(exports / "csv" / "assertions.csv"):
        assert not [cell for cell in row if cell[:1] in tuple("=+@-\t\r")]
    book = openpyxl.load_workbook(io.BytesIO((exports / "xlsx").read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(sheet._hyperlinks for sheet in book)
    texts = {unescape(str(cell.value)) for cell in cells}
    assert {text for text in HOSTILE if len(text) < 1000} <= texts


def test_kgx_has_names_without_quotes_around_them(exports: Path) -> None:
    nodes = pandas.read_csv(
        exports / "kgx" / "nodes.tsv", sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE,
        lineterminator="\n",
    )  # fmt: skip
    names = set(nodes["name"])
    assert {'a "q" b p', '"begins" so p', 'ends "so" p', '\\" p', "a b p"} <= names


@pytest.mark.parametrize(("letter", "most"), [("x", 32_767), ("é", 32_767), ("😀", 16_383)])
def test_a_workbook_counts_letters_as_spreadsheets_do(letter: str, most: int) -> None:
    assert xlsx._length(letter * most) <= 32_767 < xlsx._length(letter * (most + 1))
    cut = xlsx._cut(letter * (most + 1))
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767 and cut.startswith(letter) and cut.endswith("… (cut)")
