"""The verdicts that the project began with, line by line, and no finding besides."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.documents import read
from kg.extraction import extract
from kg.model import Assertion, Finding
from kg.verification import Judge, Judgement, codes_of
from tests.data.official import REFERENCE, REPOSITORY
from tests.verification.scoring import TODAY, official

SHARED = REFERENCE.parent
TABLE = SHARED / "gold" / "verdicts.tsv"
GUIDES = sorted((REPOSITORY / "data" / "guides").iterdir())
needs_shared = pytest.mark.skipif(not TABLE.is_file(), reason=f"no gold at {TABLE}")
pytestmark = [needs_shared, pytest.mark.slow]


class Row(NamedTuple):
    document: str
    concept: str
    name: str
    verdict: str
    says: str
    suggestion: str


def rows() -> list[Row]:
    if not TABLE.is_file():
        return []
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Row(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@cache
def judge() -> Judge:
    return Judge(official(REFERENCE), TODAY)


@cache
def judged(path: Path) -> tuple[tuple[Assertion, ...], Judgement]:
    assertions = tuple(extract(read(path)).assertions)
    return assertions, judge().judge(assertions)


def told(findings: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    """Code, verdict and the code that was meant; of a wrong unit the right one is no code."""
    codes = {f: f.suggestion for f in findings if f.suggestion and f.suggestion.kind.is_code}
    return {(f.concept.curie, f.verdict.value, codes[f].curie if f in codes else "-") for f in findings}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.concept)
def test_each_line_of_the_gold(row: Row) -> None:
    assertions, judgement = judged(SHARED / "seeds" / f"{row.document}.txt")
    about = {(c, v, s) for c, v, s in told(judgement.findings) if c == row.concept}
    assert about == (set() if row.verdict == "consistent" else {(row.concept, row.verdict, row.suggestion)})
    assert any(concept.curie == row.concept for each in assertions for concept, _ in codes_of(each))


@pytest.mark.parametrize("seed", sorted({row.document for row in rows()}))
def test_no_finding_besides(seed: str) -> None:
    _, judgement = judged(SHARED / "seeds" / f"{seed}.txt")
    wanted = {(row.concept, row.verdict, row.suggestion) for row in rows() if row.document == seed}
    assert told(judgement.findings) == {each for each in wanted if each[1] != "consistent"}


def test_the_shared_documents() -> None:
    documents = [path for path in sorted((SHARED / "documents").iterdir()) if path.suffix != ".tsv"]
    tables = (SHARED / "documents").glob("*.findings.tsv")
    lines = [line.split("\t") for table in tables for line in table.read_text("utf-8").splitlines() if line[:1] != "#"]
    found = {each for path in documents for each in told(judged(path)[1].findings)}
    assert found == {(code, verdict, meant) for verdict, code, meant in lines} | {
        ("nucc:207RX0202X", "disputed", "nucc:207VX0201X"),
        ("icd10cm:G35", "disputed", "icd10cm:G35.D"),
    }


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_our_own_guides_are_right(path: Path) -> None:
    assert judged(path)[1].findings == ()
