"""Whose a block is, what its section is about and whether it says yes or no: headings, lines, groups and lead-ins."""

from __future__ import annotations

import pytest

from kg.documents import parse
from kg.extraction.outline.outline import Outline, outline
from kg.extraction.text.text import Text

from ..stating import about, objects, read, stated

FIRST, SECOND, THIRD = "hcpcs:J3262", "hcpcs:J0129", "hcpcs:J1745"
CODES = """# Infusions in our office

This sheet is for the staff.

## Codes
- J3262 Injection, tocilizumab, 1 mg
- J0129 Injection, abatacept, 10 mg

## Coverage
"""

LONG_LEAD = "For the codes listed above when criteria are not met, or when they are others, or for the following:"


def outlined(content: str) -> tuple[Text, Outline]:
    text = Text(parse(content.encode(), "guide.md"))
    return text, outline(text)


def scopes(content: str) -> dict[str, tuple[list[str], str]]:
    """The subjects and the topic of each block, by its words."""
    text, found = outlined(content)
    return {
        text.words(block): ([subject.key for subject in scope.subjects], scope.topic.name)
        for block, scope in zip(text.document.blocks, found.scopes, strict=True)
    }


def supported(content: str) -> dict[str, list[str]]:
    """The diagnoses that support each of the three codes; a minus stands before what does not."""
    found = read(content)
    return {
        subject: sorted(
            ("-" if how == "excluded" else "") + said.rpartition(":")[2]
            for said, how in stated(found, subject=subject).items()
            if said.startswith("supportedByDiagnosis")
        )
        for subject in (FIRST, SECOND, THIRD)
    }


# Headings.


def test_a_heading_that_names_a_code_opens_its_scope_until_the_next_of_its_level() -> None:
    found = scopes(
        "# Sheet\n\n## J3262 tocilizumab\nOne.\n### Modifiers\nTwo.\n## J0129 abatacept\nThree.\n## Shipping\nFour.\n"
    )
    assert found == {
        "Sheet": ([], "NONE"),
        "J3262 tocilizumab": (["J3262"], "NONE"),
        "One.": (["J3262"], "NONE"),
        "Modifiers": (["J3262"], "MODIFIERS"),
        "Two.": (["J3262"], "MODIFIERS"),
        "J0129 abatacept": (["J0129"], "NONE"),
        "Three.": (["J0129"], "NONE"),
        "Shipping": ([], "NONE"),
        "Four.": ([], "NONE"),
    }


def test_a_heading_may_name_a_drug_for_its_code() -> None:
    found = scopes(CODES + "### Tocilizumab\nOne.\n### Tocilizumab and abatacept\nTwo.\n### Infliximab\nThree.\n")
    assert [found[words][0] for words in ("One.", "Two.", "Three.")] == [
        ["J3262"],
        ["J3262", "J0129"],
        ["J3262", "J0129"],
    ]


def test_headings_of_one_level_that_name_codes_make_no_document_about_the_first() -> None:
    _, found = outlined("# J0585 onabotulinumtoxinA\nOne.\n\n# J0586 abobotulinumtoxinA\nTwo.\n")
    assert found.about.primary == ()
    assert {concept.key for concept in found.about.known} == {"J0585", "J0586"}


@pytest.mark.parametrize(
    ("content", "primary"),
    [
        ("# HCPCS Code J3262\n\nJ0129 is another.\n", ["J3262"]),
        ("# J3262 and J0129\n\nOne.\n", ["J3262", "J0129"]),
        ("# Abatacept\n\nIt is given in the vein.\n", ["J0129"]),
        ("# Guide\n\nBill J3262. Then bill J3262 again.\n", ["J3262"]),
        ("# Guide\n\nJ3262 is the code for it. J0129 and J1745 exist as well.\n", ["J3262"]),
        ("# Guide\n\nJ3262, J3262 and J3262 again, not J0129.\n", ["J3262"]),
        ("# Guide\n\nOne.\n", []),
        ("# Guide\n\nJ3262 and J0129 are mentioned.\n", []),
        ("# CPT 20610\n\nOne.\n", ["20610"]),
        (CODES, ["J3262", "J0129"]),
    ],
)
def test_what_a_document_is_about(content: str, primary: list[str]) -> None:
    _, found = outlined(content)
    assert [concept.key for concept in found.about.primary] == primary


