"""Around one focus, or several in a column: rows of labels on both sides, so that no label meets another.

Every label has a slot of its own: columns are as wide as its room, rows as high as its lines. Markers bend around the
focus, by less than what lies between two columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from kg.drawing.layout.groups import Column, Group, Rows, far_groups, flow, halves, near_groups
from kg.drawing.layout.plan import Plan, Spot, View
from kg.drawing.layout.wording import wordings
from kg.drawing.selection import Selection

_MOST_COLUMNS = 8
# Rows may stand apart by so much more, to fill the view.
_MOST_STRETCH = 1.45
# And lines may be so much longer, in parts of the size of the letters.
_MOST_SPARE = 5


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to arrange: columns of near and far groups on each side, and how labels are given room."""

    rows: Rows
    near: tuple[list[Group], list[Group]]
    far: tuple[list[Group], list[Group]]
    inner: int
    outer: int

    @property
    def width(self) -> float:
        return 2 * (_reach(self.rows.view) + (self.inner + self.outer) * _step(self.rows))

    @property
    def height(self) -> float:
        parts = [(side, self.inner) for side in self.near] + [(side, self.outer) for side in self.far]
        heights = (sum(map(self.rows.group, groups)) / columns for groups, columns in parts if columns)
        return max(heights, default=0) + 3 * self.rows.gap

    @property
    def scale(self) -> float:
        """How large the whole can be shown; above 1 there is room to spare."""
        return min(self.rows.view.width / self.width, self.rows.view.height / self.height)

    @property
    def worth(self) -> tuple[float, float, float]:
        """What can be read at full size is better, then what cuts less, then what is narrower."""
        lost = self.rows.lost([*self.near[0], *self.near[1], *self.far[0], *self.far[1]])
        return min(self.scale, self.rows.view.least), -round(lost, 2), -self.width

    def columns(self) -> list[list[Column]]:
        """The columns of each side, from the inside out."""
        sides = zip(self.near, self.far, strict=True)
        return [[*flow(near, self.rows, self.inner), *flow(far, self.rows, self.outer)] for near, far in sides]


def around(selection: Selection, view: View) -> Plan:
    """The plan of a drawing around its focus."""
    near = [group for group in near_groups(selection, selection.focus) if group.drawn or group.waiting]
    far = far_groups(selection, near)
    best = max(_tries(selection, near, far, view), key=lambda each: each.worth)
    plan, rows, sides = Plan("rows", view), best.rows, best.columns()
    tallest = max((column.height for side in sides for column in side), default=1)
    stretch = min(max(view.height / (tallest + rows.gap), 1), _MOST_STRETCH)
    # Where there is room to spare, lines are longer.
    spare = min(max((view.width - best.width) / 2, 0), _MOST_SPARE * view.text)
    for side, columns in zip(("right", "left"), sides, strict=True):
        sign = 1 if side == "right" else -1
        for place, column in enumerate(columns):
            x = sign * (_reach(view) + spare + place * _step(rows))
            column.place(plan, x, side, rows, bend=_bend(view), stretch=stretch)
    _stand(plan, selection, max(tallest * stretch, view.height / 2))
    return plan


def _tries(selection: Selection, near: list[Group], far: list[Group], view: View) -> Iterator[_Try]:
    labels = wordings(selection.concepts, view.text)
    rooms = range(round(5.5 * view.text), round(20 * view.text), round(1.2 * view.text))
    for room, lines, heads in product(rooms, range(1, view.lines + 1), (1, 2)):
        rows = Rows(view, labels, room, lines, heads)
        sides = halves(near, rows), halves(far, rows)
        choices = product(range(1, _MOST_COLUMNS + 1), range(1, _MOST_COLUMNS + 1) if far else (0,))
        for inner, outer in choices:
            yield _Try(rows, *sides, inner, outer)


def _reach(view: View) -> float:
    """How far the innermost markers stand from the middle: past the box of the focus, with room for lines."""
    return 11.5 * view.text


def _bend(view: View) -> float:
    return 3.5 * view.text


def _step(rows: Rows) -> float:
    """From column to column: the room of a label, its marker, and what two rows may be bent apart."""
    return rows.room + rows.view.margin + 1.3 * rows.view.text


def _stand(plan: Plan, selection: Selection, height: float) -> None:
    """The focuses one below another in the middle."""
    step = max(height / len(selection.focus), 7 * plan.view.text)
    for place, number in enumerate(sorted(selection.focus)):
        y = (place - (len(selection.focus) - 1) / 2) * step
        plan.spots[number] = Spot(0, round(y), "inside", 9 * plan.view.text, 3)
