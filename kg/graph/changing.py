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
from kg.graph.judged import Judged, found_quads
from kg.graph.names import NameRow
from kg.graph.quads import concept_quads, verdict_quad
from kg.graph.readings import Reading, kept
from kg.graph.spoken import Spoken
from kg.graph.store import RELEASES, GraphStore, text_of
from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    PREFIXES,
    PROV,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    RELATION_OF,
    RELATIONS,
    SKOS,
    VERDICTS,
    concept_of,
    node,
)
from kg.graph.writing import reading_lines
from kg.model import Concept
from kg.reference import Reference, Statement, index
from kg.verification import Judge


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


def change(store: GraphStore, copy: ox.Store, asked: Change) -> Changed:
    """Change the quads of a copy; raises `StoreError` where what was kept of the build is damaged."""
    known = index.read(store.build / RELEASES)
    if known is None:
        raise StoreError(f"{store.path}: the graph is damaged ({RELEASES}); build it again with 'kg build'")
    changing = _Changing(store, copy, asked, known)
    changing.documents()
    degree = changing.degree()
    edges = changing.edges()
    counts = changing.counts()
    spoken, unnamed, named = changing.spoken()
    copy.flush()
    counts["concepts"] += len(named) - len(unnamed)
    return Changed(edges, changing.findings, counts, degree, spoken, unnamed, named)


