from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from itertools import pairwise, permutations
from math import isclose, log2

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model import Concept, Connection, Path, Polarity, Relation, Verdict
from kg.network import PathFinder, find_paths

from .builders import connect

KEYS = [f"M0{n}" for n in range(6)]
RELATIONS = [Relation.SUPPORTED_BY_DIAGNOSIS, Relation.HAS_PAYER, Relation.SIMILAR_TO, Relation.BILLED_AS]


def concept(key: str) -> Concept:
    return Concept.parse(f"icd10cm:{key}")


links = st.builds(
    connect,
    st.sampled_from(KEYS).map("icd10cm:{}".format),
    st.sampled_from(RELATIONS),
    st.sampled_from(KEYS).map("icd10cm:{}".format),
    verdict=st.sampled_from(Verdict),
    polarity=st.sampled_from([Polarity.AFFIRMED, Polarity.AFFIRMED, Polarity.EXCLUDED]),
)
graphs = st.lists(links, max_size=14)


def walked(connections: list[Connection]) -> list[Connection]:
    return [c for c in connections if c.polarity is Polarity.AFFIRMED and c.subject != c.object]


class Costs:
    """The cost of a path as the module states it, worked out the slow way."""

    def __init__(self, connections: list[Connection]) -> None:
        self.connections = walked(connections)

    def fan(self, key: Concept, relation: Relation, as_subject: bool) -> int:
        links = [c for c in self.connections if c.relation is relation]
        if as_subject:
            return len({c.object for c in links if c.subject == key})
        return len({c.subject for c in links if c.object == key})

    def fee(self, key: Concept, relation: Relation, as_subject: bool) -> int:
        everyone = {end for c in self.connections for end in (c.subject, c.object)}
        fans = [self.fan(each, relation, as_subject) for each in everyone]
        crowd = sum(n * n for n in fans) / sum(fans)
        return round(500 * (log2(self.fan(key, relation, as_subject)) + log2(crowd)))

    def hop(self, a: Concept, b: Concept, free: tuple[Concept, Concept]) -> int | None:
        costs = []
        for c in self.connections:
            if {c.subject, c.object} == {a, b} and (c.relation is not Relation.BILLED_AS or c.subject in free):
                cost = 1000 + 100 * c.verdict.rank
                for key, as_subject in ((c.subject, True), (c.object, False)):
                    cost += 0 if key in free else self.fee(key, c.relation, as_subject)
                costs.append(cost)
        return min(costs, default=None)

    def path(self, way: tuple[Concept, ...]) -> int | None:
        hops = [self.hop(a, b, (way[0], way[-1])) for a, b in pairwise(way)]
        return None if None in hops else sum(hop for hop in hops if hop is not None)


def brute_force(connections: list[Connection], start: Concept, end: Concept) -> list[tuple[int, int, list[str]]]:
    costs = Costs(connections)
    others = [concept(key) for key in KEYS if concept(key) not in (start, end)]
    found = []
    for length in range(len(others) + 1):
        for middle in permutations(others, length):
            way = (start, *middle, end)
            cost = costs.path(way)
            if cost is not None:
                found.append((cost, len(way), [each.curie for each in way]))
    return sorted(found)


def summary(path: Path) -> tuple[int, int, list[str]]:
    return round(path.cost * 1000), len(path.concepts), [each.curie for each in path.concepts]


@settings(max_examples=60)
@given(graphs, st.integers(1, 8))
def test_equals_brute_force_in_cost_and_in_order(connections: list[Connection], k: int) -> None:
    start, end = concept("M00"), concept("M01")
    found = find_paths(connections, start, end, k)
    assert [summary(path) for path in found] == brute_force(connections, start, end)[:k]


@given(graphs)
@settings(max_examples=60)
def test_costs_equal_those_of_networkx(connections: list[Connection]) -> None:
    start, end = concept("M00"), concept("M01")
    costs = Costs(connections)
    network = networkx.Graph()
    network.add_nodes_from([start, end])
    for c in costs.connections:
        if (cost := costs.hop(c.subject, c.object, (start, end))) is not None:
            network.add_edge(c.subject, c.object, cost=cost)
    expected: list[int | None] = []
    if networkx.has_path(network, start, end):
        ways = networkx.shortest_simple_paths(network, start, end, weight="cost")
        expected = [costs.path(tuple(way)) for way in ways]
    assert [round(path.cost * 1000) for path in find_paths(connections, start, end, 1000)] == expected


@given(graphs)
@settings(max_examples=60)
def test_paths_hold_together_and_the_connections_stay_as_they_were(connections: list[Connection]) -> None:
    before = deepcopy(connections)
    paths = find_paths(connections, concept("M00"), concept("M01"), 5)
    assert connections == before
    assert [path.cost for path in paths] == sorted(path.cost for path in paths)
    assert len({path.concepts for path in paths}) == len(paths)
    for path in paths:
        assert len(set(path.concepts)) == len(path.concepts)
        assert (path.concepts[0], path.concepts[-1]) == (concept("M00"), concept("M01"))
        for hop, (start, end) in zip(path.hops, pairwise(path.concepts), strict=True):
            assert (hop.start, hop.end) == (start, end)
            assert {hop.connection.subject, hop.connection.object} == {start, end}
            assert hop.connection in connections
            assert hop.connection.polarity is Polarity.AFFIRMED


