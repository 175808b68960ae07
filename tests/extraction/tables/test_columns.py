"""Columns that are no codes, captions within tables, and products in their strength."""

from __future__ import annotations

from ..stating import about, objects, read, stated


def test_a_caption_within_a_table_is_a_heading_of_the_rows_below_it() -> None:
    found = stated(
        about(
            "| Code | Code description |\n|---|---|\n"
            "| ICD-10 codes covered if selection criteria are met: | |\n| M06.9 | Rheumatoid arthritis |\n"
            "| ICD-10 codes not covered for indications listed: | |\n| M79.7 | Fibromyalgia |\n"
        )
    )
    assert found["supportedByDiagnosis icd10cm:M06.9"] == ""
    assert found["supportedByDiagnosis icd10cm:M79.7"] == "excluded"


def test_identifiers_and_times_are_no_codes() -> None:
    found = read(
        "chg_desc,lst_mod_ts,chg_type_int_id,cpt4\n"
        "ROCEPHIN,02/14/2017 13:49:06,14791,J0696\nMAXIPIME,02/13/2017 10:38:48,14791,J0692\n",
        "cdm.csv",
    )
    assert {a.relation for a in found.assertions} <= {"identifiesDrug"}


def test_numbers_of_other_systems_are_no_procedures() -> None:
    found = about("| Drug | RxNorm |\n|---|---|\n| tocilizumab | 61208 |\n| abatacept | 61381 |\n")
    assert objects(found, "relatedProcedure") == objects(found, "administeredWith") == []


def test_an_ndc_is_no_procedure() -> None:
    found = about("| Code | Example |\n|---|---|\n| NDC | 00074433902 |\n")
    assert objects(found, "relatedProcedure") == []


def test_a_package_beside_its_code_is_billed_as_it() -> None:
    found = read("- J0897 denosumab (NDC: 55513-730-01)\n")
    packages = [(a.subject.key, a.relation, a.object.key) for a in found.assertions if a.subject.kind == "ndc"]
    assert packages == [("55513-0730-01", "billedAs", "J0897")]


def test_a_package_beside_a_service_or_several_drugs_states_nothing() -> None:
    for text in ("- 96372 (NDC: 55513-710-01)\n", "- J0897, J3262 (NDC 50242-135-01)\n"):
        assert not [a for a in read(text).assertions if "ndc" in (a.subject.kind, a.object.kind)]


def test_the_strength_of_a_product_is_no_billing_unit() -> None:
    found = read("HYDRALAZINE 20MG/ML SOLN,J0360,75\nHEPARIN 1000 UNIT/ML SOLN,J1644,9\n", "fees.csv")
    assert not [a for a in found.assertions if a.relation == "billingUnit"]


def test_a_table_of_dates_is_the_history_of_the_document() -> None:
    found = about("| 4/25/2024 | Annual review. Prior authorization criteria updated. |\n| 4/25/2023 | New policy. |\n")
    assert objects(found, "coverageRequires") == []


def test_payer_notes_are_remarks() -> None:
    found = stated(about("| Diagnosis | Payer note |\n|---|---|\n| M06.9 | pays |\n| D50.9 | does not pay |\n"))
    assert found["supportedByDiagnosis icd10cm:D50.9"] == "excluded"


def test_modifiers_among_codes_of_all_kinds_are_modifiers() -> None:
    content = "# J3241 Tepezza\n\n## Codes to use\n\n- 96365: Infusion, first hour\n- JW: Drug thrown away\n"
    assert objects(read(content), "acceptsModifier", subject="hcpcs:J3241") == ["modifier:JW"]


def test_a_biosimilar_keeps_its_letters_with_a_blank_before_them() -> None:
    found = read("| HCPCS | Drug |\n|---|---|\n| Q5107 | Bevacizumab- awwb |\n| J9035 | Bevacizumab |\n")
    assert objects(found, "identifiesDrug", subject="hcpcs:Q5107") == ["drug:bevacizumab-awwb"]
    assert objects(found, "identifiesDrug", subject="hcpcs:J9035") == ["drug:bevacizumab"]


def test_one_of_several_amounts_is_no_unit() -> None:
    found = read("| HCPCS | Description |\n|---|---|\n| J0211 | Inj, sodium nitrite and thiosulfate, 3 mg / 125 mg |\n")
    assert not [a for a in found.assertions if a.relation == "billingUnit"]


def test_a_number_that_ends_a_name_is_no_unit() -> None:
    found = read("| HCPCS | Description |\n|---|---|\n| J7333 | Visco-3 dose |\n| J1745 | Infliximab - 10 mg |\n")
    assert [(a.subject.key, a.object.key) for a in found.assertions if a.relation == "billingUnit"] == [
        ("J1745", "10-mg")
    ]


def test_a_short_descriptor_ends_with_its_unit() -> None:
    found = read("| HCPCS | Drug | Fee |\n|---|---|---|\n| J0178 | Aflibercept, 1 mg | 740.52 |\n")
    assert objects(found, "billingUnit", subject="hcpcs:J0178") == ["quantity:1-mg"]


def test_remarks_beside_codes_of_drugs_say_what_is_asked_for_and_what_is_not_covered() -> None:
    found = read(
        "| HCPCS | Description | Notes | Coverage |\n|---|---|---|---|\n"
        "| J3262 | tocilizumab, 1 mg | PA; Quantity Limit (17 doses per 1 lifetime); Site of Service | Covered |\n"
        "| J1438 | Injection, etanercept, 25 mg | | Not Covered |\n"
    )
    assert objects(found, "coverageRequires") == [
        "requirement:prior-authorization", "requirement:quantity-limit", "requirement:site-of-care-review",
    ]  # fmt: skip
    assert objects(found, "deniedFor") == []
    assert objects(found, "deniedFor", subject="hcpcs:J1438") == ["denial:noncovered-service"]
    assert objects(found, "coverageRequires", subject="hcpcs:J1438") == []


def test_a_no_beside_a_diagnosis_is_no_denial_of_the_drug() -> None:
    found = read(
        "| HCPCS | ICD-10 | Coverage |\n|---|---|---|\n| J3262 | M79.7 | Not covered |\n| J0129 | M06.9 | Covered |\n"
    )
    assert objects(found, "deniedFor") == []


def test_remarks_in_a_list_of_services_leave_these_with_the_drug_of_the_document() -> None:
    found = about(
        "| Code | Notes |\n|---|---|\n| 96413 | infusion, prior authorization required |\n| 96415 | each added hour |\n"
    )
    assert objects(found, "administeredWith") == ["cpt:96413", "cpt:96415"]


def test_a_description_that_is_a_quantity_is_the_unit_and_the_label_names_the_drug() -> None:
    found = read(
        "code_system,item_code,item_description,item_label,payment_amount\n"
        'HCPCS_ASP,J0500,20 MG,Dicyclomine injection,8.52\nHCPCS_ASP,J3262,1 MG,"Inj, tocilizumab",13.5\n',
        "limits.csv",
    )
    assert stated(found) == {"identifiesDrug drug:tocilizumab": "", "billingUnit quantity:1-mg": ""}


def test_rows_of_other_treatments_are_none_of_the_one_with_the_code() -> None:
    found = read(
        "# Migraine\n\n| Treatment | Route | Indication | Notes |\n|---|---|---|---|\n"
        "| Botox (J0585) | IM | Chronic migraine | - |\n| Occipital nerve block (CPT 64405) | SC | Relief | - |\n"
        "| Ganglion block | IN | Refractory migraine | - |\n"
    )
    assert objects(found, "routeOfAdministration", subject="hcpcs:J0585") == ["route:intramuscular"]
