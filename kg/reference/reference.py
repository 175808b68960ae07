"""All that the releases say, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kg.collector import no_collection
from kg.model import Code, CodeSystem, Concept, Relation
from kg.reference import bundled, descriptors
from kg.reference.descriptors import KnownDrugs
from kg.reference.meanings import Meaning, apart, meanings, on
from kg.reference.release import Drug, Edition, Entry, Reader, Release, Statement


@dataclass(frozen=True, slots=True)
class Reference:
    """Releases, what they say of each code on a day, and the drugs known by name.

    Several releases of one system live side by side: of a code the newest that has it is believed, and of equals
    the one that says more. A code may have had several meanings; `day` says of which day they are asked, None
    asks for the newest of each. See `kg.reference.meanings`.

    >>> Reference.of([]).entry(Code.parse("J3262")) is None
    True
    """

    releases: tuple[Release, ...] = ()
    _meanings: dict[Code, tuple[Meaning, ...]] = field(default_factory=dict, repr=False)
    _drugs: dict[Concept, Drug] = field(default_factory=dict, repr=False)
    _editions: tuple[Edition, ...] = field(default=(), repr=False)
    _descriptors: tuple[tuple[Meaning, Statement], ...] = field(default=(), repr=False)
    day: date | None = None

    @classmethod
    def of(cls, editions: Iterable[Edition], drugs: Iterable[Drug] = (), *, settled: bool = False) -> Reference:
        """Put editions together, the newest first.

        `settled` ones were put together before: each meaning of a code stands once, in the interval in which it
        holds, and what descriptors state is among the statements.
        """
        ordered = sorted(editions, key=_recency)
        known = apart(ordered) if settled else meanings(ordered)
        releases = tuple(edition.release for edition in ordered)
        named = {drug.concept: drug for drug in drugs}
        stated = () if settled else tuple(_descriptors(known, KnownDrugs.of(named.values())))
        for _, statement in stated:
            if statement.relation is Relation.IDENTIFIES_DRUG:
                named.setdefault(statement.object, Drug(statement.object))
        return cls(releases, known, named, tuple(ordered), stated)

    def on(self, day: date | None) -> Reference:
        """The same releases, asked of a day."""
        return replace(self, day=day)

    @property
    def entries(self) -> Iterator[Entry]:
        """What is said of each code, each code once."""
        return (on(self.day, said).entry for said in self._meanings.values())

    @property
    def meanings(self) -> Iterator[tuple[Meaning, ...]]:
        """The meanings of each code, the newest first."""
        return iter(self._meanings.values())

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
            for meaning, statement in self._descriptors:
                if self.day is None or self._meaning(meaning.entry.code) is meaning:
                    yield meaning.release, statement
        for edition in self._editions:
            if edition.release.system in systems:
                for statement in edition.statements:
                    yield edition.release, statement

    def entry(self, code: Code) -> Entry | None:
        """What is said of a code on the day."""
        meaning = self._meaning(code)
        return meaning.entry if meaning else None

    def release_of(self, code: Code) -> Release | None:
        """The release that describes a code."""
        meaning = self._meaning(code)
        return meaning.release if meaning else None

    def complete_with(self, code: Code) -> Release | None:
        """The newest complete release that has a code, and that speaks of the day."""
        meaning = self._meaning(code)
        release = meaning.complete if meaning else None
        if meaning is None or release is None or not self._is_before(code.system):
            return release
        return release if meaning.release.dated else None

    def complete(self, code: Code) -> Release | None:
        """The newest complete release that covers a code, whether it has it or not; none does of a day before all."""
        if self._is_before(code.system):
            return None
        return next((release for release in self.releases if release.covers(code)), None)

    def has_several(self, code: Code) -> bool:
        """Whether a code has had several meanings."""
        return len(self._meanings.get(code, ())) > 1

    def speaks_of(self, code: Code) -> bool:
        """Whether the days of a code that are known say anything of the day: all of a day that releases cover."""
        meaning = self._meaning(code)
        return meaning is None or meaning.release.dated or not self._is_before(code.system)

    def first_day(self, system: CodeSystem) -> date | None:
        """The first day that complete releases of a system cover; None where there are none, or one has no date."""
        days = [release.first_day for release in self.releases if release.complete and release.system is system]
        return min((day for day in days if day), default=None) if None not in days else None

    def _is_before(self, system: CodeSystem) -> bool:
        """Whether the day lies before all that complete releases of a system cover."""
        first = self.first_day(system) if self.day else None
        return bool(self.day and first and self.day < first)

    def _meaning(self, code: Code) -> Meaning | None:
        said = self._meanings.get(code)
        return on(self.day, said) if said else None

    def names(self, system: CodeSystem) -> Iterator[tuple[Code, str, Release]]:
        """All names that releases give to the codes of a system, the believed one of each code first."""
        for code, said in self._meanings.items():
            if code.system is system:
                entry, release, _, others = on(self.day, said)
                for name in (entry.name, *entry.names):
                    if name:
                        yield code, name, release
                for name, older in others:
                    yield code, name, older

    def drug(self, concept: Concept) -> Drug | None:
        """What is known of a drug."""
        return self._drugs.get(concept)

    def describes(self, concept: Concept) -> bool:
        """Whether a release or a table says anything of a concept."""
        if concept.kind.is_code:
            return concept.code in self._meanings
        return concept in self._drugs

    def __len__(self) -> int:
        """How many concepts are described."""
        return len(self._meanings) + len(self._drugs)


def _descriptors(known: Mapping[Code, tuple[Meaning, ...]], drugs: KnownDrugs) -> Iterator[tuple[Meaning, Statement]]:
    """What the descriptors of codes state: the drug and the billing unit."""
    for code, said in known.items():
        if code.system is CodeSystem.HCPCS:
            for meaning in said:
                for statement in descriptors.statements(meaning.entry, drugs):
                    yield meaning, statement


def _recency(edition: Edition) -> tuple[date, bool, bool]:
    release = edition.release
    # Subtracted from the last day, so that the newest comes first; one without a date is the oldest.
    age = date.max - (release.issued or date.min)
    return date.min + age, release.labels, not release.complete


READERS: tuple[Reader, ...] = (bundled.diagnoses, bundled.read)
"""What is read by default; the user's own releases come from `kg.reference.stored`."""


def load(readers: Iterable[Reader] = READERS) -> Reference:
    """Read releases and the names of drugs."""
    with no_collection():
        return Reference.of((edition for reader in readers for edition in reader()), bundled.drugs())