@given(graphs, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_order_of_the_connections_does_not_matter(connections: list[Connection], random: object) -> None:
    shuffled = list(connections)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ends = concept("M00"), concept("M01")
    assert find_paths(shuffled, *ends, 5) == find_paths(connections, *ends, 5)


def hub_world(guides: int) -> list[Connection]:
    """Guides that all speak of Medicare, 59 and the office; the first two share one diagnosis."""
    found = []
    for number in range(guides):
        code = f"hcpcs:J{1000 + number}"
        found += [
            connect(code, Relation.HAS_PAYER, "payer:medicare"),
            connect(code, Relation.ACCEPTS_MODIFIER, "modifier:59"),
            connect(code, Relation.PLACE_OF_SERVICE, "place:physician-office"),
            *(connect(code, Relation.SUPPORTED_BY_DIAGNOSIS, f"M{10 + number}.{n}") for n in range(6)),
        ]
    return [*found, *(connect(f"J{1000 + n}", Relation.SUPPORTED_BY_DIAGNOSIS, "M06.9") for n in range(2))]


@pytest.mark.parametrize("guides", [2, 3, 20])
def test_a_shared_diagnosis_is_nearer_than_a_hub(guides: int) -> None:
    best, second, *_ = find_paths(hub_world(guides), Concept.parse("J1000"), Concept.parse("J1001"))
    assert [each.curie for each in best.concepts] == ["hcpcs:J1000", "icd10cm:M06.9", "hcpcs:J1001"]
    assert [hop.forward for hop in best.hops] == [True, False]
    assert second.cost > best.cost


def test_many_guides_make_a_hub_farther() -> None:
    ends = Concept.parse("J1000"), Concept.parse("J1001")
    gaps = []
    for guides in (3, 10, 40):
        by_key = {path.concepts[1].key: path.cost for path in find_paths(hub_world(guides), *ends, 4)}
        gaps.append(by_key["medicare"] - by_key["M06.9"])
    assert gaps == sorted(gaps) and gaps[0] > 0


def test_a_guide_that_is_thorough_is_no_hub() -> None:
    terse = [connect("J1000", Relation.SUPPORTED_BY_DIAGNOSIS, key) for key in ("M06.9", "M35.3")]
    thorough = [connect("J1000", Relation.ACCEPTS_MODIFIER, f"modifier:{n}") for n in range(20, 60)]
    ends = Concept.parse("M06.9"), Concept.parse("M35.3")
    assert find_paths(terse, *ends)[0].cost == find_paths(terse + thorough, *ends)[0].cost


def test_of_parallel_connections_the_better_verdict_is_taken() -> None:
    ends = "J1000", "J1001"
    weak = connect(ends[0], Relation.RELATED_PROCEDURE, ends[1], verdict=Verdict.UNCHECKED)
    strong = connect(ends[1], Relation.SIMILAR_TO, ends[0], verdict=Verdict.CORROBORATED)
    [path] = find_paths([weak, strong], Concept.parse(ends[0]), Concept.parse(ends[1]))
    assert path.hops[0].connection is strong and path.hops[0].forward is False
    assert path.cost == 1.0


def test_where_there_is_no_way_there_is_no_path() -> None:
    apart = [connect("J1000", Relation.SIMILAR_TO, "J1001"), connect("J1002", Relation.SIMILAR_TO, "J1003")]
    denied = connect("J1001", Relation.SIMILAR_TO, "J1002", polarity=Polarity.EXCLUDED)
    assert find_paths([*apart, denied], Concept.parse("J1000"), Concept.parse("J1003")) == []
    assert find_paths(apart, Concept.parse("J1000"), Concept.parse("J9999")) == []
    assert find_paths([], Concept.parse("J1000"), Concept.parse("J9999")) == []


def test_questions_without_sense_are_refused() -> None:
    code = Concept.parse("J1000")
    with pytest.raises(UsageError, match="hcpcs:J1000 twice"):
        find_paths([], code, code)
    with pytest.raises(UsageError, match="not a number of paths: 0"):
        find_paths([], code, Concept.parse("J1001"), 0)


def test_one_finder_answers_many_questions() -> None:
    finder = PathFinder(hub_world(5))
    for other in ("J1001", "J1004"):
        ends = Concept.parse("J1000"), Concept.parse(other)
        assert finder.find(*ends) == find_paths(hub_world(5), *ends)
        assert isclose(finder.find(*ends)[0].cost, finder.find(*ends[::-1])[0].cost)


@settings(max_examples=60)
@given(graphs)
def test_fees_are_what_a_path_pays_for_passing_through_either_end(connections: list[Connection]) -> None:
    costs, fees = Costs(connections), PathFinder(connections).fees()
    assert set(fees) == set(costs.connections)
    for each, (subject, object_) in fees.items():
        assert subject == costs.fee(each.subject, each.relation, True)
        assert object_ == costs.fee(each.object, each.relation, False)


def test_importing_the_package_does_not_import_networkx() -> None:
    code = "import sys, kg.network; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
