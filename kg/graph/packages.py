"""What an opened store says of the billing unit of a code, and of the packages that are billed as it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import NamedNode

from kg.errors import NotFound, UsageError
from kg.graph.lookup import assertions, name_of, releases, titles
from kg.graph.rdf.concepts import read_labeler
from kg.graph.rdf.iris import concept_of, curie, node
from kg.graph.rdf.sources import ReleaseInGraph, read_release
from kg.graph.rdf.statements import read_statement
from kg.graph.rdf.values import day_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, REFERENCE, RELATIONS
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem, Concept, Polarity, Quantity, Relation, Statement, Verdict
from kg.units import Package, Plan, package_of, plan, read_packages, read_quantity
from kg.units.products import CodePlan, CodeUnit, SoldPackage, Source, alternatives_note, choose, products_of
from kg.units.quantities import checked, convert

Packages = str | Sequence[str | Quantity | Package]
"""Packages as people give them: amounts in one text, or one by one."""

_MOST_LISTED = 5
# Units in which the potency of a vial is measured.
_ACTIVITY = frozenset({"[U]", "[iU]", "[USP'U]"})
_QUARTER = 92
_TENTH = Decimal("0.1")


def planned(
    store: GraphStore,
    code: Concept,
    dose: str | Quantity,
    *,
    packages: Packages | None = None,
    ndc: str | Code | Sequence[str | Code] | None = None,
    day: date | None = None,
) -> CodePlan:
    """The plan of a dose of a code, with packages as given, else with those that releases bill as the code.

    Raises `NotFound` where no unit is known or an NDC is not billed as the code, `UsageError` for what is malformed.
    """
    amount = read_quantity(dose) if isinstance(dose, str) else checked(dose)
    own_packages, ndcs = _own_packages(packages), _ndcs(ndc)
    if own_packages and ndcs:
        raise UsageError("packages and an NDC at once: give one of them")
    unit = unit_of(store, code, day)
    about = (*standing_notes(store, code, day), *_unit_notes(unit))
    if own_packages:
        dose_plan = plan(amount, unit.quantity, own_packages, code.key, day)
        return CodePlan(**{**vars(dose_plan), "notes": (*about, *dose_plan.notes)}, code=code, sources=(unit.source,))
    return _with_sold(store, unit, amount, about, day, ndcs)


def _with_sold(
    store: GraphStore, unit: CodeUnit, dose: Quantity, about: tuple[str, ...], day: date | None, ndcs: Sequence[Code]
) -> CodePlan:
    """The plan with the packages that releases know, of one product alone."""
    sold = packages_of(store, unit, day, ndcs)
    choices = choose(dose, unit.quantity, products_of(sold.packages), unit.code.key, day)
    dose_plan = choices[0].plan if choices else plan(dose, unit.quantity, (), unit.code.key, day)
    opened_sources = [
        package.origin for package, _ in dose_plan.packages if isinstance(package, SoldPackage) and package.origin
    ]
    notes = (*about, *sold.notes, *dose_plan.notes, *_rounded(dose_plan), *alternatives_note(choices))
    return CodePlan(
        **{**vars(dose_plan), "notes": notes},
        code=unit.code,
        sources=(unit.source, *dict.fromkeys(opened_sources)),
        product=choices[0].product if choices else None,
        alternatives=tuple(choices[1:]),
    )


def _rounded(dose_plan: Plan) -> Iterator[str]:
    """A vial of 65 mg counts as 0.54 units of 120 mg, which are 64.8."""
    for package, _ in dose_plan.packages:
        if isinstance(package, SoldPackage) and package.billing_units % _TENTH:
            counted = f"{package.billing_units:f} billing units"
            yield f"{package.amount.text} of {package.ndc} are {counted}, which may be rounded: the label says."


def _own_packages(packages: Packages | None) -> tuple[Package, ...]:
    if packages is None:
        return ()
    if isinstance(packages, str):
        return read_packages(packages)
    return tuple(_package(package) for package in packages)


def _package(package: str | Quantity | Package) -> Package:
    if isinstance(package, Package):
        return package
    return Package(read_quantity(package) if isinstance(package, str) else checked(package))


def _ndcs(ndc: str | Code | Sequence[str | Code] | None) -> list[Code]:
    if ndc is None:
        return []
    if isinstance(ndc, str):
        return [Code.parse(part, CodeSystem.NDC) for part in ndc.split(",")]
    if isinstance(ndc, Code):
        return [ndc]
    return [value if isinstance(value, Code) else Code.parse(value, CodeSystem.NDC) for value in ndc]


def _unit_notes(unit: CodeUnit) -> tuple[str, ...]:
    """What to know of the source of a unit: that it is only a document, or that others say something else."""
    notes: tuple[str, ...] = ()
    if unit.source.identifier.startswith("document:"):
        notes = (f"The unit is what a document says ({unit.source}); no release in the graph states it.",)
    alternatives = "; ".join(f"{quantity.text} in {source}" for quantity, source in unit.others)
    return (*notes, f"The unit is taken from {unit.source}; others say {alternatives}.") if alternatives else notes


def unit_of(store: GraphStore, code: Concept, day: date | None = None) -> CodeUnit:
    """The billing unit of a code: as the newest descriptor says, else another release, else a document.

    Releases issued by the day asked for come before later ones. Raises `NotFound` with what was searched.
    """
    units = sorted(_stated_units(store, code), key=lambda unit: unit.rank(day), reverse=True)
    candidates = [(unit.quantity, unit.source) for unit in units] or list(_asserted_units(store, code))
    if not candidates:
        searched = f"{_counted(len(releases(store)), 'release')} and {_counted(store.manifest.documents, 'document')}"
        raise NotFound(f"not known: the billing unit of {code.label}, searched {searched}")
    (quantity, source), *rest = candidates
    others = {_same(other): (other, where) for other, where in reversed(rest) if _same(other) != _same(quantity)}
    return CodeUnit(code, quantity, source, tuple(reversed(others.values())))


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _same(quantity: Quantity) -> tuple[Decimal, str]:
    return quantity.number.normalize(), quantity.ucum


@dataclass(frozen=True, slots=True)
class _StatedUnit:
    quantity: Quantity
    source: Source
    issued: date
    describes: bool

    def rank(self, day: date | None) -> tuple[bool, bool, date, str]:
        # A crosswalk repeats the unit in a column of its own; what is billed is what the descriptor says.
        return self.describes, day is None or self.issued <= day, self.issued, self.source.identifier


def _stated_units(store: GraphStore, code: Concept) -> Iterator[_StatedUnit]:
    described = store.objects(node(code), BKG.describedBy, REFERENCE)
    for statement in _statements(store, RDF.subject, node(code), Relation.BILLING_UNIT):
        quantity = Quantity.parse(name_of(store, statement.content.object).label)
        if quantity is not None:
            yield _StatedUnit(quantity, statement.source, statement.issued, statement.release in described)


def _asserted_units(store: GraphStore, code: Concept) -> Iterator[tuple[Quantity, Source]]:
    """What documents say and no release refutes, the most trusted first."""
    names = store.subjects(RDF.subject, node(code), ASSERTIONS)
    pairs = [
        (verdict.rank, assertion)
        for assertion, verdict in assertions(store, names)
        if assertion.relation is Relation.BILLING_UNIT
        and assertion.polarity is Polarity.AFFIRMED
        and verdict is not Verdict.REFUTED
    ]
    title_of = titles(store, (assertion.evidence.document for _, assertion in pairs))
    for _, assertion in sorted(pairs, key=lambda pair: (pair[0], pair[1].evidence)):
        quantity, evidence = Quantity.parse(assertion.object.label), assertion.evidence
        if quantity is not None:
            title = title_of.get(evidence.document, evidence.document)
            yield quantity, Source(title, f"document:{evidence.document}", evidence.line, evidence.quote)


@dataclass(frozen=True, slots=True)
class SoldPackages:
    """The packages of a code that can be planned with, and in words what was left out and why."""

    packages: tuple[SoldPackage, ...]
    notes: tuple[str, ...] = ()


def packages_of(
    store: GraphStore, unit: CodeUnit, day: date | None = None, ndcs: Collection[Code] = ()
) -> SoldPackages:
    """The packages of a code, as the newest release that has any counts them, or each NDC asked for.

    Of several quarters the newest is taken that had begun on the day asked for. A package whose counts contradict
    each other is left out and told. Raises `NotFound` for an NDC that is not billed as the code.
    """
    rows = _newest(list(_packaged(store, unit.code)), day, {ndc.value for ndc in ndcs})
    for ndc in ndcs:
        if not any(row.ndc.key == ndc.value for row in rows):
            raise NotFound(_not_of_code(store, unit.code, ndc, _newest(list(_packaged(store, unit.code)), day, set())))
    by_amount, left_out = dict[tuple[str, Decimal], SoldPackage](), defaultdict[str, list[str]](list)
    for row in sorted(rows, key=lambda row: (row.source.identifier, row.source.row)):
        try:
            package = row.package(unit.quantity)
        except UsageError as exc:
            left_out[str(exc)].append(f"{row.ndc.key} ({row.source})")
        else:
            by_amount.setdefault((package.ndc, package.amount.number), package)
    return SoldPackages(tuple(by_amount.values()), (*_dated(rows, day), *_left_out(left_out)))


def _newest(rows: list[_Packaged], day: date | None, ndcs: Collection[str]) -> list[_Packaged]:
    """The rows of the newest release; where NDCs are asked for, the newest of each."""
    newest: dict[str, tuple[bool, date]] = {}
    candidates = [row for row in rows if not ndcs or row.ndc.key in ndcs]
    for row in candidates:
        key = row.ndc.key if ndcs else ""
        newest[key] = max(newest.get(key, row.rank(day)), row.rank(day))
    return [row for row in candidates if row.rank(day) == newest[row.ndc.key if ndcs else ""]]


def _dated(rows: list[_Packaged], day: date | None) -> Iterator[str]:
    """That the release with the packages is of another quarter than the day asked for."""
    for title, issued in sorted({(row.source.title, row.issued) for row in rows}):
        if day and issued > day:
            yield f"The packages are those of {title}, which was not yet out on {day}: the graph has none before it."
        elif day and issued > date.min and (day - issued).days >= _QUARTER:
            yield f"The packages are those of {title}, the newest by {day} that the graph has."


def _left_out(rows_by_reason: dict[str, list[str]]) -> Iterator[str]:
    """What was left out, told once for each reason."""
    for reason, rows in rows_by_reason.items():
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        yield f"Left out: {rows[0]}{more}, {reason}."


@dataclass(frozen=True, slots=True)
class _Packaged:
    """A row that says how a drug is packed and billed."""

    ndc: Concept
    labeler: str
    source: Source
    issued: date
    details: Mapping[str, str]

    def rank(self, day: date | None) -> tuple[bool, date]:
        return day is None or self.issued <= day, self.issued

    def package(self, unit: Quantity) -> SoldPackage:
        """One vial or syringe of it; raises `UsageError` where the row cannot be relied on."""
        counted, quantity, per_package = map(
            self._number, ("billingUnits", "packageQuantity", "billingUnitsPerPackage")
        )
        if counted is None or counted <= 0:
            raise UsageError(f"with {self.details.get('billingUnits') or 'no'} billing units")
        # Billing units per package are rounded up to whole ones; what differs by more is a mistake in one of three.
        if quantity is not None and per_package is not None and not 0 <= per_package - quantity * counted < 1:
            raise UsageError(f"whose counts contradict each other: {quantity:f} × {counted:f} is not {per_package:f}")
        amount = package_of(counted, self._counted_in(unit))
        if amount.number == 1 and amount.ucum in _ACTIVITY:
            # Written where every vial has a potency of its own, which stands on its label.
            raise UsageError(f"with {amount.text}, which no vial holds: the label says what it holds")
        return SoldPackage(
            amount, self.ndc.key, self.ndc.name or "", str(self.source), self.labeler, counted, self.source
        )

    def _counted_in(self, unit: Quantity) -> Quantity:
        """The unit in which the row counts: its own where it differs in size, else that of the code."""
        own = Quantity.parse(self.details.get("dosage", "").lower())
        if own is None or own.number <= 0 or (number := convert(own, unit.ucum)) is None or number == unit.number:
            return unit
        return own

    def _number(self, detail: str) -> Decimal | None:
        try:
            number = Decimal(self.details.get(detail, ""))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None


def _packaged(store: GraphStore, code: Concept) -> Iterator[_Packaged]:
    for statement in _statements(store, RDF.object, node(code), Relation.BILLED_AS):
        ndc, details = statement.content.subject, dict(statement.content.details)
        labeler = read_labeler(store.about(node(ndc), REFERENCE))
        yield _Packaged(name_of(store, ndc), labeler, statement.source, statement.issued, details)


def _not_of_code(store: GraphStore, code: Concept, ndc: Code, rows: list[_Packaged]) -> str:
    """What is known instead of a package that was asked for."""
    message = f"not known: {ndc.value} as a package of {code.label}"
    statements = _statements(store, RDF.subject, node(Concept.of(ndc)), Relation.BILLED_AS)
    others = sorted({statement.content.object.key for statement in statements} - {code.key})
    if others:
        message += f"; it is billed as {', '.join(others)}"
    names = sorted({f"{row.ndc.key} {row.ndc.name or ''}".strip() for row in rows})
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return (
        f"{message} (found {', '.join(names[:_MOST_LISTED])}{more})"
        if names
        else f"{message} (found no package of the code)"
    )


def standing_notes(store: GraphStore, code: Concept, day: date | None) -> tuple[str, ...]:
    """That a code had ended or not begun on a day, in words; nothing where it held."""
    properties = store.about(node(code), REFERENCE)
    since, through = day_of(properties, BKG.validFrom), day_of(properties, BKG.validThrough)
    if day is None:
        return ()
    if through is not None and through < day:
        after = sorted({concept_of(name).key for name in store.objects(node(code), RELATIONS[Relation.REPLACED_BY])})
        instead = f" (replaced by {', '.join(after)})" if after else ""
        return (f"{code.key} had ended on {day}: it was valid through {through}{instead}.",)
    if since is not None and since > day:
        return (f"{code.key} had not begun on {day}: it is valid from {since}.",)
    return ()


@dataclass(frozen=True, slots=True)
class _InRelease:
    """A statement with the node of the release that has it, and what that release is called and when it was issued."""

    content: Statement
    release: NamedNode
    source: Source
    issued: date


def _statements(store: GraphStore, end: NamedNode, of: NamedNode, relation: Relation) -> Iterator[_InRelease]:
    """What releases state in one relation of a node."""
    release_of: dict[NamedNode, ReleaseInGraph] = {}
    for name in store.subjects(end, of, REFERENCE):
        properties = store.about(name, REFERENCE)
        if properties.get(RDF.predicate) != [RELATIONS[relation]]:
            continue
        release = properties[BKG.accordingTo][0]
        assert isinstance(release, NamedNode)
        if release not in release_of:
            release_of[release] = read_release(store.about(release, REFERENCE))
        title, issued = release_of[release].title, release_of[release].issued
        statement = read_statement(properties)
        source = Source(title, curie(release.value), statement.row, statement.text)
        yield _InRelease(statement, release, source, issued or date.min)
