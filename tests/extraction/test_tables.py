from __future__ import annotations

import pytest

from .stating import about, left, objects, read, stated, the

MODIFIERS = """## Common Modifiers
| Modifier | Description | When to use |
|---|---|---|
| JW | Drug discarded | Use when waste is billed |
| JZ | Zero waste | Required when nothing is discarded |
| 59 | Distinct service | Not typically used |
| LT | Left side | Never used with drug codes |
"""


def test_a_row_of_modifiers_has_polarity_and_strength_from_its_own_words() -> None:
    found = about(MODIFIERS)
    assert stated(found) == {
        "acceptsModifier modifier:JW": "",
        "acceptsModifier modifier:JZ": "required",
        "acceptsModifier modifier:59": "atypical",
        "acceptsModifier modifier:LT": "excluded",
    }
    waste = the(found, "modifier:JW")
    assert (waste.object.name, waste.condition) == ("Drug discarded", "Use when waste is billed")
    assert waste.evidence.quote == "| JW | Drug discarded | Use when waste is billed |"
    assert (waste.evidence.line, waste.evidence.section, waste.rule) == (6, "Common Modifiers", "table.modifier")


@pytest.mark.parametrize(
    "table",
    [
        "Modifier | Use\n---|---\nJW | waste\n59 | apart\n",
        "Modifier\tUse\nJW\twaste\n59\tapart\n",
        "Use | Modifier\n---|---\nwaste | JW\napart | 59\n",
        "Code | Use\n---|---\nJW | waste\n59 | apart\n",
        "| JW | waste |\n| 59 | apart |\n",
        "Modifier | Use\nJW | waste |\n| 59 | apart\n",
    ],
)
def test_a_table_of_modifiers_is_read_however_it_is_set(table: str) -> None:
    assert objects(about(f"## Modifiers\n{table}"), "acceptsModifier") == ["modifier:59", "modifier:JW"]


def test_the_service_that_a_procedure_is_for_makes_its_relation() -> None:
    found = about(
        "## Related CPT Codes\nCPT | Description\n---|---\n96413 | Infusion, first hour\n99213 | Office visit\n"
        "85025 | Blood count\nA4222 | Infusion supplies\n"
    )
    assert stated(found) == {
        "administeredWith cpt:96413": "",
        "evaluatedWith cpt:99213": "",
        "testedWith cpt:85025": "",
        "suppliedWith hcpcs:A4222": "",
    }
    assert the(found, "cpt:96413").object.name == "Infusion, first hour"


def test_diagnoses_may_be_off_label_or_complications() -> None:
    found = about(
        "## Diagnoses\n| ICD-10-CM | Name | Notes |\n|---|---|---|\n| M06.9 | Rheumatoid arthritis | On-label |\n"
        "| M31.6 | Giant cell arteritis | Off-label |\n| T80.90XA | Reaction | When a reaction occurs |\n"
    )
    assert stated(found) == {
        "supportedByDiagnosis icd10cm:M06.9": "",
        "supportedByDiagnosis icd10cm:M31.6": "offLabel",
        "complicationDiagnosis icd10cm:T80.90XA": "",
    }


def test_diagnoses_may_come_without_their_dot() -> None:
    found = about("## Diagnoses\nICD-10 | Name\n---|---\nM0579 | RA\nG35 | MS\nJ4550 | Asthma\n")
    assert objects(found, "supportedByDiagnosis") == ["icd10cm:G35", "icd10cm:J45.50", "icd10cm:M05.79"]


def test_a_table_with_a_row_for_each_drug_has_a_subject_in_each_row() -> None:
    found = read(
        "# Cheat sheet\n\n| HCPCS | Drug | Unit | Route | Modifiers | Admin CPT | ICD-10 |\n"
        "|---|---|---|---|---|---|---|\n"
        "| J3262 | tocilizumab (Actemra) | 1 mg | IV | JW, JZ | 96413, 96415 | M06.9 |\n"
        "| J0129 | abatacept | 10 mg | SC | JA | 96365 | M05.79, L40.50 |\n"
    )
    assert set(stated(found)) == {
        "identifiesDrug drug:tocilizumab", "billingUnit quantity:1-mg", "routeOfAdministration route:intravenous",
        "acceptsModifier modifier:JW", "acceptsModifier modifier:JZ", "administeredWith cpt:96413",
        "administeredWith cpt:96415", "supportedByDiagnosis icd10cm:M06.9",
    }  # fmt: skip
    assert set(stated(found, subject="hcpcs:J0129")) == {
        "identifiesDrug drug:abatacept", "billingUnit quantity:10-mg", "routeOfAdministration route:subcutaneous",
        "acceptsModifier modifier:JA", "administeredWith cpt:96365", "supportedByDiagnosis icd10cm:M05.79",
        "supportedByDiagnosis icd10cm:L40.50",
    }  # fmt: skip


def test_a_table_on_its_side_has_a_label_in_each_row() -> None:
    found = read(
        "# Drug card\n\n| HCPCS code | J3262 |\n"
        "| Drug | tocilizumab |\n| Billing unit | 1 mg |\n| Route | Intravenous |\n"
        "| Modifiers | JW, JZ |\n| Diagnosis | M06.9 |\n"
    )
    assert set(stated(found)) == {
        "identifiesDrug drug:tocilizumab", "billingUnit quantity:1-mg", "routeOfAdministration route:intravenous",
        "acceptsModifier modifier:JW", "acceptsModifier modifier:JZ", "supportedByDiagnosis icd10cm:M06.9",
    }  # fmt: skip


