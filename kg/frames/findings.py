"""Findings as rows, and a list of them that is a data frame or a table of a notebook where one is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.frames.frame import Frame
from kg.frames.notebook import html_of
from kg.frames.tabular import Tabular
from kg.model import OPEN, Decision, Evidence, Finding

FINDING_FIELDS: Mapping[str, type] = {
    "verdict": str, "check": str, "concept": str, "stated": str, "reason": str, "official": str, "release": str,
    "row": int, "suggestion": str, "suggestion_name": str, "hangs": int, "document": str, "file": str, "line": int,
    "place": str, "start": int, "end": int, "section": str, "quote": str, "opposed_by": str, "opposing_quote": str,
    "finding": str, "decision": str, "note": str,
}  # fmt: skip
"""All that a row of a finding may hold."""
_LAYOUT = (
    ("verdict", ("verdict",)), ("concept", ("concept", "stated")), ("reason", ("reason", "official")),
    ("meant", ("suggestion", "suggestion_name")), ("source", ("document", "line", "place")), ("quote", ("quote",)),
    ("decision", ("decision", "note")),
)  # fmt: skip


class Findings(list[Finding], Tabular):
    """What a person should look at, in a list; `decisions` and the files of documents stand in its rows as well.

    >>> Findings().to_pandas().empty
    True
    """

    def __init__(
        self,
        findings: Iterable[Finding] = (),
        decisions: Mapping[str, Decision] | None = None,
        files: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        super().__init__(findings)
        self._decisions, self._files = decisions or {}, files

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each finding, a dictionary of plain values, as `kg findings --format json` prints them."""
        files = self._files()
        for finding in self:
            document = finding.assertion.evidence.document
            yield finding_row(finding, files.get(document, document), self._decisions.get(finding.identifier))

    def _frame(self) -> Frame:
        return Frame.of_records(FINDING_FIELDS, self.rows())

    def _repr_html_(self) -> str:
        return html_of(_LAYOUT, list(self.rows()), f"{len(self):,} finding{'' if len(self) == 1 else 's'}")


def finding_row(finding: Finding, file: str | None = None, decision: Decision | None = None) -> dict[str, Any]:
    """A row for a finding: both sentences, what follows, and what was decided; with the file where it is known."""
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
        "finding": finding.identifier,
        "decision": decision.choice.value if decision else OPEN,
        "note": decision.note if decision else "",
    }


def within(evidence: Evidence) -> dict[str, str]:
    """Where evidence stands besides its line, in words, for documents that have pages or sheets.

    >>> within(Evidence("policy", 0, 2, "JW", 120, page=3))
    {'place': 'page 3'}
    """
    return {"place": evidence.place.strip(" ()")} if evidence.place else {}
