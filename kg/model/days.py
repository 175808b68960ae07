"""Days as people write them."""

from __future__ import annotations

from datetime import date, datetime

from kg.errors import UsageError

Day = date | str
"""A date, or a text as "2024-06-30"."""


def read_day(text: Day) -> date:
    """A date, or the date that a text in ISO form means; raises `UsageError` with the text.

    >>> read_day("2024-06-30")
    datetime.date(2024, 6, 30)
    """
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"not a date: {text!r} (write it as 2024-06-30)") from exc
