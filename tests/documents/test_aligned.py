"""Tables of plain text whose columns blanks set apart."""

from __future__ import annotations

from kg.documents import BlockKind

from .reading import rows, text

SHEET = """Charge sheet

CODE      DRUG                UNIT     ADMIN
J0129     abatacept           10 mg    96365
J2357     omalizumab          5 mg     96372
J1300     eculizumab                   96365, 96366

Call the pharmacy.
"""


def test_each_cell_stands_below_the_head_of_its_column() -> None:
    assert rows(text(SHEET)) == [
        ["CODE", "DRUG", "UNIT", "ADMIN"],
        ["J0129", "abatacept", "10 mg", "96365"],
        ["J2357", "omalizumab", "5 mg", "96372"],
        ["J1300", "eculizumab", "", "96365, 96366"],
    ]


def test_the_head_is_a_header() -> None:
    assert [block.kind for block in text(SHEET).blocks if block.cells][:2] == [BlockKind.HEADER, BlockKind.ROW]


def test_a_rule_may_stand_below_the_head() -> None:
    ruled = SHEET.replace("ADMIN\n", "ADMIN\n--------  ------------------  -------  --------\n")
    assert rows(text(ruled)) == rows(text(SHEET))


def test_a_cell_that_stands_below_no_head_ends_the_table() -> None:
    moved = SHEET.replace("J1300     eculizumab ", "          J1300  eculizumab  10 mg  96365  more ")
    assert len(rows(text(moved))) == 3


def test_prose_with_two_blanks_is_no_table() -> None:
    assert rows(text("Report JZ.  Report JW.  Report both.\nNever report one.  Call us.\n")) == []


def test_two_columns_are_no_table() -> None:
    assert rows(text("CODE      DRUG\nJ0129     abatacept\nJ2357     omalizumab\n")) == []
