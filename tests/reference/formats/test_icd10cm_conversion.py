"""The conversion table: which codes a new code takes the place of, and since when."""

from __future__ import annotations

from datetime import date

import pytest

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference import Edition, ReleaseFile
from kg.reference.formats import icd10cm_conversion, recognise
from kg.reference.formats.icd10cm_conversion import FORMAT
from tests.data.official import REFERENCE, needs_reference
from tests.reference.formats.workbooks import Cell, book, sheet

HEADER = ("Current code assignment", "Effective", "Previous Code(s) Assignment")
NOTICE = ("The National Center for Health Statistics has published an update", "", "")


def read(*rows: tuple[Cell, Cell, Cell], name: str = "conversion-table-FY2026.xlsx") -> Edition:
    file = ReleaseFile(name, book(sheet([NOTICE, HEADER, *rows])), f"icd.zip/{name}", (name,))
    assert recognise(file) is FORMAT
    (edition,) = FORMAT.read(file)
    return edition


def before(edition: Edition) -> list[str]:
    return [statement.subject.key for statement in edition.statements]


def test_the_code_used_before_is_replaced_by_the_new_one_from_its_day() -> None:
    edition = read(("A04.71", 2017.0, "A04.7"), ("W453XXA ", 2025.0, " W45.8XXA"))
    first, second = edition.statements
    assert (first.subject.curie, first.relation, first.object.curie) == (
        "icd10cm:A04.7", Relation.REPLACED_BY, "icd10cm:A04.71"
    )  # fmt: skip
    assert (first.valid_from, first.row, first.text) == (date(2017, 10, 1), 3, "A04.71 | 2017 | A04.7")
    assert (second.subject.key, second.object.key) == ("W45.8XXA", "W45.3XXA")
    assert (edition.entries, edition.rows, edition.left_out) == ((), 2, ())


def test_a_conversion_table_is_no_complete_list() -> None:
    release = read(("A04.71", 2017.0, "A04.7")).release
    assert (release.identifier, release.title) == (
        "icd10cm-conversion-2025-10", "ICD-10-CM conversion table October 2025"
    )  # fmt: skip
    assert not release.complete
    unnamed = read(("A04.71", 2017.0, "A04.7"), ("A41.54", 2023.0, "A41.59"), name="table.xlsx").release
    assert unnamed.issued == date(2023, 10, 1), "the newest code tells, where no name does"


@pytest.mark.parametrize(
    ("cell", "day"),
    [(2023.0, date(2023, 10, 1)), ("2023", date(2023, 10, 1)), ("2023-04-01", date(2023, 4, 1)),
     ("4/1/2023", date(2023, 4, 1))],
)  # fmt: skip
def test_a_year_means_its_first_of_october(cell: Cell, day: date) -> None:
    assert read(("A41.54", cell, "A41.59")).statements[0].valid_from == day  # type: ignore[index]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("C50.919, C50.929", ["C50.919", "C50.929"]),
        ("G93.3; R53.82", ["G93.3", "R53.82"]),
        ("H02.201, H02.202 and H02.205", ["H02.201", "H02.202", "H02.205"]),
        ("W18.39XA & W54.8XXA", ["W18.39XA", "W54.8XXA"]),
        ("E66.01 AND E66.8", ["E66.01", "E66.8"]),
        ("A04.7, A04.7", ["A04.7"]),
        ("H02.101-H02.103; H02.109", ["H02.101", "H02.102", "H02.103", "H02.109"]),
        ("H35.052 - H35.059", ["H35.052", "H35.053", "H35.059"]),
        ("S06.890D-S06.892D", ["S06.890D", "S06.891D", "S06.892D"]),
    ],
)
def test_several_codes_and_ranges_come_to_the_codes_that_there_are(cell: str, codes: list[str]) -> None:
    assert before(read(("Z99.9", 2025.0, cell))) == codes


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("M04.8", 2016.0, "None"), "no code was used before"),
        (("W44.A0XA", 2023.0, "Codes in Categories T15-T19"), "not a ICD-10-CM code: 'Codes in Categories T15-T19'"),
        (("I1A.0", 2023.0, "I10-I15.9"), "not a range of codes of one length in one category: 'I10-I15.9'"),
        (
            ("S06.A0XA", 2021.0, "S06.890D-S06.899S"),
            "not a range of codes of one length in one category: 'S06.890D-S06.899S'",
        ),
        (
            ("H02.151", 2018.0, "H02.109-H02.101"),
            "not a range of codes of one length in one category: 'H02.109-H02.101'",
        ),
        (("R11.15", 2020.0, "K31.89 and a code from R11-"), "not a ICD-10-CM code: 'a code from R11-'"),
        (("new", 2020.0, "K31.89"), "not a ICD-10-CM code: 'new'"),
        (("R11.15", "soon", "K31.89"), "not a year or a day: 'soon'"),
        (("R11.15", "2020-13-01", "K31.89"), "not a year or a day: '2020-13-01'"),
    ],
)
def test_a_row_that_is_not_understood_states_nothing(row: tuple[Cell, Cell, Cell], reason: str) -> None:
    edition = read(row)
    assert edition.statements == ()
    assert [(left.row, left.reason) for left in edition.left_out] == [(3, reason)]