class _Changing:
    """The judgement of the build as it was and as it is to be, and what differs."""

    def __init__(self, store: GraphStore, copy: ox.Store, asked: Change, known: Reference) -> None:
        self._store, self._copy, self._asked, self._known = store, copy, asked, known
        self._before = {one.document.identifier: one for one in kept(store.build, {*asked.come, *asked.gone})}
        self._same_day = store.manifest.day == asked.day
        every = (*self._before.values(), *asked.come.values())
        self._subjects = frozenset(assertion.subject for one in every for assertion in one.assertions)
        met = self._subjects if self._same_day else None
        self._was, self._now = (Judged(Judge(known, day), met) for day in (store.manifest.day, asked.day))
        self.findings: Quads = set(), set()

    def documents(self) -> None:
        """What documents state, what is found in them, and where they disagree."""
        store, was, now, come = self._store, self._was, self._now, self._asked.come
        for reading in kept(store.build, _speaking_of(store, self._subjects) if self._same_day else None):
            if reading.document.identifier not in self._before:
                judgement = was.document(reading.distinct)
                if self._same_day:
                    now.document(reading.distinct, judgement)
                else:
                    self._change(found_quads(judgement), found_quads(now.document(reading.distinct)))
        for name in {**self._before, **come}:
            self._change(_quads_of(self._before.get(name), was), _quads_of(come.get(name), now))
        self._change(was.disagree(), now.disagree())
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
        turning = () if self._same_day else _that_turn(store, store.manifest.day, self._asked.day)
        subjects = {*(node(subject) for subject, _, _ in (*was.edges, *now.edges)), *turning}
        for name, statement in _statements(store, subjects):
            verdicts = [VERDICTS[one.state(statement)] for one in (was, now)]
            self._change(*([ox.Quad(name, BKG.verdict, verdict, REFERENCE)] for verdict in verdicts))
        return self._change(_edges(was, now), _edges(now, was))

    def counts(self) -> Counter[str]:
        """How much more or less of each there is."""
        counts = _counted(self._asked.come.values(), self._now)
        counts.subtract(_counted(self._before.values(), self._was))
        return counts

    def spoken(self) -> tuple[Spoken, tuple[Concept, ...], tuple[NameRow, ...]]:
        """What only documents speak of, the concepts that were called otherwise, and how they are called now."""
        was, now = (Spoken.read(self._store.build) for _ in range(2))
        heard = set[Concept]()
        for readings, times in ((self._before, -1), (self._asked.come, 1)):
            for reading in readings.values():
                heard |= now.hear(reading.distinct, self._known, times)
        other = []
        for concept in sorted(heard):
            stated = self._store.about(node(concept), REFERENCE)
            own = Concept(concept.kind, concept.key, text_of(stated, SKOS.prefLabel) or None)
            called = [one.named(concept) if concept in one.names else own if stated else None for one in (was, now)]
            if not stated:
                self._change(*(concept_quads(name) if name else () for name in called))
            other += [] if repr(called[0]) == repr(called[1]) else [called]
        unnamed, named = (tuple(filter(None, names)) for names in zip(*other, strict=True)) if other else ((), ())
        return now, unnamed, tuple(NameRow(one.kind.value, one.key, one.name) for one in named)

    def _change(self, before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> Quads:
        """Take quads out and put others in; gives those that really go and come."""
        old, new = set(before), set(after)
        gone, come = old - new, new - old
        for quad in gone:
            self._copy.remove(quad)
        for quad in come:
            self._copy.add(quad)
        for found, quads in zip(self.findings, (gone, come), strict=True):
            found |= {quad for quad in quads if quad.object == BKG.Finding}
        return gone, come


def _speaking_of(store: GraphStore, subjects: Iterable[Concept]) -> set[str]:
    """The documents that state something of these subjects."""
    stated = chain.from_iterable(store.subjects(RDF.subject, node(subject), ASSERTIONS) for subject in subjects)
    documents = store.objects_of(stated, PROV.wasDerivedFrom, ASSERTIONS).values()
    return {document.value.removeprefix(PREFIXES["document"]) for (document,) in documents}


def _quads_of(reading: Reading | None, judged: Judged) -> Iterator[ox.Quad]:
    """All that one document brings into the graph, but for verdicts, edges and where it disagrees with others."""
    if reading is not None:
        lines = "".join(reading_lines(reading.document, reading.distinct))
        yield from ox.parse(lines, format=ox.RdfFormat.N_QUADS, lenient=True)
        yield from found_quads(judged.document(reading.distinct))


def _verdicts(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The verdicts that are not the same in another judgement."""
    for identifier, verdict in judged.verdicts.items():
        if verdict is not other.verdicts.get(identifier):
            yield verdict_quad(identifier, verdict)


def _edges(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The plain edges that are not there, or stand in another graph, after another judgement."""
    for edge, verdict in judged.edges.items():
        if verdict is not other.edges.get(edge):
            subject, relation, object = edge
            yield ox.Quad(node(subject), RELATIONS[relation], node(object), RELATION_GRAPHS[verdict])


def _that_turn(store: GraphStore, built: date | None, day: date | None) -> Iterator[ox.NamedNode]:
    """The subjects of what releases state and that begins or ends between two days, or has a code that does."""
    turning = {quad.subject for quad in store.match(None, BKG.earlierMeaning, None, REFERENCE)}
    for said, is_out in ((BKG.validFrom, date.__gt__), (BKG.validThrough, date.__lt__)):
        for quad in store.match(None, said, None, REFERENCE):
            turn = date.fromisoformat(quad.object.value)
            before, after = (on is not None and is_out(turn, on) for on in (built, day))
            if before != after:
                turning.add(quad.subject)
    for name in turning:
        yield name
        for statement in (name, *store.subjects(RDF.object, name, REFERENCE)):
            yield from (quad.object for quad in store.match(statement, RDF.subject, None, REFERENCE))


def _statements(store: GraphStore, subjects: Iterable[ox.NamedNode]) -> Iterator[tuple[ox.NamedNode, Statement]]:
    """What releases state of subjects, as far as its verdict depends on it."""
    for name in chain.from_iterable(store.subjects(RDF.subject, subject, REFERENCE) for subject in subjects):
        said = store.about(name, REFERENCE)
        subject, object = (concept_of(said[end][0]) for end in (RDF.subject, RDF.object))
        first, last = (text_of(said, day) for day in (BKG.validFrom, BKG.validThrough))
        yield name, Statement(
            subject, RELATION_OF[said[RDF.predicate][0].value], object, 0, "",
            date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None,
        )  # fmt: skip


def _counted(readings: Collection[Reading], judged: Judged) -> Counter[str]:
    counts = Counter(judged.counts)
    for reading in readings:
        counts.update(documents=1, assertions=len(reading.distinct), leftovers=reading.leftovers)
    return counts
