"""Add-on codes of the NCCI: which primary codes each needs, in the days that the list states."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference.formats import ncci_aoc, read_contents, recognise
from kg.reference.release import Edition, ReleaseFile

from .workbooks import book, sheet

HEADER = (
    "AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
    "AOC_Edit_DelDT", "Special_Instruction_Notes",
)  # fmt: skip
NOTICE = "CPT codes only are copyright."
PAIRS = (
    ("1", "96415", "", "96413", "", "2013091", "", ""),
    ("3", "96376", "", "96374", "", "2013091", "2019365", "96376 may be reported by facilities only"),
    ("2", "0054T", "", "CCCCC", "", "2013091", "", "Contractor Defined Primary Codes"),
)


def text(*rows: tuple[str, ...]) -> bytes:
    return "\n".join("\t".join(row) for row in ((NOTICE,), HEADER, *rows)).encode()


def lines(*rows: tuple[str, ...]) -> bytes:
    widths = (1, 5, 7, 5, 7, 7, 7, 58)
    cut = ("".join(cell.ljust(width)[:width] for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line}\r\n" for line in cut).encode()


def file(content: bytes, name: str = "AOC_V2026Q2-MCR.txt") -> ReleaseFile:
    return ReleaseFile(name, content, f"here/{name}", (name,))


def edition(content: bytes, name: str = "AOC_V2026Q2-MCR.txt") -> Edition:
    found = recognise(file(content, name))
    assert found is not None
    (read,) = found.read(file(content, name))
    return read


def test_an_add_on_code_needs_its_primary_codes_in_the_days_of_the_pair() -> None:
    first, second, _ = edition(text(*PAIRS)).statements
    assert (first.subject.curie, first.relation, first.object.curie) == ("cpt:96415", Relation.ADD_ON_TO, "cpt:96413")
    assert (first.row, first.valid_from, first.valid_through) == (3, date(2013, 4, 1), None)
    assert first.details == (("addOnType", "1"),)
    assert (second.valid_from, second.valid_through) == (date(2013, 4, 1), date(2019, 12, 31))
    assert second.details == (
        ("addOnType", "3"),
        ("specialInstruction", "96376 may be reported by facilities only"),
    )
    assert second.text == "3 | 96376 | 96374 | 2013091 | 2019365 | 96376 may be reported by facilities only"


def test_where_the_contractor_names_the_primary_codes_the_code_has_the_status_of_its_type() -> None:
    *_, third = edition(text(*PAIRS)).statements
    assert (third.subject.curie, third.relation, third.object.curie) == (
        "cpt:0054T", Relation.HAS_STATUS, "status:ncci-add-on-2",
    )  # fmt: skip
    assert third.object.label == "NCCI add-on type 2: the contractor says which codes are primary codes"


@pytest.mark.parametrize("notes", [HEADER[-1], "Special Instruction / Notes"])
@pytest.mark.parametrize("days", ["", " (Julian)"])
def test_a_workbook_says_the_same_also_under_other_names_of_its_columns(days: str, notes: str) -> None:
    header = (*(f"{name}{days}" if name.endswith("DT") else name for name in HEADER[:-1]), notes)
    numbers = [[float(cell) if cell.isdecimal() and len(cell) != 5 else cell for cell in row] for row in PAIRS]
    found = edition(book(sheet([[NOTICE], header, *numbers])), "AOC_V2026Q2-MCR.xlsx")
    assert found.statements == edition(text(*PAIRS)).statements


def test_lines_of_fixed_width_say_the_same_but_for_notes_that_are_cut() -> None:
    found = edition(lines(*PAIRS), "AOC_V2026Q2-F-MCR.txt")
    assert [(s.subject, s.relation, s.object, s.valid_from, s.valid_through, s.details) for s in found.statements] == [
        (s.subject, s.relation, s.object, s.valid_from, s.valid_through, s.details)
        for s in edition(text(*PAIRS)).statements
    ]
    assert [statement.row for statement in found.statements] == [1, 2, 3]
    long = (
        "1",
        "96415",
        "",
        "96413",
        "",
        "2013091",
        "",
        "a note that is longer than the fifty-eight characters for it",
    )
    (cut,) = edition(lines(long)).statements
    assert dict(cut.details)["specialInstruction"] == long[-1][:58].strip()


def test_of_an_archive_the_lines_are_passed_over_beside_the_table(tmp_path: Path) -> None:
    path = tmp_path / "add-code-edits-medicare-effective-04012026.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AOC_V2026Q2-MCR.txt", text(*PAIRS))
        archive.writestr("AOC_V2026Q2-F-MCR.txt", lines(*PAIRS[:2]))
        archive.writestr("AOC_V2026Q2-MCR.xlsx", book(sheet([[NOTICE], HEADER, *PAIRS])))
    contents = read_contents(path)
    (found,) = contents.editions
    assert found.rows == 3
    assert contents.passed_over == ("AOC_V2026Q2-F-MCR.txt",)


def test_a_pair_ends_with_the_first_of_its_codes() -> None:
    row = ("1", "96415", "2020366", "96413", "2018365", "2013091", "2021365", "")
    (pair,) = edition(text(row)).statements
    assert pair.valid_through == date(2018, 12, 31)
    (pair,) = edition(text((*row[:4], "", *row[5:]))).statements
    assert pair.valid_through == date(2020, 12, 31)


def test_the_release_is_that_of_its_quarter() -> None:
    release = edition(text(*PAIRS)).release
    assert (release.identifier, release.title) == ("ncci-aoc-2026-04", "NCCI add-on codes, April 2026")
    assert (release.issued, release.series, release.complete) == (date(2026, 4, 1), "ncci-aoc", False)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("4", "96415", "", "96413", "", "2013091", "", ""), "not a type of add-on code: '4'"),
        (("", "96415", "", "96413", "", "2013091", "", ""), "not a type of add-on code: ''"),
        (("1", "9641", "", "96413", "", "2013091", "", ""), "neither a HCPCS Level II nor a CPT code: '9641'"),
        (("1", "96415", "", "ALL", "", "2013091", "", ""), "neither a HCPCS Level II nor a CPT code: 'ALL'"),
        (("1", "96415", "", "96413", "", "2013366", "", ""), "not a day: '2013366'"),
        (("1", "96415", "", "96413", "", "2013000", "", ""), "not a day: '2013000'"),
        (("1", "96415", "never", "96413", "", "2013091", "", ""), "not a day: 'never'"),
        (("1", "96415", "", "96413", "", "", "", ""), "no effective date"),
        (("1", "96415", "", "96413", "", "2013091", "2013090", ""), "never in force"),
        (("1", "96415"), "neither a HCPCS Level II nor a CPT code: ''"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_with_the_reason(row: tuple[str, ...], reason: str) -> None:
    found = edition(text(*PAIRS, row))
    assert [(left.row, left.reason) for left in found.left_out] == [(6, reason)]
    assert (found.rows, len(list(found.statements))) == (4, 3)


def test_a_line_that_is_cut_short_is_a_row() -> None:
    found = edition(b"CPT only copyright.\n\n" + lines(*PAIRS) + b"19641\n")
    assert [(left.row, left.reason) for left in found.left_out] == [(6, "not a type of add-on code: '19641'")]
    assert found.rows == 4


def test_a_column_that_is_missing_is_named() -> None:
    content = text(*PAIRS).replace(b"AOC_Edit_EffDT", b"When")
    with pytest.raises(ReleaseError, match=r"^here/AOC_V2026Q2-MCR.txt:2: no column 'effective' in the header"):
        edition(content)


def test_another_table_or_other_lines_are_of_another_format() -> None:
    for content in (b"", b"A0021000100003Ambulance service".ljust(320) + b"\n", b"Code\tPrimary_Code\n1\t2\n"):
        assert not ncci_aoc.FORMAT.recognises(file(content))
        assert not ncci_aoc.LINES.recognises(file(content))
