"""The search for the cheapest ways between two nodes, over the arrays of an adjacency.

Two balls grow around the ends, always the one with less before it, until nothing shorter can join them: that tells
what the best way costs. Every search after that knows how much is left from inside the ball around the end, and no
less than its radius from anywhere else. So it looks only at what may lie on a way that is good enough, and a hub far
from both ends is never opened: since its steps are sorted, a look at the first that costs too much is enough.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from kg.graph.adjacency import HOP, VERDICT_STEP, Rows, relation_of, role
from kg.model import Relation

_FAR = 1 << 60
# What the best way may cost at first, and how much more the next ones may be.
_GUESSES = (10_000, 20_000, 40_000)
_LITTLE = 3_000
# A package leads to its code, and is no way from one code to another: walked only where the package is an end.
_PACKAGE, _PACKED = role(Relation.BILLED_AS, as_subject=True), role(Relation.BILLED_AS, as_subject=False)
_ONLY_AT_ENDS = frozenset({_PACKAGE, _PACKED})


class Way(NamedTuple):
    """Part of a path; ways compare as `kg.network.paths` says that paths do."""

    cost: int
    hops: int
    nodes: tuple[int, ...]

    def then(self, node: int, cost: int) -> Way:
        """The way that goes on to a node."""
        return Way(self.cost + cost, self.hops + 1, (*self.nodes, node))


class Search:
    """Yen's algorithm over A*, from one node to another."""

    def __init__(self, rows: Rows, start: int, end: int) -> None:
        self._rows = rows
        self._start = start
        self._end = end
        ball, self._least = _meet(rows, start, end)
        self._last = ball.doors
        self._inside = ball.settled
        self._radius = ball.radius

    def best(self, k: int) -> list[Way]:
        """The best ways, in order, at most `k`."""
        if self._least >= _FAR:
            return []
        # To look for the costlier ones without end would open every hub; so first those that cost not much more.
        for most in (self._least if k == 1 else self._least + _LITTLE, 2 * self._least, _FAR):
            ways = self._within(most, k)
            if len(ways) == k:
                break
        return ways

    def _within(self, most: int, k: int) -> list[Way]:
        """The best ways that cost no more than so much."""
        ways: list[Way] = []
        candidates: list[Way] = []
        way = self._cheapest(Way(0, 0, (self._start,)), frozenset(), most)
        while way is not None:
            ways.append(way)
            if len(ways) == k:
                break
            self._branch_off(ways, candidates, k, most)
            way = heapq.heappop(candidates) if candidates else None
        return ways

    def relation(self, here: int, there: int) -> tuple[Relation, bool]:
        """The connection that a way takes between two neighbours: its relation, and whether it is walked forward."""
        _, _, name, backward = min(self._between(here, there))
        return Relation(name), not backward

    def _branch_off(self, ways: list[Way], candidates: list[Way], k: int, most: int) -> None:
        """For every node of the way found last: the best way that leaves all ways found so far there."""
        root = Way(0, 0, (self._start,))
        for node, following in zip(ways[-1].nodes, ways[-1].nodes[1:], strict=False):
            length = len(root.nodes)
            forbidden = frozenset(way.nodes[length] for way in ways if way.nodes[:length] == root.nodes)
            # What costs more than as many as are wanted need not be found.
            needed = k - len(ways)
            bound = heapq.nsmallest(needed, candidates)[-1].cost if len(candidates) >= needed else most
            branch = self._cheapest(root, forbidden, bound)
            if branch is not None and branch not in candidates:
                heapq.heappush(candidates, branch)
            root = root.then(following, min(self._between(node, following))[0])

    def _cheapest(self, root: Way, forbidden: frozenset[int], bound: int) -> Way | None:
        """The best way to the end that begins with `root`, goes on to no node of `forbidden`, and costs no more.

        What is left to the end is never thought too much, with nodes forbidden or without, and no hop lowers cost
        plus remainder; so a node's first way off the heap is its best, in every part of the order.
        """
        closed = set(root.nodes[:-1])
        heap = [(root.cost + self._left(root.nodes[-1]), root)]
        while heap:
            _, way = heapq.heappop(heap)
            here = way.nodes[-1]
            if here == self._end:
                return way
            if here in closed:
                continue
            closed.add(here)
            shut = closed | forbidden if way is root else closed
            if here in self._last and not (way is root and self._end in forbidden):
                longer = way.then(self._end, self._last[here])
                heapq.heappush(heap, (longer.cost, longer))
            for there, cost, expected in self._steps(here, way.cost, bound):
                if there not in shut:
                    heapq.heappush(heap, (expected, way.then(there, cost)))
        return None

    def _left(self, node: int) -> int:
        """What is left from a node to the end, at least; too much where the end cannot be reached."""
        return min(self._inside.get(node, _FAR), self._radius)

    def _steps(self, here: int, spent: int, bound: int) -> Iterator[tuple[int, int, int]]:
        """The neighbours of a node but for the end, the cost of the step, and that of a way through it at least."""
        rows, inside, radius = self._rows, self._inside, self._radius
        neighbour, toll = rows.neighbour, rows.toll
        for group in rows.groups(here):
            if rows.role[group] == _PACKED or (rows.role[group] == _PACKAGE and here != self._start):
                continue
            base = 0 if here == self._start else rows.fee[group]
            budget = bound - spent - base
            for step in rows.steps(group):
                cost = toll[step]
                if cost > budget:
                    break
                there = neighbour[step]
                remainder = inside.get(there, radius)
                if cost + remainder <= budget and there != self._end:
                    yield there, base + cost, spent + base + cost + min(remainder, radius)

    def _between(self, here: int, there: int) -> Iterator[tuple[int, int, str, bool]]:
        """The connections between two neighbours: cost, rank, relation, and whether it is walked backward."""
        rows, ends = self._rows, (self._start, self._end)
        turned = rows.degree(here) > rows.degree(there)  # So that of a hub and a code the code is looked at.
        smaller, larger = (there, here) if turned else (here, there)
        for group in rows.groups(smaller):
            role = rows.role[group]
            if role in _ONLY_AT_ENDS and (smaller if role == _PACKAGE else larger) not in ends:
                continue
            relation, as_subject = relation_of(role)
            for step in rows.steps(group):
                if rows.neighbour[step] == larger:
                    hop = HOP + VERDICT_STEP * rows.rank[step]
                    cost = (hop if larger in ends else rows.toll[step]) + (0 if smaller in ends else rows.fee[group])
                    yield cost, rows.rank[step], relation.value, as_subject == turned


