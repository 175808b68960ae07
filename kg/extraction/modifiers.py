"""The modifiers that the bundled table knows, so that two capitals in prose can be told from an abbreviation."""

from __future__ import annotations

from functools import cache

from kg import resources


@cache
def known_modifiers() -> frozenset[str]:
    """The codes of the bundled table of modifiers."""
    return frozenset(row["code"] for row in resources.table("data", "reference", "modifiers.tsv"))
