"""Concepts and drugs, as quads and back."""

from __future__ import annotations

from kg.graph.rdf.concepts import concept_quads, drug_quads, read_concept, read_labeler
from kg.graph.rdf.iris import node
from kg.graph.rdf.meanings import code_lines
from kg.model import Code, CodeSystem, Concept, Kind
from kg.reference import Drug, Entry, Release
from kg.reference.meanings import Meaning

from .short import parsed, properties, said


def test_names_that_documents_give_to_codes_never_become_labels() -> None:
    found = said(concept_quads(Concept.parse("hcpcs:J3032", "Tezspire")))
    assert not [value for property, value in found if property == "skos:prefLabel"]
    assert ("skos:notation", '"J3032"') in found


def test_a_quantity() -> None:
    found = said(concept_quads(Concept.named(Kind.QUANTITY, "0.5 mg")))
    assert ("bkg:numericValue", '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>') in found
    assert ("bkg:ucumCode", '"mg"') in found


def test_a_place_bears_its_numbers() -> None:
    found = said(concept_quads(Concept.named(Kind.PLACE, "hospital outpatient department")))
    assert {value for name, value in found if name == "bkg:placeOfServiceCode"} == {'"19"', '"22"'}
    found = said(concept_quads(Concept.named(Kind.PLACE, "infusion center")))
    assert "bkg:placeOfServiceCode" not in dict(found)


def test_a_drug() -> None:
    drug = Drug(Concept.named(Kind.DRUG, "tocilizumab-aazg"), ("Tyenne",), Concept.named(Kind.DRUG, "tocilizumab"))
    assert said(drug_quads(drug)) == {
        ("rdf:type", "bkg:Drug"),
        ("skos:prefLabel", '"tocilizumab-aazg"@en'),
        ("skos:altLabel", '"Tyenne"@en'),
        ("skos:broader", "drug:tocilizumab"),
    }


def test_a_concept_is_read_back_under_its_name() -> None:
    drug = Concept.named(Kind.DRUG, "Tocilizumab")
    for concept, name in ((drug, "Tocilizumab"), (Concept.parse("J3262", "a name"), None)):
        (own,) = properties(concept_quads(concept)).values()
        assert read_concept(node(concept), own) == concept
        assert read_concept(node(concept), own).name == name


def test_the_labeler_of_a_package_is_read_from_its_notes() -> None:
    entry = Entry(Code.parse("50242-0135-01"), "Actemra", notes=(("note", "x"), ("labeler", "Genentech")))
    release = Release("ndc", CodeSystem.NDC, "Packages", None, False, "public", "here")
    (own,) = properties(parsed(code_lines([(Meaning(entry, release, release),)]))).values()
    assert read_labeler(own) == "Genentech"
    assert read_labeler({}) == ""
