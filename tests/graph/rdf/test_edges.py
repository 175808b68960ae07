"""Plain edges, as quads and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.graph.rdf.edges import edge_line, edge_quad, read_edge
from kg.model import Concept, Kind, PlainEdge, Relation, Verdict

from .short import parsed, shown


def test_an_edge_stands_in_the_graph_of_its_verdict() -> None:
    drug = Concept.named(Kind.DRUG, "tocilizumab")
    (edge,) = parsed(edge_line(PlainEdge(Concept.parse("J3262"), Relation.IDENTIFIES_DRUG, drug), Verdict.CONSISTENT))
    assert shown([edge]) == {("hcpcs:J3262", "bkg:identifiesDrug", "drug:tocilizumab", "graph:relations/consistent")}


CONCEPTS = st.sampled_from(
    [Concept.parse("J3262"), Concept(Kind.ICD10CM, "M05-M14"), Concept(Kind.DRUG, "a/b"), Concept.parse("payer:a")]
)


@given(st.builds(PlainEdge, CONCEPTS, st.sampled_from(Relation), CONCEPTS), st.sampled_from(Verdict))
def test_what_is_written_is_read_back(edge: PlainEdge, verdict: Verdict) -> None:
    assert [read_edge(quad) for quad in parsed(edge_line(edge, verdict))] == [(edge, verdict)]
    assert parsed(edge_line(edge, verdict)) == [edge_quad(edge, verdict)]
