"""When a code holds and whether it can be billed, as the graph says it: of a code, a meaning or a statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kg.graph.store import Properties, text_of
from kg.graph.vocabulary import BKG
from kg.model import billable_on


def can_be_billed(found: Properties, day: date | None) -> bool | None:
    """Whether a code can be billed on a day."""
    billable = {"true": True, "false": False}.get(text_of(found, BKG.billable))
    turns = (turn for name in (BKG.headingFrom, BKG.billableFrom) for turn in found.get(name, ()))
    return billable_on(day, billable, (date.fromisoformat(turn.value) for turn in turns))


def meant_on(day: date | None, said: Sequence[Properties]) -> int:
    """Which of several meanings, the newest first, a code has on a day: the last that had begun, else the first."""
    begun = (n for n, one in enumerate(said) if day is None or text_of(one, BKG.validFrom) <= day.isoformat())
    return next(begun, len(said) - 1)
