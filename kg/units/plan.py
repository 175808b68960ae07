"""The plan of a dose: its billing units, the packages it comes from, and the lines of the claim.

It follows the discarded drug policy of Medicare. A dose is billed in whole units, rounded up. What is left in
single-dose packages is billed in whole units, rounded down, on a line of its own with modifier JW; where no whole unit
is left, the one line bears JZ. JW is not for what the rounding up has paid for already.

Each rule has its first day. JW began on 2003-01-01, was left to the contractors, and is required since 2017-01-01; JZ
is required since 2023-07-01, half a year after the modifier began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from math import gcd

from kg.errors import UsageError
from kg.model import Quantity
from kg.units.packages import Package
from kg.units.quantities import checked, convert, said, unit_words, words

_JW_BEGAN, _JW_REQUIRED, _JZ_REQUIRED = date(2003, 1, 1), date(2017, 1, 1), date(2023, 7, 1)

# Units of which is not said what is measured by them, and those of which it is.
_OF_UNITS = frozenset({"[U]", "10*6.[U]"})
_UNITS_OF_A_KIND = {"[iU]": "international units", "[USP'U]": "USP units"}

_MOST_PACKAGES = 10_000
_MOST_STATES = 1_000_000


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line of a claim: its modifier (`JW`, `JZ` or none), its units, and what they are, in words."""

    modifier: str
    units: int
    words: str


@dataclass(frozen=True)
class Plan:
    """How a dose is put together and billed.

    `packages` are those that are opened, each with how many of it; without any, what is discarded is not known:
    `amount_discarded` is None. `notes` say what was rounded and assumed.
    """

    dose: Quantity
    unit: Quantity
    packages: tuple[tuple[Package, int], ...]
    units_administered: int
    units_discarded: int
    units_billed: int
    amount_discarded: Quantity | None
    lines: tuple[ClaimLine, ...]
    notes: tuple[str, ...]


def plan(
    dose: Quantity, unit: Quantity, packages: Sequence[Package] = (), code: str = "", day: date | None = None
) -> Plan:
    """Put a dose together from whole packages: the least waste, then the fewest packages, then the largest.

    The claim follows the rules of the `day` of service, None for those of today; `code` is only for messages. Raises
    `UsageError` where a quantity measures something else than the unit.

    >>> from kg.units import read_packages, read_quantity
    >>> made = plan(read_quantity("500 mg"), read_quantity("10 mg"), read_packages("80 mg, 200 mg, 400 mg"))
    >>> [(package.amount.text, count) for package, count in made.packages]
    [('200 mg', 1), ('80 mg', 4)]
    >>> [(line.modifier, line.units) for line in made.lines]
    [('', 50), ('JW', 2)]
    """
    # Digits enough for every quantity that `checked` lets through, in any unit: nothing is ever rounded unseen.
    with localcontext(prec=80):
        return _plan(dose, unit, packages, code, day or date.today())


