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
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class Changed:
    """How counts, the edges of concepts and their names change beside the quads."""

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
    before = {one.document.identifier: one for one in kept(store.build, {*asked.come, *asked.gone})}
    every = (*before.values(), *asked.come.values())
    subjects = frozenset(assertion.subject for one in every for assertion in one.assertions)
    same_day = store.manifest.day == asked.day
    was, now = (Judged(Judge(known, day), subjects if same_day else None) for day in (store.manifest.day, asked.day))
    others = _speaking_of(store, subjects) if same_day else None
    for reading in kept(store.build, others):
        if reading.document.identifier not in before:
            judgement = was.document(reading.distinct)
            if same_day:
                now.document(reading.distinct, judgement)
            else:
                _change(copy, found_quads(judgement), found_quads(now.document(reading.distinct)))
    for name in {**before, **asked.come}:
        _change(copy, _quads_of(before.get(name), was), _quads_of(asked.come.get(name), now))
    _change(copy, was.disagree(), now.disagree())
    _change(copy, _verdicts(was, now), _verdicts(now, was))
    was.close()
    now.close()
    degree = now.degree
    degree.subtract(was.degree)
    turning = () if same_day else _that_turn(store, store.manifest.day, asked.day)
    touched = {*(node(subject) for subject, _, _ in (*was.edges, *now.edges)), *turning}
    for statement_name, statement in _statements(store, touched):
        verdicts = [VERDICTS[one.state(statement)] for one in (was, now)]
        _change(copy, *([ox.Quad(statement_name, BKG.verdict, verdict, REFERENCE)] for verdict in verdicts))
    _change(copy, _edges(was, now), _edges(now, was))
    counts = _counted(asked.come.values(), now)
    counts.subtract(_counted(before.values(), was))
    changed = _spoken(store, copy, known, before.values(), asked.come.values())
    copy.flush()
    counts["concepts"] += len(changed.named) - len(changed.unnamed)
    return Changed(counts, {concept: by for concept, by in degree.items() if by}, *changed)


def _change(copy: ox.Store, before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> None:
    gone, come = set(before), set(after)
    for quad in gone - come:
        copy.remove(quad)
    for quad in come - gone:
        copy.add(quad)


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


class _Names(NamedTuple):
    spoken: Spoken
    unnamed: tuple[Concept, ...]
    named: tuple[NameRow, ...]


def _spoken(
    store: GraphStore, copy: ox.Store, known: Reference, before: Iterable[Reading], after: Iterable[Reading]
) -> _Names:
    """What only documents speak of: concepts that come, go, or are called otherwise."""
    was, now = (Spoken.read(store.build) for _ in range(2))
    heard = set[Concept]()
    for readings, times in ((before, -1), (after, 1)):
        for reading in readings:
            heard |= now.hear(reading.distinct, known, times)
    other = []
    for concept in sorted(heard):
        stated = store.about(node(concept), REFERENCE)
        own = Concept(concept.kind, concept.key, text_of(stated, SKOS.prefLabel) or None)
        called = [one.named(concept) if concept in one.names else own if stated else None for one in (was, now)]
        if not stated:
            _change(copy, *(concept_quads(name) if name else () for name in called))
        other += [] if repr(called[0]) == repr(called[1]) else [called]
    unnamed, named = (tuple(filter(None, names)) for names in zip(*other, strict=True)) if other else ((), ())
    return _Names(now, unnamed, tuple(NameRow(one.kind.value, one.key, one.name) for one in named))
