"""Findings as SARIF 2.1.0, which editors and code hosts show on the guide's own line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kg.model import Finding, Verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Verdict.REFUTED: "error", Verdict.DISPUTED: "warning"}
_RULES = {
    "no_such_code": "A code that no release has, though a complete one covers it.",
    "other_drug": "A code that identifies another drug than the document says.",
    "other_unit": "A billing unit that is not that of the release.",
    "other_name": "A name that another code of the system fits clearly better.",
    "heading": "A heading where a claim needs a code that can be billed.",
    "not_in_force": "A code that had ended, or had not begun, on the day asked for.",
    "disagreement": "Another document says the opposite.",
}


def sarif(findings: Iterable[Finding], version: str, sources: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """A SARIF log of findings; `sources` has the path and, where it is that of the file, the text of documents."""
    rules = list(_RULES)
    results = [_result(one, rules, *sources.get(one.assertion.evidence.document, ("", ""))) for one in findings]
    driver = {
        "name": "billing-kg",
        "version": version,
        "rules": [{"id": rule, "shortDescription": {"text": words}} for rule, words in _RULES.items()],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, rules: list[str], path: str, text: str) -> dict[str, Any]:
    evidence = finding.assertion.evidence
    place = {
        "artifactLocation": {"uri": quote(PurePath(path or evidence.document).as_posix())},
        "region": _region(finding, text),
    }
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.index(finding.check),
        "level": _LEVELS[finding.verdict],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": place}],
        "properties": {"verdict": finding.verdict.value, "release": finding.release, "releaseRow": finding.row},
    }


def _message(finding: Finding) -> str:
    said = [f"{finding.concept.key}{f' ({finding.stated})' if finding.stated else ''}: {finding.reason}"]
    if finding.suggestion:
        said.append(f"probably meant: {finding.suggestion.label}")
    if finding.opposed_by:
        said.append(f"there it says: {' '.join(finding.opposed_by.quote.split())}")
    if finding.hangs:
        said.append(f"{finding.hangs} other assertions hang on it")
    return "; ".join(said)


def _region(finding: Finding, text: str) -> dict[str, Any]:
    """The code within the quote where the text of the file is at hand, else the line."""
    evidence = finding.assertion.evidence
    region: dict[str, Any] = {"startLine": evidence.line, "snippet": {"text": evidence.quote}}
    inside = evidence.quote.find(finding.concept.key)
    if text[evidence.start : evidence.end] != evidence.quote or not evidence.quote:
        return region
    start = evidence.start + max(inside, 0)
    end = start + len(finding.concept.key) if inside >= 0 else evidence.end
    for name, at in (("start", start), ("end", end)):
        region[f"{name}Line"] = text.count("\n", 0, at) + 1
        region[f"{name}Column"] = at - (text.rfind("\n", 0, at) + 1) + 1
    return region
