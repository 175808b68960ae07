from __future__ import annotations

import pytest

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


def test_a_list_that_stood_in_columns_is_read_entry_by_entry() -> None:
    lines = "M06.9 Rheumatoid arthritis M31.6 Other giant cell arteritis (GCA)\nM05.79 Rheumatoid factor with M08.00\n"
    found = objects(about(f"## Diagnoses\n\n{lines}"), "supportedByDiagnosis")
    assert found == ["icd10cm:M05.79", "icd10cm:M06.9", "icd10cm:M31.6"]


def test_a_modifier_with_a_hyphen_behind_a_code_is_taken_by_it() -> None:
    found = read("# J0178 aflibercept\n\n67028-RT Injection into the right eye\n67028-99 Four units\n")
    assert objects(found, "acceptsModifier", subject="cpt:67028") == ["modifier:99", "modifier:RT"]


def test_the_name_of_a_product_stands_above_its_code() -> None:
    item = "# Toxins\n\n- **Botox**\n  - **Code:** J0585\n- **Xeomin**\n  - **Code:** J0588\n"
    heading = "# Toxins\n\n### Botox\n\nCode: J0585\n\n### Xeomin\n\nCode: J0588\n"
    for content in (item, heading):
        found = read(content)
        assert objects(found, "identifiesDrug", subject="hcpcs:J0585") == ["drug:onabotulinumtoxina"]
        assert objects(found, "identifiesDrug", subject="hcpcs:J0588") == ["drug:incobotulinumtoxina"]


def test_a_list_that_is_called_by_a_reason_denies_what_stands_in_it() -> None:
    found = read("# Self-Administered Drug Exclusion List (SAD)\n\n- J0135 adalimumab\n")
    assert objects(found, "deniedFor", subject="hcpcs:J0135") == ["denial:self-administered-drug"]


@pytest.mark.parametrize("title", ["# Omalizumab (Subcutaneous)\n", "Omalizumab and its coverage\n\nSubcutaneous\n"])
def test_the_way_of_giving_stands_below_or_in_the_title(title: str) -> None:
    found = read(f"{title}\nLength of approval is twelve months.\n", "policy.txt")
    assert objects(found, "routeOfAdministration", subject="hcpcs:J2357") == ["route:subcutaneous"]


def test_a_remark_that_not_all_cover_it_is_neither_yes_nor_no() -> None:
    found = about("## Diagnoses\n\nM06.9 Rheumatoid arthritis (may not be covered by all payers)\n")
    assert objects(found, "supportedByDiagnosis") == []


def test_what_claims_must_include_has_to_be_documented() -> None:
    found = objects(about("Claims for J3262 must include the drug name and the NDC.\n"), "requiresDocumentation")
    assert found == ["documentation:drug-name", "documentation:ndc"]


@pytest.mark.parametrize(
    ("items", "excluded"),
    [
        ("- M05.79\n- Not covered:\n- M06.9\n- M79.7\n", {"M06.9", "M79.7"}),
        ("- Not covered:\n- M06.9\n- Covered:\n- M05.79\n- M79.7\n", {"M06.9"}),
        ("- M05.79\n- Not covered\n  - M06.9\n- M79.7\n", {"M06.9"}),
        ("- Not covered:\n  - M06.9\n  - M79.7\n- M05.79\n", {"M06.9", "M79.7"}),
        ("- Covered:\n  - M05.79\n  - Not covered:\n    - M06.9\n  - M79.7\n", {"M06.9"}),
    ],
)
def test_an_item_that_says_no_says_it_of_the_items_below(items: str, excluded: set[str]) -> None:
    found = stated(about(f"## Diagnoses\n\n{items}"))
    polarity = {key.rpartition(":")[2]: value for key, value in found.items() if key.startswith("supportedByDiagnosis")}
    assert polarity == {code: "excluded" if code in excluded else "" for code in ("M05.79", "M06.9", "M79.7")}


@pytest.mark.parametrize(
    "line",
    [
        "Modifiers: JW, JZ.",
        "Modifiers: JW, JZ. Append them for waste.",
        "Modifiers - JW, JZ",
        "Modifiers – JW / JZ",
        "| Modifiers | JW, JZ. |",
    ],
)
def test_a_label_has_all_of_its_modifiers(line: str) -> None:
    found = about(f"## Billing\n\n{line}\n")
    assert objects(found, "acceptsModifier") == ["modifier:JW", "modifier:JZ"]


def test_the_first_line_may_be_a_title_with_capitals_behind_a_dash() -> None:
    assert objects(read("Infusion codes - IV, IM\n\nJ3262 tocilizumab\n"), "acceptsModifier") == []
