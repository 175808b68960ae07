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
