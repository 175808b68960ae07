"""How answers are laid out as rows, the same for the command line, the workbench and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg.model import Connection, Evidence, Finding, Match, Path

if TYPE_CHECKING:
    from kg.units.products import CodePlan

VERSION = 1
"""The version of the shapes of rows and answers; what is only added does not change it."""


def connection_rows(connections: Iterable[Connection], titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """A row for each assertion of each connection, so that every source is told; `titles` by document."""
    for connection in connections:
        for assertion in connection.assertions:
            yield {
                "subject": connection.subject.curie,
                "subject_name": connection.subject.name or "",
                "relation": connection.relation.value,
                "object": connection.object.curie,
                "object_name": connection.object.name or "",
                "polarity": assertion.polarity.value,
                "strength": assertion.strength.value,
                "verdict": connection.verdict.value,
                "condition": assertion.condition,
                "qualifiers": assertion.to_json()["qualifiers"],
                "document": assertion.evidence.document,
                "title": titles.get(assertion.evidence.document, ""),
                "line": assertion.evidence.line,
                **within(assertion.evidence),
                "start": assertion.evidence.start,
                "end": assertion.evidence.end,
                "quote": assertion.evidence.quote,
            }


def path_rows(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """A row for each hop of each path, with its first evidence."""
    for number, way in enumerate(paths, 1):
        for step, hop in enumerate(way.hops, 1):
            connection, evidence = hop.connection, hop.connection.evidence[0]
            yield {
                "path": number,
                "hop": step,
                "cost": round(way.cost, 3),
                "subject": connection.subject.curie,
                "relation": connection.relation.value,
                "object": connection.object.curie,
                "forward": hop.forward,
                "verdict": connection.verdict.value,
                "document": evidence.document,
                "line": evidence.line,
                **within(evidence),
                "quote": evidence.quote,
            }


def match_rows(matches: Iterable[Match]) -> Iterator[dict[str, Any]]:
    """A row for each concept that a search found."""
    for match in matches:
        yield {
            "concept": match.concept.curie,
            "name": match.concept.name or "",
            "kind": match.concept.kind.noun,
            "connections": match.connections,
        }


def plan_row(plan: CodePlan) -> dict[str, Any]:
    """The plan of a dose, with the version of its shape."""
    return {"version": VERSION, **plan.to_json()}


def within(evidence: Evidence) -> dict[str, str]:
    """Where evidence stands besides its line, in words, for documents that have pages or sheets.

    >>> within(Evidence("policy", 0, 2, "JW", 120, page=3))
    {'place': 'page 3'}
    """
    return {"place": evidence.place.strip(" ()")} if evidence.place else {}


def finding_row(finding: Finding, file: str | None = None) -> dict[str, Any]:
    """A row for a finding: both sentences, and what follows; with the file of the document where it is known."""
    evidence, opposing, suggestion = finding.assertion.evidence, finding.opposed_by, finding.suggestion
    return {
        "verdict": finding.verdict.value,
        "check": finding.check,
        "concept": finding.concept.curie,
        "stated": finding.stated,
        "reason": finding.reason,
        "official": finding.official,
        "release": finding.release,
        "row": finding.row or None,
        "suggestion": suggestion.curie if suggestion else "",
        "suggestion_name": (suggestion.name or "") if suggestion else "",
        "hangs": finding.hangs,
        "document": evidence.document,
        **({} if file is None else {"file": file}),
        "line": evidence.line,
        **within(evidence),
        "start": evidence.start,
        "end": evidence.end,
        "section": evidence.section,
        "quote": evidence.quote,
        "opposed_by": f"{opposing.document}:{opposing.line}" if opposing else "",
        "opposing_quote": opposing.quote if opposing else "",
    }
