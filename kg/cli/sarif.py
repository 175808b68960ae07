"""Findings as SARIF 2.1.0, which editors and code hosts show on the guide's own line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from kg.cli.output import counted
from kg.model import Choice, Decision, Finding, Verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Verdict.REFUTED: "error", Verdict.DISPUTED: "warning"}
_RULES = {
    "no_such_code": "A code that no release has, though a complete one covers it, or that is written as none is.",
    "other_drug": "A code that identifies another drug than the document says.",
    "other_unit": "A billing unit that is not that of the release.",
    "other_code": "A package that releases bill as other codes.",
    "other_name": "A name that another code of the system fits clearly better.",
    "heading": "A heading where a claim needs a code that can be billed.",
    "not_in_force": "A code that had ended, or had not begun, on the day asked for.",
    "ruled_otherwise": "A diagnosis that articles of Medicare rule on otherwise.",
    "disagreement": "Another document says the opposite.",
}
# What a guide may end its lines with; SARIF by itself knows only the first two.
_NEWLINES = ["\r\n", "\n", "\r"]
_BOM = "\ufeff"


class Located(NamedTuple):
    """A finding, the file that it is about, and its text; the text is empty where the offsets count in another.

    `decision` is what was decided about it, `is_kept` whether it stands in a graph, where that can be kept.
    """

    finding: Finding
    path: str
    text: str = ""
    decision: Decision | None = None
    is_kept: bool = False


def sarif(findings: Iterable[Located], version: str, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """A SARIF log of findings; `properties` are what else is to be said of the run."""
    rules = list(_RULES)
    driver = {
        "name": "billing-kg",
        "version": version,
        "rules": [{"id": rule, "shortDescription": {"text": words}} for rule, words in _RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": _NEWLINES,
        "results": [_result(located, rules) for located in findings],
        **({"properties": properties} if properties else {}),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(located: Located, rules: list[str]) -> dict[str, Any]:
    finding = located.finding
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.index(finding.check),
        "level": _LEVELS[finding.verdict],
        "message": {"text": _message(finding)},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(located.path)}, **_regions(finding, located.text)}}
        ],
        "properties": {
            "verdict": finding.verdict.value,
            "document": finding.assertion.evidence.document,
            "quote": finding.assertion.evidence.quote,
            "official": finding.official,
            "release": finding.release,
            "releaseRow": finding.row,
        },
        "partialFingerprints": {"billingKgFinding/v1": finding.identifier},
        **_suppressed(located.decision),
    }


def _suppressed(decision: Decision | None) -> dict[str, Any]:
    """What SARIF has for a finding that is set aside."""
    if decision is None or decision.choice is not Choice.SET_ASIDE:
        return {}
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": decision.note}]}


def _uri(path: str) -> str:
    """A path as a URI: a file's where it is absolute, else a reference from where the command ran.

    >>> _uri("guides/Guía 1.md")
    'guides/Gu%C3%ADa%201.md'
    """
    file = Path(path)
    return file.as_uri() if file.is_absolute() else quote(os.fsencode(file.as_posix()))


def _message(finding: Finding) -> str:
    parts = [f"{finding.concept.key}{f' ({finding.stated})' if finding.stated else ''}: {finding.reason}"]
    if finding.suggestion:
        parts.append(f"probably meant: {finding.suggestion.label}")
    if finding.opposed_by:
        parts.append(f"there it says: {' '.join(finding.opposed_by.quote.split())}")
    if finding.hangs:
        parts.append(f"it affects {counted(finding.hangs, 'other assertion')}")
    return _literally("; ".join(parts))


def _literally(text: str) -> str:
    """Text of a document as a message that shows it: no placeholders, and no links that the document makes up."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _regions(finding: Finding, text: str) -> dict[str, Any]:
    """The code, within its sentence, where the text of the file is at hand; else the line."""
    evidence = finding.assertion.evidence
    if not evidence.quote or text[evidence.start : evidence.end] != evidence.quote:
        return {"region": {"startLine": evidence.line}}
    whole = _region(text, evidence.start, evidence.end)
    match = _code_pattern(finding.concept.key).search(evidence.quote)
    if match is None or match[0] == evidence.quote:
        return {"region": whole}
    start = evidence.start + match.start()
    return {"region": _region(text, start, start + len(match[0])), "contextRegion": whole}


def _code_pattern(code: str) -> re.Pattern[str]:
    """A code as documents write it: with its dot or without, and no part of a longer one."""
    spelling = re.escape(code).replace(r"\.", r"\.?")
    return re.compile(rf"(?<![0-9A-Za-z])(?<![0-9A-Za-z]\.){spelling}(?!\.?[0-9A-Za-z])", re.IGNORECASE)


def _region(text: str, start: int, end: int) -> dict[str, Any]:
    """Lines and columns count from 1; the end is the column after the last character."""
    region: dict[str, Any] = {}
    for name, at in (("start", start), ("end", end)):
        line_start = text.rfind("\n", 0, at) + 1
        if line_start == 0 and text.startswith(_BOM):  # A mark of the encoding, which no editor counts.
            line_start = min(1, at)
        region[f"{name}Line"] = text.count("\n", 0, at) + 1
        region[f"{name}Column"] = at - line_start + 1
    return {**region, "snippet": {"text": text[start:end].removeprefix(_BOM)}}
