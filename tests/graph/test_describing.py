from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.errors import MalformedCode, NotFound
from kg.graph.describing import Validity, broader, describe, knows, narrower, resolve, validities
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem, Concept, Kind, Relation
from kg.reference import Edition, Entry, Reference, Release

from . import rich
from .making import assertion, evidence, write


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("J3262", "hcpcs:J3262"),
        (" j3262", "hcpcs:J3262"),
        ("hcpcs:j3262", "hcpcs:J3262"),
        ("M0579", "icd10cm:M05.79"),
        ("M05.79", "icd10cm:M05.79"),
        ("ICD10CM:m06.9", "icd10cm:M06.9"),
        ("M05-M14", "icd10cm:M05-M14"),
        ("icd10cm:m05-m14", "icd10cm:M05-M14"),
        ("JW", "modifier:JW"),
        ("modifier:jw", "modifier:JW"),
        ("tocilizumab", "drug:tocilizumab"),
        ("Actemra", "drug:tocilizumab"),
        ("Tyenne", "drug:tocilizumab-aazg"),
        ("drug:tocilizumab", "drug:tocilizumab"),
        ("Rheumatoid  Arthritis", "condition:rheumatoid-arthritis"),
        ("rheumatoid-arthritis", "condition:rheumatoid-arthritis"),
        ("1 mg", "quantity:1-mg"),
        ("Rheumatoid arthritis, unspecified", "icd10cm:M06.9"),
    ],
)
def test_what_a_text_means(small: GraphStore, text: str, curie: str) -> None:
    found = resolve(small, text)
    assert found.curie == curie
    assert found.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "J3263",
            "no release or document in the graph has 'J3263' (searched hcpcs:J3263, icd10cm:J32.63)",
        ),
        (
            "icd10cm:M05.78",
            "no such code in ICD-10-CM April 2026: 'icd10cm:M05.78' (searched icd10cm:M05.78)",
        ),
        ("tocilizumb", "nothing in the graph is called 'tocilizumb' (searched codes, names and brands)"),
        ("drug:aspirin", "nothing in the graph is called 'drug:aspirin' (searched codes, names and brands)"),
        ("zzz", "nothing in the graph is called 'zzz' (searched codes, names and brands)"),
        ("", "nothing in the graph is called '' (searched codes, names and brands)"),
    ],
)
def test_what_is_not_there(small: GraphStore, text: str, message: str) -> None:
    with pytest.raises(NotFound) as error:
        resolve(small, text)
    assert str(error.value).startswith(message)


def test_what_comes_close(small: GraphStore) -> None:
    with pytest.raises(NotFound, match=r"; did you mean tocilizumab \(J3262\)\?$"):
        resolve(small, "tocilizumb")


def test_a_malformed_code_behind_a_prefix(small: GraphStore) -> None:
    with pytest.raises(MalformedCode, match="not a HCPCS Level II code: '326'"):
        resolve(small, "hcpcs:326")


def test_describing_a_diagnosis(small: GraphStore) -> None:
    found = describe(small, Concept.parse("icd10cm:M05"))
    assert found.concept.name == "Rheumatoid arthritis with rheumatoid factor"
    assert (found.system, found.billable, found.narrower) == ("ICD-10-CM", False, 1)
    assert found.broader is not None
    assert found.broader.label == "M05-M14 Inflammatory polyarthropathies"
    assert (found.exists, found.release) == (True, "ICD-10-CM April 2026")
    assert found.same_as == ("http://purl.bioontology.org/ontology/ICD10CM/M05",)


def test_describing_what_no_complete_release_covers(small: GraphStore) -> None:
    found = describe(small, Concept.parse("J3262"))
    assert (found.exists, found.release, found.valid_from) == (
        True,
        "HCPCS codes that the guides need",
        date(2011, 1, 1),
    )
    assert describe(small, Concept.parse("J9999")).exists is None
    assert describe(small, Concept.parse("icd10cm:M99.999")).exists is False
    assert describe(small, Concept.parse("drug:tocilizumab")).alternatives == ("Actemra",)
    assert describe(small, Concept.parse("modifier:JW")).system == "HCPCS modifier"


