from __future__ import annotations

from dataclasses import replace

from kg.model import Assertion, Concept, Evidence, Finding, Relation, Verdict, worst_first

DRUG = Concept.parse("hcpcs:J3262", "tocilizumab")
EVIDENCE = Evidence("a.md", 10, 19, "JW | waste", 3)
STATED = Assertion(DRUG, Relation.ACCEPTS_MODIFIER, Concept.parse("modifier:JW"), EVIDENCE)
REFUTED = Finding(STATED, Verdict.REFUTED, DRUG, "no such code", "hcpcs")


def test_a_finding_says_nothing_that_no_release_and_no_document_says() -> None:
    assert (REFUTED.suggestion, REFUTED.opposed_by) == (None, None)
    assert (REFUTED.stated, REFUTED.official, REFUTED.check) == ("", "", "")
    assert (REFUTED.row, REFUTED.hangs) == (0, 0)


def test_the_worst_comes_first_and_then_what_stands_first() -> None:
    later = replace(REFUTED, assertion=replace(STATED, evidence=replace(EVIDENCE, start=40, end=49)))
    disputed = replace(REFUTED, verdict=Verdict.DISPUTED)
    assert sorted([disputed, later, REFUTED], key=worst_first) == [REFUTED, later, disputed]


def test_the_strongest_and_the_weakest_of_some() -> None:
    some = [Verdict.UNCHECKED, Verdict.CORROBORATED, Verdict.DISPUTED]
    assert Verdict.strongest(some) is Verdict.CORROBORATED
    assert Verdict.weakest(some) is Verdict.DISPUTED
