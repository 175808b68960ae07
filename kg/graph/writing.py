"""Writes one graph: documents, assertions and releases into the empty folder of a build."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from kg import resources
from kg.documents import Document
from kg.errors import StoreError
from kg.graph import names
from kg.graph.names import NameRow
from kg.graph.quads import (
    assertion_quads,
    concept_quads,
    document_quads,
    drug_quads,
    edge_quad,
    entry_lines,
    release_quads,
)
from kg.graph.store import Manifest
from kg.graph.vocabulary import ONTOLOGY
from kg.model import Assertion, CodeSystem, Concept, Finding, Polarity, Relation, Verdict
from kg.reference import Reference
from kg.verification import judge

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far it goes (0 where that is not known)."""

# Sorting makes a batch of twice the size take almost three times as long; smaller ones leave more files for every
# look-up to go through. Two are loaded side by side, since the library lets other threads run.
_BATCH = 350_000
_PIECE = 35_000
_LOADERS = 2
_QUADS_PER_ENTRY = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what it states."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: int = 0


@dataclass(slots=True)
class Content:
    """What has been written of a graph so far, as far as later quads depend on it."""

    reference: Reference
    edges: dict[tuple[Concept, Relation, Concept], Verdict] = field(default_factory=dict)
    excluded: set[tuple[Concept, Relation, Concept]] = field(default_factory=set)
    spoken_of: defaultdict[Concept, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """The concepts that no release describes, with the names that documents give them."""
    counts: Counter[str] = field(default_factory=Counter)

    def quads(self, readings: Iterable[Reading]) -> Iterator[ox.Quad]:
        """All quads of the graph but those of the ontology and of the entries of releases."""
        for reading in readings:
            yield from self._reading(reading)
        for concept in self.spoken_of:
            yield from concept_quads(self.named(concept))
        for (subject, relation, object), verdict in self.edges.items():
            yield edge_quad(subject, relation, object, verdict)
        for release in self.reference.releases:
            yield from release_quads(release)
        for drug in self.reference.drugs:
            yield from drug_quads(drug)

    def named(self, concept: Concept) -> Concept:
        """A concept that only documents speak of, under the name that they give it most often."""
        given = self.spoken_of[concept]
        if concept.kind.is_code or not given:
            return Concept(concept.kind, concept.key)
        return Concept(concept.kind, concept.key, min(given, key=lambda name: (-given[name], name)))

    def _reading(self, reading: Reading) -> Iterator[ox.Quad]:
        assertions = {assertion.identifier: assertion for assertion in reversed(reading.assertions)}
        judgement = judge(assertions.values(), self.reference)
        findings: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in judgement.findings:
            findings[finding.assertion.identifier].append(finding)
        yield from document_quads(reading.document)
        for identifier, assertion in assertions.items():
            verdict = judgement.verdicts[identifier]
            self._take(assertion, verdict)
            yield from assertion_quads(assertion, verdict, findings[identifier])
        self.counts.update(documents=1, assertions=len(assertions), leftovers=reading.leftovers)

    def _take(self, assertion: Assertion, verdict: Verdict) -> None:
        self.counts[verdict.value] += 1
        for concept in (
            assertion.subject,
            assertion.object,
            *(concept for _, concept in assertion.qualifiers),
        ):
            if not self.reference.describes(concept):
                self.spoken_of[concept].update([concept.name] if concept.name else [])
        edge = (assertion.subject, assertion.relation, assertion.object)
        if assertion.polarity is Polarity.EXCLUDED:
            self.excluded.add(edge)
        else:
            self.edges[edge] = min(verdict, self.edges.get(edge, verdict), key=lambda verdict: verdict.rank)

    def name_rows(self) -> Iterator[NameRow]:
        """What the index of names holds."""
        degree: Counter[tuple[str, str]] = Counter()
        for edge in (*self.edges, *self.excluded):
            degree.update((concept.kind.value, concept.key) for concept in (edge[0], edge[2]))
        kinds = {system: system.value for system in CodeSystem}
        for entry in self.reference.entries:
            kind, key = kinds[entry.code.system], entry.code.value
            yield NameRow(kind, key, entry.name, (), degree.get((kind, key), 0))
        for drug in self.reference.drugs:
            yield _row(drug.concept, degree, drug.brands)
        for concept in sorted(self.spoken_of):
            yield _row(self.named(concept), degree)


def _row(concept: Concept, degree: Counter[tuple[str, str]], alternatives: tuple[str, ...] = ()) -> NameRow:
    kind = concept.kind.value
    return NameRow(kind, concept.key, concept.name, alternatives, degree[kind, concept.key])


def write_graph(build: Path, readings: Iterable[Reading], reference: Reference, progress: Progress) -> Counter[str]:
    """Write a graph into the empty folder of a build, manifest last; gives the counts of what is in it."""
    content = Content(reference)
    try:
        _write(build, content, readings, progress)
        counts = content.counts + Counter(concepts=len(reference) + len(content.spoken_of))
        counts.update(connections=len(content.edges), excluded=len(content.excluded))
        Manifest.of(build, dict(sorted(counts.items()))).write(build)
    except OSError as exc:
        raise StoreError(f"{build}: cannot be written ({' '.join(str(exc).split())})") from exc
    return counts


def _write(build: Path, content: Content, readings: Iterable[Reading], progress: Progress) -> None:
    """Write quads and names; when it returns, the store is closed and its files are final."""
    expected = _QUADS_PER_ENTRY * len(content.reference)
    store = ox.Store(str(build / "quads"))
    quads = chain(_ontology(), content.quads(readings))
    with _loading(store) as load:
        load(
            _batches(quads, entry_lines(content.reference.entries)),
            lambda done: progress("writing the graph", done, max(done, expected)),
        )
        progress("indexing names", 0, 0)
        names.write(build / "names.sqlite", content.name_rows())
    store.flush()


def _ontology() -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(resources.path("ontology", "billing.ttl"))):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY)


