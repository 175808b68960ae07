"""Groups poured into the columns of a zone, one slot for each label, so that no label can meet another.

A zone is what lies between a bent line on the side of the focus and a limit on the other. All lengths here are in
sizes of the text, around the middle of the view; the text of a zone runs away from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from kg.drawing.layout.groups import Group, Rest, Row, Title, joined

# Of a line of words; from a marker to its rim and to its label, as the page draws them.
LINE, RADIUS, TO_LABEL = 1.25, 0.54, 1.0
# Between slots: of rows, of groups, of a label and the markers of the next column.
_APART, _GROUPS_APART, _ASIDE = 0.08, 0.45, RADIUS + 0.5
# How far rows and groups may be stretched to use the height.
_STRETCH, _GROUPS_STRETCH = 0.55, 1.6
_MOST_LINES = 3
_MOST_COLUMNS = 6
# Beside the focus labels may have so much less room than at least elsewhere.
_NARROWED = 0.8
# No label has less.
_LEAST_ROOM = 2.5
# A line that passes under the labels of inner columns is as bad as so many lost letters.
_CROSSING = 2
# The count of a heading is worth so many more letters.
_COUNT = 20
# Lines of labels, the rooms they have and where these are bend with one another; so often is it gone around.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Zone:
    """Where columns stand: from `start` to `end`, which depend on the height, over the height given.

    In a `mirrored` zone, all is counted to the left.
    """

    start: Callable[[float], float]
    end: Callable[[float], float]
    height: float
    mirrored: bool = False

    def x(self, share: float, y: float) -> float:
        """Where a column stands that has so much of the width before it."""
        return self.start(y) + share * (self.end(y) - self.start(y))

    @property
    def width(self) -> float:
        """About how wide it is."""
        heights = [self.height * step / 8 for step in range(-4, 5)]
        return sum(self.end(y) - self.start(y) for y in heights) / len(heights)

    @property
    def narrowest(self) -> float:
        """How wide it is beside the focus."""
        return self.end(0) - self.start(0)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a row stands: its marker, and the room and lines of its label."""

    row: Row
    x: float
    y: float
    room: float
    lines: int
    mirrored: bool = False

    @property
    def height(self) -> float:
        return self.lines * LINE


@dataclass(frozen=True, slots=True)
class Filling:
    """The slots of a zone, and how bad they are: letters lost, and lines that pass under labels."""

    slots: tuple[Slot, ...]
    badness: float


def fill(zone: Zone, groups: Sequence[Group], least_room: float) -> Filling | None:
    """The best filling of a zone, with as many columns as it takes; None where there is no room for all rows."""
    if not groups:
        return Filling((), 0)
    fillings = [
        filling
        for count in range(1, _MOST_COLUMNS + 1)
        if _room_of(zone.narrowest / count) >= least_room * _NARROWED
        if (filling := _filled(zone, groups, count))
    ]
    return min(fillings, key=lambda filling: filling.badness, default=None)


