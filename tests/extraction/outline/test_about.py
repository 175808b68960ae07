"""Whom a document speaks of: what is implied holds where the document speaks of it, and nowhere else."""

from __future__ import annotations

import pytest

from kg.documents import parse
from kg.extraction.outline.about import About
from kg.extraction.outline.outline import outline
from kg.extraction.text.text import Text

from ..stating import everything, objects, read, stated

FILLER = "The desk takes calls from nine to five and answers letters within a week of their receipt. " * 20


def about(content: str) -> About:
    return outline(Text(parse(content.encode(), "guide.md"))).about


def primary(content: str) -> list[str]:
    return [code.key for code in about(content).primary]


def test_the_one_code_of_a_short_document_is_its_subject() -> None:
    assert primary("Write J3262 on the claim.\n\nM06.9 is covered.") == ["J3262"]


def test_a_code_named_once_in_a_long_document_is_named_in_passing() -> None:
    assert primary(f"Write J3262 on the claim.\n\n{FILLER}") == []


def test_a_code_named_again_and_again_is_what_a_long_document_is_about() -> None:
    assert primary(f"Write J3262 on the claim.\n\n{FILLER}\n\nJ3262 is tocilizumab. Actemra is a brand of it.") == [
        "J3262"
    ]


def test_a_document_that_speaks_of_other_drugs_more_often_is_about_none() -> None:
    others = "Give sumatriptan. Give metoclopramide. Give ketorolac. Give dexamethasone. Give diphenhydramine."
    assert primary(f"Write J0585 on the claim.\n\n{others}") == []


def test_the_drug_named_most_may_be_the_one_whose_code_is_not_known() -> None:
    assert primary("Pembrolizumab is infused. Pembrolizumab is billed per mg.\n\nJ9271\n\nNot with carboplatin.") == [
        "J9271"
    ]


def test_what_is_implied_does_not_hold_below_a_heading_that_names_another_drug() -> None:
    found = read("Write J3262 on the claim. J3262 is tocilizumab.\n\n### Sumatriptan\n\nGive it for G43.909.\n")
    assert objects(found, "supportedByDiagnosis") == []


def test_what_is_implied_does_not_hold_in_a_section_that_never_names_it() -> None:
    content = "# Notes\n\n## Cigna\n\nJ3262 is tocilizumab.\n\n## Aetna knees\n\n- M17.11\n\n## Diagnoses\n\n- M06.9\n"
    assert objects(read(content), "supportedByDiagnosis") == ["icd10cm:M06.9"]


def test_lists_of_codes_in_sections_of_their_own_are_of_those_sections() -> None:
    cigna = "## Cigna\n\n### HCPCS codes\n\nJ3262\n\n"
    content = f"# Report\n\n{cigna}## Aetna\n\n### HCPCS codes\n\nnone\n\n### Metrics\n\nJW is used.\n"
    assert not stated(read(content)).keys() & {"acceptsModifier modifier:JW"}


def test_a_list_of_several_codes_on_any_page_is_no_list_of_a_policy() -> None:
    listed = "## HCPCS codes\n\n- J3262\n- J0129\n\n## Payers\n\nMedicare pays.\n"
    assert primary(f"# Dashboard\n\n{listed}") == []
    assert primary(f"# Coverage policy\n\n{listed}") == ["J3262", "J0129"]


def test_a_service_in_a_later_heading_is_that_sections_own() -> None:
    content = "# Medicare rules\n\n## G2211 complexity\n\nText.\n\n## Other things\n\nText.\n"
    assert primary(content) == []
    assert primary("# G2211 complexity\n\n## Other things\n\nText.\n") == ["G2211"]


@pytest.mark.parametrize("heading", ["Radiology (70000-79999)", "Visits 99202-99205"])
def test_the_ends_of_a_range_in_a_heading_are_no_subjects(heading: str) -> None:
    found = read(f"# Fees\n\n## {heading}\n\n| CPT | Name |\n|---|---|\n| 71046 | Chest X-ray |\n| 99203 | Visit |\n")
    assert found.assertions == ()


def test_a_heading_that_is_a_diagnosis_supports_the_drugs_listed_below_it() -> None:
    found = read(
        "# By diagnosis\n\n## L40.50 Arthropathic psoriasis\n\n- J0717 certolizumab pegol\n- J1602 golimumab\n"
    )
    for code in ("hcpcs:J0717", "hcpcs:J1602"):
        assert objects(found, "supportedByDiagnosis", subject=code) == ["icd10cm:L40.50"]


def test_of_several_services_prose_speaks_where_it_names_them() -> None:
    content = "# Tests\n\n## 95044, 95052 and 95060\n\nThe visit is 99213.\n\n95044 is billed together with 99214.\n"
    found = read(content)
    assert objects(found, "evaluatedWith", subject="cpt:95060") == []


def test_groups_without_numbers_are_told_by_their_captions() -> None:
    found = read(
        "# Policy on rituximab\n\n### HCPCS codes covered\n\n- J9312 rituximab, 10 mg\n\n"
        "### ICD-10 codes covered\n\n- M06.9\n\n"
        "### Rituxan Hycela:\n\n### HCPCS codes covered\n\n- J9311 rituximab and hyaluronidase, 10 mg\n\n"
        "### ICD-10 codes covered\n\n- C82.00\n"
    )
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J9312") == ["icd10cm:M06.9"]
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J9311") == ["icd10cm:C82.00"]