@pytest.mark.xfail(strict=True, reason="a lead-in that the reader takes for a heading counts as a title")
def test_a_lead_in_near_the_beginning_is_no_title() -> None:
    short = "# Two drugs\n\n## Codes\n- J3262 tocilizumab\n- J0129 abatacept\n\nThe following support J3262:\n- M06.9\n"
    assert len(outlined(short)[1].about.primary) == 2


def test_the_polarity_of_a_heading_holds_for_diagnoses_below_it_and_for_nothing_else() -> None:
    found = about(
        "## Diagnoses not covered\n- M31.6 Arteritis\n\nAppend modifier JW.\n\n### Modifiers\n- JZ - none\n\n"
        "## Diagnoses\n- M06.9 Arthritis\n"
    )
    assert stated(found) == {
        "supportedByDiagnosis icd10cm:M31.6": "excluded",
        "acceptsModifier modifier:JW": "",
        "acceptsModifier modifier:JZ": "",
        "supportedByDiagnosis icd10cm:M06.9": "",
    }


@pytest.mark.parametrize(
    "heading",
    [
        "## Not covered\n\n### Diagnosis codes\n",
        "## Not covered\n\nICD-10 Diagnosis\n",
        "Not medically necessary:\n\nICD-10 Diagnosis\n",
        "Not medically necessary:\nICD-10 Diagnosis\n",
        "Not covered for the following:\n    ICD-10 Diagnosis\n",
        f"Not medically necessary:\n{LONG_LEAD}\nICD-10 Diagnosis\n",
        "Not covered:\n\nCPT\n67028 Injection of the eye\n\nICD-10 Diagnosis\n",
    ],
)
def test_what_is_not_covered_is_so_whatever_label_says_of_what_kind_its_codes_are(heading: str) -> None:
    found = about(f"{heading}H40.9 Glaucoma\n")
    assert stated(found)["supportedByDiagnosis icd10cm:H40.9"] == "excluded"


@pytest.mark.parametrize(
    "heading",
    [
        "Not covered:\nH40.9 Glaucoma\n\nICD-10 Diagnosis\n",
        "## Not covered\n\n- Cosmetic use\n\n## Diagnosis codes\n",
        "## Not covered\n\n### Covered diagnosis codes\n",
        "Covered when criteria are met:\nICD-10 Diagnosis\n",
    ],
)
def test_what_is_not_covered_ends_with_the_next_list_of_its_own(heading: str) -> None:
    found = about(f"{heading}H35.31 Degeneration\n")
    assert stated(found)["supportedByDiagnosis icd10cm:H35.31"] != "excluded"


def test_what_is_not_covered_at_the_end_of_a_group_is_that_groups() -> None:
    lists = "HCPCS\n{}\nICD-10 Diagnosis\n{}\n"
    groups = (
        "Surgery:\n" + lists.format("C1767 Generator", "H35.31 Degeneration"),
        "Not covered:\nICD-10 Diagnosis\nH40.9 Glaucoma\n",
        "Implants\n" + lists.format("L8680 Electrode", "H44.9 Disorder"),
    )
    found = read("Medical policy on the eye\n\n" + "\n".join(groups))
    assert "icd10cm:H40.9" not in objects(found, "supportedByDiagnosis", subject="hcpcs:L8680")


@pytest.mark.parametrize("heading", ["Other HCPCS codes related to the policy:", "HCPCS codes related to this CPB"])
def test_other_codes_that_a_policy_lists_are_named_and_no_more(heading: str) -> None:
    found = read(
        f"# Rituximab\n\nHCPCS codes covered if criteria are met:\nJ9312 Injection, rituximab, 10 mg\n\n{heading}\n"
        "J9035 Injection, bevacizumab, 10 mg\n96413 Chemotherapy\n\nICD-10 codes covered:\nC83.00 Small cell\n"
    )
    assert objects(found, "similarTo") == objects(found, "administeredWith") == []
    assert objects(found, "identifiesDrug", subject="hcpcs:J9035") == ["drug:bevacizumab"]
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J9312") == ["icd10cm:C83.00"]
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J9035") == []


