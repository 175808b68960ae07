from __future__ import annotations

import pytest

from kg.errors import UnknownName
from kg.model import DEFAULT_TRUST, Kind, Qualifier, Relation, Verdict


@pytest.mark.parametrize("relation", list(Relation))
def test_every_relation_reads_in_plain_words_and_takes_some_kind_of_object(relation: Relation) -> None:
    assert relation.label == relation.label.lower()
    assert relation.label.replace(" ", "") == relation.value.lower()
    assert relation.object_kinds
    assert relation.object_kinds <= frozenset(Kind)
    assert relation.subject_kinds
    assert all(kind.is_code for kind in relation.subject_kinds)


def test_what_documents_state_is_about_billing_codes_and_packages() -> None:
    of_documents = {kind for r in Relation if not r.only_released for kind in r.subject_kinds}
    assert of_documents == {Kind.HCPCS, Kind.CPT, Kind.NDC}
    assert sum(r.only_released for r in Relation) == 13
    assert Relation.BILLED_AS.subject_kinds == {Kind.NDC}
    assert Relation.CODE_FIRST.subject_kinds == Relation.CODE_FIRST.object_kinds == {Kind.ICD10CM}


def test_parents_are_general_and_accept_what_their_children_accept() -> None:
    parents = {relation: relation.parent for relation in Relation if relation.parent}
    assert {parent.value for parent in parents.values()} == {"relatesToDiagnosis", "relatedProcedure"}
    assert [child.value for child, parent in parents.items() if parent is Relation.RELATED_PROCEDURE] == [
        "administeredWith", "evaluatedWith", "suppliedWith", "testedWith",
    ]  # fmt: skip
    for child, parent in parents.items():
        assert child.object_kinds <= parent.object_kinds
        assert parent.parent is None


def test_every_qualifier_takes_one_kind_of_object() -> None:
    assert {qualifier.value: qualifier.object_kind for qualifier in Qualifier} == {
        "forRoute": Kind.ROUTE,
        "forPlace": Kind.PLACE,
        "forPayer": Kind.PAYER,
        "forDiagnosis": Kind.ICD10CM,
        "withModifier": Kind.MODIFIER,
    }


def test_a_floor_hears_all_that_is_at_least_as_strong() -> None:
    assert Verdict.floor("corroborated") == (Verdict.CORROBORATED,)
    assert Verdict.floor("refuted") == tuple(Verdict)
    assert [len(Verdict.floor(verdict)) for verdict in Verdict] == [1, 2, 3, 4, 5]
    assert [verdict.rank for verdict in Verdict] == [0, 1, 2, 3, 4]


def test_only_what_is_refuted_is_left_out_by_default() -> None:
    assert set(Verdict) - set(Verdict.floor(DEFAULT_TRUST)) == {Verdict.REFUTED}


@pytest.mark.parametrize("trust", ["", "certain", "CONSISTENT", "0"])
def test_a_floor_that_does_not_exist_is_named_with_those_that_do(trust: str) -> None:
    with pytest.raises(UnknownName) as error:
        Verdict.floor(trust)
    assert repr(trust) in str(error.value)
    assert "corroborated, consistent, unchecked, disputed, refuted" in str(error.value)
