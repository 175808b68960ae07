"""What is other in one build than in another: assertions, connections and findings that came and went."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import NamedNode, Quad

from kg.errors import NotFound
from kg.graph.changing import Quads
from kg.graph.kept_readings import differing, kept
from kg.graph.lookup import findings
from kg.graph.rdf.edges import read_edge
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF
from kg.graph.store import GraphStore, build_before, location
from kg.model import Assertion, Concept, Finding, Relation, Verdict

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A connection by itself, with its verdict; where only that changed, one goes and one comes."""

    subject: Concept
    relation: Relation
    object: Concept
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """What came and what went, each in order."""

    assertions: tuple[tuple[Assertion, ...], tuple[Assertion, ...]] = ((), ())
    connections: tuple[tuple[Edge, ...], tuple[Edge, ...]] = ((), ())
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]] = ((), ())

    def __str__(self) -> str:
        """How many of each, in one line.

        >>> str(Changes())
        'nothing changed'
        """
        parts = [
            f"{noun} +{len(came):,} −{len(went):,}"
            for noun, (came, went) in (
                ("assertions", self.assertions), ("connections", self.connections), ("findings", self.findings)
            )
            if came or went
        ]  # fmt: skip
        return ", ".join(parts) or "nothing changed"


def last_changes(store: str | os.PathLike[str] | None = None) -> Changes:
    """What the last build of a store changed; raises `NotFound` where it was the first."""
    path = location(store)
    build = build_before(path)
    if build is None:
        raise NotFound(f"{path}: no build before this one, so that nothing has changed")
    with GraphStore.of_build(path, build) as before, GraphStore.open(path) as after:
        return changes(before, after)


def changes(before: GraphStore, after: GraphStore) -> Changes:
    """What came and went from one build to another.

    What only stands elsewhere in its document has not changed. Connections are those that documents state.
    """
    edges_before, edges_after = ({*store.edges()} for store in (before, after))
    found_before, found_after = ({*store.match(None, RDF.type, BKG.Finding, ASSERTIONS)} for store in (before, after))
    edges = edges_before - edges_after, edges_after - edges_before
    documents = differing(before.build, after.build)
    return changes_of_quads(before, after, documents, edges, (found_before - found_after, found_after - found_before))


def changes_of_quads(
    before: GraphStore, after: GraphStore, documents: Collection[str], edges: Quads, finding_quads: Quads
) -> Changes:
    """The same, where it is known which documents are other, and which plain edges and findings went and came."""
    was, now = (
        [assertion for reading in kept(store.build, documents) for assertion in reading.distinct]
        for store in (before, after)
    )
    nodes = ({quad.subject for quad in quads if isinstance(quad.subject, NamedNode)} for quads in finding_quads)
    gone, come = (findings(store, names) for store, names in zip((before, after), nodes, strict=True))
    return Changes(
        (_without(now, was, _what_is_stated), _without(was, now, _what_is_stated)),
        (_stated_edges(after, edges[1]), _stated_edges(before, edges[0])),
        (_without(come, gone, _what_is_found), _without(gone, come, _what_is_found)),
    )


def _without(things: Iterable[Thing], others: Iterable[Thing], what: Callable[[Thing], Hashable]) -> tuple[Thing, ...]:
    """The things of which there are not as many among the others, by what they say."""
    remaining, surplus = Counter(map(what, others)), []
    for thing in things:
        if remaining[what(thing)]:
            remaining[what(thing)] -= 1
        else:
            surplus.append(thing)
    return tuple(surplus)


def _what_is_stated(assertion: Assertion) -> Hashable:
    edge = assertion.evidence.document, assertion.subject, assertion.relation, assertion.object
    how = assertion.polarity, assertion.strength, assertion.condition, assertion.since
    return *edge, *how, frozenset(assertion.qualifiers)


def _what_is_found(finding: Finding) -> Hashable:
    return finding.assertion.evidence.document, finding.concept, finding.verdict, finding.reason


def _stated_edges(store: GraphStore, quads: Iterable[Quad]) -> tuple[Edge, ...]:
    """Those of the plain edges that documents state, in order."""
    return tuple(sorted(edge for edge in map(_edge, quads) if store.about_both(edge.subject, edge.object, ASSERTIONS)))


def _edge(quad: Quad) -> Edge:
    edge, verdict = read_edge(quad)
    return Edge(*edge, verdict)
