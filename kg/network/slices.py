"""A slice of a graph, found in its adjacency: the nodes within some steps of others, and the edges between them.

A slice is what `networkx.ego_graph` gives when edges are walked both ways: all nodes within `depth` steps, and all
edges whose both ends are among them, also those between two nodes of the outermost ring. Only edges of the relations
asked for and down to the trust floor are there to be walked. What lies outside is never looked at, so that a slice
costs what it holds, whatever the size of the graph.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import filterfalse
from typing import NamedTuple

from kg.errors import UnknownName, UsageError
from kg.graph.adjacency import HOP, VERDICT_STEP, Adjacency, relation_of
from kg.model import Concept, Kind, Relation, Verdict

ALL = "all"
"""The name of all relations together."""


class Edge(NamedTuple):
    """A plain edge by the nodes of its ends, and what `kg.network.paths` counts for it, in thousandths."""

    subject: int
    relation: Relation
    object: int
    verdict: Verdict
    subject_fee: int
    object_fee: int

    @property
    def cost(self) -> int:
        """What the hop costs in the middle of a path: itself, and the fees of both ends."""
        return HOP + VERDICT_STEP * self.verdict.rank + self.subject_fee + self.object_fee


class Slice:
    """Nodes and plain edges down to a trust floor: all, or those within `depth` steps of the concepts `around`.

    With `relations`, only edges of these are walked and held; else those of all that paths walk (`Relation.joins`) but
    packages, unless it is around one, for a generic drug has dozens. Without `around`, the nodes are those that an edge
    touches; a concept of `around` is a node even where no edge of the slice does, and then stands in `alone` as well.

    >>> code, other, diagnosis = "hcpcs:J3262", "hcpcs:J1745", "icd10cm:M06.9"
    >>> edges = [(each, Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis, Verdict.CONSISTENT) for each in (code, other)]
    >>> part = Slice(Adjacency.of(edges), Verdict.DISPUTED, around=[Concept.parse("J3262")])
    >>> list(part.curies())
    ['hcpcs:J3262', 'icd10cm:M06.9']
    """

    def __init__(
        self,
        adjacency: Adjacency,
        floor: Verdict,
        relations: Collection[Relation] | None = None,
        around: Iterable[Concept] | None = None,
        depth: int = 1,
    ) -> None:
        if depth < 0:
            raise UsageError(f"not a number of steps: {depth}")
        if around is None and depth != 1:
            raise UsageError(f"a depth of {depth} needs something to count from: name it with around")
        self.adjacency = adjacency
        self.rows = adjacency.down_to(floor)
        around = None if around is None else dict.fromkeys(around)
        self.relations = None if relations is None else frozenset(relations)
        self._with_packages = any(concept.kind is Kind.NDC for concept in around or ())
        self.alone: tuple[Concept, ...] = ()
        self._near: frozenset[int] | None = None
        self._nodeless: list[str] = []
        if around is not None:
            self._look_around(around, depth)

    @property
    def is_whole(self) -> bool:
        """Whether it is around nothing."""
        return self._near is None

    def nodes(self) -> Iterator[int]:
        """The nodes that the adjacency has, in order."""
        if self._near is not None:
            return iter(sorted(self._near))
        return filter(self._is_touched, range(len(self.adjacency)))

    def curies(self) -> Iterator[str]:
        """The CURIEs of all nodes, in order; those that no edge of the graph touches are among them."""
        return heapq.merge(map(self.adjacency.curie, self.nodes()), self._nodeless)

    def edges(self) -> Iterator[Edge]:
        """The edges, by subject, object and relation."""
        for node in self.nodes():
            yield from self.edges_of(node)

    def edges_of(self, subject: int) -> list[Edge]:
        """The edges with a node as their subject, by object and relation."""
        rows, edges = self.rows, list[Edge]()
        for group in rows.groups(subject):
            relation, as_subject = relation_of(rows.role[group])
            if as_subject and self.takes(relation):
                fee = rows.fee[group]
                for step in rows.steps(group):
                    object = rows.neighbour[step]
                    if self._near is None or object in self._near:
                        verdict = _VERDICTS[rows.rank[step]]
                        other_fee = rows.toll[step] - HOP - VERDICT_STEP * verdict.rank
                        edges.append(Edge(subject, relation, object, verdict, fee, other_fee))
        return sorted(edges, key=_by_object)

    def takes(self, relation: Relation) -> bool:
        """Whether edges of a relation are asked for."""
        if self.relations is None:
            return relation.joins and (self._with_packages or relation is not Relation.BILLED_AS)
        return relation in self.relations

    def _look_around(self, concepts: Iterable[Concept], depth: int) -> None:
        nodes = {concept: self.adjacency.node(concept.curie) for concept in concepts}
        starts = [node for node in nodes.values() if node is not None]
        self._nodeless = sorted(concept.curie for concept, node in nodes.items() if node is None)
        self._near = near = frozenset(self._walk(starts, depth))
        joined = {node for node in starts if not near.isdisjoint(self._neighbours(node))}
        self.alone = tuple(concept for concept, node in nodes.items() if node not in joined)

    def _walk(self, starts: Sequence[int], depth: int) -> set[int]:
        """All nodes within so many steps of some."""
        near = ring = set(starts)
        for _ in range(depth):
            ring = {there for here in ring for there in self._neighbours(here)} - near
            near = near | ring
        return near

    def _neighbours(self, node: int) -> Iterator[int]:
        for group in self._groups(node):
            steps = self.rows.steps(group)
            yield from self.rows.neighbour[steps.start : steps.stop]

    def _groups(self, node: int) -> Iterator[int]:
        """The groups of a node whose relations are asked for."""
        return (group for group in self.rows.groups(node) if self.takes(relation_of(self.rows.role[group])[0]))

    def _is_touched(self, node: int) -> bool:
        return any(True for _ in self._groups(node))


def relations_named(names: Iterable[str]) -> frozenset[Relation]:
    """The relations of these names, `all` of which stands for every one; raises `UnknownName` for other names.

    >>> relations_named(["acceptsModifier"])
    frozenset({<Relation.ACCEPTS_MODIFIER: 'acceptsModifier'>})
    >>> relations_named(["all"]) == frozenset(Relation)
    True
    """
    by_name = {relation.value: relation for relation in Relation}
    requested = list(names)
    for name in filterfalse({ALL, *by_name}.__contains__, requested):
        raise UnknownName(f"no such relation in a network: {str(name)!r} (one of {', '.join(by_name)}, or {ALL})")
    return frozenset(Relation if ALL in requested else (by_name[name] for name in requested))


def _by_object(edge: Edge) -> tuple[int, str]:
    return edge.object, edge.relation.value


_VERDICTS = tuple(Verdict)
