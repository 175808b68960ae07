from __future__ import annotations

from dataclasses import replace

import pytest

from kg.model import Assertion, Concept, Polarity, Qualifier, Relation
from kg.verification import Disagreement, Stand, Stands
from tests.verification.making import says, says_drug

DIAGNOSIS = Relation.SUPPORTED_BY_DIAGNOSIS
YES = says("J2356", DIAGNOSIS, "icd10cm:J44.9", document="yes", line=3)
NO = says("J2356", DIAGNOSIS, "icd10cm:J44.9", document="no", line=8, polarity=Polarity.EXCLUDED)


def between(*assertions: Assertion, settled: bool = False) -> list[Disagreement]:
    stands = Stands()
    for assertion in assertions:
        stands.add(assertion, settled=settled)
    return list(stands.disagreements())


def test_yes_and_no() -> None:
    one, other = between(YES, NO)
    assert (one.stand.identifier, one.other.identifier) == (YES.identifier, NO.identifier)
    assert one.reason == "no:8 says no"
    assert (other.stand.identifier, other.reason) == (NO.identifier, "yes:3 says yes")


def test_each_assertion_stands_in_one_disagreement() -> None:
    third = replace(NO, evidence=replace(NO.evidence, document="also no"))
    assert sorted(each.stand.document for each in between(YES, NO, third)) == ["also no", "no", "yes"]


@pytest.mark.parametrize(
    "other",
    [
        replace(NO, evidence=replace(NO.evidence, document="yes")),
        replace(NO, object=Concept.parse("icd10cm:J45.50")),
        replace(NO, subject=Concept.parse("hcpcs:J0517")),
        replace(NO, relation=Relation.RELATES_TO_DIAGNOSIS),
        replace(NO, polarity=Polarity.AFFIRMED),
        replace(NO, qualifiers=((Qualifier.FOR_PAYER, Concept.parse("payer:medicare")),)),
    ],
)
def test_no_disagreement(other: Assertion) -> None:
    assert between(YES, other) == []


@pytest.mark.parametrize(
    "relation", [Relation.COVERAGE_REQUIRES, Relation.PLACE_OF_SERVICE, Relation.REQUIRES_DOCUMENTATION]
)
def test_documents_may_differ_in_what_payers_differ_in(relation: Relation) -> None:
    yes = replace(YES, relation=relation)
    assert between(yes, replace(NO, relation=relation)) == []


def test_two_drugs_for_one_code() -> None:
    one = says_drug("J9999", "hairy feet")
    other = says_drug("J9999", "green fever")
    other = replace(other, evidence=replace(other.evidence, document="other"))
    first, second = between(one, other)
    assert {first.reason, second.reason} == {
        "other:1 says that it is green fever",
        "guide:1 says that it is hairy feet",
    }
    # Where a release says which it is, the releases speak for themselves.
    assert between(one, other, settled=True) == []


@pytest.mark.parametrize(("one", "other"), [("tocilizumab", "tocilizumab-aazg"), ("iron", "iron sucrose")])
def test_names_of_one_drug(one: str, other: str) -> None:
    second = says_drug("J9999", other)
    second = replace(second, evidence=replace(second.evidence, document="other"))
    assert between(says_drug("J9999", one), second) == []


def test_edges_and_their_stands() -> None:
    stands = Stands()
    stands.add(YES)
    stands.add(NO, settled=True)
    ((edge, both),) = stands.edges()
    assert edge == (YES.subject, DIAGNOSIS, YES.object)
    assert both == [Stand.of(YES, settled=False), Stand.of(NO, settled=True)]
    assert Stand.of(NO, settled=True).polarity is Polarity.EXCLUDED
