"""How answers are laid out as rows, the same for the command line, the workbench and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.frames.findings import finding_row as finding_row  # All rows are taken from here.
from kg.frames.findings import within
from kg.model import Assertion, Compared, Connection, Match, Path, Policy

if TYPE_CHECKING:
    from kg.frames.notebook import Layout
    from kg.queries.catalogue import CatalogueQuery
    from kg.units.products import CodePlan
    from kg.verification import Checked

Row = Mapping[str, Any]

VERSION = 1
"""The version of the shapes of rows and answers; what is only added does not change it."""

CONNECTION_COLUMNS = (
    "subject", "subject_name", "relation", "object", "object_name", "polarity", "strength", "verdict", "condition",
    "document", "line", "quote",
)  # fmt: skip
"""What a table of connections shows, or CSV: not all that a row holds."""
HOP_COLUMNS = (
    "path", "hop", "cost", "subject", "relation", "object", "forward", "verdict", "document", "line", "quote",
)  # fmt: skip
COMPARED_COLUMNS = (
    "agreement", "subject", "subject_name", "relation", "object", "object_name",
    "first_says", "first_condition", "first_document", "first_line", "first_quote", "first_address",
    "second_says", "second_condition", "second_document", "second_line", "second_quote", "second_address",
)  # fmt: skip
_SIDE_FIELDS: Mapping[str, type] = {
    "says": str, "condition": str, "document": str, "line": int, "section": str, "quote": str, "address": str,
    "more": int,
}  # fmt: skip
CONNECTION_FIELDS: Mapping[str, type] = {
    "subject": str, "subject_name": str, "relation": str, "object": str, "object_name": str, "polarity": str,
    "strength": str, "verdict": str, "condition": str, "qualifiers": str, "document": str, "title": str, "line": int,
    "place": str, "start": int, "end": int, "quote": str,
}  # fmt: skip
"""All that a row of a connection may hold, and of which type it is in a data frame; what has parts is JSON."""
HOP_FIELDS: Mapping[str, type] = {
    "path": int, "hop": int, "cost": float, "subject": str, "relation": str, "object": str, "forward": bool,
    "verdict": str, "document": str, "line": int, "place": str, "quote": str,
}  # fmt: skip
COMPARED_FIELDS: Mapping[str, type] = {
    **dict.fromkeys(("agreement", "subject", "subject_name", "relation", "object", "object_name"), str),
    **{f"first_{name}": kind for name, kind in _SIDE_FIELDS.items()},
    **{f"second_{name}": kind for name, kind in _SIDE_FIELDS.items()},
}
MATCH_FIELDS: Mapping[str, type] = {"concept": str, "name": str, "kind": str, "connections": int, "near": bool}

_CODES = (("subject", ("subject", "subject_name")), ("relation", ("relation",)), ("object", ("object", "object_name")))
CONNECTION_LAYOUT: Layout = (
    *_CODES, ("polarity", ("polarity", "strength")), ("verdict", ("verdict",)), ("condition", ("condition",)),
    ("source", ("document", "line", "place")), ("quote", ("quote",)),
)  # fmt: skip
"""How a notebook shows connections: the columns, and what stands in each."""
HOP_LAYOUT: Layout = (
    ("path", ("path",)), ("hop", ("hop",)), ("subject", ("subject",)), ("relation", ("relation",)),
    ("object", ("object",)), ("verdict", ("verdict",)), ("source", ("document", "line", "place")),
    ("quote", ("quote",)),
)  # fmt: skip
COMPARED_LAYOUT: Layout = (
    ("agreement", ("agreement",)), *_CODES,
    ("first", ("first_says", "first_quote", "first_document", "first_line")),
    ("second", ("second_says", "second_quote", "second_document", "second_line")),
)  # fmt: skip
MATCH_LAYOUT: Layout = (
    ("concept", ("concept", "name")), ("kind", ("kind",)), ("connections", ("connections",)),
)  # fmt: skip

MATCH_COLUMNS = ("concept", "name", "kind", "connections")
FINDING_COLUMNS = (
    "verdict", "concept", "stated", "reason", "suggestion", "suggestion_name", "release", "row", "official", "hangs",
    "document", "file", "line", "section", "quote", "opposed_by", "opposing_quote", "check",
    "finding", "decision", "note",
)  # fmt: skip
NAMED_COLUMNS = ("document", "line", "concept", "stated", "verdict", "official", "suggestion")
PLAN_COLUMNS = ("code", "modifier", "units", "words", "dose", "unit", "packages")
QUESTION_COLUMNS = ("name", "answers", "values", "audience")
TERM_COLUMNS = ("name", "kind", "meaning", "example")


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


def policy_row(policy: Policy) -> dict[str, Any]:
    """A row for an article: what rows call it, whose it is, where and when it holds, and where to read it."""
    return {
        "document": policy.key,
        "identifier": policy.identifier,
        "version": policy.version,
        "title": policy.title,
        "contractors": list(policy.contractors),
        "states": list(policy.states),
        "from": policy.valid_from,
        "through": policy.valid_through,
        "belongs_to": list(policy.belongs_to),
        "address": policy.address,
        "release": policy.release,
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


def compared_rows(compared: Iterable[Compared], policies: Mapping[str, Policy]) -> Iterator[dict[str, Any]]:
    """A row for each edge of a comparison, with the first evidence of each side, and how many more it has."""
    for edge in compared:
        yield {
            "agreement": edge.agreement.value,
            "subject": edge.subject.curie,
            "subject_name": edge.subject.name or "",
            "relation": edge.relation.value,
            "object": edge.object.curie,
            "object_name": edge.object.name or "",
            **_said_by("first", edge.first, policies),
            **_said_by("second", edge.second, policies),
        }


def _said_by(side: str, assertions: Sequence[Assertion], policies: Mapping[str, Policy]) -> dict[str, Any]:
    """What a side says of an edge; empty where it says nothing. What an article says has its public address."""
    if not assertions:
        return {f"{side}_{name}": value for name, value in _SAYS_NOTHING.items()}
    first, evidence = assertions[0], assertions[0].evidence
    policy = policies.get(evidence.document)
    cells = {
        "says": first.polarity.value,
        "condition": first.condition,
        "document": evidence.document,
        "line": evidence.line,
        "section": evidence.section,
        "quote": evidence.quote,
        "address": policy.address if policy else "",
        "more": len(assertions) - 1,
    }
    return {f"{side}_{name}": value for name, value in cells.items()}


_SAYS_NOTHING = {
    "says": "", "condition": "", "document": "", "line": None, "section": "", "quote": "", "address": "", "more": 0,
}  # fmt: skip


def match_rows(matches: Iterable[Match]) -> Iterator[dict[str, Any]]:
    """A row for each concept that a search found."""
    for match in matches:
        yield {
            "concept": match.concept.curie,
            "name": match.concept.name or "",
            "kind": match.concept.kind.noun,
            "connections": match.connections,
            "near": match.near,
        }


def plan_row(plan: CodePlan) -> dict[str, Any]:
    """The plan of a dose, with the version of its shape."""
    return {"version": VERSION, **plan.to_json()}


def plan_lines(plan: CodePlan) -> Iterator[dict[str, Any]]:
    """A row for each line of the claim for a dose."""
    packages = " + ".join(f"{count} × {package.amount.text}" for package, count in plan.packages)
    for line in plan.to_json()["lines"]:
        yield {**line, "dose": plan.dose.text, "unit": plan.unit.text, "packages": packages}


def question_rows(questions: Iterable[CatalogueQuery]) -> Iterator[dict[str, Any]]:
    """A row for each question of the catalogue."""
    for question in questions:
        yield {
            "name": question.name,
            "answers": question.summary,
            "audience": question.audience,
            "values": " ".join(f"{p.name}={p.example}" for p in question.parameters),
            "columns": ", ".join(column.name for column in question.columns),
        }


def named_rows(checked: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    """A row for each code of documents that were checked, with each name that they give it."""
    for result in checked:
        for code in result.codes:
            yield {
                "document": result.document.identifier,
                "line": code.line,
                "concept": code.concept.curie,
                "stated": code.concept.name or "",
                "verdict": code.verdict.value,
                "official": code.official,
                "suggestion": code.suggestion.curie if code.suggestion else "",
            }


def assertion_rows(checked: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    """A row for each thing that checked documents state: the verdict on it, and the findings about it."""
    for result in checked:
        about: dict[str, list[str]] = {}
        for finding in result.findings:
            about.setdefault(finding.assertion.identifier, []).append(finding.identifier)
        for assertion, verdict in result.verdicts.items():
            findings = about.get(assertion.identifier, [])
            yield {"verdict": verdict.value, "findings": findings, **assertion.to_json()}


def checked_counts(checked: Sequence[Checked]) -> dict[str, Any]:
    """How many codes there are and how many could be checked, and those that could not, with the reason."""
    unchecked = [
        {"document": result.document.identifier, "concept": concept.curie, "reason": why}
        for result in checked
        for concept, why in result.unchecked.items()
    ]
    codes = sum(len(result.distinct) for result in checked)
    return {"codes": codes, "checked": sum(map(sure, checked)), "not_checked": unchecked}


def sure(checked: Checked) -> int:
    """How many codes of a document the releases confirm or refute."""
    return len(checked.distinct) - len(checked.unchecked)
