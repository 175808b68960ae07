"""Writes one graph: documents, assertions and releases into the empty folder of a build."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, starmap
from pathlib import Path

import pyoxigraph as ox

from kg import resources
from kg.documents import Document
from kg.errors import StoreError
from kg.graph import names
from kg.graph.adjacency import Edge, packed
from kg.graph.judged import Judged, found_quads
from kg.graph.manifest import ADJACENCY, NAMES, QUADS, RELEASES, Manifest
from kg.graph.names import NameRow, row_of
from kg.graph.quads import (
    assertion_lines,
    concept_quads,
    document_quads,
    edge_line,
    evidence_iri,
    evidence_lines,
    verdict_line,
)
from kg.graph.readings import Reading, keeping
from kg.graph.released import drug_quads, entry_lines, release_quads, statement_lines
from kg.graph.rules import made_by
from kg.graph.spoken import Spoken
from kg.graph.vocabulary import ONTOLOGY, REFERENCE
from kg.model import Assertion, CodeSystem, Concept, Evidence, Relation
from kg.reference import Reference, index
from kg.reference.meanings import Meaning
from kg.verification import Judge

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far it goes (0 where that is not known)."""

_TOLD = 100_000
"""After so many quads progress is told."""

# What the loader sorts at a time takes the longer for each quad the more there are; so batches are small, and two are
# sorted while the next one is made. Each leaves files of its own, in all of which a node would have to be looked for:
# the store merges them meanwhile, and what is left of them at the end.
_BATCH = 150_000
_SIDE_BY_SIDE = 2
_QUADS_PER_ENTRY = 9


@dataclass(slots=True)
class Content:
    """What has been written of a graph so far, as far as later quads depend on it."""

    reference: Reference
    judged: Judged
    spoken: Spoken = field(default_factory=Spoken)
    stated_of: dict[Concept, None] = field(default_factory=dict)
    """The concepts that only statements of releases speak of."""
    degree: Counter[Concept] = field(default_factory=Counter)
    """How many edges of documents a concept has."""
    _of_codes: list[NameRow] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[str]:
        """How much of each there is."""
        return self._counts + self.judged.counts

    def lines(self, readings: Iterable[Reading]) -> Iterator[str]:
        """All of the graph, as lines of N-Quads; what depends on all documents comes last."""
        yield _written(_ontology())
        for reading in readings:
            yield from self._reading(reading)
        yield _written(self.judged.disagree())
        yield from starmap(verdict_line, self.judged.verdicts.items())
        self._close_edges()
        yield _written(chain.from_iterable(map(release_quads, self.reference.releases)))
        yield _written(chain.from_iterable(map(drug_quads, self.reference.drugs)))
        yield from entry_lines(self._noted(self.reference.meanings))
        yield from self._statements()
        for (subject, relation, object), verdict in self.judged.edges.items():
            yield edge_line(subject, relation, object, verdict)
        for concept in self.stated_of:
            yield _written(concept_quads(concept, REFERENCE))
        for concept in self.spoken.names:
            if concept not in self.stated_of:
                yield _written(concept_quads(self.spoken.named(concept)))

    def _statements(self) -> Iterator[str]:
        """How releases say that concepts go together; of edits, those of a code that a document speaks of."""
        for release, statement in self.reference.statements:
            ends = statement.subject, statement.object
            if statement.relation is Relation.BUNDLED_WITH and self.degree.keys().isdisjoint(ends):
                self._counts["edits left out"] += 1
                continue
            for concept in ends:
                if not self.reference.describes(concept):
                    self.stated_of.setdefault(concept)
            self._counts["statements"] += 1
            yield statement_lines(release, statement, self.judged.state(statement))

    def _reading(self, reading: Reading) -> Iterator[str]:
        assertions = reading.distinct
        yield from reading_lines(reading.document, assertions)
        self.spoken.hear(assertions, self.reference)
        yield _written(found_quads(self.judged.document(assertions)))
        self._counts.update(documents=1, assertions=len(assertions), leftovers=reading.leftovers)

    def _close_edges(self) -> None:
        self.judged.close()
        self.degree = self.judged.degree

    def joined(self) -> Iterator[Edge]:
        """The plain edges that join concepts, as the adjacency takes them."""
        for (subject, relation, object), verdict in self.judged.edges.items():
            if relation.joins:
                yield subject.curie, relation, object.curie, verdict

    def _noted(self, described: Iterable[tuple[Meaning, ...]]) -> Iterator[tuple[Meaning, ...]]:
        """The codes that releases describe, while it is noted what each is called; to read them again takes long."""
        degree = {(concept.kind.value, concept.key): edges for concept, edges in self.degree.items()}
        kinds = {system: system.value for system in CodeSystem}
        for meanings in described:
            entry, release, *_ = meanings[0]
            kind, key = kinds[entry.code.system], entry.code.value
            names = (entry.called, entry.name, *entry.names) if release.quotable else ()
            called = list(dict.fromkeys(filter(None, names)))
            edges = degree.get((kind, key), 0)
            self._of_codes.append(NameRow(kind, key, called[0] if called else None, tuple(called[1:]), edges))
            yield meanings

    def name_rows(self) -> Iterator[NameRow]:
        """What the index of names holds, once all lines are written."""
        yield from self._of_codes
        for drug in self.reference.drugs:
            yield row_of(drug.concept, self.degree[drug.concept], drug.brands)
        for concept in sorted({**self.spoken.names, **self.stated_of}):
            named = self.spoken.named(concept) if concept in self.spoken.names else concept
            yield row_of(named, self.degree[concept])


