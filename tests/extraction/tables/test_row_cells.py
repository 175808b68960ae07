"""What stands before a code in a cell, beside the code of a row, and in the remarks and payers of a row."""

from __future__ import annotations

import pytest

from ..stating import everything, read


def table(*rows: str) -> list[str]:
    width = rows[0].count("|") + 1
    lines = [rows[0], "|".join(["---"] * width), *rows[1:]]
    return sorted(everything(read("".join(f"|{line}|\n" for line in lines))))


def test_a_not_before_a_code_is_said_of_that_code() -> None:
    found = table("HCPCS|Drug|Administration", "J2350|ocrelizumab|96365 (not 96372)")
    assert "hcpcs:J2350 administeredWith cpt:96365" in found
    assert "hcpcs:J2350 administeredWith cpt:96372 excluded" in found


def test_labels_within_a_cell_are_said_of_the_codes_behind_them() -> None:
    found = table("HCPCS|Drug|Diagnoses", "J3245|Ilumya|Covered: L40.0; not covered: L40.59")
    assert "hcpcs:J3245 supportedByDiagnosis icd10cm:L40.0" in found
    assert "hcpcs:J3245 supportedByDiagnosis icd10cm:L40.59 excluded" in found


def test_a_remark_of_a_row_with_several_columns_is_none_of_its_diagnosis() -> None:
    found = table("Product|HCPCS|Admin code|Diagnosis|Notes", "Feraheme|Q0138|96365|D50.8|Not for patients on dialysis")
    assert "hcpcs:Q0138 supportedByDiagnosis icd10cm:D50.8" in found


def test_a_remark_that_tells_when_to_append_a_modifier_forbids_none() -> None:
    found = table("HCPCS|Modifier|When", "J9043|JW|drug discarded and not given", "J9043|JZ|never with JW")
    assert "hcpcs:J9043 acceptsModifier modifier:JW" in found
    assert "hcpcs:J9043 acceptsModifier modifier:JZ excluded" in found


def test_yes_and_no_of_payers_are_said_of_the_requirement_of_the_row() -> None:
    found = sorted(
        everything(read("# J2507 pegloticase\n\n|Requirement|Aetna|Humana|\n|---|---|---|\n|Step therapy|No|Yes|\n"))
    )
    assert [s for s in found if "step" in s] == [
        "hcpcs:J2507 coverageRequires requirement:step-therapy",
        "hcpcs:J2507 coverageRequires requirement:step-therapy excluded",
    ]


def test_the_unit_beside_a_code_in_its_cell() -> None:
    assert "hcpcs:J2182 billingUnit quantity:1-mg" in table("Biologic|J-code|Dx", "Nucala|J2182 (1 mg)|J45.50")


@pytest.mark.parametrize("unit", ["mcg", "mg"])
def test_a_code_behind_a_unit_is_a_code(unit: str) -> None:
    found = read(f"code,name,unit\nJ1442,filgrastim,1 {unit}\nQ5101,filgrastim-sndz,1 {unit}\n", "sheet.csv")
    assert f"hcpcs:Q5101 billingUnit quantity:1-{unit}" in everything(found)


def test_records_of_patients_state_nothing() -> None:
    assert table("patient_age|patient_sex|dx|code", "52|M|Z12.11|45378") == []


def test_what_is_bundled_or_not_is_no_yes() -> None:
    found = read(
        "# J2507 pegloticase\n\n|Code|Service|\n|---|---|\n|96413|Infusion, first hour|\n"
        "|96415|Infusion, more - bundled|\n|96365|Infusion – not bundled|\n"
    )
    assert [s for s in everything(found) if "cpt:" in s] == ["hcpcs:J2507 administeredWith cpt:96413"]


def test_a_code_that_was_replaced_is_not_what_a_label_speaks_of() -> None:
    found = read("# Eylea HD\n\nHCPCS: J0177 aflibercept hd, 1 mg (permanent; replaced temp C9161)\n\nVial: 8 mg\n")
    assert "hcpcs:J0177 billingUnit quantity:1-mg" in everything(found)
    assert not [s for s in everything(found) if "C9161" in s]
