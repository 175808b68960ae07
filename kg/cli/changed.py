"""What a build changed as tables for people: one for each kind of thing that came or went, with names in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.cli.output import counted, source, table, write

if TYPE_CHECKING:
    from kg.graph.changes import Changes


def write_changes(changes: Changes) -> None:
    """What came, then what went; where each thing is said stands in short, and its words in the other formats."""
    for change, index in (("came", 0), ("went", 1)):
        assertions = [{**_ends(one), "source": source(one)} for one in changes.assertions[index]]
        _write(change, "assertion", assertions, ("from", "relation", "to", "source"))
        edges = [{**_ends(one), "verdict": one.verdict.value} for one in changes.connections[index]]
        _write(change, "connection", edges, ("from", "relation", "to", "verdict"))
        findings = [
            {
                "from": one.concept.label,
                "verdict": one.verdict.value,
                "reason": one.reason,
                "source": str(one.assertion.evidence),
            }
            for one in changes.findings[index]
        ]
        _write(change, "finding", findings, ("from", "verdict", "reason", "source"))


def _ends(edge: Any) -> dict[str, str]:
    return {"from": edge.subject.label, "relation": edge.relation.label, "to": edge.object.label}


def _write(change: str, what: str, rows: list[dict[str, str]], columns: tuple[str, ...]) -> None:
    if rows:
        write(f"\n{counted(len(rows), what)} {change}\n{table(rows, columns, indent=2)}")
