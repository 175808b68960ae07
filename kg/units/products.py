"""Products: the packages that one labeler sells of one drug, and the best of them for a dose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kg.errors import UsageError
from kg.model import Concept, Quantity
from kg.units.packages import Package
from kg.units.plan import Plan, plan
from kg.units.quantities import words

_MOST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where a unit or a package is written: a row of a release (`release:…`) or a line of a document (`document:…`)."""

    title: str
    identifier: str
    row: int
    text: str

    def __str__(self) -> str:
        where = "line" if self.identifier.startswith("document:") else "row"
        return f"{self.title}, {where} {self.row:,}" if self.row else self.title


@dataclass(frozen=True, slots=True)
class CodeUnit:
    """What one billing unit of a code is, and where that is written; `others` are those that say something else."""

    code: Concept
    quantity: Quantity
    source: Source
    others: tuple[tuple[Quantity, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class SoldPackage(Package):
    """A single vial or syringe of a package that is sold, as a release counts it."""

    labeler: str = ""
    billing_units: Decimal = Decimal(0)
    origin: Source | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """The packages that one labeler sells of one drug."""

    name: str
    labeler: str
    packages: tuple[SoldPackage, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.labeler})" if self.labeler else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """A product, and the plan of the dose with its packages alone."""

    product: Product
    plan: Plan

    def __str__(self) -> str:
        opened = " + ".join(f"{count} × {package.amount.text}" for package, count in self.plan.packages)
        leftover = self.plan.amount_discarded
        return f"{self.product}: {opened}, {words(leftover.number, leftover) if leftover else 'nothing'} left over"


@dataclass(frozen=True)
class CodePlan(Plan):
    """The plan of a dose of a code, with all that it rests on.

    `product` is the one whose packages are opened, `alternatives` are the others, the best first: packages of
    different products are never mixed in one plan.
    """

    code: Concept
    sources: tuple[Source, ...]
    product: Product | None = None
    alternatives: tuple[Choice, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The plan as one object of plain values."""
        return {
            "code": self.code.curie,
            "name": self.code.name or "",
            "dose": self.dose.text,
            "unit": self.unit.text,
            "units_administered": self.units_administered,
            "units_discarded": self.units_discarded,
            "units_billed": self.units_billed,
            "amount_discarded": self.amount_discarded.text if self.amount_discarded else None,
            "lines": [
                {"code": self.code.key, "modifier": line.modifier, "units": line.units, "words": line.words}
                for line in self.lines
            ],
            "packages": [_opened(package, count) for package, count in self.packages],
            "alternatives": [_chosen(choice) for choice in self.alternatives],
            "sources": [
                {"source": source.identifier, "title": source.title, "row": source.row, "text": source.text}
                for source in self.sources
            ],
            "notes": list(self.notes),
        }


def _opened(package: Package, count: int) -> dict[str, Any]:
    fields = {"count": count, "amount": package.amount.text, "ndc": package.ndc, "name": package.name}
    if not isinstance(package, SoldPackage) or package.origin is None:
        return fields
    origin = {"source": package.origin.identifier, "row": package.origin.row}
    return {**fields, "labeler": package.labeler, "billing_units": f"{package.billing_units:f}", **origin}


def _chosen(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.product.name,
        "labeler": choice.product.labeler,
        "units_discarded": choice.plan.units_discarded,
        "packages": [_opened(package, count) for package, count in choice.plan.packages],
    }


def products_of(packages: Iterable[SoldPackage]) -> list[Product]:
    """Packages by product: of one name, and of one labeler, who has the first five digits of the NDC.

    >>> from kg.units import read_quantity
    >>> sold = [SoldPackage(read_quantity("1 mg"), ndc, name) for ndc, name in
    ...         [("00001-0001-01", "One"), ("00002-0001-01", "Other"), ("00001-0002-01", "ONE ")]]
    >>> [(product.name, len(product.packages)) for product in products_of(sold)]
    [('One', 2), ('Other', 1)]
    """
    by_product: dict[tuple[str, str], list[SoldPackage]] = {}
    for package in packages:
        by_product.setdefault((package.ndc[:5], " ".join(package.name.lower().split())), []).append(package)
    return [Product(group[0].name.strip(), group[0].labeler, tuple(group)) for group in by_product.values()]


def choose(
    dose: Quantity, unit: Quantity, products: Sequence[Product], code: str = "", day: date | None = None
) -> list[Choice]:
    """The plan of a dose with each product, the best first: the least waste, then the fewest packages.

    A product whose packages are too small for the dose is left out; where all are, `UsageError` is raised.
    """
    plans: dict[frozenset[str], Plan | UsageError] = {}
    choices, refused = list[Choice](), list[UsageError]()
    for product in products:
        # Generic drugs come in the same sizes from dozens of labelers.
        sizes = frozenset(package.amount.text for package in product.packages)
        if sizes not in plans:
            plans[sizes] = _planned(dose, unit, product, code, day)
        outcome = plans[sizes]
        if isinstance(outcome, UsageError):
            refused.append(outcome)
        else:
            choices.append(Choice(product, _with_packages_of(product, outcome)))
    if refused and not choices:
        raise refused[0]
    return sorted(choices, key=_worth)


def _planned(dose: Quantity, unit: Quantity, product: Product, code: str, day: date | None) -> Plan | UsageError:
    try:
        return plan(dose, unit, product.packages, code, day)
    except UsageError as exc:
        return exc


def _with_packages_of(product: Product, like: Plan) -> Plan:
    """The same plan with the packages of another product that come in the same sizes."""
    ordered = sorted(product.packages, key=lambda package: package.ndc, reverse=True)
    own = {package.amount.text: package for package in ordered}
    opened = tuple((own[package.amount.text], count) for package, count in like.packages)
    return Plan(**{**vars(like), "packages": opened})


def _worth(choice: Choice) -> tuple[Decimal, int, str, str, str]:
    leftover = choice.plan.amount_discarded
    count = sum(number for _, number in choice.plan.packages)
    first = choice.product.packages[0].ndc
    return leftover.number if leftover else Decimal(0), count, choice.product.name, choice.product.labeler, first


def alternatives_note(choices: Sequence[Choice]) -> tuple[str, ...]:
    """The products that were not chosen, in a sentence; the first few of them by what they come to."""
    if len(choices) < 2:
        return ()
    others = choices[1:]
    more = f"; and {len(others) - _MOST_LISTED} more" if len(others) > _MOST_LISTED else ""
    listed = "; ".join(map(str, others[:_MOST_LISTED]))
    return (f"{choices[0].product} is taken, and not mixed with other products. The others: {listed}{more}.",)
