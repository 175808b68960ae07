"""Codes that became headings, and headings that became codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def billable_on(day: date | None, billable: bool | None, turned: Iterable[date]) -> bool | None:
    """Whether what can be billed last, or cannot, could be on a day: each turn that lies after it is undone.

    >>> billable_on(date(2018, 9, 30), False, [date(2018, 10, 1)])
    True
    """
    if billable is None or day is None:
        return billable
    return billable ^ (sum(turn > day for turn in turned) % 2 == 1)
