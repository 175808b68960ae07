"""Two focuses side by side: what only the first has, what both have, what only the second has."""

from __future__ import annotations

from collections.abc import Iterator

from kg.drawing.layout.columns import RADIUS, Filling, Zone, fill
from kg.drawing.layout.groups import Group, far_groups, halves, near_groups, ties
from kg.drawing.layout.label_rows import Attempt, Stand, arc, best, focus_height, whole
from kg.drawing.layout.plan import Plan, View
from kg.drawing.selection import Selection

# In sizes of the letters: the room of a focus' name, and from its box to the rows beside it.
_ROOM, _TO_ROWS = 7.0, 3.0
_LINES = 4
_REACH = _ROOM / 2 + 1 + RADIUS + _TO_ROWS
# How far from the middle the focuses may stand, in parts of half of the width.
_PARTS = (0.2, 0.26, 0.32, 0.38, 0.44, 0.5)

Zones = tuple[list[Group], list[Group], list[Group]]


def compare(selection: Selection, view: View) -> Plan | None:
    """The plan of a drawing with two focuses, the first on the left; None where its letters would be too small."""
    first, second = sorted(selection.focus)
    zones = _zones(selection)

    def attempt(width: float, height: float, least_room: float) -> Attempt | None:
        attempts = []
        for part in _PARTS:
            aside = part * width / 2
            fillings = _fillings(zones, aside, width, height, least_room)
            foci = {first: Stand(-aside, 0, _ROOM, _LINES), second: Stand(aside, 0, _ROOM, _LINES)}
            if aside > _REACH - _TO_ROWS and height > focus_height(_LINES) and (complete := whole(foci, fillings)):
                attempts.append(complete)
        return min(attempts, key=lambda option: option.badness, default=None)

    return best(selection, view, attempt)


def _fillings(zones: Zones, aside: float, width: float, height: float, room: float) -> Iterator[Filling | None]:
    """What only one has stands outside of it, what both have between them."""
    reach = arc(_REACH, height)
    left, both, right = zones
    yield fill(Zone(lambda y: aside + reach(y), lambda _: width / 2, height, mirrored=True), left, room)
    yield fill(Zone(lambda y: reach(y) - aside, lambda y: aside - reach(y), height), both, room)
    yield fill(Zone(lambda y: aside + reach(y), lambda _: width / 2, height), right, room)


def _zones(selection: Selection) -> Zones:
    """The groups of the first focus alone, of both, and of the second alone; what is farther away stands outermost."""
    first, second = (ties(selection, [number]) for number in sorted(selection.focus))
    only_first = {number: tie for number, tie in first.items() if number not in second}
    only_second = {number: tie for number, tie in second.items() if number not in first}
    both = {number: min(tie, second[number]) for number, tie in first.items() if number in second}
    left, right = halves(far_groups(selection, {**first, **second}))
    return (
        [*near_groups(selection, only_first), *left],
        near_groups(selection, both),
        [*near_groups(selection, only_second), *right],
    )
