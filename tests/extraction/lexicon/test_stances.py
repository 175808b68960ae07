from __future__ import annotations

import pytest

from kg.extraction.lexicon import Where, stance_of
from kg.model import Strength


@pytest.mark.parametrize(
    "text",
    [
        "Never used with drug codes",
        "Not covered",
        "Do not append it",
        "Should not be billed separately",
        "It cannot be reported with the code",
        "Excluded from coverage",
        "No longer accepted",
        "contraindicated in active infection",
        "No",
        "No; use the other one",
        "Avoid",
    ],
)
def test_a_no_excludes(text: str) -> None:
    assert stance_of(text, Where.CELL).excludes
    assert stance_of(text.upper(), Where.CELL).excludes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Use when waste is billed",
        "Use when the review is not complete",
        "If the vial is not empty, append it",
        "Append it unless the dose is not documented",
        "Notify the payer",
        "Used for nocturnal symptoms",
        "Not typically used",
        "rarely covered",
    ],
)
def test_a_no_within_a_condition_excludes_nothing(text: str) -> None:
    assert not stance_of(text, Where.CELL).excludes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use for waste", "stated"),
        ("Must be appended", "required"),
        ("Mandatory on all claims", "required"),
        ("Always report it", "required"),
        ("A weight is required", "required"),
        ("It is not required", "stated"),
        ("May be billed", "permitted"),
        ("Optional", "permitted"),
        ("Can be used at the discretion of the payer", "permitted"),
        ("Off-label", "offLabel"),
        ("May be used off label", "offLabel"),
        ("not an approved indication", "offLabel"),
        ("Not off-label", "stated"),
        ("Not typically used", "atypical"),
        ("Rarely billed", "atypical"),
        ("Use if the payer may ask for it", "stated"),
        ("Append it when a weight must be shown", "stated"),
    ],
)
def test_strength_is_told_by_the_main_clause(text: str, expected: str) -> None:
    assert stance_of(text, Where.CELL).strength == expected


@pytest.mark.parametrize(
    "text", ["Use when off-label", "Covered if the use is off-label", "Rarely, when given off-label"]
)
def test_off_label_is_said_of_the_whole_wherever_it_stands(text: str) -> None:
    assert {stance_of(text, where).strength for where in (Where.CELL, Where.PROSE)} == {Strength.OFF_LABEL}
