"""What is read of a store for a slice, node by node and subject by subject, so that all of it is never in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.graph.adjacency import concept_called, relation_of, role
from kg.graph.connections import connection, connections
from kg.graph.edge_counts import edge_counts, edge_counts_between
from kg.graph.lookup import name_of
from kg.graph.store import GraphStore
from kg.model import DEFAULT_TRUST, Concept, Connection, Relation, Verdict
from kg.network.slices import Edge, Slice, relations_named

Around = str | Concept | Iterable[str | Concept] | None
Relations = str | Iterable[str] | None

# Of a subject with more edges than this for each edge that is wanted, the wanted ones are read one by one.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a graph is asked for, as people type it: all, or a slice as `Slice` describes it; None is no limit."""

    around: Around = None
    depth: int = 1
    relations: Relations = None
    trust: str | None = None

    @property
    def is_slice(self) -> bool:
        """Whether less than all is asked for, aside from trust."""
        return self.around is not None or self.relations is not None or self.depth != 1

    def of(
        self, store: GraphStore, resolve: Callable[[str | Concept], Concept], released: Iterable[Relation]
    ) -> Streamed:
        """What a store has of it; raises `UnknownName` and `NotFound` for what is called otherwise.

        `released` are the relations that releases state and that are given where none is named.
        """
        relations = None if self.relations is None else relations_named(_several(self.relations))
        around = None if self.around is None else [resolve(name) for name in _several(self.around)]
        verdicts = Verdict.floor(self.trust or DEFAULT_TRUST)
        walked = relations is None or all(relation.joins for relation in relations)
        adjacency = store.adjacency if walked else store.whole_adjacency
        part = Slice(adjacency, verdicts[-1], relations, around, self.depth)
        return Streamed(store, part, verdicts, frozenset(released if relations is None else Relation))


@dataclass(frozen=True, slots=True)
class Streamed:
    """A slice of a store, with the names of its nodes and the evidence of its edges where they are asked for.

    `released` are the relations that releases state as well. It holds what the adjacency holds: what
    documents exclude is no edge, and neither is a connection of a concept with itself.
    """

    store: GraphStore
    slice: Slice
    verdicts: tuple[Verdict, ...]
    released: frozenset[Relation]

    @property
    def alone(self) -> tuple[Concept, ...]:
        """What of the concepts it is around no edge of the slice touches, under their names."""
        return tuple(name_of(self.store, concept) for concept in self.slice.alone)

    def concepts(self) -> Iterator[Concept]:
        """The nodes, in the order of their CURIEs, without names."""
        return map(concept_called, self.slice.curies())

    def nodes(self) -> Iterator[Concept]:
        """The nodes, in the order of their CURIEs, under the names that the graph gives them."""
        return (name_of(self.store, concept) for concept in self.concepts())

    def connections(self) -> Iterator[Connection]:
        """The edges with all that states them, by the CURIEs of subject and object, then by relation."""
        for node in self.slice.nodes():
            edges = self.slice.edges_of(node)
            if not edges:
                continue
            by_triple = self._read_at_once(node) if self._out_degree(node) <= _FEW * len(edges) else {}
            for edge in edges:
                triple = self._triple(edge)
                # What was not read with the others is read alone, which says so where the graph is damaged.
                yield by_triple.get(triple) or connection(
                    self.store, triple, verdicts=self.verdicts, released=self.released
                )

    def left_out(self) -> dict[Relation, int]:
        """How many plain edges between the nodes are left out where no relation was named, by relation."""
        part = self.slice
        if part.relations is not None:
            return {}
        relations = [relation for relation in Relation if not part.takes(relation)]
        if part.is_whole:
            return edge_counts(self.store, relations, self.verdicts)
        return edge_counts_between(self.store, relations, self.verdicts, list(map(concept_called, part.curies())))

    def _read_at_once(self, node: int) -> dict[tuple[Concept, Relation, Concept], Connection]:
        """The connections of a subject, those that lead out of the slice among them."""
        part = self.slice
        played_relations = {
            relation for relation in self.released if part.takes(relation) and self._plays(node, relation)
        }
        subject = concept_called(part.adjacency.curie(node))
        outgoing = connections(
            self.store,
            subject=subject,
            relations=part.relations,
            verdicts=self.verdicts,
            # A code may have thousands of edits: where no release joins it with anything, they need not be read.
            released=played_relations,
        )
        return {(edge.subject, edge.relation, edge.object): edge for edge in outgoing}

    def _out_degree(self, node: int) -> int:
        """How many edges have a node as their subject, in the slice or out of it."""
        rows = self.slice.rows
        return sum(len(rows.steps(group)) for group in rows.groups(node) if relation_of(rows.role[group])[1])

    def _plays(self, node: int, relation: Relation) -> bool:
        """Whether a node is the subject of an edge of a relation."""
        rows = self.slice.rows
        subject_role = role(relation, as_subject=True)
        return any(rows.role[group] == subject_role for group in rows.groups(node))

    def _triple(self, edge: Edge) -> tuple[Concept, Relation, Concept]:
        curie = self.slice.adjacency.curie
        return concept_called(curie(edge.subject)), edge.relation, concept_called(curie(edge.object))


def _several(one_or_several: str | Concept | Iterable[Any]) -> Iterable[Any]:
    """One thing, or several."""
    return (one_or_several,) if isinstance(one_or_several, str | Concept) else one_or_several
