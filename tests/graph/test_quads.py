"""The quads have the shape that docs/graph.md fixes."""

from __future__ import annotations

from datetime import date

from pyoxigraph import Quad, RdfFormat, parse

from kg.graph import quads
from kg.graph.vocabulary import curie
from kg.model import Code, CodeSystem, Concept, Evidence, Finding, Kind, Qualifier, Relation, Strength, Verdict
from kg.reference import Drug, Entry

from .making import ICD, assertion, document, evidence, icd


def shown(found: list[Quad] | object) -> set[tuple[str, str, str, str]]:
    """Quads in short: subject, property, object, graph."""

    def short(term: object) -> str:
        return curie(term.value) if type(term).__name__ == "NamedNode" else str(term)  # type: ignore[attr-defined]

    return {(short(q.subject), short(q.predicate), short(q.object), short(q.graph_name)) for q in found}  # type: ignore[attr-defined]


def said(found: object) -> set[tuple[str, str]]:
    return {(property, value) for _, property, value, _ in shown(found)}


def test_a_diagnosis_code() -> None:
    found = shown(quads.entry_quads(icd("M05.79", 'Arthritis "x"', "M05.7")))
    assert {graph for *_, graph in found} == {"graph:reference"}
    assert {(property, value) for _, property, value, _ in found} == {
        ("rdf:type", "bkg:DiagnosisCode"),
        ("skos:notation", '"M05.79"'),
        ("skos:prefLabel", '"Arthritis \\"x\\""@en'),
        ("skos:inScheme", "https://w3id.org/billing-kg/code/icd10cm"),
        ("skos:broader", "icd10cm:M05.7"),
        ("bkg:billable", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("skos:exactMatch", "http://purl.bioontology.org/ontology/ICD10CM/M05.79"),
    }


def test_lines_say_the_same_as_quads() -> None:
    jw = Code.parse("JW", CodeSystem.MODIFIER)
    entries = [
        icd("M05", "Rheumatoid arthritis", None, False),
        icd("M05.79", 'With "quotes", a \\ and a\nbreak ', "M05.7"),
        icd("M06.9", "Arthritis – “unspecified”", "M06"),
        Entry(Code.parse("J3262"), "Injection", valid_from=date(2011, 1, 1)),
        Entry(Code.parse("96413"), "infusion"),
        Entry(jw, "Discarded", owner="cms"),
    ]
    lines = "".join(quads.entry_lines(entries)).encode()
    expected = [quad for entry in entries for quad in quads.entry_quads(entry)]
    assert list(parse(lines, RdfFormat.N_QUADS)) == expected


def test_a_modifier_tells_who_owns_it() -> None:
    jw = Entry(Code.parse("JW", CodeSystem.MODIFIER), "Discarded", owner="cms", valid_through=date(2030, 1, 1))
    found = said(quads.entry_quads(jw))
    assert ("skos:inScheme", "modifier:cms") in found
    assert ("bkg:validThrough", '"2030-01-01"^^<http://www.w3.org/2001/XMLSchema#date>') in found


def test_names_that_documents_give_to_codes_never_become_labels() -> None:
    found = said(quads.concept_quads(Concept.parse("hcpcs:J3032", "Tezspire")))
    assert not [value for property, value in found if property == "skos:prefLabel"]
    assert ("skos:notation", '"J3032"') in found


def test_a_quantity() -> None:
    found = said(quads.concept_quads(Concept.named(Kind.QUANTITY, "0.5 mg")))
    assert ("bkg:numericValue", '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>') in found
    assert ("bkg:ucumCode", '"mg"') in found


def test_a_drug() -> None:
    drug = Drug(Concept.named(Kind.DRUG, "tocilizumab-aazg"), ("Tyenne",), Concept.named(Kind.DRUG, "tocilizumab"))
    assert said(quads.drug_quads(drug)) == {
        ("rdf:type", "bkg:Drug"),
        ("skos:prefLabel", '"tocilizumab-aazg"@en'),
        ("skos:altLabel", '"Tyenne"@en'),
        ("skos:broader", "drug:tocilizumab"),
    }


def test_a_release() -> None:
    found = said(quads.release_quads(ICD))
    assert ("dcterms:title", '"ICD-10-CM April 2026"') in found
    assert ("bkg:ofSystem", "https://w3id.org/billing-kg/code/icd10cm") in found
    assert ("dcterms:issued", '"2026-04-01"^^<http://www.w3.org/2001/XMLSchema#date>') in found


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
    found = shown(quads.assertion_quads(stated, Verdict.UNCHECKED))
    of_assertion = {(p, o) for s, p, o, _ in found if s == f"assertion:{stated.identifier}"}
    name = curie(quads.evidence_node(stated.evidence).value)
    assert of_assertion == {
        ("rdf:type", "bkg:Assertion"),
        ("rdf:type", "rdf:Statement"),
        ("rdf:subject", "hcpcs:J3262"),
        ("rdf:predicate", "bkg:acceptsModifier"),
        ("rdf:object", "modifier:JW"),
        ("bkg:polarity", "bkg:affirmed"),
        ("bkg:strength", "bkg:required"),
        ("bkg:verdict", "bkg:unchecked"),
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


def test_what_a_release_says_against_it() -> None:
    stated = assertion("icd10cm:T80.7XXA")
    better = Concept.parse("icd10cm:T80.29XA")
    finding = Finding(stated, Verdict.REFUTED, stated.object, "no such code in X", "icd10cm-2026-04", better)
    found = shown(quads.assertion_quads(stated, Verdict.REFUTED, [finding]))
    of_assertion = {(p, o) for s, p, o, _ in found if s == f"assertion:{stated.identifier}"}
    assert {
        ("bkg:verdictReason", '"no such code in X"'),
        ("bkg:suggestion", "icd10cm:T80.29XA"),
    } <= of_assertion
    of_finding = {(p, o) for s, p, o, _ in found if s.startswith("finding:")}
    assert of_finding == {
        ("rdf:type", "bkg:Finding"),
        ("bkg:about", "icd10cm:T80.7XXA"),
        ("bkg:leadsTo", "bkg:refuted"),
        ("bkg:reason", '"no such code in X"'),
        ("bkg:accordingTo", "release:icd10cm-2026-04"),
        ("bkg:betterCode", "icd10cm:T80.29XA"),
    }


def test_assertions_from_one_place_share_one_evidence() -> None:
    here = Evidence("guide", 0, 4, "M05.", 1)
    assert quads.evidence_node(here) == quads.evidence_node(Evidence("guide", 0, 4, "M05.", 1))
    assert quads.evidence_node(here) != quads.evidence_node(Evidence("other", 0, 4, "M05.", 1))


def test_an_edge_stands_in_the_graph_of_its_verdict() -> None:
    drug = Concept.named(Kind.DRUG, "tocilizumab")
    edge = quads.edge_quad(Concept.parse("J3262"), Relation.IDENTIFIES_DRUG, drug, Verdict.CONSISTENT)
    assert shown([edge]) == {("hcpcs:J3262", "bkg:identifiesDrug", "drug:tocilizumab", "graph:relations/consistent")}
