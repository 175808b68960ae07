from __future__ import annotations

from decimal import Decimal

import pytest

from kg.model import Concept, Kind, Quantity


@pytest.mark.parametrize(
    ("text", "number", "ucum"),
    [
        ("1 mg", "1", "mg"),
        ("10mg", "10", "mg"),
        ("0.5 mg", "0.5", "mg"),
        (".5 mL", "0.5", "mL"),
        ("1,000 units", "1000", "[U]"),
        ("5-milligrams", "5", "mg"),
        ("1 mcg", "1", "ug"),
        ("1 µg", "1", "ug"),
        ("1 μg", "1", "ug"),
        ("100 IU", "100", "[iU]"),
        ("1 I.U.", "1", "[iU]"),
        ("100 USP units", "100", "[USP'U]"),
        ("1 dose", "1", "{dose}"),
        ("1 vial", "1", "{vial}"),
        ("1 sq cm", "1", "cm2"),
        ("1 cubic centimeter", "1", "mL"),
        ("3 cubic centimeters", "3", "mL"),
        ("1 billion vector genome", "1", "10*9{vg}"),
        ("1 million plaque forming units", "1", "10*6.[PFU]"),
        ("1 plaque forming unit", "1", "[PFU]"),
        ("10,000 KIU", "10000", "{KIU}"),
        ("1 therapeutic dose", "1", "{dose}"),
        ("1 infusion", "1", "{infusion}"),
        ("2 instillations", "2", "{instillation}"),
        ("1 patch", "1", "{patch}"),
    ],
)
def test_a_number_with_a_known_unit_is_a_quantity(text: str, number: str, ucum: str) -> None:
    found = Quantity.parse(f" {text} ")
    assert found is not None
    assert (found.number, found.ucum) == (Decimal(number), ucum)


@pytest.mark.parametrize(
    "text", ["", "mg", "10", "ten mg", "10 mg/mL", "per 10 mg", "1e3 mg", "10 parsecs", "1.2.3 mg"]
)
def test_anything_else_is_none(text: str) -> None:
    assert Quantity.parse(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 mg", "1 milligram"),
        ("1,000 units", "1000 unit"),
        ("1 mcg", "1 µg"),
        ("1 dose", "1 study dose"),
        ("1 cc", "1 mL"),
        ("1 cubic centimeter", "1 mL"),
        ("1 therapeutic dose", "1 dose"),
        ("1 billion vector genome", "1 billion vector genomes"),
    ],
)
def test_the_same_quantity_in_other_words_is_one_concept(one: str, other: str) -> None:
    first, second = Quantity.parse(one), Quantity.parse(other)
    assert first and second
    assert first.concept == second.concept


def test_quantities_that_differ_are_different_concepts() -> None:
    keys = {
        found.concept.key
        for text in ("1 mg", "10 mg", "0.1 mg", "1 g", "1 unit", "1 IU")
        if (found := Quantity.parse(text))
    }
    assert len(keys) == 6


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1 unit", "1-unit"), ("100 units", "100-units"), ("1 IU", "1-iu"), ("2 IU", "2-ius"), ("1 mg", "1-mg"),
        ("10 mg", "10-mg"),
    ],
)  # fmt: skip
def test_the_key_has_the_unit_as_it_is_said(text: str, key: str) -> None:
    found = Quantity.parse(text)
    assert found and found.concept.key == key


def test_the_words_of_the_document_stay_the_name() -> None:
    found = Quantity.parse("1,000  units")
    assert found
    assert found.concept.name == "1,000 units"


def test_a_unit_that_no_text_has_is_called_as_ucum_has_it() -> None:
    assert Quantity(Decimal(3), "{bottle}", "3 bottles").concept == Concept(Kind.QUANTITY, "3-bottle", "3 bottles")
