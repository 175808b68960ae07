"""Quantities as people type them, and exact conversion between units that measure the same thing."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.model import Quantity

if TYPE_CHECKING:
    from pint import UnitRegistry

# A dose of a billion units in steps of a billionth: whatever lies outside is a slip of the keyboard.
LARGEST = Decimal(10) ** 9
_DECIMALS = 9
_LONGEST = 60

# UCUM is not a language that pint reads. These units convert into each other; every other unit is like itself alone.
# A unit of activity is what its drug is tested for: [U], [iU] and [USP'U] are never the same by rule.
_DEFINITIONS = {
    "g": "gram = [mass]",
    "kg": "kilogram = 1000 gram",
    "mg": "milligram = 1e-3 gram",
    "ug": "microgram = 1e-6 gram",
    "ng": "nanogram = 1e-9 gram",
    "L": "liter = [volume]",
    "mL": "milliliter = 1e-3 liter",
    "mCi": "millicurie = [radioactivity]",
    "uCi": "microcurie = 1e-3 millicurie",
    "[U]": "unit = [activity]",
    "10*6.[U]": "million_units = 1e6 unit",
}


def read_quantity(text: str) -> Quantity:
    """Read a quantity with its unit; raises `UsageError` with the value.

    >>> read_quantity("1,000 units")
    Quantity(number=Decimal('1000'), ucum='[U]', text='1,000 units')
    >>> read_quantity("480")
    Traceback (most recent call last):
    kg.errors.UsageError: not a number with a unit that is known, such as 480 mg: '480'
    """
    quantity = Quantity.parse(text) if len(text) <= _LONGEST else None
    if quantity is None:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        raise UsageError(f"not a number with a unit that is known, such as 480 mg: {shown!r}")
    return checked(quantity)


def checked(quantity: Quantity) -> Quantity:
    """The quantity itself, where it is one that can be given: above nothing and within reason."""
    number = quantity.number
    exponent = number.as_tuple().exponent
    if not number.is_finite() or number <= 0:
        raise UsageError(f"not more than nothing: {quantity.text!r}")
    if number > LARGEST or (isinstance(exponent, int) and -exponent > _DECIMALS):
        raise UsageError(f"not within {LARGEST:,} and {_DECIMALS} decimals: {quantity.text!r}")
    return quantity


def convert(quantity: Quantity, ucum: str) -> Decimal | None:
    """The number of a quantity in another unit, exactly, or None where the two measure different things.

    >>> convert(read_quantity("0.5 g"), "mg")
    Decimal('500')
    """
    if quantity.ucum == ucum:
        return quantity.number
    if quantity.ucum not in _DEFINITIONS or ucum not in _DEFINITIONS:
        return None
    registry = _registry()
    source, target = (_name(unit) for unit in (quantity.ucum, ucum))
    if not registry.is_compatible_with(source, target):
        return None
    return _plain(registry.Quantity(quantity.number, source).to(target).magnitude)


def words(number: Decimal, like: Quantity) -> str:
    """A number in the words of another quantity: 3 like "1 unit" is "3 units"."""
    return f"{_plain(number):,f} {unit_words(like, many=number != 1)}"


def unit_words(like: Quantity, many: bool = True) -> str:
    """The unit of a quantity in its own words."""
    unit = re.sub(r"^[\d.,\s-]+", "", like.text) or like.ucum
    if like.ucum in ("[U]", "[USP'U]") or like.ucum.startswith("{"):
        return unit.removesuffix("s") + ("s" if many else "")
    return unit


def said(number: Decimal, like: Quantity) -> Quantity:
    """A number with the unit of another quantity."""
    return Quantity(_plain(number), like.ucum, words(number, like))


def _plain(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    return Decimal(f"{number.normalize():f}")


def _name(ucum: str) -> str:
    return _DEFINITIONS[ucum].partition(" ")[0]


@cache
def _registry() -> UnitRegistry[Decimal]:
    # Importing pint takes a fifth of a second, its own table of units as long again.
    from pint import UnitRegistry

    registry: UnitRegistry[Decimal] = UnitRegistry(None, non_int_type=Decimal)
    for definition in _DEFINITIONS.values():
        registry.define(definition)
    return registry
