"""Tables with codes in their head, and yes and no in their rows."""

from __future__ import annotations

import pytest

from kg.extraction import Extraction

from ..stating import about, everything, read


def of_payers(found: Extraction) -> set[tuple[str, str, str]]:
    return {(a.object.key, a.polarity, a.qualifiers[0][1].key) for a in found.assertions if a.qualifiers}


def test_each_payer_says_yes_or_no_of_each_diagnosis_in_the_head() -> None:
    found = about("Payer | M06.9 | M31.6\n---|---|---\nAetna | Yes | No\nHumana | Yes | Yes\n")
    assert of_payers(found) == {
        ("M06.9", "affirmed", "aetna"),
        ("M31.6", "excluded", "aetna"),
        ("M06.9", "affirmed", "humana"),
        ("M31.6", "affirmed", "humana"),
    }


def test_rows_may_be_drugs() -> None:
    found = read("# List\n\nDrug | M06.9 | L40.50\n---|---|---\nJ3262 | Yes | No\nJ1602 | No | Yes\n")
    assert everything(found) == [
        "hcpcs:J1602 supportedByDiagnosis icd10cm:L40.50",
        "hcpcs:J1602 supportedByDiagnosis icd10cm:M06.9 excluded",
        "hcpcs:J3262 supportedByDiagnosis icd10cm:L40.50 excluded",
        "hcpcs:J3262 supportedByDiagnosis icd10cm:M06.9",
    ]


@pytest.mark.parametrize(
    "table",
    [
        "Payer | M06.9 | M31.6\n---|---|---\nAetna | Yes | see note\nHumana | Yes | Yes\n",
        "Payer | M06.9 | Fee\n---|---|---\nAetna | Yes | No\nHumana | Yes | Yes\n",
    ],
)
def test_cells_that_say_neither_and_heads_without_codes_make_no_matrix(table: str) -> None:
    assert not of_payers(about(table))


def test_a_row_of_somebody_unknown_is_left_over() -> None:
    found = about("Payer | M06.9 | M31.6\n---|---|---\nSomebody | Yes | No\nAetna | Yes | No\n")
    assert {payer for _, _, payer in of_payers(found)} == {"aetna"}
