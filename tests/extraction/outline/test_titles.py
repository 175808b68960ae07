"""Labels right below the title that say what a document is about."""

from __future__ import annotations

import pytest

from ..stating import objects, read

_BODY = "COVERED INDICATIONS\n\n- ICD-10: H35.3211\n"


@pytest.mark.parametrize(
    "label", ["CPT CODE", "CPT/HCPCS Code(s)", "Procedure code", "HCPCS Level II Code", "Billing code"]
)
def test_a_code_behind_its_label_below_the_title_is_what_the_document_is_about(label: str) -> None:
    found = read(f"PROCEDURE: Intravitreal injection\n{label}: 67028\n\n{_BODY}", "guide.txt")
    assert objects(found, "supportedByDiagnosis", subject="cpt:67028") == ["icd10cm:H35.3211"]


def test_all_codes_behind_the_label_are() -> None:
    found = read(f"Knee replacement\nCPT Codes: 27447, 27486\n\n{_BODY}", "guide.txt")
    for code in ("27447", "27486"):
        assert objects(found, "supportedByDiagnosis", subject=f"cpt:{code}") == ["icd10cm:H35.3211"]


@pytest.mark.parametrize(
    "text",
    [
        f"Eylea (aflibercept)\nCPT code: 67028\n\n{_BODY}",  # It may be how the drug of the title is given.
        f"Eye visits\nAdministration code: 67028\n\n{_BODY}",
        f"Eye visits\nCPT code: 67028\n\n{_BODY}\nCPT code: 92014\n",  # One of several cards.
        f"Eye visits\n\nWe bill a lot.\n\n# Injections\n\nCPT code: 67028\n\n# Diagnoses\n\n{_BODY}",
        f"Eye visits\nCPT code: see 67028\n\n{_BODY}",
    ],
)
def test_any_other_label_says_so_of_no_whole_document(text: str) -> None:
    assert objects(read(text, "guide.md"), "supportedByDiagnosis", subject="cpt:67028") == []


_PRODUCTS = """# Denosumab: Prolia, Jubbonti (denosumab-bbdz)

## Initial Approval Criteria

- Patient is at least 18 years of age

## Codes

J0897 - Injection, denosumab (Prolia), 1 mg
Q5136 - Injection, denosumab-bbdz (Jubbonti), biosimilar, 1 mg

## Diagnosis codes

M81.0 Osteoporosis
"""


def test_a_policy_is_about_all_products_in_its_title() -> None:
    found = read(_PRODUCTS)
    for code in ("J0897", "Q5136"):
        assert objects(found, "supportedByDiagnosis", subject=f"hcpcs:{code}") == ["icd10cm:M81.0"]


def test_a_title_with_alternatives_heads_no_aside() -> None:
    table = "| Excluded Medication | HCPCS | Must try |\n|---|---|---|\n| Beovu | J0179 | Eylea |\n"
    found = read(f"# Plan\n\n# Excluded Drug List of the Plan with Preferred Alternatives\n\n{table}")
    assert objects(found, "identifiesDrug", subject="hcpcs:J0179") == ["drug:brolucizumab-dbll"]
    assert read(f"# Plan\n\n# Preferred Alternatives\n\n{table}").assertions == ()
