"""Writes one graph: documents, assertions and releases into the empty folder of a build."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from itertools import chain, starmap
from pathlib import Path

import pyoxigraph as ox

from kg import resources
from kg.documents import Document
from kg.errors import StoreError
from kg.graph import names, texts
from kg.graph.adjacency import packed
from kg.graph.inventory.findings import disagreement_row, finding_row
from kg.graph.inventory.kept import KeptRows
from kg.graph.inventory.statements import statement_row
from kg.graph.judged import Judged
from kg.graph.kept_readings import Reading, keeping
from kg.graph.ledger import Ledger
from kg.graph.manifest import ADJACENCY, NAMES, QUADS, RELEASES, Manifest
from kg.graph.rdf.assertions import assertion_lines, evidence_iri, evidence_lines, verdict_line
from kg.graph.rdf.concepts import concept_quads, drug_quads
from kg.graph.rdf.coverage import coverage_lines
from kg.graph.rdf.edges import edge_line
from kg.graph.rdf.findings import disagreement_quads, judgement_quads
from kg.graph.rdf.meanings import code_lines
from kg.graph.rdf.sources import document_quads, release_quads
from kg.graph.rdf.statements import statement_lines
from kg.graph.rdf.vocabulary import ONTOLOGY, REFERENCE
from kg.graph.rules import made_by
from kg.model import Assertion, Evidence
from kg.reference import Reference, index
from kg.verification import Judge

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far it goes (0 where that is not known)."""

_PROGRESS_STEP = 100_000
"""After so many quads progress is told."""

# What the loader sorts at a time takes the longer for each quad the more there are; so batches are small, and two are
# sorted while the next one is made. Each leaves files of its own, in all of which a node would have to be looked for:
# the store merges them meanwhile, and what is left of them at the end.
_BATCH = 150_000
_SIDE_BY_SIDE = 2
_QUADS_PER_ENTRY = 9


def graph_lines(ledger: Ledger, readings: Iterable[Reading], rows: KeptRows) -> Iterator[str]:
    """All of a graph as lines of N-Quads, in the order of loading: what depends on all documents last.

    What is judged is kept as rows, too.
    """
    yield _text(_ontology())
    for reading in readings:
        yield from reading_lines(reading.document, reading.distinct)
        judgement = ledger.document(reading)
        rows.findings(map(finding_row, judgement.findings))
        yield _text(judgement_quads(judgement))
    for disagreement in ledger.judged.disagree():
        rows.findings([disagreement_row(disagreement)])
        yield _text(disagreement_quads(disagreement))
    yield from starmap(verdict_line, ledger.judged.verdicts.items())
    ledger.close()
    yield _text(chain.from_iterable(map(release_quads, ledger.reference.releases)))
    yield _text(chain.from_iterable(map(drug_quads, ledger.reference.drugs)))
    yield from code_lines(ledger.codes())
    for release, statement, verdict in ledger.statements():
        rows.statement(statement_row(release.identifier, statement, verdict))
        yield statement_lines(release.identifier, statement, verdict)
    yield from starmap(edge_line, ledger.judged.edges.items())
    yield from coverage_lines(ledger.coverage())
    for concept in ledger.only_stated:
        yield _text(concept_quads(concept, REFERENCE))
    for concept in ledger.only_spoken_of:
        yield _text(concept_quads(concept))


def write_graph(
    build: Path, readings: Iterable[Reading], reference: Reference, progress: Progress, as_of: date | None = None
) -> Counter[str]:
    """Write a graph into the empty folder of a build, manifest last; gives the counts of what is in it.

    Verdicts are those of the day `as_of`; without one, no code has ended.
    """
    ledger = Ledger(reference, Judged(Judge(reference, as_of)))
    try:
        index.write(build / RELEASES, reference.tables)
        with KeptRows() as rows:
            lines = graph_lines(ledger, keeping(texts.keeping(readings, build), build), rows)
            _write(build, ledger, _followed(lines, len(reference), progress), progress)
            rows.write(build, ledger.judged.verdicts)
        ledger.spoken.write(build)
        Manifest(made_by=made_by(), releases=reference.tables.key).write(build, ledger.counts, as_of)
    except OSError as exc:
        raise StoreError(f"{build}: cannot be written ({' '.join(str(exc).split())})") from exc
    return ledger.counts


def _write(build: Path, ledger: Ledger, lines: Iterator[str], progress: Progress) -> None:
    """Write quads, names and edges; when it returns, the store is closed and its files are final."""
    store = ox.Store(str(build / QUADS))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
        loads = deque[Future[None]]()
        for batch in _batches(lines):
            loads.append(threads.submit(_load, store, batch))
            if len(loads) > _SIDE_BY_SIDE:
                loads.popleft().result()
        for load in loads:
            load.result()
        progress("indexing names", 0, 0)
        merge = threads.submit(store.optimize)
        names.write(build / NAMES, ledger.name_rows)
        (build / ADJACENCY).write_bytes(packed(ledger.joined))
        progress("merging", 0, 0)
        merge.result()
    store.flush()


def _load(store: ox.Store, batch: bytes) -> None:
    # All IRIs are made by us, of parts that are quoted; to check them again takes a tenth of the time.
    store.bulk_load(batch, ox.RdfFormat.N_QUADS, lenient=True)


def _followed(pieces: Iterator[str], entries: int, progress: Progress) -> Iterator[str]:
    """The lines of the graph, while progress is told."""
    done, expected = 0, _QUADS_PER_ENTRY * entries
    progress("writing the graph", done, expected)
    for piece in pieces:
        yield piece
        before, done = done, done + piece.count("\n")
        if done // _PROGRESS_STEP > before // _PROGRESS_STEP:
            progress("writing the graph", done, max(done, expected))


def reading_lines(document: Document, assertions: Iterable[Assertion]) -> Iterator[str]:
    """What a document states, as lines of N-Quads, without what depends on releases and other documents."""
    yield _text(document_quads(document))
    places: dict[Evidence, str] = {}
    for assertion in assertions:
        if assertion.evidence not in places:
            places[assertion.evidence] = evidence_iri(assertion.evidence)
            yield evidence_lines(assertion.evidence, places[assertion.evidence])
        yield assertion_lines(assertion, places[assertion.evidence])


def _ontology() -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(resources.path("ontology", "billing.ttl"))):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY)


def _text(quads: Iterable[ox.Quad]) -> str:
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
