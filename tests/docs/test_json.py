"""docs/json.md names every field that comes out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kg.answer_rows import VERSION, finding_row
from kg.answers import Answer, Codes, Matches, Paths, Scope, View
from kg.comparison import Comparison
from kg.graph.describing import Description
from kg.model import (
    Agreement,
    Assertion,
    Compared,
    Concept,
    Connection,
    Evidence,
    Finding,
    Hop,
    Match,
    Relation,
    Side,
    SideKind,
    Verdict,
)
from kg.model import Path as Way

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))

CODE, DIAGNOSIS = Concept.parse("J3262"), Concept.parse("icd10cm:M06.9")
STATED = Assertion(CODE, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Evidence("guide", 0, 2, "So", 1, page=3))
CONNECTION = Connection(CODE, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Verdict.CONSISTENT, (STATED,))
SIDE = Side(SideKind.DOCUMENT, "guide")
EDGE = Compared(CODE, STATED.relation, DIAGNOSIS, Agreement.FIRST, (STATED,))
SCOPE = Scope(1, "disputed", date(2026, 1, 1))
ANSWERS = (
    Codes.of(DIAGNOSIS, [DIAGNOSIS], [CONNECTION], None, SCOPE),
    View((CONNECTION,), SCOPE, Description(CODE)),
    Paths((Way((Hop(CONNECTION, True),), 1.0),), SCOPE, CODE, DIAGNOSIS, "from J3262 to M06.9"),
    Comparison((EDGE,), SCOPE, SIDE, SIDE, dict.fromkeys(Agreement, 1), dict.fromkeys(Agreement, 1)),
    Matches((Match(CODE, 1),), SCOPE, "tocilizumab"),
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_every_field_of_an_answer_is_named(answer: Answer[object]) -> None:
    whole = answer.to_json()
    assert set(whole) <= NAMED
    assert whole["rows"]
    assert {field for row in whole["rows"] for field in row} <= NAMED


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_a_data_frame_has_every_field_of_an_answer_in_its_order(answer: Answer[object]) -> None:
    for row in answer.rows():
        assert [name for name in answer.fields if name in row] == [*row]
        shown = {key for _, keys in answer.layout for key in keys}
        assert shown <= answer.fields.keys()
    assert answer.to_polars().rows(named=True) == answer.to_arrow().to_pylist()
    assert answer.to_pandas().shape == (len(list(answer.rows())), len(answer.fields))


def test_every_field_of_a_finding_is_named() -> None:
    finding = Finding(STATED, Verdict.REFUTED, DIAGNOSIS, "no such code", "hcpcs-2025-10")
    assert set(finding_row(finding, "guide.md")) <= NAMED


def test_the_version_is_that_of_the_page() -> None:
    assert f"version, `{VERSION}` today" in PAGE.replace("\n", " ")