@pytest.mark.parametrize(
    "rows",
    [
        "<p>J9035 Injection, bevacizumab, 10 mg A9503 Technetium S9338 Home infusion therapy 96413 Chemotherapy</p>",
        "<table><tr><td>J9035</td><td>bevacizumab</td></tr><tr><td>S9338</td><td>Home infusion</td></tr></table>",
    ],
)
def test_other_codes_that_a_policy_lists_do_not_go_with_one_another(rows: str) -> None:
    heading = "<h3>Other HCPCS codes related to the CPB:</h3>"
    found = read(f"<h1>Rituximab J9312</h1>{heading}{rows}", "policy.html")
    relations = {str(assertion.relation) for assertion in found.assertions}
    assert relations <= {"identifiesDrug", "billingUnit"}


def test_a_service_is_not_easily_taken_for_a_drug() -> None:
    found = about("## Similar codes\n- J0129: abatacept\n- 96413: chemotherapy\n- 96365: infusion\n")
    assert objects(found, "similarTo") == [SECOND]


def test_a_section_of_similar_codes_is_about_the_document_and_not_about_them() -> None:
    found = about("## J0129 and other similar codes\n- J0129: abatacept\n\n## Diagnoses\n- M06.9 Arthritis\n")
    assert objects(found, "similarTo") == [SECOND]
    assert objects(found, "supportedByDiagnosis") == ["icd10cm:M06.9"]
    assert objects(found, "supportedByDiagnosis", subject=SECOND) == []


@pytest.mark.parametrize("heading", ["References", "Revision History", "Works cited", "Disclaimer"])
def test_sections_of_references_and_history_state_nothing(heading: str) -> None:
    found = about(f"## {heading}\n- M06.9 is covered.\n- Append modifier JW.\n\n## Modifiers\nAppend modifier JZ.\n")
    assert stated(found) == {"acceptsModifier modifier:JZ": ""}
    assert {item.reason for item in found.leftovers if item.text == "M06.9"} == {"reference"}


def test_an_entry_of_a_list_of_references_states_nothing_wherever_it_stands() -> None:
    found = about("Smith J, et al. M06.9 is covered by J3262. Ann Rheum. 2011; 70(3): 1.\n\nM05.79 is covered.\n")
    assert stated(found) == {"supportedByDiagnosis icd10cm:M05.79": ""}


# Lines that open a scope.


def test_a_line_that_begins_with_a_code_ends_the_scope_of_the_former_one() -> None:
    found = supported(
        "# Sheet\n\nJ3262 tocilizumab\nM06.9 Rheumatoid arthritis\n\nJ0129 abatacept\nL40.50 Psoriatic arthropathy\n"
    )
    assert found == {FIRST: ["M06.9"], SECOND: ["L40.50"], THIRD: []}


def test_codes_on_lines_right_below_each_other_share_what_follows() -> None:
    found = supported("# Sheet\n\nJ3262\nJ0129\nM06.9 Rheumatoid arthritis\n\nJ1745\nK50.90 Crohn's disease\n")
    assert found == {FIRST: ["M06.9"], SECOND: ["M06.9"], THIRD: ["K50.90"]}


def test_a_list_of_several_codes_in_one_line_shares_what_follows() -> None:
    found = supported("# Sheet\n\nJ3262, J0129\nM06.9 Rheumatoid arthritis\n\nJ1745\nK50.90 Crohn's disease\n")
    assert found == {FIRST: ["M06.9"], SECOND: ["M06.9"], THIRD: ["K50.90"]}


def test_a_sentence_that_begins_with_a_code_opens_nothing() -> None:
    found = supported(f"{CODES}J3262 is given in the vein.\n\nM06.9 Rheumatoid arthritis\n")
    assert found == {FIRST: ["M06.9"], SECOND: ["M06.9"], THIRD: []}


