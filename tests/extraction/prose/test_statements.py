"""What states nothing: questions within sentences, indexes, program text, letters, and names cut too long."""

from __future__ import annotations

import pytest

from ..stating import about, left, objects, read, stated


@pytest.mark.parametrize("verb", ["Check whether", "Verify if", "Call to determine whether"])
def test_what_is_asked_is_not_stated(verb: str) -> None:
    assert objects(about(f"{verb} prior authorization is required."), "coverageRequires") == []


def test_a_code_that_is_asked_for_is_not_stated() -> None:
    assert objects(about("Please call us to ask whether M06.9 is covered."), "supportedByDiagnosis") == []


def test_what_stands_before_the_question_is_stated() -> None:
    found = about("Prior authorization is required; check whether step therapy is required.")
    assert objects(found, "coverageRequires") == ["requirement:prior-authorization"]


def test_an_index_names_drugs_and_relates_no_codes() -> None:
    found = read("Abatacept, J0129\nAbsorption dressing, A6251\nAccess system, A4301\n", "index.txt")
    assert {a.relation for a in found.assertions} <= {"identifiesDrug"}


def test_a_charge_list_in_lines_relates_no_codes() -> None:
    found = read("HC SUPPLY 278 C1789, $-, $-, HC SUPPLY 278 C1813, $-, HC SKIN SUB C9352, $-, $- \n", "charges.txt")
    assert found.assertions == ()


@pytest.mark.parametrize("fence", ['```json\n{"code": "J3262", "dx": "M06.9"}\n```', '```\n{"dx": "M06.9"}\n```'])
def test_program_text_is_named_and_left_out(fence: str) -> None:
    found = about(f"{fence}\n")
    assert objects(found, "supportedByDiagnosis") == []
    assert left(found)["M06.9"] == "program text"


def test_a_list_in_a_fence_without_a_language_is_read() -> None:
    assert objects(about("## Diagnoses\n\n```\nM06.9 Rheumatoid arthritis\n```\n"), "supportedByDiagnosis") == [
        "icd10cm:M06.9"
    ]


def test_data_outside_of_a_fence_is_program_text_as_well() -> None:
    found = about('"HCPCS": "J3262", "dx": "M06.9", "note": "covered"')
    assert objects(found, "supportedByDiagnosis") == []


@pytest.mark.parametrize("line", ["RE: Claim denial notice", "Appeals, P.O. Box 740800, Atlanta, GA 30374"])
def test_a_letter_names_no_modifiers(line: str) -> None:
    assert objects(about(f"{line}\n"), "acceptsModifier") == []


@pytest.mark.parametrize(
    ("sentence", "condition"),
    [
        ("J3262 is used for acute pain management in clinical settings.", "condition:acute-pain"),
        ("J3262 is indicated for migraine without aura.", "condition:migraine-without-aura"),
        ("J3262 is indicated for systemic lupus erythematosus.", "condition:systemic-lupus-erythematosus"),
    ],
)
def test_the_name_of_a_condition_ends_with_the_condition(sentence: str, condition: str) -> None:
    assert objects(about(sentence), "indicatedFor") == [condition]


def test_the_title_of_a_study_is_no_indication() -> None:
    sentence = "Safety and efficacy of tocilizumab in patients with thrombocytopenia."
    assert objects(about(sentence), "indicatedFor") == []


def test_a_predicate_behind_a_comma_says_nothing_of_what_stands_before() -> None:
    found = stated(about("Requirements: order, KX modifier, max 1 a day, cannot bill two kits."))
    assert found.get("acceptsModifier modifier:KX", "") == ""


def test_a_name_joined_to_another_by_a_hyphen_is_neither() -> None:
    found = read("| HCPCS | Drug |\n|---|---|\n| J2543 | piperacillin-tazobactam |\n")
    assert "identifiesDrug drug:piperacillin" not in stated(found, subject="hcpcs:J2543")


def test_all_biologics_are_more_than_those_of_the_page() -> None:
    found = read("J3262 and J0129 are on our list.\n\nPrior authorization is required for all biologics.\n")
    assert objects(found, "coverageRequires") == []


def test_a_claims_system_is_no_diagnosis() -> None:
    assert objects(about("Drugs will not stop for PA in C07."), "supportedByDiagnosis") == []


def test_all_four_limbs_are_no_four_codes() -> None:
    codes = "J0585, J0586, J0587 and J0588 are toxins.\n\n"
    found = read(f"{codes}Spastic quadriplegia (G82.50) affects all four limbs.\n")
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J0585") == []


def test_a_field_of_a_form_asks_for_nothing() -> None:
    assert objects(about("## Requirements\n\n- Prior Authorization Number\n"), "coverageRequires") == []


def test_a_row_of_names_with_their_codes_gives_none_the_payer_of_another() -> None:
    found = read(
        "J0702 betamethasone, 3 mg J1830 interferon, 0.25 mg (may be used for Medicare) J9371 temsirolimus, 1 mg "
        "J9074 cyclophosphamide, 5 mg are on the list.\n"
    )
    assert objects(found, "hasPayer", subject="hcpcs:J0702") == []


def test_a_row_of_codes_of_a_plan_is_none_of_one_drug_in_it() -> None:
    row = "**CPT CODES:** 99213 (office visit), 96116 (testing), 85025 (CBC), 95816 (EEG), J0585 (onabotulinumtoxinA)"
    found = read(f"# Plans\n\nJ1745 is infliximab. J0129 is abatacept.\n\n## Tics\n\n{row}\n")
    assert {a.relation for a in found.assertions} <= {"identifiesDrug"}


@pytest.mark.parametrize("mark", ["'", '"'])
def test_records_of_a_program_relate_no_codes(mark: str) -> None:
    records = [
        "code: $J0178$, name: $Aflibercept (Eylea), 1 mg$",
        "code: $92014$, name: $Eye exam of a patient$",
    ]
    lines = ",\n".join(f"  {{ {record.replace('$', mark)}, paid: 1971 }}" for record in records)
    found = read(f"# Eylea J0178\n\nconst codes = [\n{lines},\n]\n")
    assert {a.relation for a in found.assertions} == {"identifiesDrug"}
