"""A diagnosis that one is told to bill, and that is a heading."""

from __future__ import annotations

import pytest

import kg
from kg.cli.findings import summary


def told(text: str) -> list[tuple[str, str]]:
    return [(finding.check, finding.concept.key) for finding in kg.check_text(text).findings]


@pytest.mark.parametrize(
    "text",
    [
        "# Use C34.9\n",
        "Use C34.9 for lung cancer.\n",
        "Report the ICD-10-CM code C34.9 for it.\n",
        "It is coded as C34.9.\n",
        "**Diagnosis code:** `C34.9`\n",
        "C34.9: Malignant neoplasm of unspecified part of bronchus or lung\n\nBill C34.9 for it.\n",
    ],
)
def test_what_one_is_told_to_bill_has_to_be_billable(text: str) -> None:
    assert told(text) == [("heading", "C34.9")]
    [finding] = kg.check_text(text).findings
    assert (finding.verdict.value, finding.suggestion and finding.suggestion.key) == ("disputed", "C34.90")
    assert told(text.replace("C34.9", "C34.90")) == []


@pytest.mark.parametrize(
    "text",
    [
        "C34.9\n",
        "Codes of C34.9 are for lung cancer.\n",
        "Do not use C34.9 for lung cancer.\n",
        "Never report C34.9.\n",
        "Use C34.90 instead of C34.9.\n",
        "Use C34.9 with a fifth digit.\n",
        "Use a code of the category C34.9.\n",
        "Why use C34.9?\n",
        "The lab report C34.9 came late.\n",
        "concept\ticon\nicd10cm:C34.9\tx\n",
    ],
)
def test_a_heading_that_nobody_tells_to_bill_is_told_as_one_and_accuses_nobody(text: str) -> None:
    checked = kg.check_text(text)
    assert told(text) == []
    assert "C34.9" in [concept.key for concept in checked.headings]
    assert "headings, which cannot be billed: C34.9" in summary([checked])


def test_of_other_codes_nothing_is_said_to_be_a_heading() -> None:
    checked = kg.check_text("C34.90 and J3262.\n")
    assert (checked.headings, "heading" in summary([checked])) == ((), False)


def test_a_heading_that_is_excluded_whole_is_in_order() -> None:
    text = "# J9271 pembrolizumab\n\n## Diagnoses not covered\n\n- C34.9: Lung cancer\n"
    assert (told(text), kg.check_text(text).headings) == ([], ())


def test_a_category_counts_where_it_is_called_a_diagnosis() -> None:
    assert told("Diagnosis code: M06\n") == [("heading", "M06")]
    assert told("Use the ICD-10 code M06 for it.\n") == [("heading", "M06")]
    assert told("Dx: I83.ptr811 varicose veins\nDiagnosis code: M06- and M05\n") == []
    assert told("Use D50 for hypoglycemia, and report T20 results.\n") == []
