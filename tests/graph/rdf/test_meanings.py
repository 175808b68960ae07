"""What codes mean, as lines of N-Quads and back; they have the shape that docs/graph.md fixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from kg.graph.rdf.iris import thing
from kg.graph.rdf.meanings import code_lines, meaning_node, meant_on, read_meaning
from kg.graph.rdf.statements import statement_lines
from kg.graph.rdf.values import day
from kg.graph.rdf.vocabulary import BKG, SKOS
from kg.model import Code, CodeSystem, Concept, Relation, Statement, Verdict
from kg.reference import Entry, Release
from kg.reference.meanings import Meaning
from tests.graph.making import HCPCS, ICD, icd

from .short import parsed, properties, said, shown

CPT = Release("cpt-2026", CodeSystem.CPT, "CPT 2026", None, True, "AMA", "here", quotable=False)


def lines_of(entry: Entry, release: Release = ICD) -> Iterator[str]:
    return code_lines([(Meaning(entry, release, release),)])


def of_entry(entry: Entry, release: Release = ICD) -> set[tuple[str, str]]:
    return said(parsed(lines_of(entry, release)))


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
    found = parsed(code_lines([(Meaning(newer, HCPCS, HCPCS), Meaning(older, HCPCS, HCPCS))]))
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
    both = Concept.parse("96413"), Concept.parse("96372")
    stated = Statement(both[0], Relation.BUNDLED_WITH, both[1], 7, text, details=(("rationale", text),))
    quads = parsed(statement_lines("ncci-ptp", stated, Verdict.CORROBORATED))
    assert {quad.object for quad in quads if quad.predicate in (BKG.releaseText, BKG.rationale)} == {Literal(text)}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_a_release_calls_a_code(text: str) -> None:
    (name,) = (q.object for q in parsed(lines_of(icd("A00", text))) if q.predicate.value.endswith("prefLabel"))
    assert name == Literal(text, language="en")


ENTRIES = st.builds(
    lambda base, name, called, days, billable, turned, names, row: replace(
        base, name=name, called=called, valid_from=days[0], valid_through=days[1], billable=billable,
        turned=tuple(sorted(turned, reverse=True)) if billable is not None else (), names=tuple(sorted(names)), row=row,
    ),
    st.just(icd("M05.79", "x", "M05.7")),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9),
    st.sampled_from(["", "everyday"]),
    st.tuples(st.none() | st.dates(), st.none() | st.dates()),
    st.none() | st.booleans(),
    st.sets(st.dates(), max_size=3),
    st.sets(st.sampled_from(["A", "B"])),
    st.integers(0, 9),
)  # fmt: skip


@given(ENTRIES, st.dates())
def test_what_is_written_is_read_back(entry: Entry, asked: date) -> None:
    (own,) = properties(parsed(lines_of(entry))).values()
    again = read_meaning(own)
    assert again.name == (entry.called or entry.name)
    assert again.descriptor == (entry.name if entry.called and entry.called != entry.name else "")
    assert again.names == tuple(name for name in entry.names if name != again.name)
    assert (again.valid_from, again.valid_through, again.row) == (entry.valid_from, entry.valid_through, entry.row)
    assert again.broader == Concept.parse("icd10cm:M05.7")
    assert again.billable_on(asked) is entry.billable_on(asked)
    assert again.release == thing("release", ICD.identifier)


def test_a_code_means_on_a_day_what_had_begun_last() -> None:
    begins = [date(2023, 7, 1), date(1994, 1, 1)]
    meanings = [read_meaning({BKG.validFrom: [day(begin)]}) for begin in begins]
    days = (None, date(2024, 1, 1), date(2023, 7, 1), date(2023, 6, 30), date(1990, 1, 1))
    assert [meant_on(asked, meanings) for asked in days] == [0, 0, 0, 1, 1]
