"""All that the releases say, ready to be asked."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from kg.collector import no_collection
from kg.model import Code, CodeSystem, Concept, Coverage, Relation, Statement
from kg.reference.brands import released_brands, with_brands
from kg.reference.coverage.joining import coverage_of
from kg.reference.meanings import Meaning, meanings, on
from kg.reference.release import Drug, Edition, Entry, ManyStatements, Reader, Release

Stated = tuple[int | None, Release, Statement]
"""What a release states; of what the descriptor of a code states, which of the code's meanings it is of."""


class Tables:
    """What releases say, on all days: read whole. `kg.reference.index` has the same on disk.

    `key` tells what it was made of, where things that are made of it may be kept.
    """

    key = ""

    def __init__(
        self,
        releases: tuple[Release, ...] = (),
        meanings: Mapping[Code, tuple[Meaning, ...]] | None = None,
        drugs: Mapping[Concept, Drug] | None = None,
        editions: tuple[Edition, ...] = (),
        descriptors: tuple[tuple[Meaning, Statement], ...] = (),
        brands: Mapping[str, Concept] | None = None,
    ) -> None:
        self.releases = releases
        self.meanings = meanings or {}
        self.drugs = drugs or {}
        self.brands = brands or {}
        self._editions = editions
        self._descriptors = descriptors

    @property
    def editions(self) -> tuple[Edition, ...]:
        """What was put together, the newest first."""
        return self._editions

    @property
    def descriptors(self) -> Iterable[tuple[Meaning, Statement]]:
        """What the descriptors of codes state, each with the meaning that it is of."""
        return self._descriptors

    @cached_property
    def coverage(self) -> Coverage:
        """What the policies of payers list, of all exports together."""
        return coverage_of((one.release.identifier, one.export) for one in self.editions if one.export)

    @cached_property
    def has_edits(self) -> bool:
        """Whether there are edits and the like, which their owner gives in files of nothing else."""
        firsts = (next(iter(edition.statements), None) for edition in self.editions)
        return any(statement is not None and statement.relation.in_bulk for statement in firsts)

    @cached_property
    def stated(self) -> Mapping[Concept, list[Stated]]:
        """What releases of products and drugs state, by subject: what descriptors say, then the newest first."""
        by_subject: defaultdict[Concept, list[Stated]] = defaultdict(list)
        for meaning, statement in self.descriptors:
            number = next(n for n, other in enumerate(self.meanings[meaning.entry.code]) if other is meaning)
            by_subject[statement.subject].append((number, meaning.release, statement))
        for edition in self.editions:
            # The edits of other systems are millions, and so is what is read anew each time.
            of_products = edition.release.system in (CodeSystem.HCPCS, CodeSystem.NDC)
            if of_products and isinstance(edition.statements, tuple):
                for statement in edition.statements:
                    by_subject[statement.subject].append((None, edition.release, statement))
        return dict(by_subject)

    @cached_property
    def first_days(self) -> Mapping[CodeSystem, date]:
        """The first day that complete releases of a system cover, of those of which all have a date."""
        by_system: defaultdict[CodeSystem, list[date | None]] = defaultdict(list)
        for release in self.releases:
            if release.complete:
                by_system[release.system].append(release.first_day)
        return {system: min(filter(None, days)) for system, days in by_system.items() if None not in days}

    @cached_property
    def turns(self) -> Mapping[CodeSystem, list[date]]:
        """The days on which some code of a system begins to mean something else, the oldest first."""
        by_system: defaultdict[CodeSystem, set[date]] = defaultdict(set)
        for code, code_meanings in self.meanings.items():
            for entry in (meaning.entry for meaning in code_meanings if len(code_meanings) > 1):
                by_system[code.system] |= {entry.valid_from} if entry.valid_from else set()
                by_system[code.system] |= {entry.valid_through + _DAY} if entry.valid_through else set()
        return {system: sorted(days) for system, days in by_system.items()}


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reference:
    """Releases, what they say of each code on a day, and the drugs known by name.

    Several releases of one system live side by side: of a code the newest that has it is believed, and of equals
    the one that says more. A code may have had several meanings; `day` says of which day they are asked, None
    asks for the newest of each. See `kg.reference.meanings`.

    >>> Reference.of([]).entry(Code.parse("J3262")) is None
    True
    """

    tables: Tables = field(default_factory=Tables, repr=False)
    day: date | None = None

    @classmethod
    def of(cls, editions: Iterable[Edition], drugs: Iterable[Drug] = ()) -> Reference:
        """Put editions together, the newest first."""
        ordered = list(_in_their_days(sorted(editions, key=_recency)))
        by_code = meanings(ordered)
        releases = tuple(edition.release for edition in ordered)
        drug_of = {drug.concept: drug for drug in drugs}
        descriptors = tuple(_descriptors(by_code, drug_of.values()))
        for _, statement in descriptors:
            if statement.relation is Relation.IDENTIFIES_DRUG:
                drug_of.setdefault(statement.object, Drug(statement.object))
        brands = released_brands(drug_of, (edition.drugs for edition in ordered))
        every_drug, by_brand = with_brands(drug_of, brands.values()), {key: brand.drug for key, brand in brands.items()}
        return cls(Tables(releases, by_code, every_drug, tuple(ordered), descriptors, by_brand))

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases, the newest first."""
        return self.tables.releases

    def on(self, day: date | None) -> Reference:
        """The same releases, asked of a day."""
        return replace(self, day=day)

    @property
    def entries(self) -> Iterator[Entry]:
        """What is said of each code, each code once."""
        return (on(self.day, code_meanings).entry for code_meanings in self.tables.meanings.values())

    @property
    def meanings(self) -> Iterator[tuple[Meaning, ...]]:
        """The meanings of each code, the newest first."""
        return iter(self.tables.meanings.values())

    def meanings_of(self, code: Code) -> tuple[Meaning, ...]:
        """The meanings of one code, the newest first."""
        return self.tables.meanings.get(code, ())

    @property
    def subjects(self) -> Iterator[Concept]:
        """What `stated_of` may say something of, each once."""
        return iter(self.tables.stated)

    @property
    def drugs(self) -> Iterator[Drug]:
        """The drugs known by name, each once."""
        return iter(self.tables.drugs.values())

    @property
    def statements(self) -> Iterator[tuple[Release, Statement]]:
        """How releases say that concepts go together: what descriptors say, then the newest release first."""
        return self.statements_of(*CodeSystem)

    def statements_of(self, *systems: CodeSystem) -> Iterator[tuple[Release, Statement]]:
        """The same of releases of these systems alone: the edits of others are millions, and read anew each time."""
        if CodeSystem.HCPCS in systems:
            yield from self._of_descriptors()
        for edition in self.tables.editions:
            if edition.release.system in systems:
                for statement in edition.statements:
                    yield edition.release, statement

    def statements_speaking_of(self, wanted: Callable[[Concept], bool]) -> Iterator[tuple[Release, Statement | None]]:
        """All statements, with None for each of those that are read anew each time of which no end is wanted."""
        yield from self._of_descriptors()
        for edition in self.tables.editions:
            statements = edition.statements
            chosen = statements.speaking_of(wanted) if isinstance(statements, ManyStatements) else statements
            for statement in chosen:
                yield edition.release, statement

    def _of_descriptors(self) -> Iterator[tuple[Release, Statement]]:
        for meaning, statement in self.tables.descriptors:
            if self.day is None or self._meaning(meaning.entry.code) == meaning:
                yield meaning.release, statement

    def stated_of(self, subject: Concept) -> Iterator[tuple[Release, Statement]]:
        """What releases of products and drugs state of a subject: what descriptors say, then the newest first."""
        for number, release, statement in self.tables.stated.get(subject, ()):
            code_meanings = self.tables.meanings[subject.code] if number is not None and self.day else ()
            if not code_meanings or on(self.day, code_meanings) is code_meanings[number or 0]:
                yield release, statement

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

    def in_force(self, code: Code) -> bool:
        """Whether a code holds on the day; where none is asked for, whether it has no end."""
        entry = self.entry(code)
        if entry is None or self.day is None:
            return entry is not None and entry.valid_through is None
        return entry.holds_on(self.day)

    def speaks_of(self, code: Code) -> bool:
        """Whether the days of a code that are known say anything of the day: all of a day that releases cover."""
        meaning = self._meaning(code)
        return meaning is None or meaning.release.dated or not self._is_before(code.system)

    def first_day(self, system: CodeSystem) -> date | None:
        """The first day that complete releases of a system cover; None where there are none, or one has no date."""
        return self.tables.first_days.get(system)

    def _is_before(self, system: CodeSystem) -> bool:
        """Whether the day lies before all that complete releases of a system cover."""
        first = self.first_day(system) if self.day else None
        return bool(self.day and first and self.day < first)

    def _meaning(self, code: Code) -> Meaning | None:
        code_meanings = self.tables.meanings.get(code)
        return on(self.day, code_meanings) if code_meanings else None

    def codes(self, system: CodeSystem) -> Iterator[Code]:
        """The codes of a system that releases describe."""
        return (code for code in self.tables.meanings if code.system is system)

    def names(self, code: Code) -> Iterator[tuple[str, Release]]:
        """All names that releases give to a code, the believed one first."""
        if meaning := self._meaning(code):
            entry, release, _, others = meaning
            yield from ((name, release) for name in (entry.name, *entry.names) if name)
            yield from others

    def era(self, system: CodeSystem) -> int | None:
        """The days on which all codes of a system mean the same have one number."""
        return bisect_right(self.tables.turns.get(system, ()), self.day) if self.day else None

    def meant(self, drug: Concept) -> Concept:
        """The drug that a name stands for, where it is a brand that a release knows and no drug that is known."""
        return drug if drug in self.tables.drugs else self.tables.brands.get(drug.key, drug)

    def drug(self, concept: Concept) -> Drug | None:
        """What is known of a drug."""
        return self.tables.drugs.get(concept)

    def describes(self, concept: Concept) -> bool:
        """Whether a release or a table says anything of a concept."""
        if concept.kind.is_code:
            return concept.code in self.tables.meanings
        return concept in self.tables.drugs

    @property
    def coverage(self) -> Coverage:
        """What the policies of payers list."""
        return self.tables.coverage

    def __len__(self) -> int:
        """How many concepts are described."""
        return len(self.tables.meanings) + len(self.tables.drugs)


def _in_their_days(ordered: Iterable[Edition]) -> Iterator[Edition]:
    """Of a series of editions, the newest first, what each states until the next one was issued."""
    issues: defaultdict[str, list[date]] = defaultdict(list)
    for edition in ordered:
        series, issued = edition.release.series, edition.release.issued
        if not series or issued is None:
            yield edition
            continue
        next_issue = next((day for day in reversed(issues[series]) if day > issued), None)
        issues[series].append(issued)
        if next_issue is not None:
            edition = replace(edition, statements=tuple(_until(next_issue - _DAY, edition.statements)))
        yield edition


def _until(last: date, statements: Iterable[Statement]) -> Iterator[Statement]:
    """Statements that end on a day, unless they ended before; those that would begin after it are gone."""
    for statement in statements:
        if (statement.valid_from or last) <= last:
            yield replace(statement, valid_through=min(last, statement.valid_through or last))


def _descriptors(
    by_code: Mapping[Code, tuple[Meaning, ...]], drugs: Iterable[Drug]
) -> Iterator[tuple[Meaning, Statement]]:
    """What the descriptors of codes state: the drug and the billing unit."""
    from kg.reference.descriptors import KnownDrugs, statements  # Which a check of a guide may do without.

    known_drugs = KnownDrugs.of(drugs)
    for code, code_meanings in by_code.items():
        if code.system is CodeSystem.HCPCS:
            for meaning in code_meanings:
                for statement in statements(meaning.entry, known_drugs):
                    yield meaning, statement


def _recency(edition: Edition) -> tuple[date, bool, bool]:
    release = edition.release
    # Subtracted from the last day, so that the newest comes first; one without a date is the oldest.
    age = date.max - (release.issued or date.min)
    return date.min + age, release.labels, not release.complete


def load(readers: Iterable[Reader] | None = None) -> Reference:
    """Read releases, else what comes with billing-kg, and the names of drugs."""
    from kg.reference import bundled  # With the readers of all formats, which what is kept on disk needs no more.

    with no_collection():
        every = (bundled.diagnoses, bundled.read) if readers is None else readers
        return Reference.of((edition for reader in every for edition in reader()), bundled.drugs())
