"""Which entry of a kept list fits a phrase."""

from __future__ import annotations

import pytest

from kg.extraction.wording.kept_lists import content, entry_for, is_content, is_outright, names_fault
from kg.model import Kind

DENIAL, DOCUMENTATION, REQUIREMENT = Kind.DENIAL, Kind.DOCUMENTATION, Kind.REQUIREMENT


@pytest.mark.parametrize(
    ("kind", "phrase", "entry"),
    [
        (DENIAL, "no NDC", "missing-ndc"),
        (DENIAL, "the NDC is not on the claim", "missing-ndc"),
        (DENIAL, "2 missing NDC", "missing-ndc"),
        (DENIAL, "NDC", None),
        (DENIAL, "missing weight", "missing-weight"),
        (DENIAL, "insufficient step therapy", "missing-step-therapy"),
        (DENIAL, "wrong weight", None),
        (DENIAL, "missing " + "and some other words about many things of all kinds " * 5, None),
        (DOCUMENTATION, "the patient's weight", "body-weight"),
        (DOCUMENTATION, "weight in kg", "body-weight"),
        (DOCUMENTATION, "weight 2", None),
        (DOCUMENTATION, "", None),
        (DOCUMENTATION, "the of and", None),
        (REQUIREMENT, "prior authorization", "prior-authorization"),
        (REQUIREMENT, "prior authorization 2", "prior-authorization"),
        (REQUIREMENT, "rheumatologist prescribes", "specialist-prescriber"),
        (REQUIREMENT, "weight", "required-weight-documentation"),
    ],
)
def test_the_entry_that_fits_a_phrase(kind: Kind, phrase: str, entry: str | None) -> None:
    assert entry_for(kind, phrase) == entry


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("missing NDC", True), ("no NDC", True), ("not on file", True), ("fails to match", True),
        ("units above the limit", True), ("the claim form", False), ("NDC", False), ("", False),
    ],
)  # fmt: skip
def test_what_says_that_something_is_wrong(phrase: str, fault: bool) -> None:
    assert names_fault(phrase) is fault


def test_words_for_one_fault_stand_as_one_in_a_denial_alone() -> None:
    assert content(DENIAL, "no NDC") == content(DENIAL, "missing NDC") == content(DENIAL, "without the NDC")
    assert content(DOCUMENTATION, "no NDC") != content(DOCUMENTATION, "missing NDC")
    (fault,) = content(DENIAL, "missing NDC") - content(DENIAL, "NDC")
    (thing,) = content(DENIAL, "NDC")
    assert (is_content(fault), is_content(thing)) == (False, True)


def test_specialists_of_all_kinds_are_specialists_in_a_requirement_alone() -> None:
    assert content(REQUIREMENT, "rheumatologist") == content(REQUIREMENT, "oncologist") == {"specialist"}
    assert content(DOCUMENTATION, "rheumatologist") != content(DOCUMENTATION, "oncologist")


def test_what_is_meant_anywhere_and_what_only_where_something_is_required() -> None:
    assert is_outright(REQUIREMENT, "prior authorization is needed", "prior-authorization")
    assert not is_outright(REQUIREMENT, "prior authorization", "step-therapy")
    assert not is_outright(REQUIREMENT, "age", "age-limit")
    assert not is_outright(REQUIREMENT, "age", "no such entry")
