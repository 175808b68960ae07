"""From the graph back to what the releases say of some codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.graph.known import known_codes
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem, Concept, Kind
from kg.reference import Drug, Edition, Entry, Reference, Release
from kg.verification.identities import Identities

from .making import HCPCS, ICD, icd, write

OLD = Release("icd10cm-2024", CodeSystem.ICD10CM, "ICD-10-CM 2024", date(2023, 10, 1), True, "public", "here", "U.*")
TOCILIZUMAB = Concept.named(Kind.DRUG, "tocilizumab")
DRUGS = (
    Drug(TOCILIZUMAB, ("Actemra",)),
    Drug(Concept.named(Kind.DRUG, "tocilizumab-aazg"), ("Tyenne",), TOCILIZUMAB),
    Drug(Concept.named(Kind.DRUG, "octreotide"), ("Sandostatin",)),
)
CODES = (
    Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg", valid_through=date(2025, 12, 31), row=8),
    Entry(Code.parse("Q5135"), "Injection, tocilizumab-aazg (tyenne), biosimilar, 1 mg", valid_from=date(2024, 10, 1)),
    Entry(Code.parse("J2353"), "Injection, octreotide, depot form for intramuscular injection, 1 mg"),
    Entry(Code.parse("A4206"), "Syringe with needle"),
)
DIAGNOSES = (
    icd("M05", "Rheumatoid arthritis with rheumatoid factor", None, False),
    icd("M05.7", "Rheumatoid arthritis without organ involvement", "M05", False),
    replace(icd("M05.79", "Rheumatoid arthritis of multiple sites", "M05.7"), names=("RA of many sites",)),
    icd("M06.9", "Rheumatoid arthritis, unspecified"),
)
BEFORE = (icd("M05.7", "Rheumatoid arthritis without organ involvement"), icd("M05.0", "Felty's syndrome"))


@pytest.fixture(scope="module")
def built() -> Reference:
    return Reference.of([Edition(ICD, DIAGNOSES), Edition(OLD, BEFORE), Edition(HCPCS, CODES)], DRUGS)


@pytest.fixture(scope="module")
def store(built: Reference, tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return GraphStore.open(write(tmp_path_factory.mktemp("known"), [], built))


def entries(known: Reference) -> dict[str, Entry]:
    return {entry.code.value: entry for entry in known.entries}


def test_what_is_said_of_a_code(store: GraphStore, built: Reference) -> None:
    known = known_codes(store, [Concept.parse("M05.79"), Concept.parse("A4206")])
    assert entries(known).keys() == {"M05.79", "A4206"}
    for code in (Code.parse("M05.79"), Code.parse("A4206")):
        assert known.entry(code) == built.entry(code)
        assert known.release_of(code) == built.release_of(code)
    assert list(known.statements) == []


def test_a_release_tells_what_it_covers(store: GraphStore) -> None:
    known = known_codes(store, [Concept.parse("M05.0")])
    assert known.release_of(Code.parse("M05.0")) == OLD
    assert known.complete(Code.parse("U07.1")) == ICD


def test_intervals_that_follow_from_several_releases_are_kept(store: GraphStore, built: Reference) -> None:
    asked = ["M05", "M05.0", "M05.7", "M05.79", "M06.9"]
    known = entries(known_codes(store, map(Concept.parse, asked)))
    assert known.keys() == set(asked)
    assert all(built.entry(entry.code) == entry for entry in known.values())
    assert known["M05.0"].valid_through == date(2026, 3, 31)
    assert known["M05.7"].turned == (date(2026, 4, 1),)
    assert known["M06.9"].valid_from == date(2026, 4, 1)


def test_what_stands_below_a_code_that_became_a_heading(store: GraphStore) -> None:
    assert entries(known_codes(store, [Concept.parse("M05.7")])).keys() == {"M05.7", "M05.79"}
    assert entries(known_codes(store, [Concept.parse("M05")])).keys() == {"M05"}


def test_the_codes_of_drugs_and_what_they_identify(store: GraphStore, built: Reference) -> None:
    """All of them, as a biosimilar's code may be the best one for the drug that it is one of."""
    known = known_codes(store, [Concept.parse("J3262")])
    assert entries(known).keys() == {"J3262", "Q5135", "J2353"}
    assert {drug.concept: drug for drug in known.drugs} == {drug.concept: drug for drug in built.drugs}
    there, here = Identities(built), Identities(known)
    for code in map(Code.parse, ("J3262", "Q5135", "J2353", "A4206")):
        assert here.drugs_of(code) == there.drugs_of(code)
    for drug in DRUGS:
        assert here.codes_for(drug.concept) == there.codes_for(drug.concept)
        assert here.best_code(drug.concept, Code.parse("J3262")) == there.best_code(drug.concept, Code.parse("J3262"))


def test_of_what_the_graph_does_not_have_nothing_is_known(store: GraphStore) -> None:
    assert len(known_codes(store, [Concept.parse("J9999"), Concept.parse("drug:nothing")])) == 0


def test_names_that_may_not_be_shown_are_not_known(tmp_path: Path) -> None:
    cpt = Release("cpt-2026", CodeSystem.CPT, "CPT 2026", date(2026, 1, 1), True, "AMA", "here", quotable=False)
    entry = Entry(Code.parse("96413"), "secret words", names=("more",), valid_from=date(2006, 1, 1), row=2)
    with GraphStore.open(write(tmp_path, [], Reference.of([Edition(cpt, (entry,))]))) as store:
        known = known_codes(store, [Concept.parse("96413")])
    assert known.entry(entry.code) == replace(entry, name="", names=())