def write_graph(
    build: Path, readings: Iterable[Reading], reference: Reference, progress: Progress, as_of: date | None = None
) -> Counter[str]:
    """Write a graph into the empty folder of a build, manifest last; gives the counts of what is in it.

    Verdicts are those of the day `as_of`; without one, no code has ended.
    """
    content = Content(reference, Judged(Judge(reference, as_of)))
    try:
        index.write(build / RELEASES, reference.tables)
        _write(build, content, keeping(readings, build), progress)
        content.spoken.write(build)
        concepts = len(reference) + len({**content.spoken.names, **content.stated_of})
        counts = content.counts + Counter(concepts=concepts)
        Manifest(made_by=made_by(), releases=reference.tables.key).write(build, counts, as_of)
    except OSError as exc:
        raise StoreError(f"{build}: cannot be written ({' '.join(str(exc).split())})") from exc
    return counts


def _write(build: Path, content: Content, readings: Iterable[Reading], progress: Progress) -> None:
    """Write quads, names and edges; when it returns, the store is closed and its files are final."""
    store = ox.Store(str(build / QUADS))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
        loads = deque[Future[None]]()
        for batch in _batches(_followed(content, readings, progress)):
            loads.append(threads.submit(_load, store, batch))
            if len(loads) > _SIDE_BY_SIDE:
                loads.popleft().result()
        for load in loads:
            load.result()
        progress("indexing names", 0, 0)
        merge = threads.submit(store.optimize)
        names.write(build / NAMES, content.name_rows())
        (build / ADJACENCY).write_bytes(packed(content.joined()))
        progress("merging", 0, 0)
        merge.result()
    store.flush()


def _load(store: ox.Store, batch: bytes) -> None:
    # All IRIs are made by us, of parts that are quoted; to check them again takes a tenth of the time.
    store.bulk_load(batch, ox.RdfFormat.N_QUADS, lenient=True)


def _followed(content: Content, readings: Iterable[Reading], progress: Progress) -> Iterator[str]:
    """The lines of the graph, while progress is told."""
    done, expected = 0, _QUADS_PER_ENTRY * len(content.reference)
    progress("writing the graph", done, expected)
    for piece in content.lines(readings):
        yield piece
        before, done = done, done + piece.count("\n")
        if done // _TOLD > before // _TOLD:
            progress("writing the graph", done, max(done, expected))


def reading_lines(document: Document, assertions: Iterable[Assertion]) -> Iterator[str]:
    """What a document states, as lines of N-Quads, without what depends on releases and other documents."""
    yield _written(document_quads(document))
    places: dict[Evidence, str] = {}
    for assertion in assertions:
        if assertion.evidence not in places:
            places[assertion.evidence] = evidence_iri(assertion.evidence)
            yield evidence_lines(assertion.evidence, places[assertion.evidence])
        yield assertion_lines(assertion, places[assertion.evidence])


def _ontology() -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(resources.path("ontology", "billing.ttl"))):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY)


def _written(quads: Iterable[ox.Quad]) -> str:
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()


def _batches(pieces: Iterator[str]) -> Iterator[bytes]:
    """Pieces of text as batches of about equal size; what one batch took, the next one does not have."""
    batch, size = list[str](), 0
    for piece in pieces:
        batch.append(piece)
        size += piece.count("\n")
        if size >= _BATCH:
            yield "".join(batch).encode()
            batch, size = [], 0
    if batch:
        yield "".join(batch).encode()
