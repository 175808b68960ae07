"""Days as lists write them: "01/31/2026", "January 1, 2026", "2026-01-31", "20260131"."""

from __future__ import annotations

from datetime import date, datetime

_FORMS = ("%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%B %d, %Y", "%m/%d/%y")


class NotADay(ValueError):
    """A cell that should hold a day does not."""


def day_in(text: str) -> date | None:
    """The day that a cell holds, None where it is empty; raises `NotADay` with the value.

    >>> day_in("01/31/2026"), day_in("January 1,2003"), day_in("")
    (datetime.date(2026, 1, 31), datetime.date(2003, 1, 1), None)
    """
    plain = " ".join(text.replace(",", ", ").split())
    if not plain:
        return None
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    raise NotADay(f"not a day: {text!r}")
