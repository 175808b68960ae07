"""OPPS Addendum B: the status of each code in a quarter."""

from __future__ import annotations

from datetime import date

import pytest

from kg.errors import ReleaseError
from kg.model import CodeSystem, Relation
from kg.reference import Reference
from kg.reference.formats import recognise
from kg.reference.release import Edition, ReleaseFile

from .workbooks import book, sheet

TITLE = "Addendum B.-Final OPPS Payment by HCPCS Code for CY 2026"
HEADER = ("HCPCS Code", "Short Descriptor", "SI", "APC", "Relative Weight", "Payment Rate ", "Copayment")
DRUG = ("J3262", "Tocilizumab", "K", "9624", "", "$5.75", "")
PACKAGED = ("36415", "secret words", "N", "", "", "", "")
NAME = "January 2026 Web Addendum B.12.29.25.csv"


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, between: str = ",") -> bytes:
    every = ((TITLE,), ("CPT codes are copyright.",), header, *rows)
    return "".join(between.join(cells) + "\r\n" for cells in every).encode("cp1252")


def edition(content: bytes, name: str = NAME, since: date | None = None) -> Edition:
    file = ReleaseFile(name, content, f"here/{name}", (name,), since)
    found = recognise(file)
    assert found is not None
    assert found.name == "opps-addendum-b"
    (read,) = found.read(file)
    return read


def test_each_code_has_its_status_since_the_first_day_of_the_quarter() -> None:
    found = edition(table(DRUG, PACKAGED))
    drug, packaged = found.statements
    assert (drug.subject.curie, drug.relation, drug.object.curie) == (
        "hcpcs:J3262", Relation.HAS_STATUS, "status:opps-k",
    )  # fmt: skip
    assert (drug.row, drug.valid_from, drug.valid_through, drug.details) == (4, date(2026, 1, 1), None, ())
    assert (packaged.subject.curie, packaged.object.label) == ("cpt:36415", "OPPS N: packaged; no separate payment")
    assert [statement.text for statement in found.statements] == ["J3262 | K | 9624", "36415 | N"]
    assert (found.rows, found.left_out) == (2, ())


def test_a_workbook_and_text_with_tabs_say_the_same() -> None:
    expected = edition(table(DRUG, PACKAGED)).statements
    workbook = book(sheet([(TITLE,), ("CPT codes are copyright.",), HEADER, DRUG, PACKAGED]))
    assert edition(workbook).statements == expected
    assert edition(table(DRUG, PACKAGED, between="\t")).statements == expected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("J32", "", "K", "1", "", "", ""), "neither a HCPCS Level II nor a CPT code: 'J32'"),
        (("J9999", "", "Z9", "1", "", "", ""), "not a status that is known: 'Z9'"),
        (("J9999", "", "", "1", "", "", ""), "not a status that is known: ''"),
        (("J9999",), "not a status that is known: ''"),
        (DRUG, "the code stands in row 4 already"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_with_the_reason(row: tuple[str, ...], reason: str) -> None:
    found = edition(table(DRUG, row))
    assert [(left.row, left.reason) for left in found.left_out] == [(5, reason)]
    assert (found.rows, len(list(found.statements))) == (2, 1)


@pytest.mark.parametrize(
    ("name", "since", "identifier"),
    [
        (NAME, None, "opps-2026-01"),
        ("2026_July_Addendum_B.csv", None, "opps-2026-07"),
        ("addendum.csv", None, "opps-2026-01"),
        ("addendum.csv", date(2026, 4, 1), "opps-2026-04"),
    ],
)
def test_the_quarter_is_told_by_the_name(name: str, since: date | None, identifier: str) -> None:
    release = edition(table(DRUG), name, since).release
    assert (release.identifier, release.series, release.system) == (identifier, "opps", CodeSystem.HCPCS)


def test_of_several_quarters_each_holds_for_its_own_days() -> None:
    january, july = edition(table(DRUG)), edition(table((*DRUG[:2], "G", *DRUG[3:])), "July 2026 Addendum B.csv")
    days = [
        (statement.object.key, str(statement.valid_from), str(statement.valid_through))
        for _, statement in Reference.of([january, july]).statements
    ]
    assert days == [("opps-g", "2026-07-01", "None"), ("opps-k", "2026-01-01", "2026-06-30")]


def test_a_list_without_prices_is_another_list() -> None:
    file = ReleaseFile("a.csv", table(DRUG).replace(b"Payment Rate", b"Rank"), "a.csv")
    assert recognise(file) is None


def test_a_table_that_is_cut_within_a_cell_is_named_by_its_line() -> None:
    with pytest.raises(ReleaseError, match=r"^here/January 2026 .*:5: not a table as csv: "):
        edition(table(DRUG) + b'J9999,"no end')


def test_a_tab_in_the_notice_makes_no_text_with_tabs() -> None:
    content = table(DRUG, PACKAGED).replace(b"CPT codes", b"CPT\tcodes")
    assert edition(content).statements == edition(table(DRUG, PACKAGED)).statements


def test_a_stray_byte_beside_a_code_is_none_of_it() -> None:
    (statement,) = edition(table(DRUG).replace(b"J3262,", b"J3262\xff,")).statements
    assert statement.subject.curie == "hcpcs:J3262"
