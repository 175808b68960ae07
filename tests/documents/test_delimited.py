from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import BlockKind, Document, parse
from kg.documents.delimited import delimiter_of, looks_delimited
from kg.documents.lines import one_line

from .reading import blocks, rows
from .test_any_document import hold


def table(content: str) -> Document:
    return parse(content.encode(), "guide.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(delimiter: str) -> None:
    document = table("code|drug\nJ3262|tocilizumab\nJ0897|denosumab\n".replace("|", delimiter))
    assert rows(document) == [["code", "drug"], ["J3262", "tocilizumab"], ["J0897", "denosumab"]]
    assert [block.kind.value for block in document.blocks] == ["header", "row", "row"]
    assert document.text == "code | drug\nJ3262 | tocilizumab\nJ0897 | denosumab"


def test_delimiters_within_quotes_and_cells_count_for_nothing() -> None:
    assert delimiter_of('code;"a, b, c";x\nJ3262;"d, e";y\n') == ";"
    assert delimiter_of("code\tuse\nJW\twaste, of a vial, once\nJZ\tnone\n") == "\t"
    assert delimiter_of("only one column\nJ3262\n") == ""
    assert rows(table('code,drug\n"J3262","a ""b"", c"\n')) == [["code", "drug"], ["J3262", 'a "b", c']]


def test_line_breaks_within_cells() -> None:
    document = table('code,diagnoses\nJ3262,"M06.9\nM05.79"\nJ0897,"M81.0 when\nosteoporosis is severe"\n')
    assert rows(document)[1:] == [["J3262", "M06.9; M05.79"], ["J0897", "M81.0 when osteoporosis is severe"]]
    assert [(block.line, block.row) for block in document.blocks] == [(1, 1), (2, 2), (4, 3)]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    document = table('code,drug\nJ0001,"x\n' + "".join(f"J{number},y\n" for number in range(1000, 1200)))
    assert len(rows(document)) == 202


def test_rows_without_a_header() -> None:
    kinds = {block.kind for block in table("J3262,tocilizumab\nJ0897,denosumab\n").blocks}
    assert kinds == {BlockKind.ROW}
    assert table("tocilizumab,Actemra\nabatacept,Orencia\n").blocks[0].kind is BlockKind.ROW
    assert table("Drug,Brand\ntocilizumab,Actemra\nabatacept,Orencia\n").blocks[0].kind is BlockKind.HEADER


def test_titles_above_the_header_and_notes_below_the_table() -> None:
    document = table(
        'ASP crosswalk,,\n"Effective October 1, 2025 through December 31, 2025. Subject to change.",,\n,,\n'
        "Code,Drug,Unit\nJ3262,tocilizumab,1 mg\nNote that this is no advice,,\n"
    )
    assert blocks(document) == [
        ("heading", "ASP crosswalk"),
        ("paragraph", "Effective October 1, 2025 through December 31, 2025. Subject to change."),
        ("header", "Code | Drug | Unit"), ("row", "J3262 | tocilizumab | 1 mg"),
        ("paragraph", "Note that this is no advice"),
    ]  # fmt: skip
    assert document.blocks[2].section == ("ASP crosswalk",)


def test_prose_with_commas_is_no_table() -> None:
    assert not looks_delimited("Append JW, or JZ.\nBill J3262, always.\n")
    assert not looks_delimited("")
    assert looks_delimited("code,dx\nJ3262,M06.9\n")


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";|\t"), max_size=8)


@settings(max_examples=100)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_no_cell_is_lost(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["Code", "Name"], ["J3262", "x"], *table])
    document = parse(out.getvalue().encode(), "guide.csv")
    hold(document)
    text = one_line(document.text)
    assert all(one_line(cell) in text for row in table for cell in row)
