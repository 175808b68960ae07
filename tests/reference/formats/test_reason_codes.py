"""CARC and RARC from the user's own copy: numbers, days, words, and the reasons for denial that a number gives."""

from __future__ import annotations

from datetime import date

import pytest

from kg.errors import ReleaseError
from kg.model import CodeSystem, Relation
from kg.reference.formats import reason_codes, recognise
from kg.reference.release import Edition, ReleaseFile

from .workbooks import book, sheet

# Words of ours; those of X12 are its own.
BUNDLED = ("97", "made-up words on bundling | Start: 01/01/1995 | Last Modified: 07/01/2017")
ENDED = ("17", "made-up words on a gap | Start: 01/01/1995 | Stop: 07/01/2009 | Notes: Use code 16")
LETTERED = ("B7", "made-up words on certification Start: 01/01/1995")
REMARK = ("MA130", "made-up words on a remark | Start: 01/01/1997"), ("N115", "more of them | Start: 05/30/2002")


def table(*rows: tuple[str, ...], header: tuple[str, ...] = ("Code", "Description")) -> bytes:
    quoted = (",".join(f'"{cell}"' for cell in row) for row in (header, *rows))
    return "\n".join(quoted).encode()


def file(content: bytes, name: str = "carc-2026-07.csv") -> ReleaseFile:
    return ReleaseFile(name, content, f"here/{name}", (name,))


def edition(content: bytes, name: str = "carc-2026-07.csv") -> Edition:
    found = recognise(file(content, name))
    assert found is reason_codes.FORMAT
    (read,) = found.read(file(content, name))
    return read


def test_numbers_have_words_and_days_as_x12_writes_them_below_the_words() -> None:
    found = edition(table(BUNDLED, ENDED, LETTERED))
    assert [(e.code.curie, e.name, e.valid_from, e.valid_through, e.notes) for e in found.entries] == [
        ("carc:97", "made-up words on bundling", date(1995, 1, 1), None, ()),
        ("carc:17", "made-up words on a gap", date(1995, 1, 1), date(2009, 7, 1), (("notes", "Use code 16"),)),
        ("carc:B7", "made-up words on certification", date(1995, 1, 1), None, ()),
    ]
    assert (found.release.identifier, found.release.system) == ("carc-2026-07", CodeSystem.CARC)
    assert "X12" in found.release.licence


def test_a_number_gives_the_reasons_for_denial_that_bear_it() -> None:
    found = edition(table(BUNDLED, LETTERED))
    reasons = {(s.subject.key, s.object.key) for s in found.statements if s.relation is Relation.GIVES_REASON}
    assert {("97", "ncci-edit"), ("97", "bundled-service"), ("B7", "provider-not-certified")} <= reasons
    assert all("made-up" not in statement.text for statement in found.statements)


def test_days_may_stand_in_columns_of_their_own() -> None:
    header = ("CARC", "Description", "Start Date", "Stop Date", "Last Modified")
    found = edition(
        table(("97", "words", "1995-01-01", "", "07/01/2017"), ("17", "x", "1/1/1995", "7/1/2009", ""), header=header)
    )
    assert [(e.name, e.valid_from, e.valid_through) for e in found.entries] == [
        ("words", date(1995, 1, 1), None),
        ("x", date(1995, 1, 1), date(2009, 7, 1)),
    ]


def test_remark_codes_are_told_by_their_letters_and_a_workbook_is_read() -> None:
    found = edition(book(sheet([("Code", "Description"), *REMARK])), "rarc.xlsx")
    assert [e.code.curie for e in found.entries] == ["rarc:MA130", "rarc:N115"]
    assert (found.release.identifier, found.statements) == ("rarc-undated", ())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("CO-97", "words | Start: 01/01/1995"), "not a CARC code: 'CO-97'"),
        (("", "words | Start: 01/01/1995"), "not a CARC code: ''"),
        (("98", "words | Start: 13/01/1995"), "not a day: '13/01/1995'"),
        (("98", "words | Start: 01/01/1995 | Stop: 12/31/1994"), "ends on 1994-12-31, before it begins"),
        (BUNDLED, "the code stands in row 2 already"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_without_their_words(row: tuple[str, ...], reason: str) -> None:
    rows = [(str(number), f"words | Start: 01/01/{1995 + number % 10}") for number in range(100, 120)]
    found = edition(table(BUNDLED, *rows, row))
    assert [(left.row, left.reason) for left in found.left_out] == [(23, reason)]
    assert all("words" not in left.text for left in found.left_out)
    assert (found.rows, len(found.entries)) == (22, 21)


def test_other_lists_of_codes_with_descriptions_are_of_another_format() -> None:
    without_days = table(("97", "words"), ("98", "words"))
    of_services = table(("99213", "words | Start: 01/01/1995"), ("99214", "words"))
    for content in (without_days, of_services, table()):
        assert not reason_codes.FORMAT.recognises(file(content))
    with pytest.raises(ReleaseError, match="neither a list of CARC nor one of RARC"):
        list(reason_codes.read(file(without_days)))