def test_a_policy_on_many_drugs_is_about_none_of_them() -> None:
    drugs = "J3262 tocilizumab; J0129 abatacept; J1745 infliximab; J1602 golimumab; J0717 certolizumab pegol"
    more = "J3380 vedolizumab; J3357 ustekinumab; J9312 rituximab"
    rows = "\n".join(f"- {drug}" for drug in f"{drugs}; {more}".split("; "))
    assert primary(f"# Site of care policy\n\n## HCPCS codes\n\n{rows}\n\n## Places\n\nHome is preferred.\n") == []


def test_what_a_group_paragraph_says_of_these_holds_for_the_list_below_it() -> None:
    content = "# J3262\n\n## Modifiers\n\nGroup 1 Paragraph: These may be added to J3262.\n\n- JA: Intravenous\n"
    assert stated(read(content))["acceptsModifier modifier:JA"] == "permitted"


# --- services -----------------------------------------------------------------------------------------------------

POLICY = (
    "# Medical policy: veins\n\n## Procedure codes\n\n- 36470 Injection of one vein\n- 36471 Injection of several\n"
)


def test_a_policy_without_drugs_is_about_the_procedures_that_it_lists() -> None:
    assert primary(POLICY + "\n## ICD-10 diagnoses\n\n- I83.90 Veins") == ["36470", "36471"]


def test_of_lists_of_procedures_with_diagnoses_between_them_each_has_its_own() -> None:
    more = "\n## ICD-10 diagnoses\n\n- I83.90 Veins\n\n## Other procedure codes\n\n- 36475 Ablation\n"
    assert primary(POLICY + more) == []


def test_a_page_that_is_no_policy_is_not_about_all_procedures_that_it_lists() -> None:
    assert primary(POLICY.replace("Medical policy", "Scenario")) == []


def test_several_services_speak_only_where_they_are_named() -> None:
    found = read(POLICY + "\n## Notes\n\n- Given by the intradermal route\n- 80 units of 86003 are paid")
    assert {a.relation.value for a in found.assertions} == set()


def test_a_policy_on_a_drug_without_a_code_is_about_the_code_it_lists() -> None:
    policy = "# Clinical criteria: Dupixent\n\n## HCPCS\n\n- J3590 Unclassified biologics (dupilumab)\n"
    found = read(policy + "\n## ICD-10 diagnoses\n\n- L20.9 Atopic dermatitis")
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J3590") == ["icd10cm:L20.9"]


def test_a_list_below_a_heading_of_another_drug_is_not_that_of_the_document() -> None:
    found = read(
        "# J0585 Botox\n\n## Procedures\n\n- 64616\n\n### Intrathecal baclofen\n\n- 62367 Analysis of the pump"
    )
    assert objects(found, "relatedProcedure", subject="hcpcs:J0585") == []
    assert objects(found, "administeredWith", subject="hcpcs:J0585") == ["cpt:64616"]


@pytest.mark.parametrize(
    "lead",
    [
        "This policy is for all of these codes:",
        "The policy of this plan, which is looked at again each year in the spring, applies to the following codes:",
    ],
)
def test_a_paragraph_may_lead_in_the_list_of_codes_of_a_policy(lead: str) -> None:
    policy = f"# Drug policy\n\n{lead}\n\n- J9041 bortezomib\n- J9046 bortezomib\n"
    assert primary(policy + "\n## Diagnoses\n\n- C90.00") == ["J9041", "J9046"]


@pytest.mark.parametrize(
    "days", [("1/1/2019 - 12/31/2019", "1/1/2020 - today"), ("10/1/2020 to 12/31/2020", "1/1/2021 to date")]
)
def test_of_two_codes_that_whose_days_are_over_is_no_subject(days: tuple[str, str]) -> None:
    lines = f"C9066  sacituzumab govitecan, 2.5 mg  {days[0]}\nJ9317  sacituzumab govitecan, 2.5 mg  {days[1]}\n"
    found = everything(read(f"Trodelvy (sacituzumab govitecan)\n\n{lines}\nPrior authorization: required\n", "a.txt"))
    assert [said for said in found if "Requires" in said] == [
        "hcpcs:J9317 coverageRequires requirement:prior-authorization"
    ]


def test_days_of_one_code_alone_end_nothing() -> None:
    content = "J9317  sacituzumab govitecan, 2.5 mg  1/1/2021 - 12/31/2026\n\nPrior authorization: required\n"
    assert "hcpcs:J9317 coverageRequires requirement:prior-authorization" in everything(read(content, "a.txt"))


def test_days_of_a_price_end_no_code_beside_another_drug() -> None:
    rows = "J1745 | infliximab | 10/1/2025 - 12/31/2025\nJ3262 | tocilizumab | since 1/1/2011\n"
    text = Text(parse(f"HCPCS | Drug | Price holds\n---|---|---\n{rows}".encode(), "prices.md"))
    assert {span.concept.key for span in outline(text).about.drug_codes.values()} == {"J1745", "J3262"}
