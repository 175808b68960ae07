"""Two focuses side by side: what only the first has, what both have, what only the second has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from kg.drawing.layout.groups import Column, Group, Rows, far_groups, flow, near_groups
from kg.drawing.layout.plan import Plan, Spot, View
from kg.drawing.layout.wording import wordings
from kg.drawing.selection import Selection

_MOST_COLUMNS = 5
_MOST_STRETCH = 1.45


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to arrange: columns on each outer side and in the middle, and how labels are given room."""

    rows: Rows
    zones: tuple[list[Group], list[Group], list[Group]]
    outer: int
    inner: int

    @property
    def middle(self) -> float:
        """From the middle to a focus: half of what both have, and room for lines."""
        return self.inner * _step(self.rows) / 2 + _gap(self.rows.view)

    @property
    def width(self) -> float:
        return 2 * (self.middle + _gap(self.rows.view) + self.outer * _step(self.rows))

    @property
    def height(self) -> float:
        counts = (self.outer, self.inner, self.outer)
        heights = [sum(map(self.rows.group, zone)) / n for zone, n in zip(self.zones, counts, strict=True) if n]
        return max(heights, default=0) + 3 * self.rows.gap

    @property
    def worth(self) -> tuple[float, float, float]:
        view = self.rows.view
        lost = self.rows.lost(group for zone in self.zones for group in zone)
        scale = min(view.width / self.width, view.height / self.height)
        return min(scale, view.least), -round(lost, 2), -self.width


def compare(selection: Selection, view: View) -> Plan:
    """The plan of a drawing with two focuses, in the order in which they were asked for."""
    zones = _zones(selection)
    best = max(_tries(selection, zones, view), key=lambda each: each.worth)
    plan, rows = Plan("rows", view), best.rows
    columns = [flow(zone, rows, n) for zone, n in zip(zones, (best.outer, best.inner, best.outer), strict=True)]
    tallest = max((column.height for zone in columns for column in zone), default=1)
    stretch = min(max(view.height / (tallest + rows.gap), 1), _MOST_STRETCH)
    edge = best.middle + _gap(view)
    for place, column in enumerate(columns[0]):
        column.place(plan, -edge - place * _step(rows), "left", rows, stretch=stretch)
    for place, column in enumerate(columns[2]):
        column.place(plan, edge + place * _step(rows), "right", rows, stretch=stretch)
    _middle(plan, columns[1], rows, stretch)
    for number, x in zip(sorted(selection.focus), (-best.middle, best.middle), strict=True):
        plan.spots[number] = Spot(round(x), 0, "inside", 7 * view.text, 4)
    return plan


def _middle(plan: Plan, columns: list[Column], rows: Rows, stretch: float) -> None:
    width = len(columns) * _step(rows)
    for place, column in enumerate(columns):
        column.place(plan, place * _step(rows) - width / 2 + rows.view.margin, "right", rows, stretch=stretch)


def _zones(selection: Selection) -> tuple[list[Group], list[Group], list[Group]]:
    """The groups of the first focus alone, of both, and of the second alone; what is farther away stands outermost."""
    first, second = sorted(selection.focus)
    near = near_groups(selection, selection.focus)
    ends: dict[int, set[int]] = {}
    numbers = selection.numbers
    for each in selection.connections:
        subject, object_ = numbers[each.subject], numbers[each.object]
        ends.setdefault(subject, set()).add(object_)
        ends.setdefault(object_, set()).add(subject)
    wanted = ({first}, {first, second}, {second})
    left, both, right = ([_part(group, ends, selection, each) for group in near] for each in wanted)
    far = far_groups(selection, near)
    return _full(left), _full(both), _full([*right, *far])


def _part(group: Group, ends: dict[int, set[int]], selection: Selection, wanted: set[int]) -> Group:
    """What of a group hangs on just these focuses."""

    def hangs(number: int) -> bool:
        return ends[number] & selection.focus == wanted

    return Group(group.text, group.kind, list(filter(hangs, group.drawn)), list(filter(hangs, group.waiting)))


def _full(groups: list[Group]) -> list[Group]:
    return [group for group in groups if group.drawn or group.waiting]


def _tries(selection: Selection, zones: tuple[list[Group], ...], view: View) -> Iterator[_Try]:
    labels = wordings(selection.concepts, view.text)
    rooms = range(round(5.5 * view.text), round(20 * view.text), round(1.2 * view.text))
    left, both, right = zones
    for room, lines, heads in product(rooms, range(1, view.lines + 1), (1, 2)):
        rows = Rows(view, labels, room, lines, heads)
        for outer, inner in product(range(1, _MOST_COLUMNS + 1), range(1, _MOST_COLUMNS + 1) if both else (0,)):
            yield _Try(rows, (left, both, right), outer, inner)


def _gap(view: View) -> float:
    """From a focus to the markers beside it: half of its box, and room for lines."""
    return 7.5 * view.text


def _step(rows: Rows) -> float:
    return rows.room + rows.view.margin + 0.9 * rows.view.text
