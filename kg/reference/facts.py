"""The tables of facts that come along, as their rows are written and read: what may be shipped of official releases.

Of HCPCS Level II each meaning of a code is a row: CMS's short label of 28 letters, the first and the last day, and
what the descriptor says of a drug: its name, brands, kind and billing unit, the routes and forms that tell it from
other codes of the drug, the makers whose product alone it is for, and the labels that it had before; never the
descriptor itself. Of ICD-10-CM a row is a code that began, ended or turned from a heading into a code or back since
FY2016. Of the ASP crosswalk a row is a product of one labeler that is billed as a code, with its packages.
`python -m kg.reference.tables` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from kg.model import Code, CodeSystem, Quantity, Relation
from kg.reference.descriptors import ANY_DRUG, Descriptor, everyday_name, facts_of, forms_in, read_descriptor
from kg.reference.meanings import Meaning
from kg.reference.release import Edition, Entry, Release

_NONE = "-"
_BIOSIMILAR, _ANY = "biosimilar", "any drug"
_BETWEEN = "; "

HCPCS, MODIFIERS, NUCC, DAYS = "hcpcs.tsv", "hcpcs-modifiers.tsv", "nucc.tsv", "icd10cm-days.tsv"
PACKAGES = "packages.tsv"
"""The files, in `data/reference`."""

SINCE = date(2015, 10, 1)
"""The first day that the table of days covers: that of the oldest release that it was made from."""

MODIFIER_COLUMNS = ("code", "label", "added", "ended")
HCPCS_COLUMNS = ("code", "label", "added", "ended", "drug", "brands", "kind", "unit", "forms", "makers", "earlier")
PACKAGES_COLUMNS = ("code", "drug", "labeler", "unit", "packages")
DAYS_COLUMNS = ("code", "first", "last", "turned", "kind", "name")


def hcpcs_rows(meanings: Mapping[Code, tuple[Meaning, ...]]) -> Iterator[tuple[str, ...]]:
    """A row for each meaning of each code, in the order of `HCPCS_COLUMNS`."""
    for code in sorted(meanings):
        for meaning in meanings[code]:
            entry = meaning.entry
            facts = facts_of(entry) or _taking_any(entry)
            drug = _drug_cells(facts) if facts else (_NONE,) * 6
            earlier = _earlier_labels(meaning) if facts and facts.drug else ()
            days = _day(entry.valid_from), _day(entry.valid_through)
            yield (code.value, _label(entry), *days, *drug, _BETWEEN.join(earlier) or _NONE)


def modifier_rows(meanings: Mapping[Code, tuple[Meaning, ...]]) -> Iterator[tuple[str, ...]]:
    """A row for each meaning of each modifier of CMS, in the order of `MODIFIER_COLUMNS`."""
    for code in sorted(meanings):
        for entry in (meaning.entry for meaning in meanings[code]):
            if entry.owner == "cms":
                yield code.value, _label(entry), _day(entry.valid_from), _day(entry.valid_through)


def hcpcs_entry(row: Mapping[str, str], code: Code, number: int) -> Entry:
    """The entry of a row of that table; raises `ValueError` for a day or a unit that is none."""
    facts = _facts(row) if row["drug"] != _NONE or row["kind"] == _ANY else _no_drug(row["label"])
    called = everyday_name(facts) if facts and facts.drug else ""
    return Entry(
        code=code,
        name=row["label"],
        valid_from=_read_day(row["added"]),
        valid_through=_read_day(row["ended"]),
        row=number,
        names=_several(row["earlier"]),
        called=called,
        facts=facts,
    )


def _no_drug(label: str) -> Descriptor | None:
    """That a code is no drug's, where its label alone, cut off after 28 letters, would be read as one's."""
    return Descriptor("") if read_descriptor(label) else None


def _label(entry: Entry) -> str:
    """The label of 28 letters; where the release gives none, the drug or the beginning of the descriptor."""
    short = [name for name in entry.names if len(name) <= _LABEL]
    return " ".join((short[0] if short else entry.name[:_LABEL]).split())


_LABEL = 28


def _earlier_labels(meaning: Meaning) -> list[str]:
    """The labels that CMS gave the code of a drug before: fee schedules and charge lists keep them for years."""
    label = _label(meaning.entry)
    names = dict.fromkeys(" ".join(name.split()) for name, _ in meaning.names if len(name) <= _LABEL)
    return [name for name in names if name.casefold() != label.casefold() and _BETWEEN.strip() not in name]


def _taking_any(entry: Entry) -> Descriptor | None:
    """What the descriptor of a code for drugs without a code of their own says."""
    if not ANY_DRUG.search(entry.name):
        return None
    return Descriptor("", forms=forms_in(entry.name.lower()), takes_any=True)


def _drug_cells(facts: Descriptor) -> tuple[str, ...]:
    kind = _ANY if facts.takes_any else _BIOSIMILAR if facts.biosimilar else _NONE
    several = (_BETWEEN.join(names) or _NONE for names in (facts.brands, sorted(facts.forms), facts.makers))
    brands, forms, makers = several
    return facts.drug or _NONE, brands, kind, facts.unit.text if facts.unit else _NONE, forms, makers


def _facts(row: Mapping[str, str]) -> Descriptor:
    brands, forms, makers = (_several(row[column]) for column in ("brands", "forms", "makers"))
    unit = _read_unit(row["unit"]) if row["unit"] != _NONE else None
    drug = given(row["drug"])
    kind = row["kind"]
    return Descriptor(drug, brands, kind == _BIOSIMILAR, unit, makers, frozenset(forms), kind == _ANY)


def given(cell: str) -> str:
    """The text of a cell, nothing where it has none."""
    return "" if cell == _NONE else cell


def _several(cell: str) -> tuple[str, ...]:
    return () if cell == _NONE else tuple(cell.split(_BETWEEN))


def _read_unit(text: str) -> Quantity:
    quantity = Quantity.parse(text)
    if quantity is None:
        raise ValueError(f"not a unit: {text!r}")
    return quantity


_HEADING, _CODE = "heading", "code"


def day_rows(
    meanings: Mapping[Code, tuple[Meaning, ...]], newest: Release, begun: Mapping[Code, date]
) -> Iterator[tuple[str, ...]]:
    """A row for each meaning of a code of which a day is known, in the order of `DAYS_COLUMNS`; blocks have none.

    `begun` are first days that are told elsewhere, and go before those of releases, which may be corrected later
    under their old date. What `newest` has needs no name.
    """
    for code in sorted(code for code in meanings if "-" not in code.value):
        for meaning in meanings[code]:
            entry = meaning.entry
            if entry.valid_from or entry.valid_through or entry.turned:
                first = _first(code, entry.valid_from, begun) if entry.valid_from else None
                yield (
                    code.value,
                    _day(first),
                    _day(entry.valid_through),
                    _BETWEEN.join(map(_day, entry.turned)) or _NONE,
                    _CODE if entry.billable else _HEADING,
                    _NONE if meaning.release is newest else entry.name,
                )


# A day that is told elsewhere and lies further from the release is that of another meaning.
_NEAR = timedelta(days=366)


def _first(code: Code, since: date, begun: Mapping[Code, date]) -> date:
    first_day = begun.get(code, since)
    return first_day if abs(first_day - since) < _NEAR else since


def with_days(edition: Edition, rows: Iterable[Mapping[str, str]], since: date) -> Edition:
    """An edition of ICD-10-CM with the days of its codes, and with the codes that ended before it was issued.

    Raises `MalformedCode` or `ValueError` for a row that cannot be read.
    """
    rows_by_code: dict[Code, list[Mapping[str, str]]] = {}
    for row in rows:
        rows_by_code.setdefault(Code.parse(row["code"], CodeSystem.ICD10CM), []).append(row)
    entries = [_with_days(entry, rows_by_code.get(entry.code, ())) for entry in edition.entries]
    headings = {entry.code.value: entry.code for entry in edition.entries}
    ended = [row for row in chain.from_iterable(rows_by_code.values()) if row["name"] != _NONE]
    entries += [_ended(row, headings) for row in ended]
    return replace(edition, release=replace(edition.release, since=since), entries=tuple(entries))


def _with_days(entry: Entry, rows: Iterable[Mapping[str, str]]) -> Entry:
    row = next((row for row in rows if row["name"] == _NONE), None)
    if row is None:
        return entry
    return replace(entry, valid_from=_read_day(row["first"]), turned=_read_days(row["turned"]))


def _ended(row: Mapping[str, str], headings: Mapping[str, Code]) -> Entry:
    value = row["code"]
    above = (value[:length].rstrip(".") for length in range(len(value) - 1, 2, -1))
    return Entry(
        code=Code.parse(value, CodeSystem.ICD10CM),
        name=row["name"],
        broader=next((headings[stem] for stem in above if stem in headings), None),
        billable=row["kind"] == _CODE,
        valid_from=_read_day(row["first"]),
        valid_through=_read_day(row["last"]),
        turned=_read_days(row["turned"]),
    )


def _read_days(text: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, _several(text)))


def _day(day: date | None) -> str:
    return day.isoformat() if day else _NONE


def _read_day(text: str) -> date | None:
    return None if text == _NONE else date.fromisoformat(text)


_COUNTED = ("packageSize", "packageQuantity", "billingUnits", "billingUnitsPerPackage")


def package_rows(crosswalk: Edition) -> Iterator[tuple[str, ...]]:
    """A row for each product that a labeler sells, in the order of `PACKAGES_COLUMNS`.

    A package is its NDC, what one vial or syringe holds, how many of them it has, and the billing units of one and of
    all of them.
    """
    labelers = {entry.code: dict(entry.notes).get("labeler", "") for entry in crosswalk.entries}
    products: dict[tuple[str, ...], list[str]] = {}
    for statement in crosswalk.statements:
        if statement.relation is Relation.BILLED_AS:
            details, ndc = dict(statement.details), statement.subject
            cells = (statement.object.key, ndc.name, labelers[ndc.code], details.get("dosage"))
            package = " ".join((ndc.key, *(details[name] for name in _COUNTED)))
            products.setdefault(tuple(cell or _NONE for cell in cells), []).append(package)
    for product, packages in sorted(products.items()):
        yield *product, _BETWEEN.join(sorted(packages))


def package_cells(row: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The packages of a row of that table, each as the cells of a row of a crosswalk."""
    for package in _several(row["packages"]):
        ndc, size, quantity, units, per_package = package.split()
        yield {
            "code": row["code"],
            "labeler": given(row["labeler"]),
            "NDC": ndc,
            "drug name": given(row["drug"]),
            "dosage": given(row["unit"]),
            "package size": size,
            "package quantity": quantity,
            "billing units": units,
            "billing units per package": per_package,
        }
