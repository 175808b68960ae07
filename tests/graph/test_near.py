"""What comes close to a code that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.errors import NotFound
from kg.graph.describing import describe, resolve
from kg.graph.near import near_codes, suggestions
from kg.graph.store import GraphStore
from kg.model import Concept, Relation
from kg.reference import Edition, Reference

from .making import ICD, assertion, icd, reference, write

CODES = (
    icd("W21.9", "Striking against or struck by unspecified sports equipment", billable=False),
    icd("W21.9XXA", "The same, initial encounter", "W21.9"),
    icd("W21.9XXD", "The same, subsequent encounter", "W21.9"),
    icd("W21.89XA", "Other sports equipment, initial encounter"),
    icd("T07", "Unspecified multiple injuries", billable=False),
    icd("T07.XXXD", "Unspecified multiple injuries, subsequent encounter", "T07"),
    icd("S67.01XA", "Crushing injury of right thumb, initial encounter"),
    icd("S67.02XA", "Crushing injury of left thumb, initial encounter"),
    icd("M05.79", "Rheumatoid arthritis with rheumatoid factor of multiple sites"),
    icd("M05.70", "Rheumatoid arthritis with rheumatoid factor of unspecified site"),
)


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A graph of a complete release, and of a document that names codes that it does not have."""
    hcpcs = [edition for edition in reference().tables.editions if edition.release.system != ICD.system]
    known = Reference.of([Edition(ICD, CODES), *hcpcs], reference().drugs)
    drug = assertion("drug:tocilizumab", Relation.IDENTIFIES_DRUG)
    said = [assertion("icd10cm:S67.01A"), assertion("icd10cm:M05.71"), drug]
    with GraphStore.open(write(tmp_path_factory.mktemp("near"), said, known)) as store:
        yield store


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W21.9A", ["W21.9XXA"]),
        ("w219a", ["W21.9XXA"]),
        ("W21.9XA", ["W21.9XXA"]),
        ("icd10cm:W21.9A", ["W21.9XXA"]),
        ("T07XXXXD", ["T07.XXXD"]),
        ("T07.D", ["T07.XXXD"]),
        ("S67.01A", ["S67.01XA"]),
    ],
)
def test_a_code_that_differs_in_its_dot_and_its_x_alone(codes: GraphStore, text: str, expected: list[str]) -> None:
    assert [code.key for code in suggestions(codes, text)] == expected


def test_else_the_nearest_by_spelling(codes: GraphStore) -> None:
    assert [code.key for code in suggestions(codes, "M05.790")] == ["M05.79", "M05.70"], "M05.71 is in no release"
    assert [code.key for code in suggestions(codes, "J3263")] == ["J3262"]
    assert suggestions(codes, "W99.9A") == [], "of another category"
    assert suggestions(codes, "hcpcs:W21.9A") == [], "of another system"
    assert suggestions(codes, "") == []


def test_words_that_are_no_code_are_spelt_as_before(codes: GraphStore) -> None:
    assert [found.curie for found in suggestions(codes, "Actemra x")] == []
    assert [found.curie for found in suggestions(codes, "drug:tocilizumb")] == ["drug:tocilizumab"]


def test_the_error_says_what_is_near(codes: GraphStore) -> None:
    with pytest.raises(NotFound, match=r"called 'T07XXXXD' .*; close to it: icd10cm:T07\.XXXD$"):
        resolve(codes, "T07XXXXD")


def test_a_code_of_documents_that_no_release_has(codes: GraphStore) -> None:
    found = describe(codes, Concept.parse("S67.01A"))
    assert found.exists is False
    assert [code.key for code in found.near] == ["S67.01XA"]
    assert describe(codes, Concept.parse("S67.01XA")).near == ()
    assert [code.key for code in near_codes(codes, Concept.parse("M05.71"))] == ["M05.79", "M05.70"]