def _batches(quads: Iterator[ox.Quad], lines: Iterator[str]) -> Iterator[bytes]:
    """Quads and lines of N-Quads as one stream of batches, of equal size but for the last."""
    batch, size = list[bytes](), 0
    for piece in _pieces(quads, lines):
        batch.append(piece)
        size += piece.count(b"\n")
        if size >= _BATCH:
            yield b"".join(batch)
            batch, size = [], 0
    if batch:
        yield b"".join(batch)


def _pieces(quads: Iterator[ox.Quad], lines: Iterator[str]) -> Iterator[bytes]:
    while piece := ox.serialize(islice(quads, _PIECE), format=ox.RdfFormat.N_QUADS):
        yield piece
    while piece := "".join(islice(lines, _PIECE // _QUADS_PER_ENTRY)).encode():
        yield piece


@contextmanager
def _loading(store: ox.Store) -> Iterator[Callable[[Iterator[bytes], Callable[[int], None]], None]]:
    """Gives a function that loads batches in threads; all are loaded when the block ends."""
    with ThreadPoolExecutor(_LOADERS) as threads:
        pending: list[Future[None]] = []

        def load(batches: Iterator[bytes], progress: Callable[[int], None]) -> None:
            done = 0
            for batch in batches:
                pending.append(threads.submit(_bulk_load, store, batch))
                done += batch.count(b"\n")
                progress(done)
                if len(pending) > _LOADERS:  # Wait, so that no more than a few batches are in memory.
                    pending.pop(0).result()

        yield load
        for future in pending:
            future.result()


def _bulk_load(store: ox.Store, data: bytes) -> None:
    # Every IRI was checked when its node was made; to check it again takes a tenth of the time.
    store.bulk_load(data, ox.RdfFormat.N_QUADS, lenient=True)
