"""Changes a copy of a store to what a build for another day, or of other documents, would have written.

What was kept of the build is judged as it was and as it is to be; where that differs, so do the quads. On the same day
only documents that come and go are looked at, and those that speak of the same codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.judged import Judged, meeting
from kg.graph.kept_readings import Reading, kept
from kg.graph.manifest import RELEASES
from kg.graph.names import NameRow, row_of
from kg.graph.rdf.assertions import verdict_quad
from kg.graph.rdf.concepts import concept_quads, read_concept
from kg.graph.rdf.edges import edge_quad
from kg.graph.rdf.findings import disagreement_quads, judgement_quads
from kg.graph.rdf.iris import identifier_of, node
from kg.graph.rdf.statements import read_statement
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, REFERENCE, RELATIONS, VERDICTS
from kg.graph.spoken import Spoken
from kg.graph.store import GraphStore
from kg.graph.writing import reading_lines
from kg.model import Concept, PlainEdge, Statement
from kg.reference import Reference, index
from kg.verification import Judge, Judgement


@dataclass(frozen=True, slots=True)
class Change:
    """How a graph is to change: the day, the documents that come in or are other than before, and those that go."""

    day: date | None
    come: Mapping[str, Reading] = field(default_factory=dict)
    gone: Collection[str] = ()


Quads = tuple[set[ox.Quad], set[ox.Quad]]
"""Those that went, and those that came."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed: plain edges, findings, counts, how many edges of documents concepts have, and their names."""

    edges: Quads
    findings: Quads
    counts: Counter[str]
    degree: Mapping[Concept, int]
    spoken: Spoken
    unnamed: tuple[Concept, ...]
    """The concepts whose row in the index of names is no longer right."""
    named: tuple[NameRow, ...]


def change(store: GraphStore, copy: ox.Store, request: Change) -> Changed:
    """Change the quads of a copy; raises `StoreError` where what was kept of the build is damaged."""
    reference = index.read(store.build / RELEASES)
    if reference is None:
        raise StoreError(f"{store.path}: the graph is damaged ({RELEASES}); build it again with 'kg build'")
    changing = _Changing(store, copy, request, reference)
    changing.documents()
    degree = changing.degree()
    edges = changing.edges()
    counts = changing.counts()
    speech, gone, come = changing.spoken()
    copy.flush()
    counts["concepts"] += len(come) - len(gone)
    return Changed(edges, changing.findings, counts, degree, speech, gone, come)


