"""The ledger of a graph that is being written: what later parts of it depend on. It knows no RDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from kg.graph.adjacency import Edge
from kg.graph.judged import Judged
from kg.graph.kept_readings import Reading
from kg.graph.names import NameRow, row_of
from kg.graph.spoken import Spoken
from kg.model import Code, CodeSystem, Concept, Coverage, Relation, Statement, Verdict
from kg.reference import Reference, Release
from kg.reference.meanings import Meaning
from kg.verification import Judgement


@dataclass(slots=True)
class Ledger:
    """Takes in documents, then (after `close`) what releases say, and knows at the end what there is."""

    reference: Reference
    judged: Judged
    spoken: Spoken = field(default_factory=Spoken)
    degree: Counter[Concept] = field(default_factory=Counter)
    """How many edges of documents a concept has."""
    _of_statements: dict[Concept, None] = field(default_factory=dict)
    _codes: list[NameRow] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def document(self, reading: Reading) -> Judgement:
        """Take in what a document states; gives what the releases say of it."""
        assertions = reading.distinct
        self.spoken.count(assertions, self.reference)
        self._counts.update(documents=1, assertions=len(assertions), leftovers=reading.leftovers)
        return self.judged.document(assertions)

    def close(self) -> None:
        """No more documents will come."""
        self.judged.close()
        self.degree = self.judged.degree

    def codes(self) -> Iterator[tuple[Meaning, ...]]:
        """The codes that releases describe, noting what each is called, since reading them again takes long."""
        degree = {(concept.kind.value, concept.key): edges for concept, edges in self.degree.items()}
        kinds = {system: system.value for system in CodeSystem}
        for meanings in self.reference.meanings:
            entry, release, *_ = meanings[0]
            kind, key = kinds[entry.code.system], entry.code.value
            names = (entry.called, entry.name, *entry.names) if release.quotable else ()
            label, *others = dict.fromkeys(filter(None, names)) or [None]
            self._codes.append(NameRow(kind, key, label, tuple(filter(None, others)), degree.get((kind, key), 0)))
            yield meanings

    def statements(self) -> Iterator[tuple[Release, Statement, Verdict]]:
        """How releases say that concepts go together; in bulk, that of a billing code that a document speaks of."""
        for release, statement in self.reference.statements_speaking_of(self.degree.__contains__):
            if statement is None or (statement.relation.in_bulk and not self._speaks_of(statement)):
                self._counts["edits left out"] += 1
                continue
            for concept in (statement.subject, statement.object):
                if not self.reference.describes(concept):
                    self._of_statements.setdefault(concept)
            self._counts["statements"] += 1
            yield release, statement, self.judged.state(statement)

    def coverage(self) -> Coverage:
        """What policies list, noting the codes that no release describes."""
        coverage = self.reference.coverage
        listed = (Code.parse(one.value) for one in coverage.listed if one.kind.is_code)
        for code in chain(coverage.listings, coverage.services, listed):
            concept = Concept.of(code)
            if not self.reference.describes(concept):
                self._of_statements.setdefault(concept)
        self._counts["listings"] += sum(len(places) // 2 for places in coverage.listings.values())
        return coverage

    def _speaks_of(self, statement: Statement) -> bool:
        """Whether documents speak of a code of a statement; of a modifier or of a status they do for all codes.

        What a package contains is taken as well where another release says as what it is billed.
        """
        ends = statement.subject, statement.object
        if statement.relation is Relation.CONTAINS_DRUG and self.reference.describes(statement.subject):
            return True
        return any(end in self.degree for end in ends if end.kind in statement.relation.subject_kinds)

    @property
    def only_stated(self) -> Iterator[Concept]:
        """The concepts that only statements of releases speak of, once all statements were given."""
        return iter(self._of_statements)

    @property
    def only_spoken_of(self) -> Iterator[Concept]:
        """The concepts that only documents speak of, under the name that most of them give."""
        return (self.spoken.named(concept) for concept in self.spoken.names if concept not in self._of_statements)

    @property
    def joined(self) -> Iterator[Edge]:
        """The plain edges that join concepts, as the adjacency takes them."""
        for (subject, relation, object), verdict in self.judged.edges.items():
            if relation.joins:
                yield subject.curie, relation, object.curie, verdict

    @property
    def name_rows(self) -> Iterator[NameRow]:
        """What the index of names holds."""
        yield from self._codes
        for drug in self.reference.drugs:
            yield row_of(drug.concept, self.degree[drug.concept], drug.brands)
        for concept in sorted({**self.spoken.names, **self._of_statements}):
            called = self.spoken.named(concept) if concept in self.spoken.names else concept
            yield row_of(called, self.degree[concept])

    @property
    def counts(self) -> Counter[str]:
        """How much of each there is."""
        concepts = len(self.reference) + len({**self.spoken.names, **self._of_statements})
        return self._counts + self.judged.counts + Counter(concepts=concepts)
