"""Packages: single vials and syringes, and what each of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg import lazy_re as re
from kg.errors import UsageError
from kg.model import Quantity
from kg.units.quantities import checked, read_quantity, said

# Nothing comes in as many sizes.
_MOST = 50
# A comma in a number is followed by three digits and stands after one.
_SEPARATOR = re.compile(r";|,(?!\d{3}(?!\d))|(?<!\d),")


@dataclass(frozen=True, slots=True)
class Package:
    """A single vial or syringe, what it holds, and where that is written."""

    amount: Quantity
    ndc: str = ""
    name: str = ""
    source: str = ""


def read_packages(text: str) -> tuple[Package, ...]:
    """Read amounts with their units, separated by commas or semicolons; raises `UsageError` with the value.

    A comma between a digit and three more belongs to the number.

    >>> [package.amount.text for package in read_packages("80mg,200mg; 1,000 mg")]
    ['80mg', '200mg', '1,000 mg']
    """
    parts = _SEPARATOR.split(text)
    if len(parts) > _MOST:
        raise UsageError(f"more than {_MOST} packages: {text[:60]!r}…")
    return tuple(Package(read_quantity(part.strip())) for part in parts)


def package_of(billing_units: Decimal, unit: Quantity) -> Quantity:
    """What a package holds, from the billing units that a release counts in it.

    >>> package_of(Decimal("40"), read_quantity("10 mg")).text
    '400 mg'
    """
    if not billing_units.is_finite() or billing_units <= 0:
        raise UsageError(f"not a number of billing units: {str(billing_units)!r}")
    return checked(said(billing_units * unit.number, unit))
