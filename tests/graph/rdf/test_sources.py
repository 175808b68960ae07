"""Documents and releases, as quads and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kg.graph.rdf.iris import thing
from kg.graph.rdf.sources import document_quads, read_release, release_quads
from kg.graph.rdf.vocabulary import REFERENCE
from kg.model import Code
from tests.graph.making import HCPCS, ICD, document

from .short import properties, said


def test_a_document() -> None:
    assert said(document_quads(document())) == {
        ("rdf:type", "bkg:Document"),
        ("rdf:type", "prov:Entity"),
        ("dcterms:title", '"A guide"'),
        ("bkg:fileName", '"guide.md"'),
        ("bkg:sha256", f'"{"0" * 64}"'),
    }


def test_a_release() -> None:
    assert said(release_quads(replace(ICD, outside="U.*"))) == {
        ("rdf:type", "bkg:Release"),
        ("rdf:type", "prov:Entity"),
        ("dcterms:title", '"ICD-10-CM April 2026"'),
        ("bkg:ofSystem", "https://w3id.org/billing-kg/code/icd10cm"),
        ("bkg:complete", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("bkg:outside", '"U.*"'),
        ("bkg:statesDays", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("dcterms:issued", '"2026-04-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("dcterms:license", '"public"'),
        ("dcterms:source", '"here"'),
    }
    since = said(release_quads(replace(ICD, since=date(2015, 10, 1))))
    assert ("bkg:coversFrom", '"2015-10-01"^^<http://www.w3.org/2001/XMLSchema#date>') in since
    undated = said(release_quads(HCPCS))
    assert not {name for name, _ in undated} & {"dcterms:issued", "bkg:outside"}
    assert all(quad.graph_name == REFERENCE for quad in release_quads(ICD))


def test_a_release_is_read_back_as_far_as_it_refutes() -> None:
    for release in (ICD, HCPCS, replace(ICD, outside="U.*"), replace(ICD, complete=False)):
        own = properties(release_quads(release))[thing("release", release.identifier)]
        again = read_release(own)
        assert (again.title, again.issued, again.complete) == (release.title, release.issued, release.complete)
        for code in ("M06.9", "U07.1"):
            diagnosis = Code.parse(f"icd10cm:{code}")
            assert again.covers(diagnosis) is replace(release, system=diagnosis.system).covers(diagnosis)
