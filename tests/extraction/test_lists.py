from __future__ import annotations

from .stating import about, objects, read, stated, the


def test_entries_of_diagnoses() -> None:
    found = about(
        "## Diagnosis codes\n- M06.9: Rheumatoid arthritis\n- M05.79 Rheumatoid arthritis (off-label)\n"
        "- Z51.11 is never used\n"
    )
    assert stated(found) == {
        "supportedByDiagnosis icd10cm:M06.9": "",
        "supportedByDiagnosis icd10cm:M05.79": "offLabel",
        "supportedByDiagnosis icd10cm:Z51.11": "excluded",
    }
    assert the(found, "icd10cm:M06.9").object.name == "Rheumatoid arthritis"


def test_entries_of_specialties() -> None:
    found = about("## Provider Taxonomy\n207RR0500X - Rheumatology\n207R00000X: Internal medicine\n")
    assert objects(found, "billedBySpecialty") == ["nucc:207R00000X", "nucc:207RR0500X"]
    assert the(found, "nucc:207RR0500X").object.name == "Rheumatology"


def test_entries_of_modifiers() -> None:
    found = about(
        "## Modifiers\n\nJW - Drug amount discarded\n"
        "JZ - Zero drug discarded; required on all claims\n- 25: Own visit\n"
    )
    assert stated(found) == {
        "acceptsModifier modifier:JW": "",
        "acceptsModifier modifier:JZ": "required",
        "acceptsModifier modifier:25": "",
    }


def test_codes_that_are_easily_confused() -> None:
    found = about("## Similar Codes\n- J0129 (abatacept) is often confused with it.\n- Q5133 tocilizumab-bavi\n")
    assert objects(found, "similarTo") == ["hcpcs:J0129", "hcpcs:Q5133"]
    assert stated(found, subject="hcpcs:J0129") == {"identifiesDrug drug:abatacept": ""}


def test_labelled_lines() -> None:
    found = about("Route: IV\nPlace of service: Outpatient hospital\nModifiers: JW, JZ\nDiagnoses: M06.9, M05.79\n")
    assert set(stated(found)) == {
        "routeOfAdministration route:intravenous", "placeOfService place:hospital-outpatient-department",
        "acceptsModifier modifier:JW", "acceptsModifier modifier:JZ", "supportedByDiagnosis icd10cm:M06.9",
        "supportedByDiagnosis icd10cm:M05.79",
    }  # fmt: skip


ARTICLE = """# Billing article

## CPT/HCPCS Codes
Group 1 Codes:
J3262 Injection, tocilizumab, 1 mg

Group 2 Codes:
J0129 Injection, abatacept, 10 mg

## ICD-10 Codes that Support Medical Necessity
Group 1 Paragraph: For J3262:
Group 1 Codes:
M06.9 Rheumatoid arthritis

Group 2 Paragraph: For J0129:
Group 2 Codes:
L40.50 Psoriatic arthropathy

## ICD-10 Codes that DO NOT Support Medical Necessity
Group 1 Codes:
Z00.00 Checkup
"""


def test_each_group_of_a_coverage_article_is_about_its_own_codes() -> None:
    found = read(ARTICLE)
    assert stated(found) == {
        "identifiesDrug drug:tocilizumab": "",
        "billingUnit quantity:1-mg": "",
        "supportedByDiagnosis icd10cm:M06.9": "",
        "supportedByDiagnosis icd10cm:Z00.00": "excluded",
    }
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J0129") == ["icd10cm:L40.50"]


def test_a_group_may_serve_several_codes() -> None:
    found = read(
        ARTICLE.replace("For J0129:", "For the codes of groups 1 and 2:").replace("Group 2 Paragraph: For", "For")
    )
    assert {"icd10cm:L40.50"} <= set(objects(found, "supportedByDiagnosis", subject="hcpcs:J0129"))


def test_what_the_same_place_says_twice_is_said_once() -> None:
    found = about("## Diagnoses\n- M06.9: RA\n- M06.9: RA\n\nBill it with M06.9.\n")
    assert stated(found) == {"supportedByDiagnosis icd10cm:M06.9": ""}
    assert [item.reason for item in found.leftovers if item.text == "M06.9"] == ["duplicate"] * 2
