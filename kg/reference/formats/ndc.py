"""The NDC directory of the FDA: which drug a package holds, and which brands stand for which drug.

It comes as two texts with tabs: products, and the packages in which they are sold.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Statement, slug
from kg.reference.descriptors import bare_name
from kg.reference.formats.days import NotADay, day_in
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Drug, Edition, Format, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import decoded_line, is_archive, issued_from_names

_LICENCE = "work of the US government, in the public domain"
_SOURCE = "https://www.fda.gov/drugs/drug-approvals-and-databases/national-drug-code-directory"

_PRODUCTS = (
    "PRODUCTID", "PRODUCTNDC", "PRODUCTTYPENAME", "PROPRIETARYNAME", "NONPROPRIETARYNAME", "DOSAGEFORMNAME",
    "ROUTENAME", "STARTMARKETINGDATE", "ENDMARKETINGDATE", "MARKETINGCATEGORYNAME", "LABELERNAME",
    "NDC_EXCLUDE_FLAG",
)  # fmt: skip
_PACKAGES = (
    "PRODUCTID", "NDCPACKAGECODE", "PACKAGEDESCRIPTION", "STARTMARKETINGDATE", "ENDMARKETINGDATE", "NDC_EXCLUDE_FLAG",
)  # fmt: skip
_EXCLUDED = "NDC_EXCLUDE_FLAG"
_IN_USE = ("", "N")
_HEAD = 4_096

# Names of sunscreens and sugar pills are no brands of drugs that anybody bills by a code of its own.
_TYPES = frozenset({"HUMAN PRESCRIPTION DRUG", "VACCINE", "PLASMA DERIVATIVE", "CELLULAR THERAPY"})
_APPROVED = frozenset({"NDA", "BLA"})
_SEVERAL = re.compile(r",|;|\band\b|\bwith\b|/")


class _Product(NamedTuple):
    """What the packages of a product have in common; `reason` is why nothing can be stated of them."""

    brand: str = ""
    drug: Concept | None = None
    flag: str = ""
    since: str = ""
    through: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Packages:
    """The statements of a directory, read anew each time that they are gone through: a package and its drug."""

    packages: ReleaseFile
    products: ReleaseFile
    _days: dict[str, date | None] = field(default_factory=dict, repr=False, compare=False)

    def __iter__(self) -> Iterator[Statement]:
        """What is stated of packages in the directory."""
        return (outcome for _, outcome, _ in self.rows() if isinstance(outcome, Statement))

    def rows(self) -> Iterator[tuple[int, Statement | str, str]]:
        """Each row of data: its line, what it states or why it states nothing, and its text."""
        drugs: dict[str, Concept | None] = {}
        product_of = {cells[0]: _product(cells, drugs) for _, cells in _rows(self.products, _PRODUCTS)}
        had: dict[str, int] = {}
        for row, cells in _rows(self.packages, _PACKAGES):
            text = " | ".join(filter(None, cells[1:]))
            first = had.setdefault(cells[1], row)
            if first != row:
                yield row, f"the package stands in row {first} already", text
            else:
                yield row, self._package(row, cells, product_of.get(cells[0]), text), text

    def _package(self, row: int, cells: Sequence[str], product: _Product | None, text: str) -> Statement | str:
        _, code, description, start, end, flag = cells
        if product is None:
            return "a product that is not in the directory"
        if (kept_out := product.flag or flag) not in _IN_USE:
            return f"kept out of the directory by its flag {kept_out!r}"
        if product.drug is None:
            return "no nonproprietary name"
        try:
            ndc = Code.parse(code, CodeSystem.NDC)
            since, through = self._day(start or product.since), self._day(end or product.through)
        except (MalformedCode, NotADay) as exc:
            return str(exc)
        if since and through and through < since:
            return "ends before it begins"
        details = (*product.details, ("packageDescription", description)) if description else product.details
        subject = Concept.of(ndc, product.brand or None)
        return Statement(subject, Relation.CONTAINS_DRUG, product.drug, row, text, since, through, details)

    def _day(self, text: str) -> date | None:
        if text not in self._days:
            self._days[text] = day_in(text)
        return self._days[text]


def _product(cells: Sequence[str], drugs: dict[str, Concept | None]) -> _Product:
    """What the packages of a product have in common; `drugs` are those of the names that were met before."""
    _, _, _, brand, name, form, routes, since, through, _, labeler, flag = cells
    if name not in drugs:
        drugs[name] = drug_of(name)
    told = (("brand", brand), ("routes", routes.lower()), ("dosageForm", form.lower()), ("labeler", labeler))
    flag = "" if flag in _IN_USE else flag
    return _Product(brand, drugs[name], flag, since, through, tuple(detail for detail in told if detail[1]))


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the packages, with the products that stand beside them in the archive."""
    products = next((other for other in file.beside if _has(other, _PRODUCTS)), None)
    if products is None:
        raise ReleaseError(f"{file.path}: packages without their products; add the archive that holds both")
    packages = Packages(file, products)
    left_out = LeftOutRows()
    rows = 0
    for row, outcome, text in packages.rows():
        rows += 1
        if isinstance(outcome, str):
            left_out.add(row, outcome, text)
    yield Edition(_release(file, "ndc", "NDC directory"), (), packages, rows, left_out.all())