def test_a_diagnosis_between_two_codes_parts_them() -> None:
    for mark in ("", "- "):
        found = supported(f"# Sheet\n\n{mark}J3262\n{mark}M06.9 Arthritis\n{mark}J0129\n{mark}L40.50 Arthropathy\n")
        assert found == {FIRST: ["M06.9"], SECOND: ["L40.50"], THIRD: []}


# Coverage articles.

ARTICLE = """# Billing article

## CPT/HCPCS Codes
Group 1 Codes:
J3262 Injection, tocilizumab, 1 mg

Group 2 Codes:
J0129 Injection, abatacept, 10 mg
J1745 Injection, infliximab, 10 mg

## ICD-10 Codes that Support Medical Necessity
"""


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Group 1 Codes:\nM06.9 Arthritis\n\nGroup 2 Codes:\nL40.50 Arthropathy\n", (["M06.9"], ["L40.50"])),
        ("Group 1 Paragraph: For J0129:\nGroup 1 Codes:\nM06.9 Arthritis\n", ([], ["M06.9"])),
        ("Group 1 Paragraph: For all drugs listed above:\nGroup 1 Codes:\nM06.9 Arthritis\n", (["M06.9"], ["M06.9"])),
        ("The following support the codes of groups 1 and 2:\n\nM06.9 Arthritis\n", (["M06.9"], ["M06.9"])),
        ("The following support the codes of group 2:\n\nM06.9 Arthritis\n", ([], ["M06.9"])),
        ("The following support the codes of groups 1 to 2:\n\nM06.9 Arthritis\n", (["M06.9"], ["M06.9"])),
        ("M06.9 Arthritis\n", (["M06.9"], ["M06.9"])),
    ],
)
def test_whose_the_groups_of_a_coverage_article_are(section: str, expected: tuple[list[str], list[str]]) -> None:
    found = supported(ARTICLE + section)
    assert (found[FIRST], found[SECOND]) == expected


def test_the_groups_of_an_article_hold_the_codes_below_them() -> None:
    _, found = outlined(ARTICLE)
    assert {number: [code.key for code in codes] for number, codes in found.about.groups.items()} == {
        1: ["J3262"], 2: ["J0129", "J1745"],
    }  # fmt: skip


def test_a_group_ends_with_its_section() -> None:
    found = stated(read(f"{ARTICLE}Group 1 Codes:\nM06.9 Arthritis\n\n## Modifiers\n- JW - waste\n"), subject=SECOND)
    assert found["acceptsModifier modifier:JW"] == ""


# Lead-ins.


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("We know of diagnoses, of which the following support J0129:", {FIRST: [], SECOND: ["M06.9"]}),
        ("We know of diagnoses, of which the following support abatacept:", {FIRST: [], SECOND: ["M06.9"]}),
        ("We know of diagnoses, of which the following do not support it:", {FIRST: ["-M06.9"], SECOND: ["-M06.9"]}),
        ("We know of diagnoses. They support all drugs on this page:", {FIRST: ["M06.9"], SECOND: ["M06.9"]}),
    ],
)
def test_a_lead_in_says_whose_the_list_below_is(lead: str, expected: dict[str, list[str]]) -> None:
    assert supported(f"{CODES}{lead}\n\n- M06.9\n") == {**expected, THIRD: []}


@pytest.mark.xfail(strict=True, reason="the reader takes a lead-in for a heading, whose section no paragraph ends")
def test_a_lead_in_holds_until_the_next_paragraph() -> None:
    found = supported(
        f"{CODES}As we said above, the following support J0129:\n\n- M06.9\n\n"
        "And there is more to say of all.\n\n- M05.79\n"
    )
    assert found == {FIRST: ["M05.79"], SECOND: ["M05.79", "M06.9"], THIRD: []}


LONG = "Of all the many diagnoses that people have come to us with in the years in which we have given these drugs, "
"""Makes a lead-in too long for a heading."""


