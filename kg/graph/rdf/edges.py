"""Plain edges: what joins two concepts, in the graph of its verdict."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad

from kg.graph.rdf import nquads
from kg.graph.rdf.iris import concept_of, node, node_text
from kg.graph.rdf.vocabulary import RELATION_GRAPHS, RELATION_OF, RELATIONS, VERDICT_OF_GRAPH
from kg.model import PlainEdge, Verdict


def edge_line(edge: PlainEdge, verdict: Verdict) -> str:
    """A plain edge as a line of N-Quads."""
    pair = f"{RELATIONS[edge.relation]} {node_text(edge.object)}"
    return nquads.lines(node_text(edge.subject), [pair], RELATION_GRAPHS[verdict])


def edge_quad(edge: PlainEdge, verdict: Verdict) -> Quad:
    """The same as a quad."""
    return Quad(node(edge.subject), RELATIONS[edge.relation], node(edge.object), RELATION_GRAPHS[verdict])


def read_edge(quad: Quad) -> tuple[PlainEdge, Verdict]:
    """A plain edge again, with its verdict."""
    assert isinstance(quad.graph_name, NamedNode)
    edge = PlainEdge(concept_of(quad.subject), RELATION_OF[quad.predicate.value], concept_of(quad.object))
    return edge, VERDICT_OF_GRAPH[quad.graph_name.value]