def read_products(file: ReleaseFile) -> Iterator[Edition]:
    """Read the products: which brands stand for which drug."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    brands: list[tuple[int, str, Concept]] = []
    left_out = LeftOutRows()
    rows = 0
    for row, cells in _rows(file, _PRODUCTS):
        rows += 1
        _, _, kind, brand, name, _, _, _, _, category, _, _ = cells
        drug = drug_of(name)
        meant[slug(brand)].add(drug.key if drug else "")
        outcome = _brand(kind, category, brand, name, drug)
        if isinstance(outcome, str):
            left_out.add(row, outcome, f"{brand} | {name}")
        else:
            brands.append((row, brand, outcome))
    names: defaultdict[Concept, dict[str, None]] = defaultdict(dict)
    for row, brand, drug in brands:
        if len(meant[slug(brand)]) > 1:
            left_out.add(row, "a brand of several drugs", f"{brand} | {drug.label}")
        else:
            names[drug][brand] = None
    drugs = tuple(Drug(concept, tuple(known)) for concept, known in names.items())
    release = _release(file, "ndc-products", "NDC directory, brands")
    yield Edition(release, (), (), rows, left_out.all(), drugs=drugs)


def drug_of(name: str) -> Concept | None:
    """The drug that a nonproprietary name stands for, without its salt.

    >>> drug_of("Ondansetron Hydrochloride")
    Concept(kind=<Kind.DRUG: 'drug'>, key='ondansetron', name='ondansetron')
    """
    plain = bare_name(" ".join(name.lower().split()))
    return Concept.named(Kind.DRUG, plain) if slug(plain) else None


def _brand(kind: str, category: str, brand: str, name: str, drug: Concept | None) -> Concept | str:
    """The drug of a brand, or why a row names none."""
    if kind not in _TYPES:
        return "no prescription drug"
    if category not in _APPROVED:
        return "not sold under an application of its own"
    if not brand:
        return "no brand"
    if drug is None or _SEVERAL.search(name.lower()):
        return "not one drug"
    words = set(slug(brand).split("-"))
    return "the name of the drug itself" if words & set(drug.key.split("-")) else drug


def _rows(file: ReleaseFile, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The cells of these columns in each row of a text with tabs, with its line; raises where a column is missing."""
    lines = io.BytesIO(file.data)
    header = [name.strip().upper() for name in decoded_line(lines.readline()).removeprefix("\ufeff").split("\t")]
    missing = [name for name in columns if name not in header and name != _EXCLUDED]
    if missing:
        raise ReleaseError(f"{file.path}:1: no column {missing[0]!r} in the header")
    places = [header.index(name) if name in header else len(header) for name in columns]
    short = [""] * (len(header) + 1)
    for row, line in enumerate(lines, start=2):
        cells = decoded_line(line).split("\t")
        if len(cells) > 1 or cells[0].strip():
            cells += short[len(cells) :]
            yield row, [cells[place].strip() for place in places]


def _release(file: ReleaseFile, kind: str, title: str) -> Release:
    issued = file.since or issued_from_names(file.hints)
    return Release(
        identifier=f"{kind}-{month_key(issued)}",
        system=CodeSystem.NDC,
        title=f"{title}, {month_words(issued)}",
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
    )


def _has(file: ReleaseFile, columns: tuple[str, ...]) -> bool:
    if is_archive(file.data):
        return False
    header = decoded_line(file.data[:_HEAD].partition(b"\n")[0]).removeprefix("\ufeff").upper().split("\t")
    return {name.strip() for name in header} >= set(columns[:2])


def _has_packages(file: ReleaseFile) -> bool:
    return _has(file, _PACKAGES)


def _has_products(file: ReleaseFile) -> bool:
    return _has(file, _PRODUCTS)


FORMAT = Format("ndc", "NDC directory, packages (text)", _has_packages, read, reads_beside=True)
"""`package.txt`, with `product.txt` beside it."""

PRODUCTS = Format("ndc-products", "NDC directory, products (text)", _has_products, read_products)
"""`product.txt`."""
