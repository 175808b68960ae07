"""Packages as people type them, and as the releases count them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.errors import UsageError
from kg.units import package_of, read_packages, read_quantity


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("80mg,200mg,400mg", ["80mg", "200mg", "400mg"]),
        ("80 mg; 200 mg", ["80 mg", "200 mg"]),
        ("1,000 units,2,000 units", ["1,000 units", "2,000 units"]),
        ("1,000,000 units", ["1,000,000 units"]),
        ("0.5 mL", ["0.5 mL"]),
    ],
)
def test_packages_are_amounts_between_commas(text: str, amounts: list[str]) -> None:
    assert [package.amount.text for package in read_packages(text)] == amounts


@pytest.mark.parametrize(
    ("text", "value"), [("", "''"), ("80mg,,200mg", "''"), ("80,200 mg,x", "'x'"), ("80 mg/400 mg", "80")]
)
def test_what_is_no_package_is_refused_with_its_value(text: str, value: str) -> None:
    with pytest.raises(UsageError, match=value):
        read_packages(text)


def test_there_is_a_bound_on_packages() -> None:
    with pytest.raises(UsageError, match="more than 50 packages"):
        read_packages("1 mg;" * 60)


def test_billing_units_of_a_release_make_an_amount() -> None:
    found = package_of(Decimal("40"), read_quantity("10 mg"))
    assert (found.number, found.ucum, found.text) == (Decimal(400), "mg", "400 mg")
    assert package_of(Decimal("0.5"), read_quantity("1,000 units")).text == "500 units"


@pytest.mark.parametrize("count", ["0", "-1", "NaN", "Infinity"])
def test_billing_units_are_more_than_nothing(count: str) -> None:
    with pytest.raises(UsageError, match=count):
        package_of(Decimal(count), read_quantity("1 mg"))
