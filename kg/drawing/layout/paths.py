"""Paths from top to bottom, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.drawing.layout.plan import Plan, Spot, View
from kg.drawing.looks import kind_rank
from kg.drawing.selection import Selection
from kg.model import Path

# In parts of the size of the letters: the room of a label, and what a row of boxes takes at least and at most.
_ROOM, _ASIDE = 14, 22
_LEAST_STEP, _MOST_STEP = 8.5, 13
# What hangs on an end of the paths: how far from it, with room for words on its line, the height of its row, and how
# much of it stands there.
_FROM_END, _ROW, _MOST_AT_END = 20, 2.7, 6


def along(selection: Selection, paths: Sequence[Path], view: View) -> Plan:
    """The plan of a drawing of paths; what hangs on their ends stands beside these, all else to the right of them."""
    plan, numbers = Plan("paths", view), selection.numbers
    longest = max(len(path.hops) for path in paths)
    step = min(max((view.height - 6 * view.text) / longest, _LEAST_STEP * view.text), _MOST_STEP * view.text)
    height = longest * step
    for path, column in zip(paths, _columns(paths), strict=True):
        ends = (path.concepts[0], path.concepts[-1])
        for place, concept in enumerate(path.concepts):
            x = 0 if concept in ends else round(column * _ASIDE * view.text)
            spot = Spot(x, round(place * height / len(path.hops)), "inside", _ROOM * view.text, 3)
            plan.spots.setdefault(numbers[concept], spot)
    _at_ends(plan, selection, paths[0], height)
    _beside(plan, selection, height)
    return plan


def _at_ends(plan: Plan, selection: Selection, path: Path, height: float) -> None:
    """What hangs on the first concept stands to the right of it and upwards, on the last one downwards."""
    text, numbers = plan.view.text, selection.numbers
    for end, start, turn in ((path.concepts[0], 0.0, -1), (path.concepts[-1], height, 1)):
        lines = (each for each in selection.connections if end in (each.subject, each.object))
        others = dict.fromkeys(numbers[each.object if each.subject == end else each.subject] for each in lines)
        free = [number for number in others if number < selection.drawn and number not in plan.spots]
        for place, number in enumerate(free[:_MOST_AT_END]):
            y = round(start + turn * place * _ROW * text)
            plan.spots[number] = Spot(_FROM_END * text, y, "right", (_ROOM - 1) * text)


def _columns(paths: Sequence[Path]) -> Iterator[int]:
    """A column for each path, the best ones nearest to the middle; a direct connection takes the middle."""
    place = 1 if any(len(path.hops) == 1 for path in paths) else 0
    for path in paths:
        if len(path.hops) == 1:
            yield 0
            continue
        # 0, 1, -1, 2, -2, …
        yield (place + 1) // 2 * (1 if place % 2 else -1)
        place += 1


def _beside(plan: Plan, selection: Selection, height: float) -> None:
    view = plan.view
    right = max(spot.x for spot in plan.spots.values()) + _ASIDE * view.text
    rest = [number for number in range(selection.drawn) if number not in plan.spots]
    rest.sort(key=lambda number: (kind_rank(selection.concepts[number].kind), selection.concepts[number].curie))
    row, most = 1.7 * view.text, max(int(height / (1.7 * view.text)), 12)
    for place, number in enumerate(rest):
        column, down = divmod(place, most)
        x, y = right + column * _ASIDE * view.text, round(down * row)
        plan.spots[number] = Spot(round(x), y, "right", _ROOM * view.text)
