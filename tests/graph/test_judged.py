"""Verdicts of a day on what documents and releases state, and in which graph an edge stands."""

from __future__ import annotations

from datetime import date

from kg.graph.judged import Judged
from kg.graph.rdf.findings import judgement_quads
from kg.graph.rdf.iris import thing
from kg.model import Concept, Polarity, Relation, Statement, Verdict
from kg.reference import Reference
from kg.verification import Judge
from tests.verification.making import TODAY, entry, reference, says, says_drug

CODE, OTHER = Concept.parse("hcpcs:J3262"), Concept.parse("hcpcs:J1300")
KNOWN: Reference = reference(
    entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"),
    entry("hcpcs:J1300", "Injection, eculizumab, 10 mg", ended="2025-03-31"),
    entry("icd10cm:M06.9", "Rheumatoid arthritis, unspecified", billable=True),
)
SUPPORTED = says("J3262", Relation.SUPPORTED_BY_DIAGNOSIS, "icd10cm:M06.9")
EDGE = (CODE, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("icd10cm:M06.9"))


def test_an_edge_has_the_strongest_verdict_of_those_that_affirm_it() -> None:
    judged = Judged(Judge(KNOWN, TODAY))
    for document in ("one", "two"):
        again = says("J3262", SUPPORTED.relation, "icd10cm:M06.9", document=document)
        judged.document([again])
    judged.document([says("J1300", SUPPORTED.relation, "icd10cm:M06.9", document="three")])
    judged.close()
    assert judged.edges[EDGE] is Verdict.CONSISTENT
    assert judged.edges[OTHER, *EDGE[1:]] is Verdict.DISPUTED
    assert (judged.counts["consistent"], judged.counts["disputed"]) == (2, 1)
    assert (judged.counts["connections"], judged.counts["excluded"]) == (2, 0)


def test_what_a_release_states_is_an_edge_and_strengthens_that_of_a_document() -> None:
    judged = Judged(Judge(KNOWN, TODAY))
    judged.document([SUPPORTED])
    judged.close()
    assert judged.state(Statement(*EDGE, 7, "a row")) is Verdict.CORROBORATED
    assert judged.edges == {EDGE: Verdict.CORROBORATED}
    ended = Statement(*EDGE, 8, "another row", date(2020, 1, 1), date(2021, 1, 1))
    assert judged.state(ended) is Verdict.DISPUTED
    assert judged.edges == {EDGE: Verdict.CORROBORATED}


def test_yes_and_no_are_both_disputed_and_only_the_yes_is_a_plain_edge() -> None:
    judged = Judged(Judge(KNOWN, TODAY))
    no = says("J3262", SUPPORTED.relation, "icd10cm:M06.9", polarity=Polarity.EXCLUDED, document="another")
    judged.document([SUPPORTED])
    judged.document([no])
    assert len(list(judged.disagree())) > 0
    judged.close()
    assert judged.verdicts == {SUPPORTED.identifier: Verdict.DISPUTED, no.identifier: Verdict.DISPUTED}
    assert (judged.edges, judged.excluded) == ({EDGE: Verdict.DISPUTED}, {EDGE})
    assert (judged.counts["findings"], judged.counts["excluded"]) == (2, 1)
    assert judged.degree == {CODE: 2, EDGE[2]: 2}


def test_a_disagreement_does_not_make_better_what_is_refuted() -> None:
    judged = Judged(Judge(KNOWN, TODAY))
    wrong = says_drug("J3262", "eculizumab")
    judged.document([wrong])
    judged.document([says_drug("J3262", "tocilizumab", "another place")])
    list(judged.disagree())
    assert judged.verdicts[wrong.identifier] is Verdict.REFUTED


def test_what_hangs_on_a_mistake_is_written_with_the_mistake() -> None:
    mistaken = says_drug("J3262", "eculizumab")
    judgement = Judge(KNOWN, TODAY).judge([SUPPORTED, mistaken])
    assert judgement.hanging == {SUPPORTED.identifier: [0]}
    told = {quad.object for quad in judgement_quads(judgement)} | {quad.subject for quad in judgement_quads(judgement)}
    assert {thing("assertion", each.identifier) for each in (SUPPORTED, mistaken)} <= told