def test_a_column_of_yes_and_no_says_what_coverage_requires() -> None:
    found = read(
        "# Prior authorization\n\n| HCPCS | Drug | PA required | Step therapy |\n|---|---|---|---|\n"
        "| J3262 | tocilizumab | Yes | No |\n| J0129 | abatacept | Varies | Yes |\n"
    )
    first, second = stated(found), stated(found, subject="hcpcs:J0129")
    assert first["coverageRequires requirement:prior-authorization"] == ""
    assert first["coverageRequires requirement:step-therapy"] == "excluded"
    assert second["coverageRequires requirement:prior-authorization"] == "permitted"
    assert second["coverageRequires requirement:step-therapy"] == ""


def test_rows_that_say_nothing_are_left_over_with_the_reason() -> None:
    found = about(
        "## Modifiers\nModifier | Use\n---|---\nJW | waste\n"
        "JW | waste, a duplicate row\n\n## Links\n| Start | Contact |\n"
    )
    assert left(found) == {
        "J3262": "heading",
        "Modifier | Use": "header",
        "JW | waste, a duplicate row": "duplicate",
        "| Start | Contact |": "no relation fits",
    }
    assert (found.rows.total, found.rows.evidence, found.rows.leftover) == (4, 1, 3)


@pytest.mark.xfail(strict=True, reason="a cell that is the name of a place counts without any word about the service")
def test_a_row_of_links_names_no_place() -> None:
    assert stated(about("## Links\n| Home | Contact |\n")) == {}


def test_rows_without_a_subject_are_left_over() -> None:
    found = read("Some notes on arthritis here.\n\n| M06.9 | RA |\n| M05.79 | RA |\n")
    assert found.assertions == ()
    assert set(left(found).values()) == {"no subject"}


def test_the_menus_of_a_page_say_nothing() -> None:
    found = read(
        "<h1>HCPCS Code J3262</h1><nav>J1111</nav><table><tr><th>Modifier</th><th>Use</th></tr><tr><td>JW</td>"
        "<td>waste</td></tr></table><footer>CPT 96413</footer>",
        "guide.html",
    )
    assert stated(found) == {"acceptsModifier modifier:JW": ""}
    assert left(found)["J1111"] == left(found)["96413"] == "navigation"


@pytest.mark.parametrize(
    "content",
    [
        "# S\n\nHCPCS | ICD-10\n---|---\nJ3262 | M06.9, M05.79\nJ0129 | L40.50\n",
        "# HCPCS Code J3262\n\nBilled with M06.9 and M05.79.",
    ],
)
def test_one_diagnosis_is_no_condition_of_the_other(content: str) -> None:
    found = [a for a in read(content).assertions if a.relation == "supportedByDiagnosis"]
    assert {assertion.qualifiers for assertion in found} == {()}


def test_a_modifier_qualifies() -> None:
    table = "CPT | Description | When to use\n---|---|---\n96372 | Injection | When billed with modifier 59\n"
    found = the(about(f"## Related CPT Codes\n{table}"), "cpt:96372")
    assert [(qualifier.value, concept.curie) for qualifier, concept in found.qualifiers] == [
        ("withModifier", "modifier:59")
    ]


def test_codes_of_one_cell_come_in_their_order() -> None:
    table = "HCPCS | Modifiers | CPT\n---|---|---\nJ3262 | JW, JZ | 96413, 96415\nJ0129 | JA | 96365\n"
    assert [a.object.key for a in read(f"# S\n\n{table}").assertions][:4] == ["JW", "JZ", "96413", "96415"]


def test_only_codes_of_services_are_similar() -> None:
    assert read("# Sheet\n\nHCPCS | Similar codes\n---|---\nJ3262 | M06.9\n").assertions == ()


def test_what_is_exempt_from_authorization_is_no_no_to_the_diagnoses_of_the_row() -> None:
    found = read(
        "| CPT | Diagnoses | PA required | Notes |\n|---|---|---|---|\n"
        "| 92920 | I21.3 | Yes | Emergent cases may be exempt from PA |\n"
        "| 92921 | I21.4 | Yes | Not covered |\n"
    )
    verdicts = {(a.subject.key, a.object.key): a.polarity.value for a in found.assertions if a.object.kind.is_code}
    assert verdicts == {("92920", "I21.3"): "affirmed", ("92921", "I21.4"): "excluded"}
    exempted = [a for a in found.assertions if a.subject.key == "92920" and a.polarity == "excluded"]
    assert {a.condition for a in exempted} <= {"Emergent cases"}


def test_each_of_several_codes_bills_the_drug_of_its_descriptor() -> None:
    found = read(
        "| HCPCS | Drugs | Unit |\n|---|---|---|\n| J0135, J1745, J3590 | adalimumab, infliximab, etanercept | |\n"
    )
    assert {(a.subject.key, a.object.key) for a in found.assertions} == {
        ("J0135", "adalimumab"),
        ("J1745", "infliximab"),
    }
