"""Scores verdicts against tables of what a careful auditor finds.

A table stands beside its document: line, concept, verdict, suggestion (`-` for none, `?` where either will do) and
what is wrong, between tabs. `# date: 2024-06-01` above them is the date on which the document is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from kg.documents import read
from kg.extraction import extract
from kg.model import Finding
from kg.reference import Reference, bundled, icd10cm, reference
from kg.reference.formats import read_release
from kg.verification import Judge

CORPUS = Path(__file__).with_name("corpus")
TODAY = date(2026, 11, 24)
_RELEASES = (
    ("hcpcs", "HCPC2025_OCT_ANWEB.xlsx"),
    ("nucc", "nucc_taxonomy_251.csv"),
    ("asp", "section 508 version of January 2026 ASP NDC-HCPCS Crosswalk 121725.csv"),
)


@dataclass(frozen=True)
class Expected:
    """One finding that an auditor would expect."""

    line: int
    concept: str
    verdict: str
    suggestion: str
    what: str


@dataclass
class Score:
    """What was expected and found in a document, expected and missed, found and not expected."""

    document: Path
    met: list[tuple[Expected, Finding]] = field(default_factory=list)
    missed: list[Expected] = field(default_factory=list)
    unread: list[Expected] = field(default_factory=list)
    """Of those missed, where extraction made no assertion with that code of that line."""
    unexpected: list[Finding] = field(default_factory=list)

    @property
    def wrong_suggestions(self) -> list[tuple[Expected, Finding]]:
        """Findings as expected, with another suggestion."""
        return [
            (expected, finding)
            for expected, finding in self.met
            if expected.suggestion not in ("?", finding.suggestion.curie if finding.suggestion else "-")
        ]


@cache
def official(folder: Path) -> Reference:
    """The releases of October 2025 and January 2026 with ICD-10-CM and the bundled tables."""
    found = [edition for where, name in _RELEASES for edition in read_release(folder / where / name)]
    return reference.load((icd10cm.read, bundled.read, lambda: iter(found)))


def documents() -> Iterator[Path]:
    """The documents of the corpus."""
    for table in sorted(CORPUS.rglob("*.tsv")):
        yield next(path for path in table.parent.glob(f"{table.stem}.*") if path != table)


def expected(document: Path) -> tuple[date, list[Expected]]:
    """The date of judgement and the findings that a document's table expects."""
    day, rows = TODAY, []
    for line in document.with_suffix(".tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("# date: "):
            day = date.fromisoformat(line.removeprefix("# date: "))
        elif not line.startswith(("#", "line\t")):
            number, *cells = line.split("\t")
            rows.append(Expected(int(number), *cells))
    return day, rows


def score(document: Path, judges: dict[date, Judge], releases: Reference) -> Score:
    """Judge a document and compare with its table; a finding is met by its concept and verdict."""
    day, rows = expected(document)
    judge = judges.setdefault(day, Judge(releases, day))
    assertions = extract(read(document)).assertions
    findings: dict[tuple[str, str], Finding] = {}
    for finding in judge.judge(assertions).findings:
        key = finding.concept.curie, finding.verdict.value
        if key not in findings or findings[key].suggestion is None:
            findings[key] = finding
    stated = {(each.evidence.line, concept.curie) for each in assertions for concept in (each.subject, each.object)}
    result = Score(document)
    for row in rows:
        if met := findings.pop((row.concept, row.verdict), None):
            result.met.append((row, met))
        else:
            result.missed.append(row)
            if (row.line, row.concept) not in stated:
                result.unread.append(row)
    result.unexpected += findings.values()
    return result