def _filled(zone: Zone, groups: Sequence[Group], count: int) -> Filling | None:
    room = _room_of(zone.width / count)
    capacity = int(zone.height / (LINE + _APART))
    if sum(group.size for group in groups) > capacity * count:
        return None
    # Groups are cut in as few parts as it takes.
    for share in (1, 2, 4):
        parts = [part for group in groups for part in group.cut(capacity // share - 3)]
        columns = _poured(parts, count, zone.height, room)
        if columns:
            settled = (_settled(zone, columns, shares) for shares in _shares(columns, room))
            return min(filter(None, settled), key=lambda filling: filling.badness, default=None)
    return None


def _room_of(width: float) -> float:
    """What a column of a width leaves to its labels."""
    return width - TO_LABEL - _ASIDE


# ---- Which group stands in which column ---------------------------------------------------------------------------


def _poured(parts: Sequence[Group], count: int, height: float, room: float) -> list[list[Row]] | None:
    """The parts in their order in so many columns: few letters lost, few lines under labels, about equally full."""
    costs = _costs(parts, height, room)
    # The best way to pour all parts before each: how bad, how uneven, and where it was cut.
    ways: list[tuple[float, float, tuple[int, ...]]] = [(0, 0, (0,))]
    best_until = dict(enumerate(ways))
    for column in range(count):
        before, best_until = best_until, {}
        for (start, end), (letters, rows, full) in costs.items():
            if start in before:
                bad, uneven, cuts = before[start]
                way = (bad + letters + _CROSSING * column * rows, uneven + full**2, (*cuts, end))
                best_until[end] = min(way, best_until.get(end, way))
    if len(parts) not in best_until:
        return None
    cuts = best_until[len(parts)][2]
    return [_rows(parts[start:end]) for start, end in pairwise(cuts)]


def _rows(parts: Sequence[Group]) -> list[Row]:
    return [row for group in joined(parts) for row in group.all_rows()]


def _costs(parts: Sequence[Group], height: float, room: float) -> dict[tuple[int, int], tuple[int, int, float]]:
    """For each column that parts can make: the letters lost, its rows, and its height."""
    costs = {}
    for start in range(len(parts)):
        for end in range(start, len(parts)):
            column = _rows(parts[start : end + 1])
            lines = _lines(column, [room] * len(column), height)
            if lines is None:
                break
            letters = sum(_lost(row, room, most) for row, most in zip(column, lines, strict=True))
            costs[start, end + 1] = letters, len(column), _height(column, lines)
    return costs


def _height(column: Sequence[Row], lines: Sequence[int]) -> float:
    """How high a column is at least."""
    gaps = sum(isinstance(row.what, Title) for row in column) - 1
    return sum(lines) * LINE + (len(column) - 1) * _APART + gaps * _GROUPS_APART


def _lines(column: Sequence[Row], rooms: Sequence[float], height: float) -> list[int] | None:
    """How many lines each label has: those that gain most by another get it; None where one each is too much."""
    lines = [1] * len(column)
    spare = int((height - _height(column, lines)) / LINE + 1e-9)
    if spare < 0:
        return None
    for _, most, place in sorted(_gains(column, rooms))[:spare]:
        lines[place] = most + 1
    return lines


def _gains(column: Sequence[Row], rooms: Sequence[float]) -> Iterator[tuple[int, int, int]]:
    """For each label and line: minus the letters gained by one more line, that line, and the place of the label."""
    for place, (row, room) in enumerate(zip(column, rooms, strict=True)):
        gain = 1000
        for most in range(1, 1 if isinstance(row.what, Rest) and row.what.bundle is None else _MOST_LINES):
            # A line is never given before the one above it.
            gain = min(gain, _lost(row, room, most) - _lost(row, room, most + 1))
            if gain > 0:
                yield -gain, most, place


# ---- Where in their columns rows stand ----------------------------------------------------------------------------


def _shares(columns: Sequence[Sequence[Row]], room: float) -> Iterator[tuple[float, ...]]:
    """How much of the width stands before each column and after the last: all equally wide, or by what they hold."""
    count = len(columns)
    yield tuple(place / count for place in range(count + 1))
    if count > 1:
        wishes = [sum(min(row.wording.width, 2 * room) for row in column) / len(column) + room for column in columns]
        total = sum(wishes)
        yield tuple(accumulate((wish / total for wish in wishes), initial=0.0))


def _settled(zone: Zone, columns: Sequence[Sequence[Row]], shares: Sequence[float]) -> Filling | None:
    """Slots for all rows, if all have some room: how much a label has depends on its height, and that on its room."""
    rooms = [
        [_room_of(zone.width * (after - before))] * len(column)
        for column, (before, after) in zip(columns, pairwise(shares), strict=True)
    ]
    for _ in range(_ROUNDS):
        slots = [
            _stacked(zone, column, room, share) for column, room, share in zip(columns, rooms, shares[:-1], strict=True)
        ]
        rooms = [
            [_room(zone, slot, slots[place + 1 :]) for slot in column_slots] for place, column_slots in enumerate(slots)
        ]
    if any(room < _LEAST_ROOM for column_rooms in rooms for room in column_rooms):
        return None
    placed_columns = [
        [replace(slot, room=room) for slot, room in zip(column, column_rooms, strict=True)]
        for column, column_rooms in zip(slots, rooms, strict=True)
    ]
    badness = sum(
        _CROSSING * place + _lost(slot.row, slot.room, slot.lines)
        for place, column in enumerate(placed_columns)
        for slot in column
    )
    return Filling(tuple(slot for column in placed_columns for slot in column), badness)


def _stacked(zone: Zone, column: Sequence[Row], rooms: Sequence[float], share: float) -> list[Slot]:
    """A column from the top, around the middle, stretched where there is height for it."""
    lines = _lines(column, rooms, zone.height) or [1] * len(column)
    height = _height(column, lines)
    gaps = [_gap(above, below) for above, below in pairwise(column)]
    stretch = sum(more for _, more in gaps)
    share_used = min(1, max(zone.height - height, 0) / stretch) if stretch else 0
    y = -(height + share_used * stretch) / 2
    slots = []
    for row, room, most, (gap, more) in zip(column, rooms, lines, [(0.0, 0.0), *gaps], strict=True):
        y += gap + share_used * more + most * LINE / 2
        slots.append(Slot(row, zone.x(share, y), y, room, most, zone.mirrored))
        y += most * LINE / 2
    return slots


def _gap(above: Row, below: Row) -> tuple[float, float]:
    """What is at least between two rows, and how much more may be; a heading stays close to what it heads."""
    if isinstance(below.what, Title):
        return _APART + _GROUPS_APART, _GROUPS_STRETCH
    return _APART, 0.0 if isinstance(above.what, Title) else _STRETCH


def _room(zone: Zone, slot: Slot, beyond: Sequence[Sequence[Slot]]) -> float:
    """How wide a label may be before it meets the end of the zone, or a marker of a column beyond."""
    half = slot.height / 2
    limits = [zone.end(y) for y in (slot.y - half, slot.y, slot.y + half)]
    limits += [
        other.x - _ASIDE
        for column in beyond
        for other in column
        if abs(other.y - slot.y) < half + other.height / 2 + _APART / 2
    ]
    return min(limits) - slot.x - TO_LABEL


def _lost(row: Row, room: float, lines: int) -> int:
    """The letters that a row loses; a heading or a bundle that is cut loses what it counts, which is worse."""
    letters = row.wording.lost(room, lines)
    counts = isinstance(row.what, Title) or (isinstance(row.what, Rest) and row.what.bundle is not None)
    return letters + _COUNT if letters and counts else letters
