"""The quads have the shape that docs/graph.md fixes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, RdfFormat, parse

from kg.graph import quads
from kg.graph.vocabulary import curie
from kg.model import Assertion, Concept, Evidence, Finding, Kind, Polarity, Qualifier, Relation, Strength, Verdict
from kg.verification import Disagreement, Stand

from .making import assertion, document, evidence


def shown(found: list[Quad] | object) -> set[tuple[str, str, str, str]]:
    """Quads in short: subject, property, object, graph."""

    def short(term: object) -> str:
        return curie(term.value) if type(term).__name__ == "NamedNode" else str(term)  # type: ignore[attr-defined]

    return {(short(q.subject), short(q.predicate), short(q.object), short(q.graph_name)) for q in found}  # type: ignore[attr-defined]


def read(lines: str) -> list[Quad]:
    return list(parse(lines, format=RdfFormat.N_QUADS))


def lines_of(stated: Assertion) -> str:
    """An assertion and its evidence."""
    place = quads.evidence_iri(stated.evidence)
    return quads.assertion_lines(stated, place) + quads.evidence_lines(stated.evidence, place)


def said(found: object) -> set[tuple[str, str]]:
    return {(property, value) for _, property, value, _ in shown(found)}


def test_names_that_documents_give_to_codes_never_become_labels() -> None:
    found = said(quads.concept_quads(Concept.parse("hcpcs:J3032", "Tezspire")))
    assert not [value for property, value in found if property == "skos:prefLabel"]
    assert ("skos:notation", '"J3032"') in found


def test_a_quantity() -> None:
    found = said(quads.concept_quads(Concept.named(Kind.QUANTITY, "0.5 mg")))
    assert ("bkg:numericValue", '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>') in found
    assert ("bkg:ucumCode", '"mg"') in found


def test_a_place_bears_its_numbers() -> None:
    found = said(quads.concept_quads(Concept.named(Kind.PLACE, "hospital outpatient department")))
    assert {value for name, value in found if name == "bkg:placeOfServiceCode"} == {'"19"', '"22"'}
    found = said(quads.concept_quads(Concept.named(Kind.PLACE, "infusion center")))
    assert "bkg:placeOfServiceCode" not in dict(found)


def test_a_document() -> None:
    assert said(quads.document_quads(document())) == {
        ("rdf:type", "bkg:Document"),
        ("rdf:type", "prov:Entity"),
        ("dcterms:title", '"A guide"'),
        ("bkg:fileName", '"guide.md"'),
        ("bkg:sha256", f'"{"0" * 64}"'),
    }


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
    found = shown(read(lines_of(stated)))
    of_assertion = {(p, o) for s, p, o, _ in found if s == f"assertion:{stated.identifier}"}
    name = curie(quads.evidence_iri(stated.evidence))
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
    assert said([quads.verdict_quad("x", Verdict.CONSISTENT)]) == {("bkg:verdict", "bkg:consistent")}


def test_a_verdict_is_the_same_as_a_line() -> None:
    as_quad = quads.verdict_quad("x", Verdict.DISPUTED)
    assert shown(read(quads.verdict_line("x", Verdict.DISPUTED))) == shown([as_quad])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_document_says_stays_as_it_is_and_never_becomes_more(text: str) -> None:
    stated = assertion("modifier:JW", name=text, condition=text, at=evidence(text or "x"))
    found = read(lines_of(stated))
    values = {curie(quad.predicate.value): quad.object.value for quad in found if isinstance(quad.object, Literal)}
    assert [values.get(name, "") for name in ("bkg:condition", "bkg:statedName")] == [text, text]
    assert values["oa:exact"] == (text or "x")
    assert len(found) == len(values) + 15
    assert {quad.subject.value.split("/")[4] for quad in found} == {"assertion", "evidence"}


STATED = assertion("icd10cm:T80.7XXA", name="Infusion reaction")
AGAINST = Finding(
    STATED, Verdict.REFUTED, STATED.object, "no such code in X", "icd10cm-2026-04", Concept.parse("icd10cm:T80.29XA"),
    stated="Infusion reaction", check="no_such_code",
)  # fmt: skip


def test_what_a_release_says_against_it() -> None:
    found = shown(quads.finding_quads(AGAINST))
    about = curie(quads.finding_node(STATED.identifier, AGAINST.concept, AGAINST.reason).value)
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
    found = said(quads.finding_quads(replace(AGAINST, official="Other words", row=12, hangs=3)))
    assert {
        ("bkg:releaseText", '"Other words"'),
        ("bkg:row", '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:hanging", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:statedName", '"Infusion reaction"'),
    } <= found


def test_a_verdict_that_hangs_on_a_finding_about_another_assertion() -> None:
    about = curie(quads.finding_node(STATED.identifier, AGAINST.concept, AGAINST.reason).value)
    assert shown(quads.hanging_quads("other", AGAINST)) == {
        ("assertion:other", "bkg:hangsOn", about, "graph:assertions"),
        ("assertion:other", "bkg:verdictReason", '"T80.7XXA no such code in X"', "graph:assertions"),
    }


def test_a_disagreement() -> None:
    other = assertion("icd10cm:T80.7XXA", at=evidence("No.", document="other"), polarity=Polarity.EXCLUDED)
    yes, no = (Stand.of(each, settled=False) for each in (STATED, other))
    found = shown(quads.disagreement_quads(Disagreement(yes, no, "other:1 says no")))
    about = curie(quads.finding_node(STATED.identifier, STATED.object, "other:1 says no").value)
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


def test_assertions_from_one_place_share_one_evidence() -> None:
    here = Evidence("guide", 0, 4, "M05.", 1)
    assert quads.evidence_iri(here) == quads.evidence_iri(Evidence("guide", 0, 4, "M05.", 1))
    assert quads.evidence_iri(here) != quads.evidence_iri(Evidence("other", 0, 4, "M05.", 1))


def test_an_edge_stands_in_the_graph_of_its_verdict() -> None:
    drug = Concept.named(Kind.DRUG, "tocilizumab")
    (edge,) = read(quads.edge_line(Concept.parse("J3262"), Relation.IDENTIFIES_DRUG, drug, Verdict.CONSISTENT))
    assert shown([edge]) == {("hcpcs:J3262", "bkg:identifiesDrug", "drug:tocilizumab", "graph:relations/consistent")}
