"""The place-of-service code set, as a table of the user's own."""

from __future__ import annotations

from datetime import date

import pytest

from kg.model import CodeSystem, Relation
from kg.reference.formats import recognise
from kg.reference.release import Edition, ReleaseFile

from .workbooks import book, sheet

HEADER = ("Place of Service Code(s)", "Place of Service Name", "Place of Service Description")
OFFICE = ("11", "Office", "Location where care is given.")
OFF_CAMPUS = ("19", "Off Campus-Outpatient Hospital", "A portion of a hospital. (Effective January 1, 2016)")
NEW = ("77", "Orbital Clinic", "Up there. (Effective 10/1/2026)")


def table(*rows: tuple[str, ...]) -> bytes:
    quoted = (",".join(f'"{cell}"' for cell in row) for row in (HEADER, *rows))
    return "\r\n".join(quoted).encode()


def edition(content: bytes, name: str = "place-of-service-2026-05.csv", since: date | None = None) -> Edition:
    file = ReleaseFile(name, content, f"here/{name}", (name,), since)
    found = recognise(file)
    assert found is not None
    assert found.name == "pos"
    (read,) = found.read(file)
    return read


def test_numbers_have_names_first_days_and_the_places_that_documents_name() -> None:
    found = edition(table(OFFICE, OFF_CAMPUS, NEW))
    assert [(e.code.curie, e.name, e.valid_from, e.row) for e in found.entries] == [
        ("pos:11", "Office", None, 2),
        ("pos:19", "Off Campus-Outpatient Hospital", date(2016, 1, 1), 3),
        ("pos:77", "Orbital Clinic", date(2026, 10, 1), 4),
    ]
    assert found.entries[0].notes == (("description", "Location where care is given."),)
    assert [(s.subject.curie, s.relation, s.object.curie) for s in found.statements] == [
        ("pos:11", Relation.STANDS_FOR_PLACE, "place:physician-office"),
        ("pos:19", Relation.STANDS_FOR_PLACE, "place:hospital-outpatient-department"),
        ("pos:77", Relation.STANDS_FOR_PLACE, "place:orbital-clinic"),
    ]
    assert (found.rows, found.left_out) == (3, ())


@pytest.mark.parametrize(
    ("description", "since"),
    [
        ("(Effective January 1,2003)", date(2003, 1, 1)),
        ("This code is effective January 1, 2022, and available to Medicare April 1, 2022.", date(2022, 1, 1)),
        ("(Revised, effective April 1, 2016)", None),
        ("(Description change effective soon)", None),
        ("", None),
    ],
)
def test_the_first_day_is_in_the_description(description: str, since: date | None) -> None:
    (entry,) = edition(table((*OFFICE[:2], description))).entries
    assert entry.valid_from == since


def test_a_workbook_has_numbers_and_may_have_a_column_of_days() -> None:
    header = ("POS Code", "Place of Service Name", "Effective Date")
    rows = [header, (1.0, "Pharmacy", "10/01/2005"), ("11", "Office", "")]
    found = edition(book(sheet(rows)), "pos.xlsx")
    assert [(e.code.value, e.valid_from) for e in found.entries] == [("01", date(2005, 10, 1)), ("11", None)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("28-30", "Unassigned", "N/A"), "not a CMS place-of-service code: '28-30'"),
        (("59", "Unassigned", "N/A"), "a number that stands for no place"),
        (("59", "", ""), "a number that stands for no place"),
        (OFFICE, "the code stands in row 2 already"),
        (("78", "Elsewhere", "(Effective Smarch 1, 2020)"), "not a day: 'Smarch 1, 2020'"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_with_the_reason(row: tuple[str, ...], reason: str) -> None:
    found = edition(table(OFFICE, row))
    assert [(left.row, left.reason) for left in found.left_out] == [(3, reason)]
    assert (found.rows, len(found.entries)) == (2, 1)


def test_a_list_may_call_the_name_a_description() -> None:
    found = edition("\ufeffplace_of_service_code,description\n01,Pharmacy\n11,Office\n".encode())
    assert [(entry.code.curie, entry.name) for entry in found.entries] == [("pos:01", "Pharmacy"), ("pos:11", "Office")]


def test_the_release_is_complete_where_it_has_them_all() -> None:
    few = edition(table(OFFICE)).release
    assert (few.identifier, few.title, few.complete) == (
        "pos-2026-05", "CMS place-of-service codes, May 2026, an excerpt", False,
    )  # fmt: skip
    every = edition(table(*((f"{n:02}", f"Place {n}", "") for n in range(1, 60))), "a.csv").release
    assert (every.identifier, every.complete, every.system) == ("pos-undated", True, CodeSystem.POS)