def test_the_columns_of_earlier_years_and_of_a_csv() -> None:
    header = (HEADER[0], "Effective October 1", HEADER[2])
    row = ("C50.A0", 2025.0, "C50.919, C50.929")
    old = ReleaseFile("a.xlsx", book(sheet([("", "", ""), NOTICE, header, row])), "a.xlsx", ("a.xlsx",))
    text = '"A notice\nof two lines",,\n' + ",".join(header) + '\nC50.A0,2025,"C50.919, C50.929"\n,,\n'
    table = ReleaseFile("a.csv", text.encode(), "a.csv", ("Table-Effective-10-1-2025-updated-11-24-2025.csv",))
    for file, line in ((old, 4), (table, 4)):
        assert recognise(file) is FORMAT
        (edition,) = FORMAT.read(file)
        assert before(edition) == ["C50.919", "C50.929"]
        assert [statement.row for statement in edition.statements] == [line, line]
        assert (edition.rows, edition.release.issued) == (1, date(2025, 10, 1))


def test_a_code_does_not_replace_itself() -> None:
    assert before(read(("A04.71", 2017.0, "A04.71, A04.7"))) == ["A04.7"]


def test_a_table_without_a_column_is_refused() -> None:
    rows = [(HEADER[0], "Since", HEADER[2]), ("A04.71", 2017.0, "A04.7")]
    file = ReleaseFile("a.xlsx", book(sheet(rows)), "icd.zip/a.xlsx")
    assert FORMAT.recognises(file)
    with pytest.raises(ReleaseError, match=r"icd\.zip/a\.xlsx: no sheet with the columns .*EFFECTIVE"):
        list(FORMAT.read(file))


def test_a_table_of_too_many_codes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_conversion, "_MOST", 3)
    with pytest.raises(ReleaseError, match=r":4: more codes than any conversion table has"):
        read(("A04.71", 2017.0, "A04.7"), ("Z99.9", 2025.0, "H02.101-H02.103"))


def test_other_workbooks_are_not_taken_for_it() -> None:
    assert not FORMAT.recognises(ReleaseFile("a.xlsx", book(sheet([("HCPC", "LONG DESCRIPTION", "Effective")]))))
    assert not FORMAT.recognises(ReleaseFile("a.txt", b"Current code assignment"))


@needs_reference
def test_the_published_table() -> None:
    (edition,) = FORMAT.read(published())
    assert (edition.rows, len(edition.statements), len(edition.left_out)) == (5_892, 6_184, 272)  # type: ignore[arg-type]
    assert sum(left.reason != "no code was used before" for left in edition.left_out) == 147


def published() -> ReleaseFile:
    path = REFERENCE / "icd10cm" / "conversion-table-FY2026.xlsx"
    return ReleaseFile(path.name, path.read_bytes(), path.name, (path.name,))
