"""One connection by its ends, and which assertion of a connection comes first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.errors import StoreError
from kg.graph.connections import connection, connections
from kg.graph.store import GraphStore
from kg.model import Concept, Polarity, Relation, Strength, Verdict

from . import rich

M069, M0579 = Concept.parse("icd10cm:M06.9"), Concept.parse("icd10cm:M05.79")
SUPPORTED = Relation.SUPPORTED_BY_DIAGNOSIS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with rich.build(tmp_path_factory.mktemp("rich"), [rich.first(), rich.second()]) as store:
        yield store


def test_a_connection_by_its_ends_is_the_one_among_all(store: GraphStore) -> None:
    every = {(c.subject, c.relation, c.object): c for c in connections(store, released=tuple(Relation))}
    for edge, found in every.items():
        assert connection(store, edge, released=tuple(Relation)) == found
    assert len(every) > 20


def test_without_releases_only_what_documents_state_is_heard(store: GraphStore) -> None:
    edge = (rich.J3262, Relation.BILLING_UNIT, Concept.parse("quantity:1-mg"))
    assert [one.evidence.document for one in connection(store, edge).assertions] == ["guide"]
    both = connection(store, edge, released=[Relation.BILLING_UNIT])
    assert [one.evidence.document for one in both.assertions] == ["asp-2026", "guide", "hcpcs-2026"]
    other = connection(store, edge, released=[Relation.BILLED_AS])
    assert [one.evidence.document for one in other.assertions] == ["guide"]


@pytest.mark.parametrize(
    "edge",
    [
        (rich.J3262, SUPPORTED, Concept.parse("icd10cm:M06.8")),
        (rich.J3262, Relation.COMPLICATION_DIAGNOSIS, M069),
        (M069, SUPPORTED, rich.J3262),
        (rich.VIAL, Relation.BILLED_AS, rich.J3262),
    ],
)
def test_what_nothing_states_is_an_edge_of_a_damaged_graph(store: GraphStore, edge: tuple) -> None:
    with pytest.raises(StoreError, match="nothing states"):
        connection(store, edge)


def test_only_affirmed_assertions_of_these_verdicts_are_in_it(store: GraphStore) -> None:
    found = connection(store, (rich.J3262, SUPPORTED, M0579))
    assert [one.polarity for one in found.assertions] == [Polarity.AFFIRMED]
    with pytest.raises(StoreError, match="nothing states"):
        connection(store, (rich.J3262, SUPPORTED, M0579), verdicts=[Verdict.CONSISTENT])


def test_the_firmest_comes_first_then_the_place(store: GraphStore) -> None:
    found = connection(store, (rich.J3262, SUPPORTED, M069))
    assert [(one.strength, one.evidence.document) for one in found.assertions] == [
        (Strength.REQUIRED, "guide"), (Strength.STATED, "policy"), (Strength.PERMITTED, "guide"),
    ]  # fmt: skip
    assert found.verdict is Verdict.CONSISTENT


def test_what_touches_left_out_concepts_does_not_come(store: GraphStore) -> None:
    every = connections(store, concepts=[M069])
    assert {c.subject for c in every} == {rich.J3262, rich.J1745}
    assert {c.subject for c in connections(store, concepts=[M069], without=[rich.J3262])} == {rich.J1745}
    assert connections(store, concepts=[M069], without=[rich.J3262, rich.J1745]) == []
    released = connections(store, concepts=[rich.VIAL], without=[rich.J1745], released=[Relation.BILLED_AS])
    assert [c.object for c in released] == [rich.J3262]


def test_connections_come_by_subject_then_relation_then_polarity_then_object(store: GraphStore) -> None:
    found = connections(store, polarity=None, released=tuple(Relation))
    order = list(Relation)
    keys = [(c.subject, order.index(c.relation), c.polarity, c.object) for c in found]
    assert keys == sorted(keys)


def test_several_filters_hold_together(store: GraphStore) -> None:
    asked = {"subject": rich.J3262, "object": [M069, M0579], "relations": [SUPPORTED]}
    assert [c.object for c in connections(store, **asked)] == [M0579, M069]
    assert [c.object for c in connections(store, **asked, concepts=[M069])] == [M069]
    assert connections(store, **asked, concepts=[rich.J1745]) == []
    assert connections(store, **{**asked, "relations": [Relation.HAS_PAYER]}) == []
    assert [c.object for c in connections(store, **asked, verdicts=[Verdict.CONSISTENT])] == [M069]
    assert [c.object for c in connections(store, **asked, polarity=Polarity.EXCLUDED)] == [M0579]
    assert len(connections(store, **asked, polarity=None)) == 3
