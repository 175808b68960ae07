"""Paths between two concepts: the shortest and the k best, where a way through a hub is a long way.

Any two codes meet at Medicare, and that says nothing; two codes that meet at one diagnosis say something. So
a path pays for every hop, and for every concept that it passes *through*, the more the less that concept
tells apart:

- A hop costs 1, and 0.1 more for each step that its verdict is below `corroborated`.
- Passing through a concept costs ½·(log₂ fan + log₂ crowd) for the hop that enters it, and the same for the
  hop that leaves it.

**fan** is how many concepts the one passed through has on that side of that relation: for Medicare, entered
by `hasPayer`, the codes that have it as payer. It is the degree, taken relation by relation, so that a code
does not look like a hub merely because its guide is thorough. **crowd** is the fan to be expected of any
concept in that role (Σ fan² / Σ fan): it tells the kinds that say little, payers, places and general
modifiers, from those that say much, by the structure alone and even in a graph of three guides, where no
single concept looks like a hub. The two ends cost nothing: they were asked for. A billing unit costs 10 more, since
two codes that are both billed by 1 mg have nothing in common.

Connections are walked both ways; excluded ones are not walked at all, and neither is one from a concept to
itself. Between two neighbours a path takes their cheapest connection. Costs are whole thousandths while they
are compared, so that equal means equal: of equal costs the path with fewer hops comes first, then the one
whose CURIEs come first, and of equal connections the one with the stronger verdict, then the relation that
comes first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import log2
from typing import NamedTuple

from kg.errors import UsageError
from kg.model import Concept, Connection, Hop, Path, Polarity, Relation

_HOP = 1000
_VERDICT_STEP = 100
_UNIT = (Relation.BILLING_UNIT, False)
_ACCIDENT = 10_000

# A node is the position of its CURIE among all CURIEs in order, so that comparing nodes compares CURIEs.
_Node = int
# What one way of playing a part in a relation is called: the relation, and whether as its subject.
_Role = tuple[Relation, bool]


class _Way(NamedTuple):
    """Part of a path; ways compare as the module says paths do."""

    cost: int
    hops: int
    nodes: tuple[_Node, ...]

    def then(self, node: _Node, cost: int) -> _Way:
        return _Way(self.cost + cost, self.hops + 1, (*self.nodes, node))


class _Step(NamedTuple):
    """One connection seen from one of its ends; `here` and `there` are what passing through either costs."""

    hop: int
    here: int
    there: int
    connection: Connection
    forward: bool


def find_paths(connections: Iterable[Connection], start: Concept, end: Concept, k: int = 3) -> list[Path]:
    """The `k` best paths from `start` to `end`, cheapest first; none where the two are not connected.

    No path visits a concept twice, and no two visit the same concepts in the same order. Raises `UsageError`
    where both ends are the same concept or `k` is below 1.

    >>> from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict
    >>> def connect(code, diagnosis):
    ...     ends = Concept.parse(code), Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse(diagnosis)
    ...     said = Assertion(*ends, Evidence("guide", 0, 5, diagnosis, 1))
    ...     return Connection(*ends, Verdict.CONSISTENT, (said,))
    >>> connections = [connect("J3262", "M06.9"), connect("J1745", "M06.9")]
    >>> [path] = find_paths(connections, Concept.parse("J3262"), Concept.parse("J1745"))
    >>> [concept.key for concept in path.concepts], path.cost
    (['J3262', 'M06.9', 'J1745'], 4.2)
    """
    return PathFinder(connections).find(start, end, k)


class PathFinder:
    """Finds paths in one set of connections; make one to ask many times.

    The connections are read, never changed.
    """

    def __init__(self, connections: Iterable[Connection]) -> None:
        self._connections = tuple(
            connection
            for connection in connections
            if connection.polarity is Polarity.AFFIRMED and connection.subject != connection.object
        )
        self._concepts = sorted({c.curie for each in self._connections for c in (each.subject, each.object)})
        self._nodes = {curie: node for node, curie in enumerate(self._concepts)}

    def find(self, start: Concept, end: Concept, k: int = 3) -> list[Path]:
        """The `k` best paths from `start` to `end`, as `find_paths` gives them."""
        if start == end:
            raise UsageError(f"a path needs two different concepts, not {start.curie} twice")
        if k < 1:
            raise UsageError(f"not a number of paths: {k}")
        if start.curie not in self._nodes or end.curie not in self._nodes:
            return []
        search = _Search(self._steps, self._nodes[start.curie], self._nodes[end.curie])
        return [Path(search.hops(way), way.cost / 1000) for way in search.best(k)]

    def fees(self) -> dict[Connection, tuple[int, int]]:
        """What a path pays, in thousandths, for passing through the subject and the object of each connection."""
        fees = self._fees()
        return {
            each: (
                fees[self._nodes[each.subject.curie], (each.relation, True)],
                fees[self._nodes[each.object.curie], (each.relation, False)],
            )
            for each in self._connections
        }

    @cached_property
    def _steps(self) -> list[dict[_Node, list[_Step]]]:
        """From each node to each of its neighbours, the connections between the two."""
        fees = self._fees()
        steps: list[dict[_Node, list[_Step]]] = [{} for _ in self._concepts]
        for connection in self._connections:
            subject, object_ = self._nodes[connection.subject.curie], self._nodes[connection.object.curie]
            hop = _HOP + _VERDICT_STEP * connection.verdict.rank
            here, there = (
                fees[subject, (connection.relation, True)],
                fees[object_, (connection.relation, False)],
            )
            steps[subject].setdefault(object_, []).append(_Step(hop, here, there, connection, True))
            steps[object_].setdefault(subject, []).append(_Step(hop, there, here, connection, False))
        return steps

    def _fees(self) -> Mapping[tuple[_Node, _Role], int]:
        """What one hop pays for passing through a node in a role: ½·(log₂ fan + log₂ crowd)."""
        partners: defaultdict[tuple[_Node, _Role], set[_Node]] = defaultdict(set)
        for connection in self._connections:
            subject, object_ = self._nodes[connection.subject.curie], self._nodes[connection.object.curie]
            partners[subject, (connection.relation, True)].add(object_)
            partners[object_, (connection.relation, False)].add(subject)
        fans: defaultdict[_Role, list[int]] = defaultdict(list)
        for (_, role), others in partners.items():
            fans[role].append(len(others))
        crowds = {role: sum(n * n for n in sizes) / sum(sizes) for role, sizes in fans.items()}
        return {
            (node, role): round(500 * (log2(len(others)) + log2(crowds[role]))) + _ACCIDENT * (role == _UNIT)
            for (node, role), others in partners.items()
        }


class _Search:
    """Yen's algorithm over A*: one search back from the end tells every later search where to look."""

    def __init__(self, steps: list[dict[_Node, list[_Step]]], start: _Node, end: _Node) -> None:
        self._steps = steps
        self._start = start
        self._end = end
        self._left = self._costs_to_end()

    def best(self, k: int) -> Iterator[_Way]:
        """The best ways, in order, at most `k`."""
        found: list[_Way] = []
        candidates: list[_Way] = []
        way = self._cheapest(_Way(0, 0, (self._start,)), frozenset())
        while way is not None:
            yield way
            found.append(way)
            if len(found) == k:
                return
            for candidate in self._branches(found):
                if candidate not in candidates:
                    heapq.heappush(candidates, candidate)
            way = heapq.heappop(candidates) if candidates else None

    def hops(self, way: _Way) -> tuple[Hop, ...]:
        """The connections that a way takes."""
        pairs = zip(way.nodes, way.nodes[1:], strict=False)
        steps = (self._best_step(here, there) for here, there in pairs)
        return tuple(Hop(step.connection, step.forward) for step in steps)

    def _branches(self, found: list[_Way]) -> Iterator[_Way]:
        """For every node of the way found last: the best way that leaves all ways found so far there."""
        root = _Way(0, 0, (self._start,))
        for node, following in zip(found[-1].nodes, found[-1].nodes[1:], strict=False):
            length = len(root.nodes)
            taken = {way.nodes[length] for way in found if way.nodes[:length] == root.nodes}
            branch = self._cheapest(root, frozenset(taken))
            if branch is not None:
                yield branch
            root = root.then(following, self._cost(node, following))

    def _cheapest(self, root: _Way, taken: frozenset[_Node]) -> _Way | None:
        """The best way to the end that begins with `root` and does not go on to any node of `taken`.

        The costs to the end never exceed what is left, with nodes forbidden or without, and no hop lowers
        cost plus remainder; so a node's first way off the heap is its best, in every part of the order.
        """
        if root.nodes[-1] not in self._left:
            return None
        closed = set(root.nodes[:-1])
        heap = [(root.cost + self._left[root.nodes[-1]], root)]
        while heap:
            _, way = heapq.heappop(heap)
            here = way.nodes[-1]
            if here == self._end:
                return way
            if here in closed:
                continue
            closed.add(here)
            for there in self._steps[here]:
                if there in closed or there not in self._left or (way is root and there in taken):
                    continue
                longer = way.then(there, self._cost(here, there))
                heapq.heappush(heap, (longer.cost + self._left[there], longer))
        return None

    def _costs_to_end(self) -> dict[_Node, int]:
        """The least cost from every node that the end can be reached from."""
        costs: dict[_Node, int] = {}
        heap = [(0, self._end)]
        while heap:
            cost, here = heapq.heappop(heap)
            if here in costs:
                continue
            costs[here] = cost
            for there in self._steps[here]:
                if there not in costs:
                    heapq.heappush(heap, (cost + self._cost(there, here), there))
        return costs

    def _cost(self, here: _Node, there: _Node) -> int:
        return min(self._step_cost(step, here, there) for step in self._steps[here][there])

    def _step_cost(self, step: _Step, here: _Node, there: _Node) -> int:
        ends = (self._start, self._end)
        return step.hop + (0 if here in ends else step.here) + (0 if there in ends else step.there)

    def _best_step(self, here: _Node, there: _Node) -> _Step:
        def order(step: _Step) -> tuple[object, ...]:
            found = step.connection
            cost = self._step_cost(step, here, there)
            return cost, found.verdict.rank, found.relation.value, not step.forward, found.evidence

        return min(self._steps[here][there], key=order)
