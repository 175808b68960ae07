"""Whether a code is in force on a day."""

from __future__ import annotations

from datetime import date

from kg.reference import Entry


def holds(entry: Entry | None, day: date | None) -> bool:
    """Whether a code is in force on a day; where none is asked for, whether it has no end."""
    if entry is None or day is None:
        return entry is not None and entry.valid_through is None
    begun = entry.valid_from is None or entry.valid_from <= day
    return begun and (entry.valid_through is None or day <= entry.valid_through)
