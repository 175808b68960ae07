"""What a procedure or supply code is for, and which codes are drugs: by section, else by words."""

from __future__ import annotations

import pytest

from kg.extraction.relations.relating import Words, relation_of
from kg.extraction.relations.services import is_another_visit, is_drug, is_told, is_visit, may_bill_drug, service_of
from kg.model import Code, CodeSystem, Concept, Relation

SECTIONS = {
    Relation.ADMINISTERED_WITH: "11900 11983 20526 20553 20600 20611 64400 67028 90460 90474 95115 96360 96381 96401 "
    "96549 99601 99602 G0008 Q0081 G0498 S9338 S9490 S9500",
    Relation.EVALUATED_WITH: "99091 99202 99211 99499 92002 92014 G0463 G0466 G2211 T1015",
    Relation.SUPPLIED_WITH: "99070 99071",
    Relation.TESTED_WITH: "80047 89398 36415 36416 99000 99001 95782 95811 0001U",
}
DRUGS = (
    "J0120 J9999 Q0138 Q0249 Q0510 Q2000 Q4074 Q5133 C9000 C9499 S0012 S0197 A9500 A9800 P9010 P9073 90281 90399 90476 "
    "90759"
)
OTHERS = (
    "Q0137 Q0250 Q3032 Q4083 C8957 C9500 S0011 S0198 A9499 A9801 P9009 P9074 90280 90400 90475 90760 G0463 E0601 96413"
)


@pytest.mark.parametrize(("code", "relation"), [(code, r) for r, codes in SECTIONS.items() for code in codes.split()])
def test_a_section_tells_what_its_codes_are_for(code: str, relation: Relation) -> None:
    assert service_of(Code.parse(code)) is relation
    assert service_of(Code.parse(code), "an infusion, a visit, a test and a kit") is relation
    assert is_told(Code.parse(code))


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("complete blood count", Relation.TESTED_WITH),
        ("culture of the wound", Relation.TESTED_WITH),
        ("office visit", Relation.EVALUATED_WITH),
        ("tubing and needles", Relation.SUPPLIED_WITH),
        ("instillation into the bladder", Relation.ADMINISTERED_WITH),
        ("", Relation.RELATED_PROCEDURE),
    ],
)
def test_words_tell_where_no_section_does(words: str, relation: Relation) -> None:
    assert service_of(Code.parse("T2000"), words) is relation
    assert is_told(Code.parse("T2000"), words) is bool(words)


@pytest.mark.parametrize(
    ("code", "relation"),
    [("A4222", Relation.SUPPLIED_WITH), ("E0601", Relation.SUPPLIED_WITH), ("L1820", Relation.SUPPLIED_WITH),
     ("P2028", Relation.TESTED_WITH), ("T2000", Relation.RELATED_PROCEDURE), ("43239", Relation.RELATED_PROCEDURE)],
)  # fmt: skip
def test_the_letter_tells_where_nothing_else_does(code: str, relation: Relation) -> None:
    assert service_of(Code.parse(code)) is relation
    assert not is_told(Code.parse(code))


@pytest.mark.parametrize("code", DRUGS.split())
def test_codes_of_drugs(code: str) -> None:
    assert is_drug(Code.parse(code))


@pytest.mark.parametrize("code", OTHERS.split())
def test_codes_of_no_drug(code: str) -> None:
    assert not is_drug(Code.parse(code))


@pytest.mark.parametrize("code", ["T80.90XA", "T88.7XXA", "T84.50XA", "T36.0X5A", "T50.905A", "T45.1X5A"])
def test_a_complication_by_its_code(code: str) -> None:
    assert relation_of(Code.parse(code), Words()) is Relation.COMPLICATION_DIAGNOSIS


@pytest.mark.parametrize("code", ["T79.9XXA", "T36.0X1A", "T51.0X1A", "L50.0", "M06.9"])
def test_no_complication_by_its_code(code: str) -> None:
    assert relation_of(Code.parse(code), Words()) is Relation.SUPPORTED_BY_DIAGNOSIS


@pytest.mark.parametrize(
    "usage", ["when a reaction occurs", "adverse effect", "infusion-related", "anaphylaxis", "after the infusion"]
)
def test_a_complication_by_the_words_beside_it(usage: str) -> None:
    assert relation_of(Code.parse("L50.0"), Words("", usage)) is Relation.COMPLICATION_DIAGNOSIS
    assert relation_of(Code.parse("L50.0"), Words(usage)) is Relation.SUPPORTED_BY_DIAGNOSIS


