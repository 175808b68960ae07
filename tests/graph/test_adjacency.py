"""What paths are searched in: the plain edges of a build, whole, in the order that a search needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.graph.adjacency import HOP, VERDICT_STEP, Adjacency, Edge, Rows, changed, packed, relation_of, role
from kg.graph.as_of import at
from kg.graph.store import GraphStore, plain_edges
from kg.model import Polarity, Relation, Verdict

from .making import assertion, forget_sizes, write

names = st.sampled_from(["hcpcs:J1", "hcpcs:J2", "icd10cm:M1", "drug:é", "drug:\U0001f600", "drug:\ud800"])
relations = st.sampled_from([Relation.SIMILAR_TO, Relation.SUPPORTED_BY_DIAGNOSIS, Relation.BILLING_UNIT])
edges = st.lists(st.tuples(names, relations, names, st.sampled_from(Verdict)), max_size=30)


def edges_in(rows: Rows) -> Iterator[tuple[int, Relation, int, int]]:
    """Each edge once: the node of its subject, its relation, the node of its object, the rank of its verdict."""
    for node in range(len(rows.first_group) - 1):
        for group in rows.groups(node):
            relation, as_subject = relation_of(rows.role[group])
            for step in rows.steps(group) if as_subject else ():
                yield node, relation, rows.neighbour[step], rows.rank[step]


def joined(store: GraphStore) -> Iterator[Edge]:
    return plain_edges(store.edges())


def strongest(given: list[Edge], floor: Verdict) -> set[tuple[str, Relation, str, int]]:
    found: dict[tuple[str, Relation, str], int] = {}
    for subject, relation, object, verdict in given:
        if subject != object:
            edge = (subject, relation, object)
            found[edge] = min(verdict.rank, found.get(edge, 9))
    return {(*edge, rank) for edge, rank in found.items() if rank <= floor.rank}


@given(edges, st.sampled_from(Verdict))
def test_holds_every_edge_down_to_each_floor_and_no_other(given: list[Edge], floor: Verdict) -> None:
    adjacency = Adjacency.of(given)
    found = list(edges_in(adjacency.down_to(floor)))
    named = {(adjacency.curie(s), relation, adjacency.curie(o), rank) for s, relation, o, rank in found}
    assert named == strongest(given, floor)
    assert len(named) == len(found)


@given(edges, edges, st.data())
def test_edges_that_go_and_come_leave_what_would_be_written_anew(
    given: list[Edge], come: list[Edge], data: st.DataObject
) -> None:
    before = Adjacency.of(given)
    held = list(before.edges())
    gone = data.draw(st.lists(st.sampled_from(held), unique=True)) if held else []
    stay = {edge[:3]: edge for edge in held if edge not in gone}
    new = {edge[:3]: edge for edge in come if edge[:3] not in stay}
    assert changed(before, gone, new.values()) == packed([*stay.values(), *new.values()])


@given(edges)
def test_nodes_are_in_the_order_of_their_curies(given: list[Edge]) -> None:
    adjacency = Adjacency.of(given)
    curies = [adjacency.curie(node) for node in range(len(adjacency))]
    assert curies == sorted({end for s, _, o, _ in given if s != o for end in (s, o)})
    assert [adjacency.node(curie) for curie in curies] == list(range(len(adjacency)))
    assert adjacency.node("hcpcs:J0") is None and adjacency.degree("hcpcs:J0") == 0


@given(edges, st.sampled_from(Verdict))
def test_every_edge_is_seen_from_both_ends_the_cheapest_first(given: list[Edge], floor: Verdict) -> None:
    rows = Adjacency.of(given).down_to(floor)
    fees = {
        (node, rows.role[group]): rows.fee[group]
        for node in range(len(rows.first_group) - 1)
        for group in rows.groups(node)
    }
    seen = set()
    for node in range(len(rows.first_group) - 1):
        for group in rows.groups(node):
            steps, role = rows.steps(group), rows.role[group]
            assert list(rows.toll[steps.start : steps.stop]) == sorted(rows.toll[steps.start : steps.stop])
            for step in steps:
                there = rows.neighbour[step]
                assert rows.toll[step] == HOP + VERDICT_STEP * rows.rank[step] + fees[there, role ^ 1]
                seen.add((node, role, there))
    assert {(there, role ^ 1, here) for here, role, there in seen} == seen


@given(edges, st.randoms(use_true_random=False))
def test_the_same_edges_give_the_same_bytes(given: list[Edge], random: object) -> None:
    shuffled = list(given)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert packed(shuffled) == packed(given)


def test_a_floor_that_adds_nothing_takes_no_room() -> None:
    edge = ("hcpcs:J1", Relation.SIMILAR_TO, "hcpcs:J2", Verdict.CORROBORATED)
    every = Adjacency.of([edge])
    assert list(edges_in(every.down_to(Verdict.REFUTED))) == list(edges_in(every.down_to(Verdict.CORROBORATED)))
    assert len(packed([edge])) < len(packed([edge, ("hcpcs:J1", Relation.SIMILAR_TO, "hcpcs:J3", Verdict.REFUTED)]))


def test_a_build_brings_that_of_its_plain_edges(tmp_path: Path) -> None:
    with GraphStore.open(write(tmp_path)) as store:
        assert (store.build / "adjacency.bin").read_bytes() == packed(joined(store))
        assert len(list(edges_in(store.adjacency.down_to(Verdict.REFUTED)))) == store.manifest.counts["connections"]


def test_what_a_document_says_no_to_is_not_in_it(tmp_path: Path) -> None:
    stated = [assertion("icd10cm:M06.9"), assertion("icd10cm:M05.79", polarity=Polarity.EXCLUDED)]
    with GraphStore.open(write(tmp_path, stated)) as store:
        assert store.adjacency.node("icd10cm:M06.9") is not None
        assert store.adjacency.node("icd10cm:M05.79") is None


def test_another_day_has_its_own(tmp_path: Path) -> None:
    with GraphStore.open(write(tmp_path, as_of=date(2026, 4, 1))) as store, at(store, date(2010, 1, 1)) as before:
        assert not (before.build / "adjacency.bin").exists()
        assert list(edges_in(before.adjacency.down_to(Verdict.REFUTED)))
        written = (before.build / "adjacency.bin").read_bytes()
        assert written == packed(joined(before)) != packed(joined(store))
    with GraphStore.open(tmp_path) as store, at(store, date(2010, 1, 1)) as again:
        assert len(again.adjacency) == len(store.adjacency)


@pytest.mark.parametrize("content", [b"", b"\x05", b"\xff" * 64, b"\x02" + bytes(7) + b"{}" + bytes(64)])
def test_damage_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    write(tmp_path)
    forget_sizes(tmp_path)
    (tmp_path / "builds" / "1" / "adjacency.bin").write_bytes(content)
    with pytest.raises(StoreError, match=r"the adjacency is damaged.*build it again with 'kg build'"):
        GraphStore.open(tmp_path)


@given(edges)
def test_a_node_is_found_by_its_curie_and_what_no_edge_touches_is_none(given: list[Edge]) -> None:
    adjacency = Adjacency.of(given)
    curies = [adjacency.curie(node) for node in range(len(adjacency))]
    assert [adjacency.node(curie) for curie in curies] == list(range(len(curies)))
    for absent in ("", "a", "hcpcs:J", "hcpcs:J11", "hcpcs:J3", "zzz:z", "drug:\U0001f601"):
        assert adjacency.node(absent) is None
        assert adjacency.degree(absent) == 0


def test_a_degree_counts_edges_of_every_verdict_at_either_end() -> None:
    kinds = [Relation.SIMILAR_TO, Relation.HAS_PAYER, Relation.BILLING_UNIT]
    given = [("hcpcs:J1", kind, f"drug:{verdict}", verdict) for kind, verdict in zip(kinds, Verdict, strict=False)]
    adjacency = Adjacency.of([*given, ("hcpcs:J1", kinds[0], "hcpcs:J1", Verdict.REFUTED)])
    assert adjacency.degree("hcpcs:J1") == 3, "what leads to itself is no edge"
    assert [adjacency.degree(f"drug:{verdict}") for verdict in list(Verdict)[:3]] == [1, 1, 1]
    assert set(adjacency.edges()) == set(given)


def test_of_an_edge_that_is_given_twice_the_strongest_verdict_holds() -> None:
    edge = ("hcpcs:J1", Relation.HAS_PAYER, "payer:a")
    for verdicts in (list(Verdict), list(Verdict)[::-1]):
        assert list(Adjacency.of([(*edge, verdict) for verdict in verdicts]).edges()) == [(*edge, next(iter(Verdict)))]


def test_a_role_is_a_relation_and_an_end_of_it() -> None:
    roles = [role(relation, as_subject) for relation in Relation for as_subject in (True, False)]
    assert roles == list(range(2 * len(Relation)))
    assert [relation_of(one) for one in roles] == [(relation, end) for relation in Relation for end in (True, False)]


def test_what_was_written_for_other_relations_is_not_read() -> None:
    content = packed([("hcpcs:J1", Relation.HAS_PAYER, "payer:a", Verdict.CONSISTENT)])
    with pytest.raises(ValueError, match="other relations"):
        Adjacency(content.replace(b'"hasPayer"', b'"hadPayer"'))


@given(edges, st.sampled_from(Verdict))
def test_where_a_node_and_a_group_end_the_next_begins_and_none_is_left_over(given: list[Edge], floor: Verdict) -> None:
    adjacency = Adjacency.of(given)
    rows = adjacency.down_to(floor)
    assert len(rows.first_group) == len(adjacency) + 1
    assert len(rows.first_step) == len(rows.role) + 1 == len(rows.fee) + 1 == rows.first_group[len(adjacency)] + 1
    assert len(rows.neighbour) == len(rows.toll) == len(rows.rank) == rows.first_step[len(rows.role)]
    assert rows.first_group[0] == rows.first_step[0] == 0
