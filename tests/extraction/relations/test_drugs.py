"""The quantity that a code is billed by, and the drug that a short text names."""

from __future__ import annotations

import pytest

from kg.documents import parse
from kg.extraction import extract
from kg.extraction.relations.drugs import drug_in
from kg.extraction.relations.units import unit_at_end, unit_in
from kg.extraction.text.text import Text
from kg.model import Relation


def text_of(said: str) -> tuple[Text, int, int]:
    """A text that something stands before and behind, and where it begins and ends."""
    text = Text(parse(f"Here {said} there\n".encode(), "a.md"))
    return text, 5, 5 + len(said)


@pytest.mark.parametrize(
    ("said", "unit", "bare"),
    [
        ("billed per 1 mg", "1-mg", "1-mg"),
        ("1 mg", None, "1-mg"),
        (".5 mg", None, "0.5-mg"),
        ("5mg", None, "5-mg"),
        ("dose of 1 mg", None, None),
        ("100 mg vial", None, None),
        ("10 mg (vial)", None, None),
        ("(10 mg) vial", None, "10-mg"),
        ("per 10 units", "10-units", "10-units"),
        ("per 1,000 units", "1000-units", "1000-units"),
        ("one unit is 5 mg", "5-mg", "1-unit"),
        ("5 mg equals one unit", "5-mg", "5-mg"),
        ("ten mg per unit", "10-mg", "10-mg"),
        ("a 5-mg unit", "5-mg", "5-mg"),
        ("60 mg dose equals 4 units", None, None),
        ("1 unit, zero discarded", None, None),
        ("2 units administered", None, None),
        ("more than 10 mg", None, None),
        ("3 mg / 125 mg", None, None),
        ("235 mg and palonosetron 0.25 mg", None, None),
        ("Injection, abatacept, 10 mg", "10-mg", "10-mg"),
        ("abatacept 10 mg", None, "10-mg"),
        ("per study dose", None, "1-dose"),
        ("J1569 immune globulin, per gram", "1-g", "1-g"),
        ("immune globulin, per gram", None, "1-g"),
        ("v1.5 mg", None, None),
        ("5 mg/kg", None, None),
        ("per 5 mg/ml", None, None),
        ("nothing", None, None),
    ],
)
def test_a_unit_is_told_from_a_dose_a_strength_and_several_amounts(
    said: str, unit: str | None, bare: str | None
) -> None:
    found = [unit_in(*text_of(said)), unit_in(*text_of(said), bare=True)]
    assert [one and one.key for one in found] == [unit, bare]


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("Injection, abatacept, 10 mg", "10-mg"), ("Leuprolide acetate /3.75 mg", "3.75-mg"),
        ("Aflibercept, per 1 mg", "1-mg"), ("Aflibercept (Eylea), 1 mg", "1-mg"), ("abatacept 10 mg", None),
        ("the dose of abatacept, 10 mg", None), ("abatacept, 10 mg vial", None), ("abatacept, ten mg", None),
    ],
)  # fmt: skip
def test_the_unit_that_a_short_descriptor_ends_with(said: str, unit: str | None) -> None:
    found = unit_at_end(*text_of(said))
    assert (found and found.key) == unit


@pytest.mark.parametrize(
    ("said", "drug"),
    [
        ("Actemra (tocilizumab)", ("tocilizumab", "tocilizumab")),
        ("tocilizumab (Actemra)", ("tocilizumab", "tocilizumab")),
        ("Actemra", ("tocilizumab", "tocilizumab")),
        ("Tocilizumab", ("tocilizumab", "Tocilizumab")),
        ("Obscurin", ("obscurin", "Obscurin")),
        ("obscurin acid", ("obscurin-acid", "obscurin acid")),
        ("Brandname (obscurin)", ("obscurin", "obscurin")),
        ("Injection, obscurin", ("obscurin", "obscurin")),
        ("trastuzumab deruxtecan", ("trastuzumab-deruxtecan", "trastuzumab deruxtecan")),
        ("  ", None), ("IV", None), ("abc", None), ("none", None), ("see below", None), ("12345", None),
        ("Unclassified drugs", None), ("one two six ten six ten", None),
    ],
)  # fmt: skip
def test_the_drug_that_a_short_text_names(said: str, drug: tuple[str, str] | None) -> None:
    found = drug_in(*text_of(said))
    assert (found and (found[0].key, found[1])) == drug


@pytest.mark.parametrize(
    ("sentence", "drugs"),
    [
        ("Pembrolizumab uses J9299, 1 mg.", ["drug:pembrolizumab"]),
        ("**Pembrolizumab (Keytruda)** uses HCPCS code J9299 per 1 mg.", ["drug:pembrolizumab"]),
        ("Pembrolizumab takes J9299.", ["drug:pembrolizumab"]),
        ("Pembrolizumab does not use J9299.", []),
        ("Pembrolizumab uses another code than J9299.", []),
    ],
)
def test_a_drug_that_uses_a_code_is_billed_as_it(sentence: str, drugs: list[str]) -> None:
    found = extract(parse(f"{sentence}\n".encode(), "note.md")).assertions
    assert [one.object.curie for one in found if one.relation is Relation.IDENTIFIES_DRUG] == drugs


def test_names_stand_before_the_sign_that_makes_them_equal_to_codes() -> None:
    found = extract(parse(b"Mirena = J7298 ParaGard = J7300 Skyla = J7301\n", "note.md")).assertions
    drugs = {(one.subject.key, one.object.key) for one in found if one.relation is Relation.IDENTIFIES_DRUG}
    assert drugs == {("J7300", "intrauterine-copper-contraceptive")}
