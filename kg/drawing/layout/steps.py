"""The steps of a lesson, each laid out for itself by what it shows, around what the page is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.drawing.layout.label_rows import around
from kg.drawing.layout.plan import VIEWS, Plan, View
from kg.drawing.layout.side_by_side import compare
from kg.drawing.selection import READABLE, Selection, most_connected
from kg.model import Concept, Connection

# So many concepts are given places, all steps together; later steps stand as the page does. This keeps files small,
# and hostile lessons from taking long.
_MOST_PLACED = 1500
# Steps with more concepts than this stand as the whole page does.
_MOST_CONCEPTS = READABLE

InSight = tuple[tuple[Concept, ...], tuple[Connection, ...]]


def step_plans(selection: Selection, steps: Sequence[InSight]) -> list[dict[str, Plan]]:
    """The plans of each step in both views, with the numbers of the page; nothing for what cannot be read in rows."""
    known: dict[InSight, dict[str, Plan]] = {}
    room = _MOST_PLACED
    for in_sight in dict.fromkeys(steps):
        room -= len(in_sight[0])
        if room < 0:
            break
        known[in_sight] = _plans_of(selection, *in_sight)
    return [known.get(in_sight, {}) for in_sight in steps]


def _plans_of(selection: Selection, concepts: Sequence[Concept], connections: Sequence[Connection]) -> dict[str, Plan]:
    numbers = sorted(selection.numbers[concept] for concept in concepts)
    if not 0 < len(numbers) <= _MOST_CONCEPTS:
        return {}
    part = _part(selection, numbers, connections)
    plans = {name: _plan_of(part, view) for name, view in VIEWS.items()}
    return {name: plan.renumbered(numbers) for name, plan in plans.items() if plan} if all(plans.values()) else {}


def _plan_of(part: Selection, view: View) -> Plan | None:
    return compare(part, view) if len(part.focus) == 2 else around(part, view)


def _part(selection: Selection, numbers: Sequence[int], connections: Sequence[Connection]) -> Selection:
    """What a step shows, as if that were all.

    Where the focus is not shown, what most is connected to is in the middle.
    """
    concepts = tuple(selection.concepts[number] for number in numbers)
    middle = most_connected(connections)
    focus = [place for place, number in enumerate(numbers) if number in selection.focus]
    focus = focus or [concepts.index(middle) if middle else 0]
    return replace(
        selection,
        concepts=concepts,
        depths=tuple(selection.depths[number] for number in numbers),
        focus=frozenset(focus),
        connections=tuple(connections),
        left_out=(),
        drawn=len(concepts),
        bound=None,
        kept=frozenset(),
        bundled={},
        meant=frozenset(place for place, number in enumerate(numbers) if number in selection.meant),
    )
