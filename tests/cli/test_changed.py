"""`kg changes` for people: tables with short names, which fit a narrow terminal."""

from __future__ import annotations

import pytest

from kg.cli.changed import write_changes
from kg.graph.changes import Changes, Edge
from kg.model import Assertion, Concept, Evidence, Finding, Relation, Verdict

CODE, OTHER = Concept.parse("J3262"), Concept.parse("M06.9", "Rheumatoid arthritis, unspecified")
SAID = Evidence("tocilizumab", 0, 9, "J3262 is for all sorts of things that are told here at length.", 89)
STATED = Assertion(CODE, Relation.SUPPORTED_BY_DIAGNOSIS, OTHER, SAID)
EDGE = Edge(CODE, Relation.SUPPORTED_BY_DIAGNOSIS, OTHER, Verdict.CONSISTENT)
FOUND = Finding(STATED, Verdict.DISPUTED, OTHER, "is a heading in ICD-10-CM April 2026, cannot be billed", "icd10cm")


@pytest.mark.parametrize("width", [72, 80, 120])
def test_no_word_is_broken_where_a_terminal_is_narrow(
    width: int, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    write_changes(Changes(((STATED,), ()), ((), (EDGE,)), ((FOUND,), ())))
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [line for line in lines if line.endswith(("came", "went"))] == [
        "1 assertion came", "1 finding came", "1 connection went",
    ]  # fmt: skip
    assert max(map(len, lines)) <= width
    words = {word for line in lines for word in line.split()}
    assert {"J3262", "M06.9", "supported", "diagnosis", "consistent", "disputed", "tocilizumab:89"} <= words


def test_nothing_is_written_where_nothing_changed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write_changes(Changes())
    assert capsysbinary.readouterr().out == b""
