"""The arrays hold the edges of the adjacency, from both of their ends, as libraries for sparse matrices want them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import Failure
from kg.graph.adjacency import Adjacency, concept_called
from kg.graph.adjacency import Edge as Plain
from kg.model import Relation, Verdict
from kg.network.arrays import Arrays, arrays_of
from kg.network.edge_list import edge_list
from kg.network.paths import paths_in
from kg.network.slices import Slice

from .test_slices import CHAIN, DIAGNOSIS, J1, J2, PAYER, edges, names, some_relations

ENTRIES = ("indices", "relation", "verdict", "forward", "cost", "leaving", "entering")


def entries(arrays: Arrays) -> list[tuple[Any, ...]]:
    """The entries, named."""
    found = []
    for row in range(len(arrays.curies)):
        for entry in range(arrays.indptr[row], arrays.indptr[row + 1]):
            ends = arrays.curies[row].item(), arrays.curies[arrays.indices[entry]].item()
            subject, object = ends if arrays.forward[entry] else ends[::-1]
            fees = arrays.leaving[entry].item(), arrays.entering[entry].item()
            subject_fee, object_fee = fees if arrays.forward[entry] else fees[::-1]
            relation, verdict = arrays.relations[arrays.relation[entry]], arrays.verdicts[arrays.verdict[entry]]
            line = subject, relation.item(), object, verdict.item(), arrays.cost[entry].item(), subject_fee, object_fee
            found.append(line)
    return found


def lines(part: Slice) -> list[tuple[Any, ...]]:
    """The edges, as the list of edges has them."""
    split = (line.rstrip("\n").split("\t") for line in list(edge_list(part))[1:])
    return [(*cells[:4], *map(int, cells[4:])) for cells in split]


def check_law_of_csr(arrays: Arrays) -> None:
    """What `scipy.sparse.csr_matrix` asks of its three arrays."""
    rows = len(arrays.curies)
    assert arrays.indptr.dtype == arrays.indices.dtype == np.int32
    assert arrays.indptr.shape == (rows + 1,)
    assert arrays.indptr[0] == 0 and arrays.indptr[-1] == len(arrays.indices)
    assert (np.diff(arrays.indptr) >= 0).all()
    assert ((arrays.indices >= 0) & (arrays.indices < max(rows, 1))).all()
    for row in range(rows):
        inside = arrays.indices[arrays.indptr[row] : arrays.indptr[row + 1]]
        assert (np.diff(inside) >= 0).all() and row not in inside
    assert {len(getattr(arrays, name)) for name in ENTRIES} == {len(arrays.rows)} == {len(arrays.indices)}


@given(edges, st.sampled_from(Verdict), some_relations, st.none() | st.sets(names, max_size=2))
def test_hold_each_edge_of_the_slice_twice(
    given: list[Plain], floor: Verdict, relations: set[Relation] | None, centres: set[str] | None
) -> None:
    around = None if centres is None else [concept_called(each) for each in sorted(centres)]
    part = Slice(Adjacency.of(given), floor, relations, around)
    arrays = arrays_of(part)
    check_law_of_csr(arrays)
    assert arrays.curies.tolist() == list(part.curies())
    assert sorted(entries(arrays)) == sorted(lines(part) * 2)
    assert entries(arrays.where(arrays.forward)) == sorted(lines(part), key=lambda e: (e[0], e[2], _number(e[1])))
    check_law_of_csr(arrays.where(arrays.forward))


def _number(relation: str) -> int:
    return list(Relation).index(Relation(relation))


@given(edges)
def test_of_several_edges_between_two_nodes_the_cheapest_can_be_left(given: list[Plain]) -> None:
    arrays = arrays_of(Slice(Adjacency.of(given), Verdict.REFUTED))
    cheapest = arrays.cheapest()
    check_law_of_csr(cheapest)
    least: dict[tuple[int, int], int] = {}
    for row, column, cost in zip(arrays.rows.tolist(), arrays.indices.tolist(), arrays.cost.tolist(), strict=True):
        least[row, column] = min(cost, least.get((row, column), cost))
    places = zip(cheapest.rows.tolist(), cheapest.indices.tolist(), strict=True)
    assert dict(zip(places, cheapest.cost.tolist(), strict=True)) == least
    assert len(cheapest.indices) == len(least)


@given(edges, st.data())
def test_ways_in_rustworkx_cost_what_paths_cost(given: list[Plain], data: st.DataObject) -> None:
    rustworkx = pytest.importorskip("rustworkx")
    adjacency = Adjacency.of(given)
    arrays = arrays_of(Slice(adjacency, Verdict.REFUTED))
    if len(adjacency) < 2:
        return
    start, end = data.draw(st.lists(st.integers(0, len(adjacency) - 1), min_size=2, max_size=2, unique=True))
    cost = arrays.cost - arrays.leaving * (arrays.rows == start) - arrays.entering * (arrays.indices == end)
    network = rustworkx.PyDiGraph()
    network.add_nodes_from(arrays.curies.tolist())
    network.add_edges_from(list(zip(arrays.rows.tolist(), arrays.indices.tolist(), cost.tolist(), strict=True)))
    lengths = rustworkx.dijkstra_shortest_path_lengths(network, start, float, end)
    ends = (concept_called(arrays.curies[each].item()) for each in (start, end))
    found = paths_in(adjacency, Verdict.REFUTED, *ends, 1, lambda edge: edge)  # type: ignore[arg-type, return-value]
    assert [path.cost for path in found] == ([lengths[end] / 1000] if end in lengths else [])


def test_fees_are_those_of_the_whole_graph_in_a_slice_as_well() -> None:
    adjacency = Adjacency.of(CHAIN)
    all_of_it = dict.fromkeys(entries(arrays_of(Slice(adjacency, Verdict.DISPUTED))))
    near = arrays_of(Slice(adjacency, Verdict.DISPUTED, around=[concept_called(J1)]))
    assert set(entries(near)) < set(all_of_it)
    assert near.curies.tolist() == [J1, DIAGNOSIS]


def test_a_node_that_no_edge_touches_has_an_empty_row() -> None:
    around = [concept_called(each) for each in ("hcpcs:A0001", J2, "route:z")]
    arrays = arrays_of(Slice(Adjacency.of(CHAIN), Verdict.DISPUTED, around=around))
    assert arrays.curies.tolist() == ["hcpcs:A0001", J2, DIAGNOSIS, PAYER, "route:z"]
    assert arrays.indptr.tolist() == [0, 0, 2, 3, 4, 4]
    assert arrays.indices.tolist() == [2, 3, 1, 1]


@pytest.mark.parametrize("given", [CHAIN, []], ids=["some", "none"])
def test_are_loaded_without_pickles(given: list[Plain], tmp_path: Path) -> None:
    arrays = arrays_of(Slice(Adjacency.of(given), Verdict.DISPUTED))
    assert arrays.save(tmp_path / "graph") == tmp_path / "graph"
    with np.load(tmp_path / "graph", allow_pickle=False) as loaded:
        assert set(loaded) == {*ENTRIES, "indptr", "curies", "relations", "verdicts"}
        for name in loaded:
            assert loaded[name].dtype == getattr(arrays, name).dtype
            assert loaded[name].tolist() == getattr(arrays, name).tolist()
    again = BytesIO()
    assert arrays.save(again) is None
    assert again.getvalue() == (tmp_path / "graph").read_bytes()


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"cannot write .*nowhere"):
        arrays_of(Slice(Adjacency.of(CHAIN), Verdict.DISPUTED)).save(tmp_path / "nowhere" / "x.npz")
