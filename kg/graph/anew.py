"""Judges again, in a copy of a store, what depends on the day: verdicts, findings, and the graphs of edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.judged import Judged
from kg.graph.quads import verdict_quad
from kg.graph.readings import kept
from kg.graph.store import RELEASES, GraphStore, text_of
from kg.graph.vocabulary import (
    BKG,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    RELATION_OF,
    RELATIONS,
    VERDICTS,
    concept_of,
    node,
)
from kg.reference import Statement, index


def judge_anew(store: GraphStore, copy: ox.Store, day: date) -> Counter[str]:
    """Change the copy to what a build for a day would have written; gives how the counts of the store change.

    What was kept of the build is judged twice, for its own day and for the other; where that differs, so do the quads.
    """
    known = index.read(store.build / RELEASES)
    if known is None:
        raise StoreError(f"{store.path}: the graph is damaged ({RELEASES}); build it again with 'kg build'")
    built = date.fromisoformat(store.manifest.as_of) if store.manifest.as_of else None
    was, now = Judged.on(built, known), Judged.on(day, known)
    for reading in kept(store.build):
        _change(copy, was.document(reading.distinct), now.document(reading.distinct))
    _change(copy, was.disagree(), now.disagree())
    _change(copy, _verdicts(was, now), _verdicts(now, was))
    was.close()
    now.close()
    subjects = {*(node(subject) for subject, _, _ in was.edges), *_that_turn(store, built, day)}
    for name, statement in _statements(store, subjects):
        before, after = (ox.Quad(name, BKG.verdict, VERDICTS[one.state(statement)], REFERENCE) for one in (was, now))
        _change(copy, [before], [after])
    _change(copy, _edges(was, now), _edges(now, was))
    copy.flush()
    changes = Counter(now.counts)
    changes.subtract(was.counts)
    return changes


def _change(copy: ox.Store, before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> None:
    gone, come = set(before), set(after)
    for quad in gone - come:
        copy.remove(quad)
    for quad in come - gone:
        copy.add(quad)


def _verdicts(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The verdicts that are not the same in another judgement."""
    for identifier, verdict in judged.verdicts.items():
        if verdict is not other.verdicts[identifier]:
            yield verdict_quad(identifier, verdict)


def _edges(judged: Judged, other: Judged) -> Iterator[ox.Quad]:
    """The plain edges that stand in another graph after another judgement."""
    for edge, verdict in judged.edges.items():
        if verdict is not other.edges[edge]:
            subject, relation, object = edge
            yield ox.Quad(node(subject), RELATIONS[relation], node(object), RELATION_GRAPHS[verdict])


def _that_turn(store: GraphStore, built: date | None, day: date) -> Iterator[ox.NamedNode]:
    """The subjects of what releases state and that begins or ends between two days, or has a code that does."""
    turning = {quad.subject for quad in store.match(None, BKG.earlierMeaning, None, REFERENCE)}
    for said, is_out in ((BKG.validFrom, date.__gt__), (BKG.validThrough, date.__lt__)):
        for quad in store.match(None, said, None, REFERENCE):
            turn = date.fromisoformat(quad.object.value)
            if is_out(turn, day) != (built is not None and is_out(turn, built)):
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