ADMINISTERED, VISITED, SUPPLIED, TESTED = (
    Relation.ADMINISTERED_WITH, Relation.EVALUATED_WITH, Relation.SUPPLIED_WITH, Relation.TESTED_WITH,
)  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "low", "high"),
    [
        (ADMINISTERED, 11900, 11983), (ADMINISTERED, 20526, 20553), (ADMINISTERED, 20600, 20611),
        (ADMINISTERED, 52287, 52287), (ADMINISTERED, 62320, 62327), (ADMINISTERED, 64400, 64530),
        (ADMINISTERED, 64600, 64650), (ADMINISTERED, 67028, 67028), (ADMINISTERED, 67500, 67515),
        (ADMINISTERED, 90460, 90474), (ADMINISTERED, 95115, 95170), (ADMINISTERED, 96360, 96381),
        (ADMINISTERED, 96401, 96549), (ADMINISTERED, 96900, 96999), (ADMINISTERED, 99601, 99602),
        (VISITED, 99091, 99091), (VISITED, 99202, 99499), (VISITED, 92002, 92014), (SUPPLIED, 99070, 99071),
        (TESTED, 80047, 89398), (TESTED, 36415, 36416), (TESTED, 99000, 99001), (TESTED, 95782, 95811),
    ],
)  # fmt: skip
def test_a_section_reaches_from_its_first_code_to_its_last(relation: Relation, low: int, high: int) -> None:
    inside, outside = (low, (low + high) // 2, high), (low - 1, high + 1)
    assert {service_of(Code(CodeSystem.CPT, f"{number}")) for number in inside} == {relation}
    assert all(is_told(Code(CodeSystem.CPT, f"{number}")) for number in inside)
    assert {service_of(Code(CodeSystem.CPT, f"{number}")) for number in outside} == {Relation.RELATED_PROCEDURE}
    assert not any(is_told(Code(CodeSystem.CPT, f"{number}")) for number in outside)


@pytest.mark.parametrize(
    ("letter", "low", "high"),
    [("Q", 138, 249), ("Q", 510, 515), ("Q", 2000, 3031), ("Q", 4074, 4082), ("C", 9000, 9499), ("S", 12, 197),
     ("A", 9500, 9800), ("P", 9010, 9073), ("", 90281, 90399), ("", 90476, 90759)],
)  # fmt: skip
def test_the_codes_of_drugs_reach_from_their_first_to_their_last(letter: str, low: int, high: int) -> None:
    system = CodeSystem.HCPCS if letter else CodeSystem.CPT

    def told(number: int) -> bool:
        return is_drug(Code(system, f"{letter}{number:04}"))

    assert (told(low), told(high)) == (True, True)
    assert (told(low - 1), told(high + 1)) == (False, False)


def test_the_letter_of_a_code_tells_what_no_section_does() -> None:
    told = {letter: service_of(Code(CodeSystem.HCPCS, f"{letter}1234")) for letter in "ABDEGHKLMPRTV"}
    assert {letter for letter, relation in told.items() if relation is SUPPLIED} == set("ABEKL")
    assert {letter for letter, relation in told.items() if relation is TESTED} == {"P"}
    assert {letter for letter, relation in told.items() if relation is Relation.RELATED_PROCEDURE} == set("DGHMRTV")


def test_of_several_texts_the_first_that_tells_counts_and_no_procedure_is_a_supply() -> None:
    code, service = Code.parse("T2000"), Code(CodeSystem.CPT, "12001")
    assert service_of(code, "a kit", "an infusion") is SUPPLIED
    assert service_of(code, "nothing", "an infusion") is ADMINISTERED
    assert service_of(service, "a kit", "an infusion") is ADMINISTERED
    assert service_of(service, "a kit") is Relation.RELATED_PROCEDURE
    assert service_of(code, "a lab test at a visit with a kit for an infusion") is TESTED
    assert service_of(code) is Relation.RELATED_PROCEDURE


def test_which_codes_are_visits_and_which_may_bill_a_drug() -> None:
    visit, other, service = (Concept.parse(f"cpt:{code}") for code in ("99213", "99214", "96413"))
    assert (is_visit(visit), is_visit(service), is_visit(Concept.parse("hcpcs:G0463"))) == (True, False, False)
    assert is_another_visit(visit, [service, other])
    assert not is_another_visit(visit, [service]) and not is_another_visit(service, [other])
    assert not is_another_visit(visit, [])
    may = {letter for letter in "ABCDEGHJKLMPQRSTV" if may_bill_drug(Concept.parse(f"hcpcs:{letter}1234"))}
    assert may == set("ACGHJMPQS")
    assert not may_bill_drug(service)
