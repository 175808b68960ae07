"""Connections as tables, grouped by relation."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from kg.cli.manner import width
from kg.cli.output import source, table, write

if TYPE_CHECKING:
    from kg.model import Connection


def write_groups(connections: Sequence[Connection]) -> None:
    """Connections grouped by relation, the excluded ones under their own headings."""
    groups: dict[str, list[Connection]] = {}
    for connection in connections:
        no = "" if connection.polarity == "affirmed" else " — the documents say no"
        groups.setdefault(f"{connection.relation.label}{no}", []).append(connection)
    for heading, group in groups.items():
        write(f"\n{heading}\n")
        rows = [
            {
                "from": c.subject.label,
                "to": c.object.label,
                "verdict": c.verdict.value,
                "strength": c.strength.value,
                "condition": _condition(c),
                "source": _sources(c),
            }
            for c in group
        ]
        columns = ("from", "to", "verdict", "strength", "condition", "source")
        write(table(rows, [name for name in columns if name != "condition" or any(map(_CONDITION, rows))], indent=2))


_CONDITION = itemgetter("condition")
_NARROW = 120
"""On fewer letters only the first source of several is named, which would else take a line each."""


def _sources(connection: Connection) -> str:
    """Where the assertions stand, each place once."""
    every = list(dict.fromkeys(map(source, connection.assertions)))
    if len(every) > 1 and width() < _NARROW:
        return f"{every[0]} (and {len(every) - 1} more)"
    return ", ".join(every)


def _condition(connection: Connection) -> str:
    """The condition of the firmest assertion; of a limit all, since practitioners and hospitals may share one."""
    if connection.relation != "unitsLimit":
        return connection.condition
    return " / ".join(dict.fromkeys(assertion.condition for assertion in connection.assertions))
