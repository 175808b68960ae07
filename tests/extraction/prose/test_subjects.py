"""Whom a clause speaks of, in a document about two drugs, and whom what it says is true for."""

from __future__ import annotations

import pytest

from kg.model import Qualifier

from ..stating import about, objects, read, stated

TWO = """# Two drugs

## Codes
- J3262 Injection, tocilizumab, 1 mg
- J0129 Injection, abatacept, 10 mg

## Coverage
"""
FIRST, SECOND = "hcpcs:J3262", "hcpcs:J0129"


def diagnoses(sentence: str) -> dict[str, dict[str, str]]:
    """The diagnoses of each of the two drugs, and how."""
    found = read(f"{TWO}{sentence}\n")
    return {
        subject: {
            said.rpartition(":")[2]: how
            for said, how in stated(found, subject=subject).items()
            if said.startswith("supportedByDiagnosis")
        }
        for subject in (FIRST, SECOND)
    }


@pytest.mark.parametrize(
    ("sentence", "first", "second"),
    [
        ("J3262 is covered for M06.9; J0129 is covered for L40.50.", {"M06.9": ""}, {"L40.50": ""}),
        ("Tocilizumab is covered for M06.9.", {"M06.9": ""}, {}),
        ("Both codes are covered for M06.9.", {"M06.9": ""}, {"M06.9": ""}),
        ("All but J0129 are covered for M31.6.", {"M31.6": ""}, {}),
        ("J3262 is covered for M31.6 but J0129 is not.", {"M31.6": ""}, {}),
        ("Abatacept is not covered for M31.6, unlike tocilizumab.", {}, {"M31.6": "excluded"}),
        ("After tocilizumab failed, abatacept is covered for M06.9.", {}, {"M06.9": ""}),
        ("J3262 is covered for M06.9, which requires a note.", {"M06.9": ""}, {}),
        ("Infliximab is covered for K50.90.", {}, {}),
        ("J1745 is covered for K50.90.", {}, {}),
        ("M06.9 is covered.", {"M06.9": ""}, {"M06.9": ""}),
    ],
)
def test_whose_a_diagnosis_is(sentence: str, first: dict[str, str], second: dict[str, str]) -> None:
    assert diagnoses(sentence) == {FIRST: first, SECOND: second}


@pytest.mark.xfail(strict=True, reason="`the other code` is looked for in its own sentence alone, and so is everybody")
def test_the_other_code_is_not_the_one_of_the_sentence_before() -> None:
    found = diagnoses("J3262 is covered for M06.9. The other code is covered for L40.50.")
    assert found == {FIRST: {"M06.9": ""}, SECOND: {"L40.50": ""}}


@pytest.mark.xfail(strict=True, reason="`the others` is read for its whole sentence, and so it takes what is another's")
def test_the_others_of_a_sentence_have_nothing_of_what_the_first_has() -> None:
    found = diagnoses("J0129 is covered for L40.50, the others for M06.9.")
    assert found == {FIRST: {"M06.9": ""}, SECOND: {"L40.50": ""}}


def test_respectively_sets_the_first_with_the_first() -> None:
    found = read("# Codes\n\nJ3262 and J0129 stand for tocilizumab and abatacept, respectively.\n")
    assert objects(found, "identifiesDrug") == ["drug:tocilizumab"]
    assert objects(found, "identifiesDrug", subject=SECOND) == ["drug:abatacept"]
    uneven = read("# Codes\n\nJ3262 and J0129 stand for tocilizumab, abatacept and infliximab, respectively.\n")
    assert uneven.assertions == ()


@pytest.mark.xfail(strict=True, reason="of two codes before two drugs the second gets the first drug")
def test_two_codes_before_two_drugs_say_nothing_of_the_wrong_one() -> None:
    found = read("# Codes\n\nJ3262 and J0129 are tocilizumab and abatacept.\n")
    assert "drug:tocilizumab" not in objects(found, "identifiesDrug", subject=SECOND)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must have tried tocilizumab (J3262) first before abatacept (J0129).",
        "J3262 must be tried before J0129.",
    ],
)
def test_of_two_drugs_the_later_one_requires_the_step(sentence: str) -> None:
    found = read(f"{TWO}{sentence}\n")
    assert "coverageRequires requirement:step-therapy" not in stated(found)
    assert stated(found, subject=SECOND)["coverageRequires requirement:step-therapy"] == "required"


