"""Rows that were left out: the first of each reason, and how many more there are."""

from __future__ import annotations

from collections import Counter

from kg.reference.release import LeftOut

# A file of edits has 600,000 rows, and some 100,000 of them were never in force.
KEPT = 1_000
"""How many rows left out for one reason are kept; the others are counted."""


class LeftOutRows:
    """Rows left out: the first of each reason, and how many more there are.

    >>> rows = LeftOutRows(most=1)
    >>> for row in (7, 8, 9):
    ...     rows.add(row, "never in force", "")
    >>> [(left.row, left.reason, left.count) for left in rows.all()]
    [(7, 'never in force', 1), (0, '2 more: never in force', 2)]
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._first: list[LeftOut] = []
        self._counts: Counter[str] = Counter()

    def add(self, row: int, reason: str, text: str) -> None:
        """Count a row, and keep it while there are few."""
        self._counts[reason] += 1
        if self._counts[reason] <= self._most:
            self._first.append(LeftOut(row, reason, text[:200]))

    def add_many(self, reason: str, count: int) -> None:
        """Count rows of which none is kept."""
        self._first += [LeftOut(0, reason, count=count)] if count else []

    def all(self) -> tuple[LeftOut, ...]:
        """The rows that were kept, and one line for each reason that more have."""
        more = ((reason, count - self._most) for reason, count in self._counts.items())
        summaries = (LeftOut(0, f"{count:,} more: {reason}", count=count) for reason, count in more if count > 0)
        return (*self._first, *summaries)