class _Ball:
    """All that is near one of the two ends, the nearest first.

    `doors` are the neighbours of the end with the cost of the hop (`direct` to the other end), `settled` the nodes
    inside with their distance.
    """

    def __init__(self, rows: Rows, origin: int, other: int) -> None:
        self._rows = rows
        self._ends = frozenset((origin, other))
        self.doors = _doors(rows, origin, other)
        self.settled = {origin: 0}
        self.direct = self.doors.get(other, _FAR)
        self._pending = {node: cost for node, cost in self.doors.items() if node != other}
        self._heap = [(cost, node) for node, cost in self._pending.items()]
        heapq.heapify(self._heap)
        self._given_up = _FAR

    def __len__(self) -> int:
        """How much there is to look at next."""
        return len(self._heap)

    @property
    def radius(self) -> int:
        """Everything outside is at least so far."""
        return min(self._heap[0][0] if self._heap else _FAR, self._given_up)

    def grow(self, other: _Ball, least: int) -> int:
        """Take in the nearest node outside; gives the cost of the best way known after that, `least` before it.

        Whatever would cost more than `least` with what the other ball has before it is not looked at, and need not
        be: a node that joins the two is found by the ball that reaches it last.
        """
        rows, settled, pending = self._rows, self.settled, self._pending
        neighbour, toll = rows.neighbour, rows.toll
        distance, node = heapq.heappop(self._heap)
        if node in settled:
            return least
        settled[node] = distance
        least = min(least, distance + other._pending.get(node, _FAR))
        enough = least - other.radius
        for group in rows.groups(node):
            if rows.role[group] in _ONLY_AT_ENDS:
                continue
            base = distance + rows.fee[group]
            for step in rows.steps(group):
                cost = base + toll[step]
                if cost > enough:
                    self._given_up = min(self._given_up, cost)
                    break
                there = neighbour[step]
                if cost < pending.get(there, _FAR) and there not in self._ends:
                    pending[there] = cost
                    heapq.heappush(self._heap, (cost, there))
        return least


def _meet(rows: Rows, start: int, end: int) -> tuple[_Ball, int]:
    """The ball around the end, and what the best way costs.

    What a way may cost is guessed first, since hubs would be opened in vain until the first way is known.
    """
    for guess in (*_GUESSES, _FAR):
        here, there = _Ball(rows, start, end), _Ball(rows, end, start)
        least = _joined(here, there, guess)
        if least <= guess:
            break
    return there, least


def _joined(here: _Ball, there: _Ball, guess: int) -> int:
    """Grow two balls until nothing shorter can join them; gives what the best way costs, or more than was guessed."""
    least = min(guess + 1, here.direct)
    while here and there and here.radius + there.radius < least:
        least = here.grow(there, least) if len(here) <= len(there) else there.grow(here, least)
    return least


def _doors(rows: Rows, origin: int, other: int) -> dict[int, int]:
    """The neighbours of an end and what the hop costs; the other end takes no fee."""
    doors: dict[int, int] = {}
    for group in rows.groups(origin):
        steps = rows.steps(group)
        here = slice(steps.start, steps.stop)
        for node, toll, rank in zip(rows.neighbour[here], rows.toll[here], rows.rank[here], strict=True):
            if node == other:
                toll = HOP + VERDICT_STEP * rank
            elif rows.role[group] == _PACKED:
                continue
            if toll < doors.get(node, _FAR):
                doors[node] = toll
    return doors