@pytest.mark.parametrize("sentence", ["J0129 failed in most who had J3262.", "J0129 was tried and so was J3262."])
def test_that_a_drug_was_tried_requires_no_step(sentence: str) -> None:
    found = read(f"{TWO}{sentence}\n")
    assert objects(found, "coverageRequires") == objects(found, "coverageRequires", subject=SECOND) == []


def test_a_drug_does_not_require_its_own_trial() -> None:
    found = read(f"{TWO}J0129 requires a trial of J3262.\n")
    assert objects(found, "coverageRequires") == []
    assert objects(found, "coverageRequires", subject=SECOND) == ["requirement:step-therapy"]


def payers(content: str) -> list[tuple[str, str, list[str]]]:
    """What is required, how, and of which payers."""
    return [
        (a.object.key, a.polarity.value, [c.key for q, c in a.qualifiers if q is Qualifier.FOR_PAYER])
        for a in about(content).assertions
        if a.relation == "coverageRequires"
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("## Payers\nPrior authorization is required.\n", [("prior-authorization", "affirmed", [])]),
        ("## Payers\nAetna requires step therapy.\n", [("step-therapy", "affirmed", ["aetna"])]),
        (
            "## Payers\nStep therapy is not required for Aetna but is required for Cigna.\n",
            [("step-therapy", "excluded", ["aetna"]), ("step-therapy", "affirmed", ["cigna"])],
        ),
        ("## Aetna\nPrior authorization is required.\n", [("prior-authorization", "affirmed", ["aetna"])]),
        ("## Aetna and Cigna\nPrior authorization is required.\n", [("prior-authorization", "affirmed", [])]),
        ("## Aetna\n### Rules\nStep therapy is required.\n", [("step-therapy", "affirmed", ["aetna"])]),
        ("## Aetna\n## Rules\nStep therapy is required.\n", [("step-therapy", "affirmed", [])]),
    ],
)
def test_what_is_required_of_which_payers(content: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert payers(content) == expected


def test_a_payer_that_is_excepted_requires_nothing() -> None:
    assert ("prior-authorization", "affirmed", ["medicare"]) not in payers(
        "## Payers\nPrior authorization is required except for Medicare.\n"
    )


def test_what_a_payer_does_not_decide_is_said_for_all() -> None:
    found = about("## Aetna\nAppend modifier JW for waste. It is administered with 96413 in the clinic.\n")
    assert {a.object.key: [c.key for _, c in a.qualifiers] for a in found.assertions if a.object.kind.is_code} == {
        "JW": ["aetna"],
        "96413": [],
    }


def test_a_condition_stays_with_the_clause_that_has_it() -> None:
    found = about("## Overview\nWhen 96413 is billed for the first hour, 96415 is billed for each further hour.\n")
    assert {a.object.key: a.condition for a in found.assertions}["96415"] == "for each further hour"


def test_codes_joined_in_a_heading_share_the_name_behind_them() -> None:
    found = read("# Rituximab\n\n## J9312, Q5115 and Q5119 — rituximab products\n\n- Append JZ\n")
    for code in ("J9312", "Q5115", "Q5119"):
        assert objects(found, "identifiesDrug", subject=f"hcpcs:{code}") == ["drug:rituximab"]


def test_codes_apart_in_a_heading_have_their_own_names() -> None:
    found = read("# Biologics\n\n## J3262 tocilizumab, J0129 abatacept\n\n- Append JZ\n")
    assert objects(found, "identifiesDrug", subject="hcpcs:J3262") == ["drug:tocilizumab"]
    assert objects(found, "identifiesDrug", subject="hcpcs:J0129") == ["drug:abatacept"]
