"""Makes what a graph of a wanted size is built of: releases, and documents already read into assertions.

A made-up document says what one of our own guides says (`data/guides`, `tests/corpus`, `tests/held`), of other codes:
relations, conditions, qualifiers and quotes are those that extraction finds in life. Codes are drawn unevenly, the
diagnoses of a drug near each other, and what is common in guides (modifiers, payers, places, the codes of infusions)
stays and becomes a hub.

A graph of a tenth of the size has a tenth of the codes and a tenth of the documents, so that growth is that of the
whole. The same size gives the same graph.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from kg import documents
from kg.collector import no_collection
from kg.documents import Document
from kg.extraction import extract
from kg.graph.kept_readings import Reading
from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Kind, Relation, Statement
from kg.reference import Edition, Entry, Reference, Release, bundled, icd10cm

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("data/guides", "tests/corpus", "tests/held")
SIZES = (100_000, 1_000_000, 10_000_000)
DAY = date(2026, 7, 1)

_WHOLE = 10_000_000
"""The size that has all of ICD-10-CM; a smaller one has its share, as far as whole categories allow."""
_FEWEST_DOCUMENTS = 40
_HCPCS, _EDITS, _FEWEST = 6_000, 80_000, 60
_QUADS_OF_EDIT, _QUADS_OF_CODE = 11.6, 9.6
_WRONG_NAMES, _ELSEWHERE = 0.01, 0.05
_AREA = 150


@dataclass(frozen=True)
class Material:
    """What a graph of about so many quads is built of."""

    quads: int
    reference: Reference
    pools: Pools

    @classmethod
    def of(cls, quads: int) -> Material:
        """Make the releases; documents are made while they are read."""
        share = min(1.0, quads / _WHOLE)
        with no_collection():
            diagnoses = _diagnoses(share)
            drugs = _hcpcs(max(_FEWEST, int(_HCPCS * quads / _WHOLE)))
            names = {entry.code: entry.name for entry in (*drugs.entries, *diagnoses.entries)}
            billable = [entry.code for entry in diagnoses.entries if entry.billable]
            statements = Reference.of([drugs], bundled.drugs()).statements
            identified = ((s.subject, s.object) for _, s in statements if s.relation is Relation.IDENTIFIES_DRUG)
            pools = Pools(_Drawn([entry.code for entry in drugs.entries]), _Areas(billable), names, dict(identified))
            edits = _edits(pools, int(_EDITS * quads / _WHOLE))
            reference = Reference.of([diagnoses, drugs, edits, *bundled.read()], bundled.drugs())
        return cls(quads, reference, pools)

    def readings(self) -> Iterator[Reading]:
        """Documents, until the graph has about as many quads as were asked for, and some in any case."""
        edits = int(_EDITS * self.quads / _WHOLE)
        quads_left = self.quads - _QUADS_OF_CODE * len(self.reference) - _QUADS_OF_EDIT * edits
        number = 0
        while quads_left > 0 or number < _FEWEST_DOCUMENTS:
            reading = self._reading(number)
            yield reading
            quads_left -= quads_of(reading)
            number += 1

    def documents(self, count: int) -> Iterator[Reading]:
        """So many documents, however many quads they come to."""
        return map(self._reading, range(count))

    def _reading(self, number: int) -> Reading:
        dice = random.Random(number)
        templates = _templates()
        template = templates[number % len(templates)]
        swap = _Swap(self.pools, dice, f"{template.document.identifier}-{number}")
        swap.identities(template.assertions)
        swapped = tuple(map(swap.assertion, template.assertions))
        name = f"{swap.document}.md"
        return Reading(replace(template.document, identifier=swap.document, name=name), swapped, template.leftovers)


def quads_of(reading: Reading) -> int:
    """About how many quads a document comes to, plain edges and what it alone names included."""
    places = len({assertion.evidence for assertion in reading.assertions})
    return 13 * len(reading.assertions) + 11 * places + 5


def keep(readings: Iterator[Reading], file: Path) -> int:
    """Write readings to a file, one after another; gives how many."""
    count = 0
    with file.open("wb") as out:
        for reading in readings:
            pickle.dump(reading, out, pickle.HIGHEST_PROTOCOL)
            count += 1
    return count


def kept(file: Path) -> Iterator[Reading]:
    """The readings that were kept in a file."""
    with file.open("rb") as stream:
        while True:
            try:
                yield pickle.load(stream)
            except EOFError:
                return


@dataclass(frozen=True)
class _Template:
    """One of our own guides, and what it states."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: int


@cache
def _templates() -> tuple[_Template, ...]:
    templates = (_template(path) for folder in FOLDERS for path in documents.find([ROOT / folder]))
    return tuple(template for template in templates if template.assertions)


def _template(path: Path) -> _Template:
    document = documents.read(path)
    extraction = extract(document)
    bare = replace(document, text="", blocks=())
    return _Template(bare, tuple(extraction.assertions), len(extraction.leftovers))


class _Drawn:
    """Codes, some of which are drawn much more often than others."""

    def __init__(self, codes: Sequence[Code]) -> None:
        self._codes = random.Random(len(codes)).sample(codes, len(codes))

    def draw(self, dice: random.Random) -> Code:
        return self._codes[int(len(self._codes) * dice.random() ** 2)]


