"""The files of Medicare's average sales prices: which drugs are billed as what, and what is paid.

A file is of one quarter. What is paid ends with it; which code a drug is billed as, and by which unit, does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem, Concept, Kind, Quantity, Relation, Statement, slug
from kg.reference.formats import listing
from kg.reference.formats.columns import text_of_row
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import month_in
from kg.reference.service_codes import service_code

_LICENCE = "published by CMS; CPT codes in it are copyright of the American Medical Association"
_SOURCE = (
    "https://www.cms.gov/medicare/payment/all-fee-service-providers/medicare-part-b-drug-average-sales-price/"
    "asp-pricing-files"
)

# Short descriptions are not read: those of CPT codes are the AMA's.
_CROSSWALK = listing.Columns(
    {
        "code": r"(?:20\d\d)?(?:hcpcs)?code",
        "labeler": r"labell?er(?:name)?",
        "NDC": r"ndc\d*",
        "drug name": r"drugname",
        "dosage": r"hcpcs(?:code)?dosage",
        "package size": r"(?:pkg|package)size",
        "package quantity": r"(?:pkg|package)(?:qty|quantity)",
        "billing units": r"bill(?:ing)?units",
        "billing units per package": r"bill(?:ing)?units(?:per)?(?:pkg|package)",
    },
    marks=("code", "NDC"),
    optional=("labeler",),
)
_LIMITS = listing.Columns(
    {
        "code": r"(?:20\d\d)?(?:hcpcs)?code",
        "dosage": r"hcpcs(?:code)?dosage",
        "payment limit": r"paymentlimit",
        "coinsurance": r"coinsurancepercentage",
        "notes": r"notes",
    },
    marks=("code", "payment limit"),
    optional=("coinsurance", "notes"),
)
_DETAILS = {
    "packageSize": "package size",
    "packageQuantity": "package quantity",
    "billingUnits": "billing units",
    "billingUnitsPerPackage": "billing units per package",
}

_NUMBER = re.compile(r"\$?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{0,12})(?:\.[0-9]{1,12})?)(?<=[0-9])")
_EFFECTIVE = re.compile(r"effective\s+(\w+ \d{1,2}, ?\d{4})\s+(?:through|to|-)\s+(\w+ \d{1,2}, ?\d{4})", re.IGNORECASE)


def read_crosswalk(file: ReleaseFile) -> Iterator[Edition]:
    """Read a crosswalk: each NDC with the code that it is billed as and how it is packed, each code with its unit."""
    table = listing.read(file, _CROSSWALK)
    since, _ = _period(table)
    yield crosswalk(_release("asp-crosswalk", "ASP NDC-HCPCS crosswalk", CodeSystem.NDC, since), table.rows())


def crosswalk(release: Release, rows: Iterable[tuple[int, dict[str, str]]]) -> Edition:
    """A crosswalk of rows, each with its number and its cells by name: `code`, `labeler`, `NDC`, `drug name` …"""
    builder = _Crosswalk()
    for row, cells in rows:
        builder.take(row, cells)
    return Edition(release, builder.entries(), tuple(builder.statements), builder.rows, tuple(builder.left_out))


def read_limits(file: ReleaseFile) -> Iterator[Edition]:
    """Read payment limits: what is paid at most for one billing unit of a code."""
    table = listing.read(file, _LIMITS)
    since, through = _period(table)
    statements: list[Statement] = []
    left_out: list[LeftOut] = []
    rows = 0
    for row, cells in table.rows():
        rows += 1
        text = text_of_row(cells)
        try:
            code, limit = Concept.of(service_code(cells["code"])), _amount(cells["payment limit"])
        except (MalformedCode, _NotANumber) as exc:
            left_out.append(LeftOut(row, str(exc), text))
            continue
        details = (("dosage", cells["dosage"]),) if cells["dosage"] else ()
        statements.append(Statement(code, Relation.PAYMENT_LIMIT, limit, row, text, since, through, details))
        statements += _unit(code, row, cells, text)
    release = _release("asp-limits", "Medicare Part B payment limits", CodeSystem.HCPCS, since)
    yield Edition(release, (), tuple(statements), rows, tuple(left_out))


class _NotANumber(ValueError):
    """A cell that should hold a number does not."""


@dataclass(slots=True)
class _Drug:
    """What the rows say of one NDC; dicts for their order."""

    row: int
    names: dict[str, None] = field(default_factory=dict)
    labelers: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Crosswalk:
    rows: int = 0
    statements: list[Statement] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _drugs: dict[Code, _Drug] = field(default_factory=dict)
    _units: set[tuple[Concept, Concept]] = field(default_factory=set)

    def take(self, row: int, cells: dict[str, str]) -> None:
        """Take what a row says, or leave it out with the reason."""
        self.rows += 1
        text = text_of_row(cells)
        try:
            code = Concept.of(service_code(cells["code"]))
            # The unit of the code holds even where the drug has no NDC, as skin substitutes have none.
            self._take_unit(code, row, cells, text)
            ndc = Code.parse(cells["NDC"], CodeSystem.NDC)
            details = [(name, _number(cells[column])) for name, column in _DETAILS.items()]
        except (MalformedCode, _NotANumber) as exc:
            self.left_out.append(LeftOut(row, str(exc), text))
            return
        drug = self._drugs.setdefault(ndc, _Drug(row))
        drug.names[cells["drug name"]] = drug.labelers[cells["labeler"]] = None
        details += [("dosage", cells["dosage"])] if cells["dosage"] else []
        subject, all_details = Concept.of(ndc, cells["drug name"] or None), tuple(details)
        self.statements.append(Statement(subject, Relation.BILLED_AS, code, row, text, details=all_details))

    def _take_unit(self, code: Concept, row: int, cells: dict[str, str], text: str) -> None:
        for unit in _unit(code, row, cells, text):
            if (code, unit.object) not in self._units:
                self._units.add((code, unit.object))
                self.statements.append(unit)

    def entries(self) -> tuple[Entry, ...]:
        """What is said of each NDC."""
        return tuple(_entry(ndc, drug) for ndc, drug in self._drugs.items())


def _entry(ndc: Code, drug: _Drug) -> Entry:
    name, *others = [name for name in drug.names if name] or [ndc.value]
    labelers = tuple(("labeler", labeler) for labeler in drug.labelers if labeler)
    return Entry(ndc, name, names=tuple(others), notes=labelers, row=drug.row)


def _unit(code: Concept, row: int, cells: dict[str, str], text: str) -> Iterator[Statement]:
    """The billing unit, where the dosage is a quantity; "5MG-1MG" of two drugs is not."""
    quantity = Quantity.parse(cells["dosage"])
    if quantity is not None:
        yield Statement(code, Relation.BILLING_UNIT, quantity.concept, row, text)


def _number(text: str) -> str:
    """A number without its thousands' commas."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _NotANumber(f"not a number: {text!r}")
    return match[1].replace(",", "")


