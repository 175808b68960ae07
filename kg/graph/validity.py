"""When a code holds and whether it can be billed, as the graph says it: of a code, a meaning or a statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kg.graph.store import GraphStore, Properties, text_of
from kg.graph.vocabulary import BKG, DCTERMS, REFERENCE, SCHEMES
from kg.model import CodeSystem, billable_on


def turned(found: Properties) -> tuple[date, ...]:
    """The days on which a code became a heading or a heading a code, the newest first."""
    days = (value for name in (BKG.headingFrom, BKG.billableFrom) for value in found.get(name, ()))
    return tuple(sorted((date.fromisoformat(day.value) for day in days), reverse=True))


def can_be_billed(found: Properties, day: date | None) -> bool | None:
    """Whether a code can be billed on a day."""
    billable = {"true": True, "false": False}.get(text_of(found, BKG.billable))
    return billable_on(day, billable, turned(found))


def meant_on(day: date | None, said: Sequence[Properties]) -> int:
    """Which of several meanings, the newest first, a code has on a day: the last that had begun, else the first."""
    begun = (n for n, one in enumerate(said) if day is None or text_of(one, BKG.validFrom) <= day.isoformat())
    return next(begun, len(said) - 1)


def covered_from(store: GraphStore, system: CodeSystem) -> date | None:
    """The first day that complete releases of a system cover; None where there are none, or one has no date."""
    said = [store.about(name, REFERENCE) for name in store.subjects(BKG.ofSystem, SCHEMES[system], REFERENCE)]
    complete = [one for one in said if text_of(one, BKG.complete) == "true"]
    days = [text_of(one, BKG.coversFrom) or text_of(one, DCTERMS.issued) for one in complete]
    return date.fromisoformat(min(days)) if days and all(days) else None