class _Areas:
    """Diagnoses by area of medicine: codes that stand together, some areas and codes more often than others."""

    def __init__(self, codes: Sequence[Code]) -> None:
        self._codes = codes
        self._starts = random.Random(len(codes)).sample(range(len(codes)), max(1, len(codes) // _AREA))

    def area_of(self, code: Code) -> int:
        """Where the diagnoses begin that a drug is for, always the same."""
        return self._starts[int(len(self._starts) * random.Random(code.value).random() ** 2)]

    def draw(self, area: int, dice: random.Random) -> Code:
        """A diagnosis of an area, now and then one from elsewhere."""
        if dice.random() < _ELSEWHERE:
            return dice.choice(self._codes)
        return self._codes[(area + int(_AREA * dice.random() ** 2)) % len(self._codes)]


@dataclass(frozen=True)
class Pools:
    """What codes are drawn from, and what releases call them."""

    hcpcs: _Drawn
    diagnoses: _Areas
    names: dict[Code, str]
    drugs: dict[Concept, Concept]


@dataclass
class _Swap:
    """Puts other codes in the place of those of a template, each the same throughout a document."""

    pools: Pools
    dice: random.Random
    document: str
    concepts: dict[Concept, Concept] = field(default_factory=dict)
    places: dict[Evidence, Evidence] = field(default_factory=dict)
    area: int = 0

    def identities(self, assertions: Sequence[Assertion]) -> None:
        """What a document says that a code is becomes what the code is that stands in its place."""
        self.area = self.pools.diagnoses.area_of(self.concept(assertions[0].subject).code)
        for assertion in assertions:
            subject = self.concept(assertion.subject)
            if assertion.relation is Relation.IDENTIFIES_DRUG and subject in self.pools.drugs:
                self.concepts[assertion.object] = self.pools.drugs[subject]

    def assertion(self, assertion: Assertion) -> Assertion:
        subject, object = self.concept(assertion.subject), self.concept(assertion.object)
        qualifiers = tuple((qualifier, self.concept(concept)) for qualifier, concept in assertion.qualifiers)
        evidence = self.place(assertion.evidence)
        return replace(assertion, subject=subject, object=object, qualifiers=qualifiers, evidence=evidence)

    def concept(self, concept: Concept) -> Concept:
        if concept not in self.concepts:
            self.concepts[concept] = self._another(concept)
        return self.concepts[concept]

    def _another(self, concept: Concept) -> Concept:
        if concept.kind is Kind.HCPCS:
            return Concept.of(self.pools.hcpcs.draw(self.dice))
        if concept.kind is not Kind.ICD10CM:
            return concept
        code = self.pools.diagnoses.draw(self.area, self.dice)
        name_code = self.pools.diagnoses.draw(self.area, self.dice) if self.dice.random() < _WRONG_NAMES else code
        return Concept.of(code, self.pools.names[name_code] if concept.name else None)

    def place(self, evidence: Evidence) -> Evidence:
        if evidence not in self.places:
            quote = evidence.quote
            for old, new in self.concepts.items():
                if old.key != new.key:
                    quote = quote.replace(old.key, new.key)
            end = evidence.start + len(quote)
            self.places[evidence] = replace(evidence, document=self.document, end=end, quote=quote)
        return self.places[evidence]


def _diagnoses(share: float) -> Edition:
    """ICD-10-CM as far as a share of it goes: whole headings from the beginning."""
    (edition,) = icd10cm.read()
    entries = edition.entries[: int(len(edition.entries) * share)]
    codes = {Concept.of(entry.code) for entry in entries}
    statements = tuple(s for s in edition.statements if s.subject in codes and s.object in codes)
    return replace(edition, entries=entries, statements=statements)


def _hcpcs(count: int) -> Edition:
    """A complete release of made-up drug codes, each with the drug and the unit in its name, as in life."""
    drugs = sorted(drug.concept.label for drug in bundled.drugs())
    release = Release("hcpcs-made-up", CodeSystem.HCPCS, "Made-up HCPCS", DAY, True, "none", "made up", "[^JQ].*")
    entries = tuple(
        Entry(
            Code(CodeSystem.HCPCS, f"{'JQ'[number % 2]}{number // 2:04}"),
            f"Injection, {drugs[number % len(drugs)]}, {(1, 10, 50, 100)[number // 7 % 4]} mg",
            billable=True,
            row=number + 2,
        )
        for number in range(count)
    )
    return Edition(release, entries, rows=count)


def _edits(pools: Pools, count: int) -> Edition:
    """Pairs of codes that are not paid together."""
    release = Release("ncci-made-up", CodeSystem.CPT, "Made-up edits", DAY, False, "none", "made up")
    dice = random.Random(count)
    pairs = {(pools.hcpcs.draw(dice), pools.hcpcs.draw(dice)): None for _ in range(count)}
    statements = tuple(
        Statement(
            Concept.of(first),
            Relation.BUNDLED_WITH,
            Concept.of(second),
            row,
            f"{first.value} | {second.value} | 20220101 | * | 1 | Misuse of column two code with column one code",
            date(2022, 1, 1),
            details=(("modifierIndicator", "1"), ("rationale", "Misuse of column two code with column one code")),
        )
        for row, (first, second) in enumerate(pairs, 7)
        if first != second
    )
    return Edition(release, statements=statements, rows=count)
