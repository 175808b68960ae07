"""All that the releases say, ready to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from kg.collector import no_collection
from kg.model import Code, CodeSystem, Concept, Relation
from kg.reference import bundled, descriptors, icd10cm
from kg.reference.descriptors import KnownDrugs
from kg.reference.release import Drug, Edition, Entry, Reader, Release, Statement

_DAY = timedelta(days=1)


class _Known(NamedTuple):
    """A code: what is said of it, by which release, and the newest complete release that has it."""

    entry: Entry
    release: Release
    complete: Release | None


@dataclass(frozen=True, slots=True)
class Reference:
    """Releases, what they say of each code, and the drugs known by name.

    Several releases of one system live side by side: of a code the newest that has it is believed, and of equals
    the complete one. Where complete releases of different dates differ, a code holds from after the last one
    that lacks it, until before the next one that lacks it.

    >>> Reference.of([]).entry(Code.parse("J3262")) is None
    True
    """

    releases: tuple[Release, ...] = ()
    _known: dict[Code, _Known] = field(default_factory=dict, repr=False)
    _drugs: dict[Concept, Drug] = field(default_factory=dict, repr=False)
    _editions: tuple[Edition, ...] = field(default=(), repr=False)
    _descriptors: tuple[tuple[Release, Statement], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, editions: Iterable[Edition], drugs: Iterable[Drug] = (), *, settled: bool = False) -> Reference:
        """Put editions together, the newest first.

        `settled` ones were put together before: each code stands once, in the interval in which it holds, and what
        descriptors state is among the statements.
        """
        ordered = sorted(editions, key=_recency)
        known: dict[Code, _Known] = {}
        for edition in ordered:
            release = edition.release
            for entry in edition.entries:
                there = known.get(entry.code)
                if there is None:
                    known[entry.code] = _Known(entry, release, release if release.complete else None)
                elif there.complete is None and release.complete:
                    known[entry.code] = there._replace(complete=release)
        for history in () if settled else _histories(ordered):
            history.date(known)
        releases = tuple(edition.release for edition in ordered)
        named = {drug.concept: drug for drug in drugs}
        stated = () if settled else tuple(_descriptors(known.values(), KnownDrugs.of(named.values())))
        for _, statement in stated:
            if statement.relation is Relation.IDENTIFIES_DRUG:
                named.setdefault(statement.object, Drug(statement.object))
        return cls(releases, known, named, tuple(ordered), stated)

    @property
    def entries(self) -> Iterator[Entry]:
        """What is said of each code, each code once."""
        return (known.entry for known in self._known.values())

    @property
    def described(self) -> Iterator[tuple[Entry, Release]]:
        """What is said of each code, with the release that says it."""
        return ((known.entry, known.release) for known in self._known.values())

    @property
    def drugs(self) -> Iterator[Drug]:
        """The drugs known by name, each once."""
        return iter(self._drugs.values())

    @property
    def statements(self) -> Iterator[tuple[Release, Statement]]:
        """How releases say that concepts go together: what descriptors say, then the newest release first."""
        return self.statements_of(*CodeSystem)

    def statements_of(self, *systems: CodeSystem) -> Iterator[tuple[Release, Statement]]:
        """The same of releases of these systems alone: the edits of others are millions, and read anew each time."""
        if CodeSystem.HCPCS in systems:
            yield from self._descriptors
        for edition in self._editions:
            if edition.release.system in systems:
                for statement in edition.statements:
                    yield edition.release, statement

    def entry(self, code: Code) -> Entry | None:
        """What is said of a code."""
        known = self._known.get(code)
        return known.entry if known else None

    def release_of(self, code: Code) -> Release | None:
        """The release that describes a code."""
        known = self._known.get(code)
        return known.release if known else None

    def complete_with(self, code: Code) -> Release | None:
        """The newest complete release that has a code."""
        known = self._known.get(code)
        return known.complete if known else None

    def complete(self, code: Code) -> Release | None:
        """The newest complete release that covers a code, whether it has it or not."""
        return next((release for release in self.releases if release.covers(code)), None)

    def names(self, system: CodeSystem) -> Iterator[tuple[Code, str, Release]]:
        """All names that releases give to the codes of a system, the believed one of each code first."""
        for edition in self._editions:
            if edition.release.system is system:
                for entry in edition.entries:
                    for name in (entry.name, *entry.names):
                        yield entry.code, name, edition.release

    def drug(self, concept: Concept) -> Drug | None:
        """What is known of a drug."""
        return self._drugs.get(concept)

    def describes(self, concept: Concept) -> bool:
        """Whether a release or a table says anything of a concept."""
        if concept.kind.is_code:
            return concept.code in self._known
        return concept in self._drugs

    def __len__(self) -> int:
        """How many concepts are described."""
        return len(self._known) + len(self._drugs)


def _descriptors(known: Iterable[_Known], drugs: KnownDrugs) -> Iterator[tuple[Release, Statement]]:
    """What the descriptors of codes state: the drug and the billing unit."""
    for entry, release, _ in known:
        if entry.code.system is CodeSystem.HCPCS:
            for statement in descriptors.statements(entry, drugs):
                yield release, statement


def _recency(edition: Edition) -> tuple[date, bool]:
    release = edition.release
    # Subtracted from the last day, so that the newest comes first; one without a date is the oldest.
    age = date.max - (release.issued or date.min)
    return date.min + age, not release.complete


class _History:
    """The complete releases of one code system, the newest first, with the codes of each."""

    def __init__(self, editions: list[Edition]) -> None:
        self._editions = editions
        self._codes = [{entry.code: entry for entry in edition.entries} for edition in editions]

    def date(self, known: dict[Code, _Known]) -> None:
        """Give codes the interval in which they hold, where only the succession of releases tells it."""
        for code in {code for codes in self._codes for code in codes}:
            entry = known[code].entry
            dated = self._dated(entry, [codes.get(code) for codes in self._codes])
            if dated is not entry:
                known[code] = known[code]._replace(entry=dated)

    def _dated(self, entry: Entry, found: list[Entry | None]) -> Entry:
        """An entry with the interval that follows from which releases, newest first, have its code."""
        newest = next(n for n, there in enumerate(found) if there is not None)
        issued = [edition.release.issued for edition in self._editions]
        changes: dict[str, date] = {}
        if newest > 0 and entry.valid_through is None and (after := issued[newest - 1]):
            changes["valid_through"] = after - _DAY
        lacking = next((n for n in range(newest + 1, len(found)) if found[n] is None), None)
        if lacking is not None and entry.valid_from is None and (before := issued[lacking]):
            changes["valid_from"] = before + _DAY
        billed = next((n for n in range(newest, len(found)) if (e := found[n]) and e.billable), None)
        if entry.billable is False and billed and (since := issued[billed - 1]):
            changes["heading_from"] = since
        return replace(entry, **changes) if changes else entry  # type: ignore[arg-type]


def _histories(editions: Iterable[Edition]) -> Iterator[_History]:
    """The histories of those systems of which there are several complete releases with dates."""
    by_system: defaultdict[CodeSystem, list[Edition]] = defaultdict(list)
    for edition in editions:
        if edition.release.complete and edition.release.issued and edition.entries:
            by_system[edition.release.system].append(edition)
    return (_History(found) for found in by_system.values() if len(found) > 1)


READERS: tuple[Reader, ...] = (icd10cm.read, bundled.read)
"""What is read by default; the user's own releases come from `kg.reference.stored`."""


def load(readers: Iterable[Reader] = READERS) -> Reference:
    """Read releases and the names of drugs."""
    with no_collection():
        return Reference.of((edition for reader in readers for edition in reader()), bundled.drugs())