def test_up_and_down_the_tree(small: GraphStore) -> None:
    chapter = Concept(Kind.ICD10CM, "M00-M99")
    assert [c.key for c in narrower(small, chapter)] == ["M05", "M05-M14", "M05.7", "M05.79", "M06", "M06.9"]
    assert [c.key for c in broader(small, Concept.parse("M05.79"))] == ["M05.7", "M05", "M05-M14", "M00-M99"]
    assert narrower(small, Concept.parse("M06.9")) == []
    assert [c.key for c in narrower(small, Concept.parse("drug:tocilizumab"))] == ["tocilizumab-aazg"]


def test_what_the_graph_knows(small: GraphStore) -> None:
    assert knows(small, Concept.parse("icd10cm:M99.999"))
    assert not knows(small, Concept.parse("J9999"))


MODIFIERS = Release(
    "hcpcs-modifiers", CodeSystem.MODIFIER, "HCPCS modifiers", date(2025, 10, 1), True, "public", "here"
)
DENTAL = Release("hcpcs", CodeSystem.HCPCS, "HCPCS October 2025", date(2025, 10, 1), True, "public", "here", "D.*")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    """A graph with releases that do not cover all codes of their systems."""
    jw = Entry(Code(CodeSystem.MODIFIER, "JW"), "Discarded", owner="cms", names=("JW name", "waste"), row=17)
    editions = [
        Edition(DENTAL, (Entry(Code.parse("J3262"), "Tocilizumab", row=4),)),
        Edition(replace(DENTAL, identifier="old", title="HCPCS 2024", issued=date(2024, 1, 1), outside="")),
        Edition(replace(MODIFIERS, outside="[0-9].|P[1-6]"), (jw,)),
    ]
    stated = [
        assertion("modifier:59", Relation.ACCEPTS_MODIFIER, at=evidence("59", 1)),
        assertion("hcpcs:D1234", Relation.SIMILAR_TO, at=evidence("D1234", 9)),
    ]
    return GraphStore.open(write(tmp_path_factory.mktemp("released"), stated, Reference.of(editions)))


def test_the_release_that_describes_a_code_its_row_and_its_other_names(released: GraphStore) -> None:
    found = describe(released, Concept.parse("modifier:JW"))
    assert (found.exists, found.release, found.row) == (True, "HCPCS modifiers", 17)
    assert found.alternatives == ("JW name", "waste")


@pytest.mark.parametrize("curie", ["modifier:59", "modifier:P3"])
def test_a_code_outside_of_a_complete_release_may_exist(released: GraphStore, curie: str) -> None:
    found = describe(released, Concept.parse(curie))
    assert (found.exists, found.release) == (None, "")


def test_a_code_that_complete_releases_cover_does_not_exist(released: GraphStore) -> None:
    found = describe(released, Concept.parse("J9999"))
    assert (found.exists, found.release, found.row) == (False, "HCPCS October 2025", 0)
    # The newer one leaves these to others, the older one does not.
    assert describe(released, Concept.parse("D1234")).release == "HCPCS 2024"


def test_no_code_outside_is_said_not_to_exist(released: GraphStore) -> None:
    with pytest.raises(NotFound, match=r"no release or document in the graph has 'modifier:P3'"):
        resolve(released, "modifier:P3")
    with pytest.raises(NotFound, match=r"no such code in HCPCS modifiers: 'modifier:ZZ'"):
        resolve(released, "modifier:ZZ")


def test_the_validity_of_many_codes_is_what_each_is_described_with(small: GraphStore) -> None:
    codes = [Concept.parse(curie) for curie in ("hcpcs:J3262", "icd10cm:M05", "icd10cm:M05.79", "icd10cm:M99.999")]
    found = validities(small, codes)
    assert [*found] == codes
    for code, validity in found.items():
        said = describe(small, code)
        assert (validity.billable, validity.valid_from, validity.valid_through) == (
            said.billable,
            said.valid_from,
            said.valid_through,
        )
    assert [one.missing_from for one in found.values()] == ["", "", "", "ICD-10-CM April 2026"]
    assert found[codes[0]] == Validity(valid_from=date(2011, 1, 1))
    assert [one.billable for one in found.values()] == [None, False, True, None]


def test_the_row_and_the_release_are_those_of_one_meaning(tmp_path: Path) -> None:
    with rich.build(tmp_path, [rich.first()], date(2013, 12, 31)) as store:
        found = describe(store, rich.J1440)
        assert (found.concept.name, found.row) == ("Injection, filgrastim, 300 mcg", 3)
        assert found.release == "HCPCS 2013"