class _Changing:
    """The judgement of the build as it was and as it is to be, and what differs."""

    def __init__(self, store: GraphStore, copy: ox.Store, request: Change, reference: Reference) -> None:
        self._store, self._copy, self._request, self._reference = store, copy, request, reference
        self._before = {
            reading.document.identifier: reading for reading in kept(store.build, {*request.come, *request.gone})
        }
        self._same_day = store.manifest.day == request.day
        was, now = Judge(reference, store.manifest.day), Judge(reference, request.day)
        self._judgements = [
            {name: judge.judge(reading.distinct) for name, reading in readings.items()}
            for judge, readings in ((was, self._before), (now, request.come))
        ]
        met = self._meetings() if self._same_day else None
        self._was, self._now = Judged(was, met), Judged(now, met)
        self.findings: Quads = set(), set()

    def _meetings(self) -> frozenset[PlainEdge]:
        """Where documents that change meet others: what they state that is new, other than before, or gone."""
        old, new = (
            {
                (
                    assertion,
                    judgements[name].verdicts[assertion.identifier],
                    assertion.identifier in judgements[name].settled,
                )
                for name, reading in readings.items()
                for assertion in reading.distinct
            }
            for readings, judgements in zip((self._before, self._request.come), self._judgements, strict=True)
        )
        return frozenset(meeting(assertion) for assertion, _, _ in old ^ new)

    def documents(self) -> None:
        """What documents state, what is found in them, and where they disagree."""
        store, was, now, come = self._store, self._was, self._now, self._request.come
        for reading in kept(store.build, None if was.met is None else set(_met_by(store, was.met))):
            if reading.document.identifier not in self._before:
                assertions = reading.distinct
                judgement = was.document(assertions)
                if self._same_day:
                    now.document(assertions, judgement)
                else:
                    self._change(judgement_quads(judgement), judgement_quads(now.document(assertions)))
        old, new = self._judgements
        for name in {**self._before, **come}:
            before, after = self._before.get(name), come.get(name)
            self._change(_quads_of(before, was, old.get(name)), _quads_of(after, now, new.get(name)))
        self._change(*(chain.from_iterable(map(disagreement_quads, judged.disagree())) for judged in (was, now)))
        self._change(_verdicts(was, now), _verdicts(now, was))

    def degree(self) -> dict[Concept, int]:
        """By how many edges of documents concepts have more or fewer."""
        self._was.close()
        self._now.close()
        degree = self._now.degree
        degree.subtract(self._was.degree)
        return {concept: by for concept, by in degree.items() if by}

    def edges(self) -> Quads:
        """The plain edges, with the verdicts of what releases state."""
        was, now, store = self._was, self._now, self._store
        edges = {**was.edges, **now.edges}
        if self._same_day:
            names = {name for subject, _, object in edges for name in store.about_both(subject, object, REFERENCE)}
        else:
            turning = _that_turn(store, store.manifest.day, self._request.day)
            subjects = {*(node(subject) for subject, _, _ in edges), *turning}
            names = {name for subject in subjects for name in store.subjects(RDF.subject, subject, REFERENCE)}
        for name, statement in _statements(store, names):
            verdicts = [VERDICTS[judged.state(statement)] for judged in (was, now)]
            self._change(*([ox.Quad(name, BKG.verdict, verdict, REFERENCE)] for verdict in verdicts))
        return self._change(_edges(was, now), _edges(now, was))

    def counts(self) -> Counter[str]:
        """How much more or less of each there is."""
        counts = _counted(self._request.come.values(), self._now)
        counts.subtract(_counted(self._before.values(), self._was))
        return counts

    def spoken(self) -> tuple[Spoken, tuple[Concept, ...], tuple[NameRow, ...]]:
        """What only documents speak of, the concepts that were called otherwise, and how they are called now."""
        was, now = (Spoken.read(self._store.build) for _ in range(2))
        concepts = set[Concept]()
        for readings, times in ((self._before, -1), (self._request.come, 1)):
            for reading in readings.values():
                concepts |= now.count(reading.distinct, self._reference, times)
        renamed = []
        for concept in sorted(concepts):
            properties = self._store.about(node(concept), REFERENCE)
            own = read_concept(node(concept), properties)
            pair = [
                speech.named(concept) if concept in speech.names else own if properties else None
                for speech in (was, now)
            ]
            if not properties:
                self._change(*(concept_quads(name) if name else () for name in pair))
            renamed += [] if repr(pair[0]) == repr(pair[1]) else [pair]
        gone, come = (tuple(filter(None, names)) for names in zip(*renamed, strict=True)) if renamed else ((), ())
        return now, gone, tuple(map(row_of, come))

    def _change(self, before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> Quads:
        """Take quads out and put others in; gives those that really go and come."""
        old, new = set(before), set(after)
        gone, come = old - new, new - old
        for quad in gone:
            self._copy.remove(quad)
        if come:
            self._copy.extend(come)  # One transaction: quad by quad takes twice as long.
        for finding_quads, quads in zip(self.findings, (gone, come), strict=True):
            finding_quads |= {quad for quad in quads if quad.object == BKG.Finding}
        return gone, come


def _met_by(store: GraphStore, meetings: Iterable[PlainEdge]) -> Iterator[str]:
    """The documents that state something where these meet."""
    for subject, relation, object in meetings:
        end = "?drug" if subject == object else node(object)
        query = f"""SELECT DISTINCT ?document {{ ?assertion rdf:subject {node(subject)} ; rdf:object {end} ;
            rdf:predicate {RELATIONS[relation]} ; prov:wasDerivedFrom ?document }}"""
        for (document,) in store.select(query, ASSERTIONS):
            yield identifier_of(document.value)


def _quads_of(reading: Reading | None, judged: Judged, judgement: Judgement | None) -> Iterator[ox.Quad]:
    """All that one document brings into the graph, but for verdicts, edges and where it disagrees with others."""
    if reading is not None:
        assertions = reading.distinct
        lines = "".join(reading_lines(reading.document, assertions))
        yield from ox.parse(lines, format=ox.RdfFormat.N_QUADS, lenient=True)
        yield from judgement_quads(judged.document(assertions, judgement))


def _verdicts(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The verdicts that are not the same in another judgement."""
    for identifier, verdict in judged.verdicts.items():
        if verdict is not other.verdicts.get(identifier):
            yield verdict_quad(identifier, verdict)


def _edges(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The plain edges that are not there, or stand in another graph, after another judgement."""
    for edge, verdict in judged.edges.items():
        if verdict is not other.edges.get(edge):
            yield edge_quad(edge, verdict)


def _that_turn(store: GraphStore, built: date | None, day: date | None) -> Iterator[ox.NamedNode]:
    """The subjects of what releases state and that begins or ends between two days, or has a code that does."""
    turning = {quad.subject for quad in store.match(None, BKG.earlierMeaning, None, REFERENCE)}
    for bound, is_out in ((BKG.validFrom, date.__gt__), (BKG.validThrough, date.__lt__)):
        for quad in store.match(None, bound, None, REFERENCE):
            turn = date.fromisoformat(quad.object.value)
            before, after = (on is not None and is_out(turn, on) for on in (built, day))
            if before != after:
                turning.add(quad.subject)
    for name in turning:
        yield name
        for statement in (name, *store.subjects(RDF.object, name, REFERENCE)):
            yield from (quad.object for quad in store.match(statement, RDF.subject, None, REFERENCE))


def _statements(store: GraphStore, names: Iterable[ox.NamedNode]) -> Iterator[tuple[ox.NamedNode, Statement]]:
    """What releases state, by its node."""
    return ((name, read_statement(store.about(name, REFERENCE))) for name in names)


def _counted(readings: Collection[Reading], judged: Judged) -> Counter[str]:
    counts = Counter(judged.counts)
    for reading in readings:
        counts.update(documents=1, assertions=len(reading.distinct), leftovers=reading.leftovers)
    return counts