@pytest.mark.parametrize(
    ("lead", "first", "second"),
    [
        ("the following support it:", ["M06.9"], ["M06.9"]),
        ("the following do not support it:", ["-M06.9"], ["-M06.9"]),
        ("the following support abatacept:", [], ["M06.9"]),
        ("the following do not support J0129:", [], ["-M06.9"]),
    ],
)
def test_a_paragraph_that_leads_in_says_whose_the_list_is_and_whether_it_says_no(
    lead: str, first: list[str], second: list[str]
) -> None:
    assert supported(f"{CODES}{LONG}{lead}\n\n- M06.9\n") == {FIRST: first, SECOND: second, THIRD: []}


def test_a_lead_in_may_say_no_in_a_section_that_does_not() -> None:
    found = supported(f"# HCPCS Code J3262\n\n## Diagnoses\n\n{LONG}these do not support it:\n\n- M06.9\n")
    assert found[FIRST] == ["-M06.9"]


def test_a_paragraph_that_leads_in_holds_until_the_next() -> None:
    then = "And there is more to say of all of them, so let us say it."
    found = supported(f"{CODES}{LONG}the following support J0129:\n\n- M06.9\n\n{then}\n\n- M05.79\n")
    assert found == {FIRST: ["M05.79"], SECOND: ["M05.79", "M06.9"], THIRD: []}


# Codes that have ended.


@pytest.mark.parametrize(
    "sentence",
    [
        "J0129 was deleted in 2020.", "J3262 replaces J0129.", "J0129 was replaced by J3262.",
        "The old code J0129 is gone.", "Bill J3262 instead of J0129.", "Formerly J0129 was billed.",
        "J0129 (terminated) was used.",
    ],
)  # fmt: skip
def test_a_code_that_has_ended_is_nobodys_subject(sentence: str) -> None:
    _, found = outlined(f"# Guide\n\n{sentence}\n\nJ3262 is billed.\n")
    assert [concept.key for concept in found.about.primary] == ["J3262"]
    assert {span.code.value for span in found.about.drug_codes.values()} == {"J3262"}


@pytest.mark.parametrize(
    "sentence", ["J0129 was not deleted.", "J0129 is new. J1745 was deleted.", "J0129 | J1745 ended"]
)
def test_what_is_said_of_another_code_ends_none(sentence: str) -> None:
    _, found = outlined(f"# Guide\n\n{sentence}\n")
    assert "J0129" in {span.code.value for span in found.about.drug_codes.values()}


def test_unspecific_codes_are_no_codes_of_drugs() -> None:
    _, found = outlined("# Guide\n\nJ3490, J3590, J9999 and C9399 stand for anything.\n")
    assert found.about.drug_codes == {}


def test_one_of_the_following_stands_within_a_list_of_criteria() -> None:
    items = "- Member is at least 18 years of age; AND\n\nOne of the following:\n\n- Prescribed by a rheumatologist\n"
    found = about(f"Coverage is provided in the following conditions:\n\n{items}")
    assert objects(found, "coverageRequires") == ["requirement:age-limit", "requirement:specialist-prescriber"]


def test_a_drug_stands_for_the_code_that_another_sentence_has() -> None:
    found = read("Benralizumab and mepolizumab may be given at home for Aetna. Codes J0517 and J2182 are billed.\n")
    for code in ("J0517", "J2182"):
        assert objects(found, "placeOfService", subject=f"hcpcs:{code}") == ["place:home"]


def test_a_pharmacy_that_a_drug_is_bought_from_is_no_place_of_service() -> None:
    found = about("J3262 is obtained through a specialty pharmacy and is covered under the pharmacy benefit.\n")
    assert objects(found, "placeOfService") == []


# Labels in lists.


@pytest.mark.parametrize(
    "content",
    [
        "- Modifiers:\n- JW\n- Diagnoses:\n- L40.50\n",
        "- Modifiers\n  - JW\n- Diagnoses\n  - L40.50\n",
        "- Modifiers:\n  - JW\n- Diagnoses:\n  - L40.50\n",
    ],
)
def test_an_item_that_ends_with_a_colon_or_has_deeper_ones_is_a_label(content: str) -> None:
    assert set(stated(about(content))) == {"acceptsModifier modifier:JW", "supportedByDiagnosis icd10cm:L40.50"}
