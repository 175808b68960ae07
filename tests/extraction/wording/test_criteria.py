"""Criteria in their own words: the items of lists that must be met."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read

LEAD = "Approved when all of the following criteria are met:\n\n"


@pytest.mark.parametrize(
    ("item", "criterion"),
    [
        ("Patient must be at a high risk for falls; AND", "high-risk-for-falls"),
        ("Ferritin is less than 30 ng/mL; or", "ferritin-is-less-than-30-ng-ml"),
        ("Member has tried one oral agent and ii.", "tried-one-oral-agent"),
        ("The patient is ≥ 6 years of age", "age-limit"),
        ("High risk for falls † 3,14", "high-risk-for-falls"),
        ("Patient is at high risk (see the scale) for falls", "high-risk-for-falls"),
        ("Patient is not pregnant", "not-pregnant"),
        ("The member has had no prior treatment with gene therapy", "no-prior-treatment-with-gene-therapy"),
        ("Drug will be given as monotherapy; AND", "drug-will-be-given-as-monotherapy"),
        ("Stable for three weeks following surgery", "stable-for-three-weeks-following-surgery"),
    ],
)
def test_an_item_of_a_list_of_criteria_is_required_in_its_own_words(item: str, criterion: str) -> None:
    assert objects(about(f"{LEAD}- {item}\n"), "coverageRequires") == [f"requirement:{criterion}"]


@pytest.mark.parametrize(
    "item",
    [
        "Patient takes nothing, not even another agent",
        "See the section on severe disease",
        "Patient has rheumatoid arthritis",
        "Moderate persistent asthma † 1,2",
        "10 mg every 4 weeks",
        "Member tried this agent",
        "Patient meets the following severe criteria",
        "Member is receiving the drug. Approve for one year.",
    ],
)
def test_what_takes_back_or_points_elsewhere_is_no_criterion(item: str) -> None:
    assert objects(about(f"{LEAD}- {item}\n"), "coverageRequires") == []


@pytest.mark.parametrize("heading", ["## Exclusion criteria", "## Submission requirements", "## Severe disease"])
def test_a_list_that_calls_for_nothing_requires_nothing(heading: str) -> None:
    assert objects(about(f"{heading}\n\n- Patient has active tremor\n"), "coverageRequires") == []


def test_the_rows_of_a_table_of_treatments_are_about_their_own() -> None:
    rows = "| Naproxen | PO | Mild headache |\n" * 4 + "| Botox (J0585) | IM | Chronic headache |\n"
    found = read(f"# Botox J0585\n\n| Treatment | Route | Indication |\n|---|---|---|\n{rows}")
    assert objects(found, "routeOfAdministration", subject="hcpcs:J0585") == ["route:intramuscular"]
    assert objects(found, "indicatedFor", subject="hcpcs:J0585") == ["condition:headache"]
    assert objects(found, "identifiesDrug", subject="hcpcs:J0585") == ["drug:onabotulinumtoxina"]
