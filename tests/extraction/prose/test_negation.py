"""What a clause says no to: before, behind, in brackets, by exception, by condition, by answer."""

from __future__ import annotations

import pytest

from kg.model import Relation

from ..stating import about, read, stated


def said(sentence: str) -> dict[str, str]:
    """What a sentence states, by the key of the object alone."""
    return {said.rpartition(":")[2]: how for said, how in stated(about(f"## Billing\n{sentence}\n")).items()}


NO, YES = "excluded", ""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # A cue before, and one behind.
        ("Never append modifier LT.", {"LT": NO}),
        ("Modifier LT is never appended.", {"LT": NO}),
        ("M06.9 is covered, M31.6 is not.", {"M06.9": YES, "M31.6": NO}),
        ("M06.9 or M05.79 is not covered.", {"M06.9": NO, "M05.79": NO}),
        ("It is covered for M06.9 but not for M31.6.", {"M06.9": YES, "M31.6": NO}),
        ("Neither M06.9 nor M31.6 is covered.", {"M06.9": NO, "M31.6": NO}),
        ("Neither 96409 nor 96411 is covered.", {"96409": NO, "96411": NO}),
        # A verb that follows far off is that of something else.
        ("Never append modifier LT to the lines of any claim that the plan covers.", {"LT": NO}),
        # Each clause for itself.
        ("Append modifier JW, never LT.", {"JW": YES, "LT": NO}),
        ("Never append modifier LT, but append modifier JW.", {"LT": NO, "JW": YES}),
        ("Do not append modifier LT; append modifier JW.", {"LT": NO, "JW": YES}),
        ("M06.9 is covered - M31.6 is not covered.", {"M06.9": YES, "M31.6": NO}),
        ("M06.9 (not M31.6) is covered.", {"M06.9": YES, "M31.6": NO}),
        ("M06.9 (asthma) is not covered.", {"M06.9": NO}),
        ("Not only M06.9 but also M05.79 is covered.", {"M06.9": YES, "M05.79": YES}),
        ("Bill it with 96372, not with 96401.", {"96372": YES, "96401": NO}),
        # Exceptions turn around what stands before them.
        ("All are covered except M31.6.", {"M31.6": NO}),
        ("No diagnosis is covered except M06.9.", {"M06.9": YES}),
        # A condition of use is no refusal.
        ("M31.6 is not covered unless it is documented.", {"M31.6": "permitted"}),
        ("Do not append modifier JW unless a part of the vial is discarded.", {"JW": "permitted"}),
        ("Do not append modifier JW until the waste is documented.", {"JW": "permitted"}),
        ("Append modifier JW when the vial is not empty.", {"JW": YES}),
        ("If the vial is not empty, append modifier JW.", {"JW": YES}),
        # What a claim must not go without is required.
        ("Claims without JW are rejected.", {"JW": "required", "missing-modifier": YES}),
        ("Claims without modifier JZ are denied.", {"JZ": "required", "missing-modifier": YES}),
        ("Claims are denied when modifier JZ is missing.", {"JZ": "required", "missing-modifier": YES}),
        ("A claim without modifier JZ may come.", {}),
        # What is said of some payers is not said of all.
        ("Payers that do not accept modifier JW want modifier JZ.", {"JW": YES, "JZ": YES}),
        # A later clause takes back what the one before names.
        ("It may go with M06.9, but do not bill it with M31.6.", {"M06.9": "permitted", "M31.6": NO}),
        # Instead of another.
        ("Bill 96365 instead of 96413.", {"96365": YES}),
        ("Bill S9131 instead of 96413.", {"S9131": YES}),
        # The numbers of places are no modifiers.
        (
            "Append modifier JW in POS 11 and 22, POS 24 as well.",
            {
                "JW": YES,
                "physician-office": YES,
                "hospital-outpatient-department": YES,
                "ambulatory-surgical-center": YES,
            },
        ),
        ('Append modifier JW in POS "11".', {"JW": YES}),
    ],
)
def test_what_a_sentence_says_no_to(sentence: str, expected: dict[str, str]) -> None:
    assert said(sentence) == expected