def _amount(text: str) -> Concept:
    amount = f"{_number(text)} USD"
    return Concept(Kind.QUANTITY, slug(amount), amount)


def _period(table: listing.Listing) -> tuple[date | None, date | None]:
    """The first and the last day: as the notice says, else the first as given or named."""
    match = _EFFECTIVE.search(" ".join(table.notice.split()))
    days = [_day(text) for text in match.groups()] if match else []
    if len(days) == 2 and None not in days:
        return days[0], days[1]
    return table.file.since or month_in(table.file.hints), None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.replace(", ", ",").capitalize(), "%B %d,%Y").date()
    except ValueError:
        return None


def _release(identifier: str, title: str, system: CodeSystem, since: date | None) -> Release:
    return Release(
        identifier=f"{identifier}-{month_key(since)}",
        system=system,
        title=f"{title} {month_words(since)}",
        issued=since,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
    )


def _has_drugs(file: ReleaseFile) -> bool:
    return listing.recognises(file, _CROSSWALK)


def _has_limits(file: ReleaseFile) -> bool:
    return listing.recognises(file, _LIMITS) and not _has_drugs(file)


CROSSWALK = Format("asp-crosswalk", "ASP NDC-HCPCS crosswalk (csv)", _has_drugs, read_crosswalk)
LIMITS = Format("asp-limits", "Medicare Part B payment limits (csv)", _has_limits, read_limits)
