"""Pairs of codes of which the second is not paid beside the first."""

from __future__ import annotations

import pytest

from kg.extraction.tables.edits import UNLESS, edit_columns

from ..stating import left, read


def pairs(content: str) -> list[tuple[str, str, str, str]]:
    return [(a.subject.key, a.object.key, a.polarity.value, a.condition) for a in read(content).assertions]


@pytest.mark.parametrize(
    ("first", "second"), [("Column 1", "Column 2"), ("Col1", "Col2"), ("Column One Code", "column two code")]
)
def test_the_second_code_does_not_go_with_the_first(first: str, second: str) -> None:
    content = f"| {first} | {second} | Modifier |\n|---|---|---|\n"
    content += "| 45380 | 45378 | 0 |\n| 45385 | 45380 | 1 |\n| 1 | 2 | 3 |\n"
    assert pairs(content) == [("45380", "45378", "excluded", ""), ("45385", "45380", "excluded", UNLESS)]
    assert left(read(content))["| 1 | 2 | 3 |"] == "no relation fits"


@pytest.mark.parametrize(("word", "condition"), [("yes", UNLESS), ("true", UNLESS), ("no", ""), ("9", ""), ("", "")])
def test_a_modifier_may_set_a_pair_apart(word: str, condition: str) -> None:
    content = f"| Column 1 | Column 2 | Modifier allowed |\n|---|---|---|\n| 45380 | 45378 | {word} |\n"
    assert pairs(content) == [("45380", "45378", "excluded", condition)]


def test_other_tables_are_none_of_pairs() -> None:
    assert edit_columns(["Column 1", "Name"]) is None
    assert edit_columns(["Column 1 code", "Column 1 description", "Column 2 description", "Column 2 code"]) == (0, 3)