@pytest.mark.xfail(strict=True, reason="whatever stands within sixty letters of a place counts as its number")
def test_a_modifier_behind_the_number_of_a_place_is_a_modifier() -> None:
    assert said("In POS 11 append modifier JW.") == {"JW": YES}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("M06.9, not M31.6, is covered.", {"M06.9": YES, "M31.6": NO}),
        ("Use JW, not JZ.", {"JW": YES, "JZ": NO}),
    ],
)
def test_x_not_y(sentence: str, expected: dict[str, str]) -> None:
    assert said(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Modifier 25 may be used and modifier 59 must not.", {"25": "permitted", "59": NO}),
        ("207R00000X may bill it, and 163W00000X may not.", {"207R00000X": "permitted", "163W00000X": NO}),
    ],
)
@pytest.mark.xfail(strict=True, reason="the strength of one half of a clause is given to the other half as well")
def test_each_half_of_a_clause_has_its_own_strength(sentence: str, expected: dict[str, str]) -> None:
    assert said(sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is M06.9 covered? Yes.", {"M06.9": YES}),
        ("Is M06.9 covered? No, it is not.", {"M06.9": NO}),
        ("Is M06.9 covered?\n\nNo.", {"M06.9": NO}),
        ("Q: Is modifier LT appended?\n\nA: No.", {"LT": NO}),
        ("Q: Is modifier JW appended?\n\nA: Yes.", {"JW": YES}),
        ("Does M06.9 support it?", {}),
        ("Is M06.9 covered? It depends.", {}),
        ("Is M06.9 covered?\n\n## Other\n\nNo.", {}),
        ("Should modifier JW be appended? Modifier JZ is appended.", {"JZ": YES}),
    ],
)
def test_a_question_states_what_its_answer_says_and_nothing_by_itself(text: str, expected: dict[str, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is prior authorization required for J3262? Yes.", {"coverageRequires requirement:prior-authorization": ""}),
        ("Does J3262 require step therapy? No.", {"coverageRequires requirement:step-therapy": "excluded"}),
        ("Is prior authorization required for J3262? It depends.", {}),
    ],
)
def test_an_answer_says_what_coverage_requires(text: str, expected: dict[str, str]) -> None:
    assert stated(about(f"## Questions\n\n{text}\n")) == expected


def test_the_evidence_of_an_answer_is_the_question_with_it() -> None:
    (found,) = about("## Billing\nIs M06.9 covered?\n\nNo.\n").assertions
    assert (found.evidence.quote, found.evidence.line) == ("Is M06.9 covered?\n\nNo.", 4)


@pytest.mark.parametrize(
    ("sentence", "said_of"),
    [
        ("Do not report Keytruda with J9299.", {}),
        ("Never bill Prolia under J3489.", {}),
        ("Ogivri cannot be billed with HCPCS code J9355.", {}),
        ("Report Keytruda with J9271.", {"J9271": ["drug:pembrolizumab"]}),
        ("Do not bill waste; report Keytruda with J9271.", {"J9271": ["drug:pembrolizumab"]}),
    ],
)
def test_a_code_that_is_not_to_be_billed_for_a_drug(sentence: str, said_of: dict[str, list[str]]) -> None:
    found = read(f"# Billing\n\n{sentence}\n")
    drugs: dict[str, list[str]] = {}
    for each in found.assertions:
        if each.relation is Relation.IDENTIFIES_DRUG:
            drugs.setdefault(each.subject.key, []).append(each.object.curie)
    assert drugs == said_of


@pytest.mark.parametrize("modifiers", ["RT/LT", "RT or LT", "-RT/-LT", "modifier RT, LT", "[[-RT]]/[[-LT]]"])
def test_a_no_before_several_modifiers_is_said_of_each(modifiers: str) -> None:
    found = read(f"# Claims of J3262\n\nNo {modifiers} needed on 64642.\n")
    said_of_modifiers = {a.object.key: a.polarity for a in found.assertions if a.object.kind == "modifier"}
    assert said_of_modifiers == {"RT": "excluded", "LT": "excluded"}


def test_a_no_ends_where_its_consequence_begins() -> None:
    assert said("This is old, not an acute stroke, so it is coded I69.351.") == {"I69.351": YES}
    assert said("M06.9 is not covered, so bill M05.79.") == {"M06.9": NO, "M05.79": YES}