def _plan(dose: Quantity, unit: Quantity, packages: Sequence[Package], code: str, day: date) -> Plan:
    needed = _in_unit(checked(dose), checked(unit), code)
    administered = _at_least(needed, unit.number)
    notes = _loosely((dose, *(package.amount for package in packages)), unit)
    notes += _rounding(dose, unit, needed, administered)
    if not packages:
        line = ClaimLine("", administered, f"{_units(administered)} administered")
        notes += ("The packages are not known, so neither is what was discarded: JW or JZ is not decided.",)
        return Plan(dose, unit, (), administered, 0, administered, None, (line,), notes)
    chosen = _choose(dose, needed, [(package, _in_unit(checked(package.amount), unit, code)) for package in packages])
    package_total = sum((size * count for _, size, count in chosen), Decimal(0))
    # Not what is left over the unit: administered and discarded together are never more than the packages hold.
    discarded = max(0, int(package_total // unit.number) - administered)
    leftover = package_total - needed
    if leftover and not discarded:
        notes += (f"{words(leftover, unit)} left over, less than can be billed as a unit of its own: no JW.",)
    return Plan(
        dose=dose,
        unit=unit,
        packages=tuple((package, count) for package, _, count in chosen),
        units_administered=administered,
        units_discarded=discarded,
        units_billed=administered + discarded,
        amount_discarded=said(leftover, unit),
        lines=_lines(administered, discarded, day),
        notes=(
            *notes,
            *_rules(discarded, day),
            "Each package is taken as single-dose: for multi-dose packages neither JW nor JZ applies.",
        ),
    )


def _in_unit(quantity: Quantity, unit: Quantity, code: str) -> Decimal:
    number = convert(quantity, "[U]" if _is_loosely_in(quantity, unit) else unit.ucum)
    if number is None:
        of = f"the unit of {code}" if code else "the unit"
        raise UsageError(f"cannot turn {quantity.text} into {unit_words(unit)} ({of} is {unit.text})")
    return number


def _is_loosely_in(quantity: Quantity, unit: Quantity) -> bool:
    """Whether a quantity in units, without saying which, is one of a code that is billed in international or USP units.

    The reverse is no mere matter of words: a unit of a botulinum toxin is none of the international units.
    """
    return quantity.ucum in _OF_UNITS and unit.ucum in _UNITS_OF_A_KIND


def _loosely(quantities: Iterable[Quantity], unit: Quantity) -> tuple[str, ...]:
    loose = dict.fromkeys(quantity.text for quantity in quantities if _is_loosely_in(quantity, unit))
    if not loose:
        return ()
    return (f"{', '.join(loose)}: taken as {_UNITS_OF_A_KIND[unit.ucum]}, in which the code is billed.",)


def _rounding(dose: Quantity, unit: Quantity, needed: Decimal, administered: int) -> tuple[str, ...]:
    if needed == administered * unit.number:
        return ()
    return (f"{dose.text} is not a whole number of units of {unit.text}: rounded up to {_units(administered)}.",)


def _lines(administered: int, discarded: int, day: date) -> tuple[ClaimLine, ...]:
    if not discarded:
        modifier = "JZ" if day >= _JZ_REQUIRED else ""
        return (ClaimLine(modifier, administered, f"{_units(administered)} administered, none discarded"),)
    return (
        ClaimLine("", administered, f"{_units(administered)} administered"),
        ClaimLine("JW" if day >= _JW_BEGAN else "", discarded, f"{_units(discarded)} discarded"),
    )


def _rules(discarded: int, day: date) -> tuple[str, ...]:
    """What is to be known of a modifier that was not required on the day."""
    if not discarded:
        return () if day >= _JZ_REQUIRED else (f"On {day} no JZ was required: it is since {_JZ_REQUIRED}.",)
    if day < _JW_BEGAN:
        return (f"On {day} there was no JW: it began on {_JW_BEGAN}.",)
    return () if day >= _JW_REQUIRED else (f"On {day} contractors decided on JW: it is required since {_JW_REQUIRED}.",)


def _units(count: int) -> str:
    return f"{count:,} unit{'' if count == 1 else 's'}"


def _choose(
    dose: Quantity, needed: Decimal, packages: Sequence[tuple[Package, Decimal]]
) -> list[tuple[Package, Decimal, int]]:
    """The packages that cover a dose, largest first. Of packages that hold the same, one is taken."""
    ordered = sorted(packages, key=lambda pair: (-pair[1], pair[0].ndc, pair[0].name, pair[0].source))
    first: dict[Decimal, Package] = {}
    for package, size in ordered:
        first.setdefault(size, package)
    scale = 10 ** max(0, *(-_exponent(number) for number in (needed, *first)))
    sizes = {int(size * scale): size for size in first}
    step = gcd(*sizes)
    goal = _at_least(needed * scale, Decimal(step))
    counts = _fewest(dose, goal, [size // step for size in sizes])
    return [(first[size], size, counts[whole // step]) for whole, size in sizes.items() if counts[whole // step]]


def _at_least(number: Decimal, unit: Decimal) -> int:
    """How many whole units cover a number."""
    return int(number // unit) + bool(number % unit)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _fewest(dose: Quantity, goal: int, sizes: Sequence[int]) -> Counter[int]:
    """How many of each size: the least sum that reaches the goal, made of the fewest.

    All of the smallest size overshoot by less than that size, so no sum beyond needs a look.
    """
    last = goal + min(sizes) - 1
    if -(-goal // max(sizes)) > _MOST_PACKAGES:
        raise UsageError(f"more than {_MOST_PACKAGES:,} packages would be needed for {dose.text}")
    if last * len(sizes) > _MOST_STATES:
        raise UsageError(f"more than {_MOST_STATES:,} sums of packages to try for {dose.text}: give rounder amounts")
    unreachable = last + 1
    fewest = [0] + [unreachable] * last
    for total in range(1, last + 1):
        fewest[total] = 1 + min((fewest[total - size] for size in sizes if size <= total), default=unreachable)
    total = next(total for total in range(goal, last + 1) if fewest[total] <= last)
    counts: Counter[int] = Counter()
    while total:
        size = next(size for size in sizes if size <= total and fewest[total - size] == fewest[total] - 1)
        counts[size] += 1
        total -= size
    return counts
