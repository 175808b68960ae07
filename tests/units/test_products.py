"""Products: packages of one labeler and one drug, and the best of them for a dose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kg.errors import UsageError
from kg.units import read_quantity
from kg.units.products import Choice, SoldPackage, Source, alternatives_note, choose, products_of

UNIT = read_quantity("1 mg")


def sold(ndc: str, amount: str, name: str = "One", labeler: str = "Maker") -> SoldPackage:
    return SoldPackage(read_quantity(amount), ndc, name, labeler=labeler, billing_units=Decimal(1))


def chosen(dose: str, *packages: SoldPackage) -> list[Choice]:
    return choose(read_quantity(dose), UNIT, products_of(packages))


def test_a_product_is_one_name_of_one_labeler() -> None:
    packages = [sold("00001-0001-01", "1 mg"), sold("00001-0002-01", "2 mg", "ONE "), sold("00002-0001-01", "1 mg")]
    found = products_of([*packages, sold("00001-0003-01", "1 mg", "Other")])
    assert [(str(product), len(product.packages)) for product in found] == [
        ("One (Maker)", 2),
        ("One (Maker)", 1),
        ("Other (Maker)", 1),
    ]


def test_the_least_waste_comes_first_then_the_fewest_packages() -> None:
    choices = chosen(
        "100 mg",
        sold("00001-0001-01", "150 mg"),
        sold("00002-0001-01", "25 mg"),
        sold("00003-0001-01", "50 mg"),
    )
    assert [choice.product.packages[0].ndc[:5] for choice in choices] == ["00003", "00002", "00001"]


def test_products_of_the_same_sizes_keep_their_own_packages() -> None:
    first, second = chosen("10 mg", sold("00002-0001-01", "10 mg"), sold("00001-0001-01", "10 mg"))
    assert [choice.plan.packages[0][0].ndc for choice in (first, second)] == ["00001-0001-01", "00002-0001-01"]
    assert first.plan.lines == second.plan.lines


def test_of_packages_that_hold_the_same_the_first_ndc_is_taken() -> None:
    (choice,) = chosen("20 mg", sold("00001-0002-01", "10 mg"), sold("00001-0001-01", "10 mg"))
    assert [(package.ndc, count) for package, count in choice.plan.packages] == [("00001-0001-01", 2)]


def test_plans_follow_the_rules_of_the_day() -> None:
    (choice,) = choose(read_quantity("1 mg"), UNIT, products_of([sold("00001-0001-01", "1 mg")]), day=date(2015, 1, 1))
    assert [line.modifier for line in choice.plan.lines] == [""]


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert chosen("10 mg") == []


def test_where_no_product_will_do_the_error_says_why() -> None:
    with pytest.raises(UsageError, match="mL"):
        chosen("10 mg", sold("00001-0001-01", "10 mL"))


def test_the_first_few_others_are_told() -> None:
    makers = [sold(f"0000{number}-0001-01", "10 mg", labeler=f"Maker {number}") for number in range(6)]
    (note,) = alternatives_note(chosen("10 mg", *makers))
    assert note.startswith("One (Maker 0) is taken, and not mixed with other products. The others: One (Maker 1): ")
    assert note.endswith("; and 2 more.")
    assert alternatives_note(chosen("10 mg", makers[0])) == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("HCPCS", "release:hcpcs", 5297, ""), "HCPCS, row 5,297"),
        (Source("A guide", "document:guide", 3, ""), "A guide, line 3"),
        (Source("ICD-10-CM", "release:icd", 0, ""), "ICD-10-CM"),
    ],
)
def test_a_source_says_where_it_stands(source: Source, said: str) -> None:
    assert str(source) == said
