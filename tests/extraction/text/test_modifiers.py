"""Modifiers in prose and in cells: two characters that mean one, and those that mean something else."""

from __future__ import annotations

import pytest

from kg.extraction.text.folding import fold
from kg.extraction.text.modifiers import modifiers_in_cell, modifiers_in_prose, name_of_modifier


def in_prose(text: str, *, about: bool = False) -> list[str]:
    whole = (0, len(text))
    return [found.code.value for found in modifiers_in_prose(text, fold(text), whole, whole, about=about)]


@pytest.mark.parametrize(
    ("text", "found", "in_section"),
    [
        ("Append JW.", "JW", "JW"),
        ("Append modifier JW or JZ.", "JW JZ", "JW JZ"),
        ("Modifiers 59, 25 and RT", "59 25 RT", "59 25 RT"),
        ("append JW (waste), JZ", "JW JZ", "JW JZ"),
        ("takes no 59", "59", "59"),
        ("modifier -59", "59", "59"),
        ('use "59" as modifier', "59", "59"),
        ("XX must be appended", "XX", "XX"),
        ("JW goes on the line.", "JW", "JW"),
        ("LT applies", "LT", "LT"),
        # Only a section on modifiers, or a word for them, makes these some.
        ("JW is here.", "", "JW"),
        ("GC applies", "", "GC"),
        ('"59" stands', "", "59"),
        ("Append RT in FL", "RT", "RT"),
        # Numbers, states, names and the subject of a letter.
        ("use 25 times", "", ""),
        ("Append 25 mg", "", ""),
        ("Atlanta, GA 30374 append", "", ""),
        ("MA is a modifier for some plans", "", ""),
        ("ECOG PS modifier", "", ""),
        ("the disease prurigo nodularis (PN) pays for modifiers", "", ""),
        ("", "", ""),
    ],
)
def test_the_modifiers_of_a_sentence(text: str, found: str, in_section: str) -> None:
    assert in_prose(text) == found.split()
    assert in_prose(text, about=True) == in_section.split()


def test_only_those_of_the_clause_are_found_and_where_they_stand() -> None:
    text = "Append JW here; append JZ there."
    clause = (text.index("append JZ"), len(text))
    (found,) = modifiers_in_prose(text, fold(text), (0, len(text)), clause, about=False)
    assert text[found.start : found.end] == found.code.value == "JZ"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("JW", "JW"), ("NO", "NO"), ("NO, JA", "JA"), ("-RT", "RT"), ("JW, JZ", "JW JZ"), ("59 or 25", "59 25"),
        ("IV, JA", "JA"), ("59 units", ""), ("59%", ""), ("1.59", ""), ("use JW", "JW"), ("one two JW", "JW"),
        ("one two three JW", ""), ("JW when part of the vial goes to waste in FL", "JW"),
        ("JW (drug goes to waste in part) and JZ", "JW JZ"), ("", ""),
    ],
)  # fmt: skip
def test_the_modifiers_of_a_cell(cell: str, found: str) -> None:
    assert [one.code.value for one in modifiers_in_cell(cell, 0, len(cell))] == found.split()


@pytest.mark.parametrize(
    ("text", "name"),
    [("JW (drug waste)", "drug waste"), ('"JW" (drug  waste)', "drug waste"), ("-JW (waste)", "waste"),
     ("JW (abc)", ""), ("JW (abcd)", "abcd"), ("JW: waste", ""), ("JW", "")],
)  # fmt: skip
def test_the_name_in_brackets_behind_a_modifier(text: str, name: str) -> None:
    assert name_of_modifier(text, 0, len(text)) == name
