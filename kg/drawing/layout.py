"""Where everything stands on a page: worked out here, so that the same graph gives the same picture.

Around a focus, concepts stand in groups of one kind and relation, each under its heading, in columns to the
left and right. Markers lie on an arc that bends around the focus and labels stand outside of it, one to a
row, so that no label meets another and no connection of the focus crosses one. Paths run from top to bottom
instead, side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

from kg.drawing.looks import kind_rank
from kg.drawing.selection import Selection
from kg.model import Connection, Path, Relation

# All lengths are CSS pixels at scale 1. The view is what a page of 1280 × 800 leaves to the picture.
VIEW = (920, 690)
_ROW, _HEADING, _GAP = 22, 22, 12
_ARC = 205
_MARGIN = 34
_FOCUS_STEP, _FOCUS_ROOM = 90, 180
# How much room a label has, by the number of columns on its side: the more columns, the shorter the labels.
_ROOMS = {1: 240, 2: 150, 3: 110}
_LEAST_ROOM = 84
_MOST_COLUMNS = 16
_HOP_STEP, _PATH_STEP, _PATH_ROOM = 130, 260, 180
# A group with more concepts than this may be cut in two, to stand on both sides.
_MAY_BE_CUT = 7


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of one concept: its marker, on which side its label stands, and how wide that may be."""

    x: int
    y: int
    side: str
    room: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Words above a group of concepts, and the numbers of these."""

    text: str
    spot: Spot
    numbers: list[int]


@dataclass(slots=True)
class Layout:
    """The spots of the concepts, by their number, and the headings."""

    spots: dict[int, Spot] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    text: str
    numbers: list[int]

    @property
    def height(self) -> int:
        return _GAP + _HEADING + _ROW * len(self.numbers)


@dataclass(slots=True)
class _Column:
    """Rows from the top: a number of a concept, or the words of a heading."""

    rows: list[tuple[int, int | str]] = field(default_factory=list)
    height: int = 0

    def add(self, row: int | str) -> None:
        step = _ROW if isinstance(row, int) else _HEADING + (_GAP if self.rows else 0)
        self.height += step
        self.rows.append((self.height, row))


@dataclass(frozen=True, slots=True)
class Plan:
    layout: Layout
    drawn: int
    text: int
    style: str

    def to_json(self):
        k = self.text / 13

        def spot(s):
            return {
                "x": round(s.x * k),
                "y": round(s.y * k),
                "side": s.side,
                "room": round(s.room * k),
                "lines": 3 if s.side == "inside" else 1,
            }

        return {
            "style": self.style,
            "view": [920, 690],
            "text": self.text,
            "spots": [spot(self.layout.spots[n]) for n in range(self.drawn)],
            "headings": [{"text": h.text, **spot(h.spot), "concepts": h.numbers} for h in self.layout.headings],
            "more": [],
        }


def plans(selection, paths):
    import dataclasses

    d = dataclasses.replace(
        selection,
        concepts=selection.concepts[: selection.drawn],
        depths=selection.depths[: selection.drawn],
        connections=selection.drawn_connections,
    )
    lay = arrange(d, paths)
    style = "paths" if paths else "rows"
    return {"panels": Plan(lay, selection.drawn, 13, style), "projector": Plan(lay, selection.drawn, 18, style)}


def arrange(selection: Selection, paths: Sequence[Path]) -> Layout:
    """The places of everything that was selected."""
    return _along(selection, paths) if paths else _around(selection)


def _around(selection: Selection) -> Layout:
    near = _sides([group for group in _groups(selection, near=True) if group.numbers])
    far = _sides([group for group in _groups(selection, near=False) if group.numbers])
    columns, rest = _best_columns(near, far)
    room = _room(columns + rest)
    layout = Layout()
    sides = [[*_flow(inner, columns), *_flow(outer, rest)] for inner, outer in zip(near, far, strict=True)]
    height = max([VIEW[1] // 2, *(column.height for side in sides for column in side)])
    for name, side in zip(("right", "left"), sides, strict=True):
        for place, column in enumerate(side):
            _stand(layout, column, name, place * (room + _MARGIN), room, height * 0.55)
    step = max(height / len(selection.focus), _FOCUS_STEP)
    for place, number in enumerate(sorted(selection.focus)):
        y = (place - (len(selection.focus) - 1) / 2) * step
        layout.spots[number] = Spot(0, round(y), "inside", _FOCUS_ROOM)
    return layout


def _groups(selection: Selection, *, near: bool) -> list[_Group]:
    """Concepts next to the focus by kind and relation to it, all others by distance and kind."""
    ties = _ties(selection)
    found: dict[tuple[int, ...], _Group] = {}
    for number, (concept, depth) in enumerate(zip(selection.concepts, selection.depths, strict=True)):
        if number in selection.focus or (number in ties) != near:
            continue
        kind = concept.kind
        if near:
            relation, incoming = ties[number]
            key: tuple[int, ...] = (kind_rank(kind), list(Relation).index(relation), incoming)
            text = f"← {relation.label}" if incoming else relation.label
        else:
            key, text = (depth, kind_rank(kind)), kind.noun
        found.setdefault(key, _Group(text, [])).numbers.append(number)
    for group in found.values():
        group.numbers.sort(key=lambda each: selection.concepts[each].curie)
    return [found[key] for key in sorted(found)]


def _ties(selection: Selection) -> dict[int, tuple[Relation, bool]]:
    """How each neighbour of the focus hangs on it: the relation, and whether the focus is its object."""
    numbers = selection.numbers
    ties: dict[int, tuple[Relation, bool]] = {}
    for each in sorted(selection.connections, key=_relation_rank):
        subject, object_ = numbers[each.subject], numbers[each.object]
        if subject in selection.focus:
            ties.setdefault(object_, (each.relation, False))
        if object_ in selection.focus:
            ties.setdefault(subject, (each.relation, True))
    return ties


def _relation_rank(connection: Connection) -> int:
    return list(Relation).index(connection.relation)


def _sides(groups: list[_Group]) -> tuple[list[_Group], list[_Group]]:
    """The groups cut in two where both halves are closest to equally high."""

    def unevenness(cut: int) -> int:
        return abs(sum(g.height for g in groups[:cut]) - sum(g.height for g in groups[cut:]))

    cut = min(range(len(groups) + 1), key=lambda each: (unevenness(each), -each))
    largest = max(groups, key=lambda group: len(group.numbers), default=_Group("", []))
    even_enough = unevenness(cut) <= sum(group.height for group in groups) / 2
    if even_enough or len(largest.numbers) <= _MAY_BE_CUT:
        return groups[:cut], groups[cut:]
    place, middle = groups.index(largest), ceil(len(largest.numbers) / 2)
    halves = [_Group(largest.text, largest.numbers[:middle]), _Group(largest.text, largest.numbers[middle:])]
    return _sides([*groups[:place], *halves, *groups[place + 1 :]])


def _best_columns(near: Iterable[list[_Group]], far: Iterable[list[_Group]]) -> tuple[int, int]:
    """How many columns a side has for the near and for the far groups: what fills the view best."""
    nearest = max(sum(group.height for group in side) for side in near)
    farthest = max(sum(group.height for group in side) for side in far)

    def scale(columns: tuple[int, int]) -> float:
        inner, outer = columns
        width = 2 * (_ARC + (inner + outer) * (_room(inner + outer) + _MARGIN))
        height = max(nearest / max(inner, 1), farthest / max(outer, 1)) + _HEADING + _ROW
        return min(VIEW[0] / width, VIEW[1] / height, 0.98)

    def choices(height: int) -> range:
        return range(1, _MOST_COLUMNS + 1) if height else range(1)

    pairs = [(inner, outer) for inner in choices(nearest) for outer in choices(farthest)]
    return max(pairs, key=lambda pair: (scale(pair), -pair[0] - pair[1], -pair[0]))


def _room(columns: int) -> int:
    return _ROOMS.get(max(columns, 1), _LEAST_ROOM)


def _flow(groups: list[_Group], columns: int) -> list[_Column]:
    """The groups poured into columns of about the same height; a group that is cut repeats its heading."""
    if not columns:
        return []
    limit = ceil(sum(group.height for group in groups) / columns) + _HEADING
    found = [_Column()]
    for group in groups:
        heading = f"{group.text} · {len(group.numbers)}"
        if found[-1].height + _GAP + _HEADING + _ROW > limit and len(found) < columns:
            found.append(_Column())
        found[-1].add(heading)
        for number in group.numbers:
            if found[-1].height + _ROW > limit and len(found) < columns:
                found.append(_Column())
                found[-1].add(f"… {group.text}")
            found[-1].add(number)
    return found


def _stand(layout: Layout, column: _Column, side: str, offset: int, room: int, bend: float) -> None:
    sign = 1 if side == "right" else -1
    for step, row in column.rows:
        y = step - column.height / 2 - _ROW / 2
        arc = _ARC * sqrt(max(1 - (y / bend) ** 2, 0.06))
        spot = Spot(sign * round(arc + offset), round(y), side, room)
        if isinstance(row, int):
            layout.spots[row] = spot
            layout.headings[-1].numbers.append(row)
        else:
            layout.headings.append(Heading(row, spot, []))


def _along(selection: Selection, paths: Sequence[Path]) -> Layout:
    numbers = selection.numbers
    layout = Layout()
    height = max(len(path.hops) for path in paths) * _HOP_STEP
    for path, x in zip(paths, _path_columns(paths), strict=True):
        ends = (path.concepts[0], path.concepts[-1])
        for place, concept in enumerate(path.concepts):
            y = round(place * height / len(path.hops))
            spot = Spot(0 if concept in ends else x, y, "inside", _PATH_ROOM)
            layout.spots.setdefault(numbers[concept], spot)
    right = max(spot.x for spot in layout.spots.values()) + _PATH_STEP
    rest = [number for number in range(len(selection.concepts)) if number not in layout.spots]
    rest.sort(key=lambda each: (kind_rank(selection.concepts[each].kind), selection.concepts[each].curie))
    for place, number in enumerate(rest):
        column, row = divmod(place, max(height // _ROW, 12))
        layout.spots[number] = Spot(right + column * _PATH_STEP, row * _ROW, "right", _PATH_ROOM)
    return layout


def _path_columns(paths: Sequence[Path]) -> Iterator[int]:
    """A column for each path, the best ones nearest to the middle; a direct connection takes the middle."""
    place = 1 if any(len(path.hops) == 1 for path in paths) else 0
    for path in paths:
        if len(path.hops) == 1:
            yield 0
            continue
        # 0, 1, -1, 2, -2, …
        yield (place + 1) // 2 * _PATH_STEP * (1 if place % 2 else -1)
        place += 1
