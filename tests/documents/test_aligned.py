"""Tables of plain text whose columns blanks set apart."""

from __future__ import annotations

import pytest

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


FORM = """J0775 Xiaflex

Billing unit .......... 0.01 mg
Injection ............. 20527
Modifiers ............. RT, LT
"""


def test_dots_lead_from_a_label_to_its_value() -> None:
    assert rows(text(FORM)) == [["Billing unit", "0.01 mg"], ["Injection", "20527"], ["Modifiers", "RT, LT"]]


def test_labels_with_their_values_in_one_column_are_rows() -> None:
    assert rows(text("Indication      Crohn's disease\nOther drugs     None\nSite            Office\n")) == [
        ["Indication", "Crohn's disease"],
        ["Other drugs", "None"],
        ["Site", "Office"],
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "Contents\nModifiers .... 25\nUnits .... 59\n",  # a table of contents, and no modifiers
        "Indication   Crohn's disease\nSite            Office\nRoute      IV\n",
        "Indication      Crohn's disease\nSite            Office\n",
        "GA      a notice is on file\nGZ      none was obtained\nGY      not used\n",
        "This is said.   And so is that.\nSo they went.   And came again.\nIt is over.     And that is all.\n",
    ],
)
def test_contents_ragged_lines_few_lines_modifiers_and_sentences_are_no_rows(lines: str) -> None:
    assert rows(text(lines)) == []
