"""What releases say has the shape that docs/graph.md fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, RdfFormat, parse

from kg.graph import released
from kg.graph.released import DETAILS, entry_lines, meaning_node, statement_lines, statement_node
from kg.graph.vocabulary import BKG, PREFIXES, REFERENCE, RELATIONS, SKOS
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Verdict
from kg.reference import Drug, Entry, Release, Statement
from kg.reference.meanings import Meaning

from .making import HCPCS, ICD, icd
from .test_quads import said, shown

CPT = Release("cpt-2026", CodeSystem.CPT, "CPT 2026", None, True, "AMA", "here", quotable=False)
EDITS = Release("ncci-ptp", CodeSystem.CPT, "NCCI PTP edits", None, False, "public", "here")


def parsed(lines: Iterable[str]) -> list[Quad]:
    return list(parse("".join(lines).encode(), RdfFormat.N_QUADS))


def lines_of(entry: Entry, release: Release = ICD) -> Iterator[str]:
    return entry_lines([(Meaning(entry, release, release),)])


def of_entry(entry: Entry, release: Release = ICD) -> set[tuple[str, str]]:
    return said(parsed(lines_of(entry, release)))


def stated(**changes: object) -> Statement:
    """That 96413 and 96372 are not paid together, unless told otherwise."""
    both = Concept.parse("96413"), Concept.parse("96372")
    plain = Statement(both[0], Relation.BUNDLED_WITH, both[1], 7, "96413 | 96372 | 1")
    return replace(plain, **changes)  # type: ignore[arg-type]


def of_statement(statement: Statement, verdict: Verdict = Verdict.CORROBORATED) -> set[tuple[str, str]]:
    return said(parsed([statement_lines(EDITS, statement, verdict)]))


def test_a_diagnosis_code() -> None:
    entry = replace(
        icd("M05.79", 'Arthritis "x"', "M05.7"), row=4711, names=("RA",), notes=(("includes", "arthritis"),)
    )
    found = parsed(lines_of(entry))
    assert {graph for *_, graph in shown(found)} == {"graph:reference"}
    assert said(found) == {
        ("rdf:type", "bkg:DiagnosisCode"),
        ("skos:notation", '"M05.79"'),
        ("skos:prefLabel", '"Arthritis \\"x\\""@en'),
        ("skos:altLabel", '"RA"@en'),
        ("skos:inScheme", "https://w3id.org/billing-kg/code/icd10cm"),
        ("skos:broader", "icd10cm:M05.7"),
        ("skos:note", '"includes: arthritis"@en'),
        ("bkg:billable", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("bkg:describedBy", "release:icd10cm-2026-04"),
        ("bkg:row", '"4711"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("skos:exactMatch", "http://purl.bioontology.org/ontology/ICD10CM/M05.79"),
    }


def test_when_a_code_holds() -> None:
    day = "^^<http://www.w3.org/2001/XMLSchema#date>"
    turned = (date(2025, 10, 1), date(2019, 10, 1))
    heading = of_entry(replace(icd("M05", "Arthritis", None, False), turned=turned))
    assert {("bkg:headingFrom", f'"2025-10-01"{day}'), ("bkg:billableFrom", f'"2019-10-01"{day}')} <= heading
    drug = Entry(Code.parse("J3262"), "Tocilizumab", valid_from=date(2011, 1, 1), valid_through=date(2030, 1, 1))
    found = of_entry(drug, HCPCS)
    assert {("bkg:validFrom", f'"2011-01-01"{day}'), ("bkg:validThrough", f'"2030-01-01"{day}')} <= found
    assert ("skos:exactMatch", "http://purl.bioontology.org/ontology/HCPCS/J3262") in found
    assert not {name for name, _ in found} & {"bkg:billable", "bkg:row", "skos:broader"}


def test_the_everyday_name_goes_before_the_descriptor() -> None:
    named = Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg", names=("Tocilizumab injection",))
    found = of_entry(replace(named, called="tocilizumab, 1 mg"), HCPCS)
    assert ("skos:prefLabel", '"tocilizumab, 1 mg"@en') in found
    assert ("bkg:descriptor", '"Injection, tocilizumab, 1 mg"@en') in found
    assert ("skos:altLabel", '"Tocilizumab injection"@en') in found


def test_a_code_without_a_name_has_none() -> None:
    assert not {"skos:prefLabel", "bkg:descriptor"} & {name for name, _ in of_entry(icd("A00", ""))}


def test_a_code_with_several_meanings_has_the_newest_and_leads_to_the_others() -> None:
    code = Code.parse("J1440")
    newer = Entry(code, "Fecal microbiota", valid_from=date(2023, 7, 1))
    older = Entry(code, "Filgrastim", valid_from=date(1994, 1, 1), valid_through=date(2013, 12, 31))
    found = parsed(entry_lines([(Meaning(newer, HCPCS, HCPCS), Meaning(older, HCPCS, HCPCS))]))
    name = meaning_node(older)
    assert [q.object for q in found if q.predicate == BKG.earlierMeaning] == [name]
    assert [q.object.value for q in found if q.subject == name and q.predicate == SKOS.prefLabel] == ["Filgrastim"]
    assert [q.object.value for q in found if q.subject != name and q.predicate == SKOS.prefLabel] == [newer.name]


@pytest.mark.parametrize("owner", ["cms", "ama"])
def test_a_modifier_tells_who_owns_it(owner: str) -> None:
    jw = Entry(Code.parse("JW", CodeSystem.MODIFIER), "Discarded", owner=owner)
    assert ("skos:inScheme", f"modifier:{owner}") in of_entry(jw)


def test_a_release_whose_names_may_not_be_shown_writes_none() -> None:
    entry = Entry(Code.parse("96413"), "secret words", names=("more secret words",), row=3)
    lines = "".join(lines_of(entry, CPT))
    assert "secret" not in lines
    assert {("bkg:describedBy", "release:cpt-2026"), ("skos:notation", '"96413"')} <= said(parsed([lines]))


TRYING = ['With "quotes", a \\ and a\nbreak ', "tab\tand\r\nreturn", "– “curly” ünï\u2028\x85\x00\x7f😀", "\\u0041"]


@pytest.mark.parametrize("text", TRYING)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    entry = replace(icd("M05.79", text), names=(text,), notes=(("note", text),))
    entry = replace(entry, called="called")
    found = {quad.predicate.value.rpartition("#")[2]: quad.object for quad in parsed(lines_of(entry))}
    assert found["descriptor"] == found["altLabel"] == Literal(text, language="en")
    assert found["note"] == Literal(f"note: {text}", language="en")
    quads = parsed([statement_lines(EDITS, stated(text=text, details=(("rationale", text),)), Verdict.CORROBORATED)])
    assert {quad.object for quad in quads if quad.predicate in (BKG.releaseText, BKG.rationale)} == {Literal(text)}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_a_release_calls_a_code(text: str) -> None:
    (name,) = (q.object for q in parsed(lines_of(icd("A00", text))) if q.predicate.value.endswith("prefLabel"))
    assert name == Literal(text, language="en")


def test_a_statement() -> None:
    statement = stated(
        valid_from=date(2020, 1, 1),
        valid_through=date(2026, 3, 31),
        details=(("modifierIndicator", "1"), ("rationale", "Standards of practice")),
    )
    found = parsed([statement_lines(EDITS, statement, Verdict.DISPUTED)])
    assert {graph for *_, graph in shown(found)} == {"graph:reference"}
    assert {subject for subject, *_ in shown(found)} == {
        statement_node(EDITS, statement).value.replace(PREFIXES["statement"], "statement:")
    }
    assert said(found) == {
        ("rdf:type", "bkg:Statement"),
        ("rdf:subject", "cpt:96413"),
        ("rdf:predicate", "bkg:bundledWith"),
        ("rdf:object", "cpt:96372"),
        ("bkg:verdict", "bkg:disputed"),
        ("bkg:accordingTo", "release:ncci-ptp"),
        ("bkg:releaseText", '"96413 | 96372 | 1"'),
        ("bkg:row", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:validFrom", '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("bkg:validThrough", '"2026-03-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("bkg:modifierIndicator", '"1"'),
        ("bkg:rationale", '"Standards of practice"'),
    }


def test_a_statement_without_a_row() -> None:
    assert not [name for name, _ in of_statement(stated(row=0)) if name == "bkg:row"]


def test_every_detail_that_readers_give_has_a_name() -> None:
    found = of_statement(stated(details=tuple((name, "x") for name in DETAILS)))
    assert {(f"bkg:{name}", '"x"') for name in DETAILS} <= found


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_can_be_stated(relation: Relation) -> None:
    assert ("rdf:predicate", f"bkg:{relation}") in of_statement(stated(relation=relation))
    assert RELATIONS[relation].value.endswith(relation)


def test_the_node_of_a_statement_is_that_of_its_content() -> None:
    one = statement_node(EDITS, stated())
    # Names, dates and details may be told better by a later reader, and the statement is the same.
    assert one == statement_node(EDITS, stated(subject=Concept.parse("96413", "a name"), valid_from=date(2020, 1, 1)))
    others = [
        stated(row=8), stated(text="other"), stated(relation=Relation.RELATED_PROCEDURE),
        stated(subject=Concept.parse("96372"), object=Concept.parse("96413")),
    ]  # fmt: skip
    assert len({one, statement_node(HCPCS, stated()), *(statement_node(EDITS, other) for other in others)}) == 6


def test_a_drug() -> None:
    drug = Drug(Concept.named(Kind.DRUG, "tocilizumab-aazg"), ("Tyenne",), Concept.named(Kind.DRUG, "tocilizumab"))
    assert said(released.drug_quads(drug)) == {
        ("rdf:type", "bkg:Drug"),
        ("skos:prefLabel", '"tocilizumab-aazg"@en'),
        ("skos:altLabel", '"Tyenne"@en'),
        ("skos:broader", "drug:tocilizumab"),
    }


def test_a_release() -> None:
    assert said(released.release_quads(replace(ICD, outside="U.*"))) == {
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
    since = said(released.release_quads(replace(ICD, since=date(2015, 10, 1))))
    assert ("bkg:coversFrom", '"2015-10-01"^^<http://www.w3.org/2001/XMLSchema#date>') in since
    undated = said(released.release_quads(HCPCS))
    assert not {name for name, _ in undated} & {"dcterms:issued", "bkg:outside"}
    assert all(quad.graph_name == REFERENCE for quad in released.release_quads(ICD))
