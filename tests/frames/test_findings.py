"""A list of findings that is a data frame where one is wanted."""

from __future__ import annotations

from datetime import date

from kg.frames.findings import FINDING_FIELDS, Findings, finding_row
from kg.model import Assertion, Choice, Concept, Decision, Evidence, Finding, Relation, Verdict

STATED = Assertion(
    Concept.parse("J3032"), Relation.IDENTIFIES_DRUG, Concept.parse("drug:tezepelumab"),
    Evidence("guide", 0, 4, "<b>J3032</b>", 3, page=2),
)  # fmt: skip
FINDING = Finding(
    STATED, Verdict.REFUTED, STATED.subject, "is eptinezumab", "hcpcs",
    suggestion=Concept.parse("J2356", "tezepelumab"), opposed_by=Evidence("other", 0, 1, "no", 9),
)  # fmt: skip


def test_it_is_the_list_of_them() -> None:
    assert Findings([FINDING]) == [FINDING]
    assert Findings() == []
    assert Findings([FINDING])[0] is FINDING


def test_rows_name_the_file_and_what_was_decided() -> None:
    decision = Decision(Choice.SET_ASIDE, "an example", date(2026, 1, 1), {})
    findings = Findings([FINDING], {FINDING.identifier: decision}, lambda: {"guide": "guide.pdf"})
    (row,) = findings.rows()
    assert row == finding_row(FINDING, "guide.pdf", decision)
    assert (row["decision"], row["note"], row["file"], row["place"]) == (
        Choice.SET_ASIDE.value, "an example", "guide.pdf", "page 2",
    )  # fmt: skip
    assert [*row] == [*FINDING_FIELDS]
    (record,) = findings.to_arrow().to_pylist()
    assert record == row


def test_a_notebook_shows_what_is_wrong_what_was_meant_and_where() -> None:
    html = Findings([FINDING])._repr_html_()
    for text in (
        "1 finding<",
        "✗ refuted",
        "hcpcs:J3032",
        "is eptinezumab",
        "hcpcs:J2356",
        "guide",
        "line 3",
        "page 2",
    ):
        assert text in html
    assert "&lt;b&gt;J3032&lt;/b&gt;" in html
    assert "0 findings" in Findings()._repr_html_()
