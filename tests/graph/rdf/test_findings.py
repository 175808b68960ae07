"""Findings, as quads and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kg.graph.rdf.findings import dependence_quads, disagreement_quads, finding_node, finding_quads, read_finding
from kg.graph.rdf.iris import curie
from kg.model import Concept, Finding, Polarity, Verdict
from kg.verification import Disagreement, Stand
from tests.graph.making import assertion, evidence

from .short import properties, said, shown

STATED = assertion("icd10cm:T80.7XXA", name="Infusion reaction")
AGAINST = Finding(
    STATED, Verdict.REFUTED, STATED.object, "no such code in X", "icd10cm-2026-04", Concept.parse("icd10cm:T80.29XA"),
    stated="Infusion reaction", check="no_such_code",
)  # fmt: skip


def test_what_a_release_says_against_it() -> None:
    found = shown(finding_quads(AGAINST))
    about = curie(finding_node(STATED.identifier, AGAINST.concept, AGAINST.reason).value)
    assert {(p, o) for s, p, o, _ in found if s == f"assertion:{STATED.identifier}"} == {
        ("bkg:finding", about),
        ("bkg:verdictReason", '"no such code in X"'),
        ("bkg:suggestion", "icd10cm:T80.29XA"),
    }
    assert {(p, o) for s, p, o, _ in found if s == about} == {
        ("rdf:type", "bkg:Finding"),
        ("bkg:about", "icd10cm:T80.7XXA"),
        ("bkg:leadsTo", "bkg:refuted"),
        ("bkg:reason", '"no such code in X"'),
        ("bkg:accordingTo", "release:icd10cm-2026-04"),
        ("bkg:betterCode", "icd10cm:T80.29XA"),
        ("bkg:statedName", '"Infusion reaction"'),
        ("bkg:hanging", '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:check", '"no_such_code"'),
    }
    assert {graph for *_, graph in found} == {"graph:assertions"}


def test_what_stands_in_a_row() -> None:
    found = said(finding_quads(replace(AGAINST, official="Other words", row=12, hangs=3)))
    assert {
        ("bkg:releaseText", '"Other words"'),
        ("bkg:row", '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:hanging", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:statedName", '"Infusion reaction"'),
    } <= found


def test_a_verdict_that_hangs_on_a_finding_about_another_assertion() -> None:
    about = curie(finding_node(STATED.identifier, AGAINST.concept, AGAINST.reason).value)
    assert shown(dependence_quads("other", AGAINST)) == {
        ("assertion:other", "bkg:hangsOn", about, "graph:assertions"),
        ("assertion:other", "bkg:verdictReason", '"T80.7XXA no such code in X"', "graph:assertions"),
    }


def test_a_disagreement() -> None:
    other = assertion("icd10cm:T80.7XXA", at=evidence("No.", document="other"), polarity=Polarity.EXCLUDED)
    yes, no = (Stand.of(each, settled=False) for each in (STATED, other))
    found = shown(disagreement_quads(Disagreement(yes, no, "other:1 says no")))
    about = curie(finding_node(STATED.identifier, STATED.object, "other:1 says no").value)
    assert {(p, o) for s, p, o, _ in found if s == about} == {
        ("rdf:type", "bkg:Finding"),
        ("bkg:about", "icd10cm:T80.7XXA"),
        ("bkg:leadsTo", "bkg:disputed"),
        ("bkg:reason", '"other:1 says no"'),
        ("bkg:hanging", '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:check", '"disagreement"'),
        ("bkg:opposedBy", f"assertion:{other.identifier}"),
    }
    assert {(p, o) for s, p, o, _ in found if s != about} == {
        ("bkg:finding", about),
        ("bkg:verdictReason", '"other:1 says no"'),
    }


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.sampled_from(Verdict), TEXTS, st.sampled_from(["hcpcs-2025-10", "a"]), st.none() | st.just(AGAINST.suggestion),
    TEXTS, TEXTS, st.integers(0, 9), st.integers(0, 9), TEXTS,
)  # fmt: skip
def test_what_is_written_is_read_back(
    verdict: Verdict, reason: str, release: str, suggestion: Concept | None, stated: str, official: str, row: int,
    hangs: int, check: str,
) -> None:  # fmt: skip
    finding = Finding(
        STATED, verdict, STATED.object, reason, release, suggestion, stated=stated, official=official, row=row,
        hangs=hangs, check=check,
    )  # fmt: skip
    own = properties(finding_quads(finding))[finding_node(STATED.identifier, finding.concept, reason)]
    assert read_finding(own, STATED, None, lambda concept: concept) == finding
