"""What a drug is given for, where a list, a heading or the sentence around a criterion tells it."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read, stated


@pytest.mark.parametrize(
    "lead",
    [
        "Covered for the treatment of:",
        "The plan shall cover tocilizumab for the following approved indications:",
        "## Covered indications",
    ],
)
def test_a_list_of_indications_is_read_item_by_item(lead: str) -> None:
    found = about(f"{lead}\n\n- Giant cell arteritis in adults\n- Cervical dystonia (since 2019)\n- Strabismus\n")
    assert objects(found, "indicatedFor") == [
        "condition:cervical-dystonia",
        "condition:giant-cell-arteritis",
        "condition:strabismus",
    ]


def test_a_list_of_off_label_uses_says_so() -> None:
    found = about("Off-label uses:\n\n- Chronic anal fissure\n- Facial palsy\n")
    assert stated(found) == {
        "indicatedFor condition:anal-fissure": "offLabel",
        "indicatedFor condition:facial-palsy": "offLabel",
    }


def test_a_list_of_what_is_not_covered_is_excluded() -> None:
    found = about("## Indications that are not covered\n\n- Alopecia areata syndrome\n")
    assert stated(found) == {"indicatedFor condition:alopecia-areata-syndrome": "excluded"}


@pytest.mark.parametrize(
    "item",
    [
        "Patient had a trial of another drug for gout",
        "Improvement in at least one symptom, such as joint pain",
        "A trial of aspirin does not count as therapy for gout",
        "History of asthma",
    ],
)
def test_a_criterion_in_a_list_of_indications_is_none(item: str) -> None:
    assert objects(about(f"## Approved indications\n\n- {item}\n"), "indicatedFor") == []


def test_the_items_of_an_enumeration_may_tell_more_of_themselves() -> None:
    found = about("Its indications include gout in adults who cannot take others, renal failure, and lupus.\n")
    assert objects(found, "indicatedFor") == ["condition:gout", "condition:lupus", "condition:renal-failure"]


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("postmenopausal patients with osteoporosis", "osteoporosis"),
        ("renal failure actively under dialysis", "renal-failure"),
        ("gout for reducing the pain of attacks", "gout"),
    ],
)
def test_a_condition_is_named_without_whose_it_is_and_how(words: str, condition: str) -> None:
    found = about(f"J3262 is indicated for {words}.\n")
    assert objects(found, "indicatedFor") == [f"condition:{condition}"]


def test_a_condition_in_a_table_is_named_without_whose_it_is() -> None:
    row = "| tocilizumab | Giant cell arteritis in patients ≥ 50 years old | J3262 |\n"
    found = about("| Medication | Indication | HCPCS |\n|---|---|---|\n" + row)
    assert objects(found, "indicatedFor") == ["condition:giant-cell-arteritis"]


def test_a_section_about_studies_indicates_nothing() -> None:
    found = about(
        "## Clinical Evidence\n\nTocilizumab was used in patients with scleritis.\n\nA trial of aspirin is required.\n"
    )
    assert objects(found, "indicatedFor") == objects(found, "coverageRequires") == []


def test_a_heading_that_is_a_condition_tells_what_the_drugs_below_it_are_for() -> None:
    found = read(
        "# Infusions by disease\n\n## 1. Lupus (SLE)\n\n- J0490 belimumab\n\n## Gout clinic\n\n- J2507 pegloticase\n"
    )
    assert objects(found, "indicatedFor", subject="hcpcs:J0490") == ["condition:lupus"]
    assert objects(found, "indicatedFor", subject="hcpcs:J2507") == []


def test_what_leads_in_a_list_names_the_drug_where_the_document_only_implies_it() -> None:
    items = "\n\n- Bipolar disorder\n- Insomnia\n"
    other = (
        "J1745 bills infliximab.\n\n## Another product\n\nIt is not covered for any use, including the treatment of:"
    )
    own = "J1745 bills infliximab.\n\nInfliximab is not covered for the treatment of:"
    assert objects(read(other + items), "indicatedFor", subject="hcpcs:J1745") == []
    assert objects(read(own + items), "indicatedFor", subject="hcpcs:J1745") != []


_CRITERIA = """# Nplate (romiplostim)

J2802 is romiplostim.

## Indication Specific Approval Criteria:

## Immune thrombocytopenia

- The member is 18 years of age or older; AND
- The member has failed corticosteroids (or cannot take them); AND
- The member is not receiving eltrombopag

## Myelodysplastic syndrome

- The member has severe or refractory disease

## Billing

- One vial each
"""


def test_a_condition_that_heads_criteria_is_what_the_drug_is_for() -> None:
    found = read(_CRITERIA)
    assert objects(found, "indicatedFor", subject="hcpcs:J2802") == [
        "condition:immune-thrombocytopenia", "condition:myelodysplastic-syndrome",
    ]  # fmt: skip


def test_what_is_asked_for_below_it_is_asked_for_that_condition() -> None:
    required = {a.object.key: a.condition for a in read(_CRITERIA).assertions if a.relation == "coverageRequires"}
    assert required == {
        "age-limit": "Immune thrombocytopenia",
        "failed-corticosteroids": "Immune thrombocytopenia",
        "not-receiving-eltrombopag": "Immune thrombocytopenia",
        "severe-or-refractory-disease": "Myelodysplastic syndrome",
    }


def test_a_condition_that_heads_any_other_section_is_no_indication() -> None:
    found = read(_CRITERIA.replace("Indication Specific Approval Criteria:", "What patients ask about"))
    assert objects(found, "indicatedFor", subject="hcpcs:J2802") == []


def test_what_stands_below_an_indication_of_a_list_is_none() -> None:
    found = about(
        "## Covered indications\n\n1. Vitreous hemorrhage\n   - Hemorrhage that lasts for more than four weeks\n"
        "2. Infections\n   - Sepsis\n   - Pneumonitis\n"
    )
    assert objects(found, "indicatedFor") == [
        "condition:pneumonitis",
        "condition:sepsis",
        "condition:vitreous-hemorrhage",
    ]


def test_what_is_not_covered_is_excluded_and_the_use_beside_another_drug_says_nothing() -> None:
    found = about(
        "## Conditions Not Covered\n\n- Concurrent use with agents used for multiple sclerosis\n- Crohn's disease\n"
    )
    assert [(a.object.key, a.polarity) for a in found.assertions if a.relation == "indicatedFor"] == [
        ("crohns-disease", "excluded")
    ]


def test_an_item_below_the_uses_that_says_what_a_patient_must_be_is_a_criterion() -> None:
    found = about(
        "## FDA-Approved Indications\n\n1. Multiple sclerosis. Approve if the patient meets the following.\n"
        "   - Patient is at least 18 years of age; AND\n   - Patient has failed one other drug.\n"
        "   - Patients in general feel better\n"
    )
    assert objects(found, "indicatedFor") == ["condition:multiple-sclerosis"]
    assert objects(found, "coverageRequires") == [
        "requirement:age-limit",
        "requirement:failure-of-conventional-therapy",
    ]
