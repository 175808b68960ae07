"""Around one focus, or several in a column: rows of labels on both sides, so that no label meets another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt

from kg.drawing.layout.columns import LINE, RADIUS, Filling, Slot, Zone, fill
from kg.drawing.layout.groups import Rest, Title, far_groups, halves, near_groups, ties
from kg.drawing.layout.plan import Heading, More, Plan, Spot, View
from kg.drawing.selection import Selection

# All in sizes of the letters: how wide the name in the box of a focus may be, how far from the box the rows beside it
# stand, and how close to the middle those above and below it come.
_ROOM, _TO_ROWS, CLOSEST = 9.0, 4.0, 1.4
_REACH = _ROOM / 2 + 1 + RADIUS + _TO_ROWS
_LINES, _APART = 3, 1.0
# Scales above the one that is wanted at least: letters may be larger where there is little to show.
_LARGER = (1.45, 1.3, 1.15, 1.0)
# Letters that are larger by so much are worth as large a share of all letters.
_WORTH = 0.15
# Below the wanted scale, columns may be narrower; where letters are less than so many pixels high, rows end.
_LEAST_ROOM, _SMALL_ROOM = 7.0, 6.0
_LEAST_TEXT, _STEP = 9, 0.94


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a focus stands, and the room and lines of its name."""

    x: float
    y: float
    room: float
    lines: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """All that was placed at one scale, in sizes of the letters."""

    foci: dict[int, Stand]
    fillings: tuple[Filling, ...] = field(repr=False)

    @property
    def badness(self) -> float:
        return sum(filling.badness for filling in self.fillings)


# An attempt in a width and a height, where labels have at least so much room; None where there is not enough of it.
Try = Callable[[float, float, float], Attempt | None]


def around(selection: Selection, view: View) -> Plan | None:
    """The plan of a drawing around its focus; None where its letters would be too small to read."""
    hanging = ties(selection, selection.focus)
    near, far = halves(near_groups(selection, hanging)), halves(far_groups(selection, hanging))
    right, left = ([*near[side], *far[side]] for side in (0, 1))

    def attempt(width: float, height: float, least_room: float) -> Attempt | None:
        foci = _column(sorted(selection.focus), height)
        start = arc(_REACH, height) if len(foci) == 1 else lambda _: _REACH
        fillings = (
            fill(Zone(start, lambda _: width / 2, height, mirrored), groups, least_room)
            for groups, mirrored in ((right, False), (left, True))
        )
        return whole(foci, fillings)

    return best(selection, view, attempt)


def arc(reach: float, height: float) -> Callable[[float], float]:
    """How far from a focus rows begin: farthest beside it, and close to its middle above and below it.

    >>> start = arc(10, 40)
    >>> start(0), start(20)
    (10.0, 1.4)
    """
    return lambda y: max(reach * sqrt(max(1 - (2 * y / height) ** 2, 0)), CLOSEST)


def whole(foci: dict[int, Stand], fillings: Iterator[Filling | None]) -> Attempt | None:
    """The attempt, if there is room for its foci and for all that stands around them."""
    all_fillings = []
    for filling in fillings if foci else ():
        if filling is None:
            return None
        all_fillings.append(filling)
    return Attempt(foci, tuple(all_fillings)) if foci else None


def _column(numbers: Sequence[int], height: float) -> dict[int, Stand]:
    """Foci one below another, with as many lines for each name as there is height for; nothing where there is none."""
    step = height / len(numbers)
    lines = min(int((step - _APART - focus_height(0)) / LINE), _LINES)
    if lines < 1:
        return {}
    step, middle = min(step, 2 * focus_height(lines)), (len(numbers) - 1) / 2
    return {number: Stand(0, (place - middle) * step, _ROOM, lines) for place, number in enumerate(numbers)}


def focus_height(lines: int) -> float:
    """How high the box of a focus is: its code in large letters, so many lines of its name, and the rim."""
    return 1.4 * LINE + lines * LINE + 1.2


def best(selection: Selection, view: View, attempt: Try) -> Plan | None:
    """The best attempt at scales as large as wanted, else the first below them."""
    letters = 1 + sum(len(concept.label) for concept in selection.concepts[: selection.drawn])
    scales = dict.fromkeys([scale for scale in _LARGER if scale > view.least] + [view.least])
    attempts = [
        (outcome.badness / letters - _WORTH * scale, place, outcome)
        for place, scale in enumerate(scales)
        if (outcome := attempt(*_space(view, scale), _LEAST_ROOM))
    ]
    if attempts:
        return plan_of(selection, view, min(attempts, key=lambda scored: scored[:2])[2])
    smaller = (outcome for scale in _smaller(view) if (outcome := attempt(*_space(view, scale), _SMALL_ROOM)))
    first = next(smaller, None)
    return plan_of(selection, view, first) if first else None


def _smaller(view: View) -> Iterator[float]:
    scale = view.least
    while scale * view.text >= _LEAST_TEXT:
        yield scale
        scale *= _STEP


def _space(view: View, scale: float) -> tuple[float, float]:
    """Width and height of the view at a scale, in sizes of the letters."""
    return view.width / scale / view.text, view.height / scale / view.text


# ---- From sizes of the letters to pixels -------------------------------------------------------------------------


def plan_of(selection: Selection, view: View, attempt: Attempt) -> Plan:
    """What was placed, as a plan."""
    plan, text = Plan("rows", view), view.text
    slots = [slot for filling in attempt.fillings for slot in filling.slots]
    spots = {
        number: Spot(round(stand.x * text), round(stand.y * text), "inside", round(stand.room * text), stand.lines)
        for number, stand in attempt.foci.items()
    }
    for slot in slots:
        spot, what = _spot(slot, text), slot.row.what
        if isinstance(what, Title):
            numbers = what.drawn, what.waiting
            plan.headings.append(Heading(what.text, spot, *numbers, what.continued, what.refuted, what.centre))
        elif isinstance(what, Rest):
            plan.more.append(More(what.text, spot, what.waiting, what.bundle))
        else:
            spots[what] = spot
    plan.spots.update((number, spots[number]) for number in range(selection.drawn))
    return plan


def _spot(slot: Slot, text: int) -> Spot:
    side, sign = ("left", -1) if slot.mirrored else ("right", 1)
    return Spot(round(sign * slot.x * text), round(slot.y * text), side, max(int(slot.room * text), 1), slot.lines)
