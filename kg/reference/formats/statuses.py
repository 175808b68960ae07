"""Payment statuses: the indicators of official lists, with what each says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kg import resources
from kg.model import Concept, Kind, slug


def status(name: str, indicator: str) -> Concept | None:
    """The status that an indicator of a list stands for; None for one that the list is not known to use.

    >>> status("mpfs", "N").label
    'physician fee schedule N: not covered by Medicare'
    """
    return _statuses().get(slug(f"{name} {indicator}")) if indicator else None


@cache
def _statuses() -> Mapping[str, Concept]:
    rows = resources.table("data", "names", "statuses.tsv")
    return {row["status"]: Concept(Kind.STATUS, row["status"], f"{row['label']}: {row['words']}") for row in rows}
