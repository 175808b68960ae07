"""What can stand for a thing in its own words."""

from __future__ import annotations

import pytest

from kg.extraction.wording.things import is_bare, is_clean, is_name
from kg.extraction.wording.vocabulary import words_of
from kg.model import Kind


@pytest.mark.parametrize(
    "phrase",
    ["toxicity grade", "2nd toxicity grade", "a toxicity grade", "in-person exam grade", "use of drug levels",
     "severity of arthritis", "arthritis severity"],
)  # fmt: skip
def test_what_can_be_documented_in_its_own_words(phrase: str) -> None:
    assert is_clean(Kind.DOCUMENTATION, phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        # One word, a number, a code or a question.
        "", "grade", "2 grades of toxicity", "12 34", "M06.9 and 96413", "toxicity grade?", "toxicity_grade",
        # A sentence, or what is torn out of one.
        "office keeps it in the fridge", "signed by nurse", "showing the dose", "use drug levels", "in person",
        "they grade", "should grade", "patient's", "b toxicity grade", "grade available", "missing grade",
        "one two three four five six seven eight nine ten",
        # A person, a drug or a disease.
        "nurse", "tocilizumab", "rheumatoid arthritis",
    ],
)  # fmt: skip
def test_what_cannot_be_documented_in_its_own_words(phrase: str) -> None:
    assert not is_clean(Kind.DOCUMENTATION, phrase)


@pytest.mark.parametrize(
    ("kind", "phrase", "clean"),
    [
        (Kind.REQUIREMENT, "methotrexate trial", True),
        (Kind.REQUIREMENT, "trial of methotrexate", True),
        (Kind.REQUIREMENT, "trial", False),
        (Kind.REQUIREMENT, "blue sky", False),
        (Kind.DENIAL, "missing grade", True),
        (Kind.DENIAL, "codes that do not match", True),
        (Kind.DENIAL, "grade", False),
        (Kind.DENIAL, "missing", False),
        (Kind.DENIAL, "they are missing it", False),
    ],
)
def test_what_can_be_required_or_be_a_reason_for_a_denial(kind: Kind, phrase: str, clean: bool) -> None:
    assert is_clean(kind, phrase) is clean


@pytest.mark.parametrize(
    ("text", "bare"),
    [("96413", True), ("J3262 and M06.9", True), ("modifier JW or 59", True), ("code", True), ("JW waste", False),
     ("the dose", False), ("", True)],
)  # fmt: skip
def test_words_that_are_only_codes_and_small_words(text: str, bare: bool) -> None:
    assert is_bare(text, words_of(text)) is bare


def test_the_words_of_the_names_of_drugs_and_payers_are_names() -> None:
    assert is_name("tocilizumab") and is_name("actemra") and is_name("aetna")
    assert not is_name("of") and not is_name("weight") and not is_name("")
