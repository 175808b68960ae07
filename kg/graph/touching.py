"""The edges that touch a concept, by relation, without reading who states them: a hub has thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from pyoxigraph import NamedNode

from kg.graph.connections import Edge, connection_of, position
from kg.graph.lookup import Reader
from kg.graph.rdf.iris import concept_of, node
from kg.graph.rdf.vocabulary import ASSERTIONS, POLARITY_OF, REFERENCE, RELATION_OF, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Assertion, Concept, Connection, Polarity, Relation, Verdict

# One question for each end and graph: what would join them makes the engine look at everything.
_BELOW = "?name rdf:predicate ?relation ; bkg:verdict ?verdict"
_ENDS = (
    f"?name rdf:subject ?concept ; rdf:object ?other . {_BELOW}",
    f"?name rdf:object ?concept ; rdf:subject ?other . {_BELOW}",
)
_STATED = tuple(
    f"SELECT ?concept ?name ?other ?relation ?verdict ?said {{ {end} ; bkg:polarity ?said }}" for end in _ENDS
)
_RELEASED = tuple(f"SELECT ?concept ?name ?other ?relation ?verdict {{ {end} }}" for end in _ENDS)


@dataclass(frozen=True, slots=True)
class Touching:
    """An edge with the strongest verdict on it; the nodes of what documents and what releases state it."""

    edge: Edge
    verdict: Verdict
    assertions: tuple[NamedNode, ...]
    statements: tuple[NamedNode, ...]

    @property
    def relation(self) -> Relation:
        """The relation of the edge."""
        return self.edge[1]

    @property
    def polarity(self) -> Polarity:
        """Whether it is affirmed or excluded."""
        return self.edge[3]


def touching(store: GraphStore, concept: Concept) -> list[Touching]:
    """All edges that have a concept as subject or object, in the order of `connections`."""
    stated, released = _names(store, concept, _STATED, ASSERTIONS), _names(store, concept, _RELEASED, REFERENCE)
    every = sorted(stated.keys() | released.keys(), key=position)
    return [
        Touching(
            edge,
            Verdict.strongest(chain(stated.get(edge, _NONE).values(), released.get(edge, _NONE).values())),
            tuple(stated.get(edge, ())),
            tuple(released.get(edge, ())),
        )
        for edge in every
    ]


_NONE: Mapping[NamedNode, Verdict] = MappingProxyType({})


def _names(
    store: GraphStore, concept: Concept, questions: Iterable[str], graph: NamedNode
) -> dict[Edge, dict[NamedNode, Verdict]]:
    """What states each edge in a graph, with the verdicts on that; the questions are for either end."""
    by_edge: defaultdict[Edge, dict[NamedNode, Verdict]] = defaultdict(dict)
    for is_object, question in enumerate(questions):
        for _, name, other, relation, verdict, *said in store.select(question, graph, concept=node(concept)):
            ends = (concept_of(other), concept) if is_object else (concept, concept_of(other))
            polarity = POLARITY_OF[said[0].value] if said else Polarity.AFFIRMED
            edge = ends[0], RELATION_OF[relation.value], ends[1], polarity
            by_edge[edge][name] = VERDICT_OF[verdict.value]
    return dict(by_edge)


def read(store: GraphStore, edges: Iterable[Touching]) -> list[Connection]:
    """The connections that some of these edges are, with all that states them."""
    wanted, reader = list(edges), Reader(store)
    by_edge: defaultdict[Edge, list[tuple[Verdict, Assertion]]] = defaultdict(list)
    from_documents = reader.assertions(name for one in wanted for name in one.assertions)
    from_releases = reader.statements(name for one in wanted for name in one.statements)
    for assertion, verdict in chain(from_documents, from_releases):
        edge = assertion.subject, assertion.relation, assertion.object, assertion.polarity
        by_edge[edge].append((verdict, assertion))
    return [connection_of(reader, one.edge, by_edge[one.edge]) for one in wanted]
