"""A slice is the subgraph that networkx finds in the whole, edges walked both ways."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UnknownName, UsageError
from kg.graph.adjacency import Adjacency, concept_called
from kg.graph.adjacency import Edge as Plain
from kg.model import Concept, Relation, Verdict
from kg.network.slices import Slice, relations_named

NAMES = ["hcpcs:J1000", "hcpcs:J2000", "hcpcs:J3000", "icd10cm:M06.9", "payer:medicare", "modifier:JW", "drug:a"]
RELATIONS = [Relation.SIMILAR_TO, Relation.SUPPORTED_BY_DIAGNOSIS, Relation.HAS_PAYER]
names = st.sampled_from(NAMES)
edges = st.lists(st.tuples(names, st.sampled_from(RELATIONS), names, st.sampled_from(Verdict)), max_size=15)
some_relations = st.none() | st.sets(st.sampled_from(RELATIONS))

J1, J2, DIAGNOSIS, PAYER = NAMES[0], NAMES[1], NAMES[3], NAMES[4]
CHAIN = [
    (J1, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Verdict.CONSISTENT),
    (J2, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Verdict.UNCHECKED),
    (J2, Relation.HAS_PAYER, PAYER, Verdict.CONSISTENT),
]


def found(part: Slice) -> list[tuple[str, str, str, Verdict]]:
    curie = part.adjacency.curie
    return [(curie(e.subject), curie(e.object), e.relation.value, e.verdict) for e in part.edges()]


def around(curie: str, **asked: object) -> Slice:
    return Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, around=[concept_called(curie)], **asked)  # type: ignore[arg-type]


def whole(given: list[Plain], floor: Verdict, relations: set[Relation] | None) -> networkx.MultiDiGraph:
    """The network of some edges, of edges given several times the strongest."""
    network = networkx.MultiDiGraph()
    for subject, relation, object, verdict in sorted(given, key=lambda edge: edge[3].rank):
        taken = verdict.rank <= floor.rank and (relations is None or relation in relations)
        if taken and subject != object and not network.has_edge(subject, object, relation.value):
            network.add_edge(subject, object, relation.value, verdict=verdict)
    return network


def listed(network: networkx.MultiDiGraph) -> list[tuple[str, str, str, Verdict]]:
    return sorted(network.edges(keys=True, data="verdict"), key=lambda edge: edge[:3])


@given(edges, st.sampled_from(Verdict), some_relations)
def test_without_around_it_is_all_that_edges_touch(
    given: list[Plain], floor: Verdict, relations: set[Relation] | None
) -> None:
    part = Slice(Adjacency.of(given), floor, relations)
    expected = whole(given, floor, relations)
    assert list(part.curies()) == sorted(expected)
    assert found(part) == listed(expected)
    assert part.alone == ()


@given(edges, st.sampled_from(Verdict), some_relations, st.sets(names, max_size=2), st.integers(0, 4))
def test_equals_the_ego_graphs_of_networkx(
    given: list[Plain], floor: Verdict, relations: set[Relation] | None, centres: set[str], depth: int
) -> None:
    part = Slice(Adjacency.of(given), floor, relations, [concept_called(each) for each in sorted(centres)], depth)
    network = whole(given, floor, relations)
    network.add_nodes_from(centres)
    near = {node for each in centres for node in networkx.ego_graph(network, each, radius=depth, undirected=True)}
    assert list(part.curies()) == sorted(near)
    assert found(part) == listed(network.subgraph(near))
    assert {concept.curie for concept in part.alone} == centres & set(networkx.isolates(network.subgraph(near)))


def test_steps_are_counted() -> None:
    assert list(around(J1, depth=0).curies()) == [J1]
    assert list(around(J1).curies()) == [J1, DIAGNOSIS]
    assert list(around(J1, depth=2).curies()) == [J1, J2, DIAGNOSIS]
    assert list(around(J1, depth=3).curies()) == [J1, J2, DIAGNOSIS, PAYER]
    assert list(around(J1, depth=99).curies()) == [J1, J2, DIAGNOSIS, PAYER]


def test_what_is_not_walked_is_not_reached() -> None:
    assert list(around(J1, depth=3, relations=[Relation.SUPPORTED_BY_DIAGNOSIS]).curies()) == [J1, J2, DIAGNOSIS]
    strict = Slice(Adjacency.of(CHAIN), Verdict.CONSISTENT, around=[concept_called(J1)], depth=3)
    assert list(strict.curies()) == [J1, DIAGNOSIS]


def test_a_concept_that_no_edge_touches_is_a_node_alone() -> None:
    part = around("hcpcs:J1500")
    assert (list(part.curies()), list(part.edges())) == (["hcpcs:J1500"], [])
    assert part.alone == (Concept.parse("hcpcs:J1500"),)
    beside = Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, around=map(concept_called, ("hcpcs:J1500", J1)))
    assert list(beside.curies()) == [J1, "hcpcs:J1500", DIAGNOSIS]
    assert around(PAYER, relations=[Relation.SIMILAR_TO]).alone == (concept_called(PAYER),)


def test_nothing_to_be_around_is_nothing() -> None:
    assert list(Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, around=[]).curies()) == []
    assert list(Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, relations=[]).curies()) == []


def test_a_slice_looks_at_nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many codes there are: those that are not near are never opened."""
    far = [(f"hcpcs:Q{n:04}", Relation.HAS_PAYER, "payer:medicaid", Verdict.CONSISTENT) for n in range(500)]
    adjacency, looked = Adjacency.of([*CHAIN, *far]), list[int]()
    curie = Adjacency.curie
    monkeypatch.setattr(Adjacency, "curie", lambda self, node: looked.append(node) or curie(self, node))
    part = Slice(adjacency, Verdict.DISPUTED, around=[concept_called(J1)], depth=3)
    assert len(found(part)) == 3
    assert len(set(looked)) == 4


def test_the_cost_of_a_hop_is_that_of_a_path() -> None:
    costs = {(e.relation, e.verdict): (e.cost, e.subject_fee, e.object_fee) for e in around(J1, depth=3).edges()}
    # Two codes have the diagnosis, and so has everything in its place: ½·(log₂ 2 + log₂ 2) for entering it.
    assert costs[Relation.SUPPORTED_BY_DIAGNOSIS, Verdict.CONSISTENT] == (1000 + 100 + 0 + 1000, 0, 1000)
    assert costs[Relation.SUPPORTED_BY_DIAGNOSIS, Verdict.UNCHECKED] == (1000 + 200 + 0 + 1000, 0, 1000)
    assert costs[Relation.HAS_PAYER, Verdict.CONSISTENT] == (1000 + 100, 0, 0)


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"depth": -1, "around": []}, "not a number of steps: -1"), ({"depth": 2}, "a depth of 2 needs something")],
)
def test_malformed_questions(asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, **asked)  # type: ignore[arg-type]


def test_any_relation_may_be_named_and_all_names_every_one() -> None:
    assert relations_named(["bundledWith"]) == {Relation.BUNDLED_WITH}
    assert relations_named(["acceptsModifier", "all"]) == relations_named(["all"]) == set(Relation)


@pytest.mark.parametrize("name", ["likes", "ALL", ""])
def test_what_is_no_relation_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(
        UnknownName, match=f"no such relation in a network: {name!r} \\(one of identifiesDrug, .*replacedBy"
    ):
        relations_named(["acceptsModifier", name])
    assert relations_named([Relation.HAS_PAYER]) == {Relation.HAS_PAYER}
