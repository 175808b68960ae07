"""Assertions and evidence, as lines of N-Quads and back; they have the shape that docs/graph.md fixes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.graph.rdf.assertions import (
    assertion_lines,
    evidence_iri,
    evidence_lines,
    read_assertion,
    read_evidence,
    read_verdict,
    verdict_line,
    verdict_quad,
)
from kg.graph.rdf.iris import curie, thing
from kg.model import Assertion, Concept, Evidence, Polarity, Qualifier, Relation, Strength, Verdict
from tests.graph.making import assertion, evidence

from .short import parsed, properties, said, shown

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORDS = TEXTS.filter(lambda text: text != "")
CONCEPTS = st.sampled_from(
    [
        Concept.parse(curie)
        for curie in ("J3262", "96413", "icd10cm:M06.9", "modifier:JW", "drug:tocilizumab", "payer:a")
    ]
)
EVIDENCE = st.builds(
    Evidence, st.sampled_from(["guide", "a-b"]), st.integers(0, 9), st.integers(10, 99), TEXTS, st.integers(1, 99),
    section=TEXTS, page=st.integers(0, 9), sheet=TEXTS, row=st.integers(0, 9),
)  # fmt: skip
ASSERTIONS = st.builds(
    Assertion,
    CONCEPTS,
    st.sampled_from(Relation),
    st.builds(lambda concept, name: Concept(concept.kind, concept.key, name), CONCEPTS, st.none() | WORDS),
    EVIDENCE,
    polarity=st.sampled_from(Polarity),
    strength=st.sampled_from(Strength),
    condition=TEXTS,
    qualifiers=st.lists(st.tuples(st.sampled_from(Qualifier), CONCEPTS), max_size=3, unique_by=lambda pair: pair).map(
        lambda pairs: tuple(sorted(pairs, key=lambda pair: (list(Qualifier).index(pair[0]), pair[1])))
    ),
    rule=TEXTS,
    since=st.none() | st.dates(),
)


def lines_of(stated: Assertion) -> str:
    """An assertion and its evidence."""
    place = evidence_iri(stated.evidence)
    return assertion_lines(stated, place) + evidence_lines(stated.evidence, place)


def test_an_assertion() -> None:
    stated = assertion(
        "modifier:JW",
        Relation.ACCEPTS_MODIFIER,
        name="Drug discarded",
        at=evidence("JW | Drug", 3210),
        strength=Strength.REQUIRED,
        condition="Use when …",
        qualifiers=((Qualifier.FOR_ROUTE, Concept.parse("route:intravenous")),),
    )
    found = shown(parsed(lines_of(stated)))
    of_assertion = {(p, o) for s, p, o, _ in found if s == f"assertion:{stated.identifier}"}
    name = curie(evidence_iri(stated.evidence))
    assert of_assertion == {
        ("rdf:type", "bkg:Assertion"),
        ("rdf:type", "rdf:Statement"),
        ("rdf:subject", "hcpcs:J3262"),
        ("rdf:predicate", "bkg:acceptsModifier"),
        ("rdf:object", "modifier:JW"),
        ("bkg:polarity", "bkg:affirmed"),
        ("bkg:strength", "bkg:required"),
        ("bkg:condition", '"Use when …"'),
        ("bkg:forRoute", "route:intravenous"),
        ("bkg:statedName", '"Drug discarded"'),
        ("bkg:rule", '"test.rule"'),
        ("prov:wasDerivedFrom", "document:guide"),
        ("bkg:evidence", name),
    }
    assert {(p, o) for s, p, o, _ in found if s == name} == {
        ("rdf:type", "bkg:Evidence"),
        ("rdf:type", "oa:SpecificResource"),
        ("oa:hasSource", "document:guide"),
        ("oa:hasSelector", f"{name}/selector"),
        ("bkg:line", '"322"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:section", '"Coding"'),
    }
    assert {(p, o) for s, p, o, _ in found if s == f"{name}/selector"} == {
        ("rdf:type", "oa:TextPositionSelector"),
        ("rdf:type", "oa:TextQuoteSelector"),
        ("oa:start", '"3210"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("oa:end", '"3219"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("oa:exact", '"JW | Drug"'),
    }
    assert {graph for *_, graph in found} == {"graph:assertions"}


def test_a_verdict() -> None:
    assert said([verdict_quad("x", Verdict.CONSISTENT)]) == {("bkg:verdict", "bkg:consistent")}


def test_a_verdict_is_the_same_as_a_line() -> None:
    as_quad = verdict_quad("x", Verdict.DISPUTED)
    assert shown(parsed(verdict_line("x", Verdict.DISPUTED))) == shown([as_quad])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_document_says_stays_as_it_is_and_never_becomes_more(text: str) -> None:
    stated = assertion("modifier:JW", name=text, condition=text, at=evidence(text or "x"))
    found = parsed(lines_of(stated))
    values = {curie(quad.predicate.value): quad.object.value for quad in found if isinstance(quad.object, Literal)}
    assert [values.get(name, "") for name in ("bkg:condition", "bkg:statedName")] == [text, text]
    assert values["oa:exact"] == (text or "x")
    assert len(found) == len(values) + 15
    assert {quad.subject.value.split("/")[4] for quad in found} == {"assertion", "evidence"}


def test_assertions_from_one_place_share_one_evidence() -> None:
    here = Evidence("guide", 0, 4, "M05.", 1)
    assert evidence_iri(here) == evidence_iri(Evidence("guide", 0, 4, "M05.", 1))
    assert evidence_iri(here) != evidence_iri(Evidence("other", 0, 4, "M05.", 1))


@given(ASSERTIONS, st.sampled_from(Verdict))
def test_what_is_written_is_read_back(stated: Assertion, verdict: Verdict) -> None:
    name = evidence_iri(stated.evidence)
    found = properties(parsed(lines_of(stated) + verdict_line(stated.identifier, verdict)))
    place = NamedNode(name)
    evidence = read_evidence(found[place], found[NamedNode(f"{name}/selector")])
    assert evidence == stated.evidence
    own = found[thing("assertion", stated.identifier)]
    # What a thing without a code is called stands on its node, and not on every assertion.
    named = stated.object if not stated.object.kind.is_code else None
    again = read_assertion(own, evidence, lambda concept: named if named and concept == named else concept)
    assert again == stated
    assert again.object.name == stated.object.name
    assert (again.rule, again.since, again.condition) == (
        stated.rule, stated.since, stated.condition,
    )  # fmt: skip
    assert read_verdict(own) is verdict
