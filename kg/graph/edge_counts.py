"""How many plain edges a store has of some relations, without reading them one by one where that can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from kg.graph.rdf.iris import node
from kg.graph.rdf.vocabulary import RELATION_GRAPHS, RELATION_OF, RELATIONS
from kg.graph.store import GraphStore
from kg.model import Concept, Relation, Verdict

_COUNTS = "SELECT ?relation (COUNT(*) AS ?count) { ?subject ?relation ?object } GROUP BY ?relation"


def edge_counts(store: GraphStore, relations: Collection[Relation], verdicts: Iterable[Verdict]) -> dict[Relation, int]:
    """How many plain edges there are of each of these relations; those of which there is none are left out."""
    counts = Counter[Relation]()
    for verdict in verdicts:
        for name, count in store.select(_COUNTS, RELATION_GRAPHS[verdict]):
            counts[RELATION_OF[name.value]] += int(count.value)
    return {relation: counts[relation] for relation in relations if counts[relation]}


def edge_counts_between(
    store: GraphStore, relations: Iterable[Relation], verdicts: Iterable[Verdict], concepts: Iterable[Concept]
) -> dict[Relation, int]:
    """The same of the edges whose both ends are among some concepts."""
    nodes, graphs = set(map(node, concepts)), [RELATION_GRAPHS[verdict] for verdict in verdicts]
    counts = {
        relation: sum(
            object in nodes
            for graph in graphs
            for objects in store.objects_of(nodes, RELATIONS[relation], graph).values()
            for object in objects
        )
        for relation in relations
    }
    return {relation: count for relation, count in counts.items() if count}
