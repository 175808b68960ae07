"""Tables as people set them: keyed, spanning, sideways, with payers, verdicts, footnotes, captions and repeats."""

from __future__ import annotations

import pytest

from kg.model import Qualifier

from ..stating import about, left, objects, read, stated

FIRST, SECOND = "hcpcs:J3262", "hcpcs:J0129"


def diagnoses(content: str, name: str = "guide.md") -> dict[str, dict[str, str]]:
    """The diagnoses of each subject, and how."""
    found = read(content, name)
    return {
        subject: {
            said.rpartition(":")[2]: how
            for said, how in stated(found, subject=subject).items()
            if said.startswith("supportedByDiagnosis")
        }
        for subject in dict.fromkeys(a.subject.curie for a in found.assertions)
    }


BOTH = {FIRST: {"M06.9": "", "M31.6": "excluded"}, SECOND: {"L40.50": ""}}


@pytest.mark.parametrize(
    "content",
    [
        # A verdict for each row, and a row that goes on with the code above.
        "HCPCS | ICD-10 | Covered\n---|---|---\nJ3262 | M06.9 | Yes\nJ3262 | M31.6 | No\nJ0129 | L40.50 | Yes\n",
        "| HCPCS | ICD-10 | Covered |\n|--|--|--|\n| J3262 | M06.9 | Y |\n| | M31.6 | No |\n| J0129 | L40.50 | Y |\n",
        # The columns in another order, and remarks for verdicts.
        "ICD-10 | HCPCS | Note\n---|---|---\nM06.9 | J3262 | x\nM31.6 | J3262 | not covered\nL40.50 | J0129 | x\n",
        # Rows across the table name the code of the rows below them.
        "ICD-10 | Covered\n---|---\nJ3262 tocilizumab |\nM06.9 | Yes\nM31.6 | No\nJ0129 abatacept |\nL40.50 | Yes\n",
        # Marks of yes and no.
        "HCPCS | ICD-10 | Payable\n---|---|---\nJ3262 | M06.9 | ✓\nJ3262 | M31.6 | ✗\nJ0129 | L40.50 | ✓\n",
        # The header comes again.
        (
            "HCPCS | ICD-10 | Covered\n---|---|---\nJ3262 | M06.9 | Yes\nJ3262 | M31.6 | No\n"
            "HCPCS | ICD-10 | Covered\nJ0129 | L40.50 | Yes\n"
        ),
    ],
)
def test_each_row_is_about_its_own_code(content: str) -> None:
    assert diagnoses(f"# Sheet\n\n{content}") == BOTH


def test_a_row_across_the_table_names_the_code_of_the_rows_below_it() -> None:
    found = read(
        "# Sheet\n\n| Modifier | Use |\n|---|---|\n| J3262 tocilizumab | |\n| JW | waste |\n| JZ | none |\n"
        "| J0129 abatacept | |\n| JA | vein |\n"
    )
    assert objects(found, "acceptsModifier") == ["modifier:JW", "modifier:JZ"]
    assert objects(found, "acceptsModifier", subject=SECOND) == ["modifier:JA"]


def test_a_cell_that_spans_rows_is_the_subject_of_all_of_them() -> None:
    found = diagnoses(
        "<h1>Sheet</h1><table><tr><th>HCPCS</th><th>ICD-10</th><th>Covered</th></tr><tr><td rowspan=2>J3262</td>"
        "<td>M06.9</td><td>Yes</td></tr><tr><td>M31.6</td><td>No</td></tr>"
        "<tr><td>J0129</td><td>L40.50</td><td>Yes</td></tr></table>",
        "guide.html",
    )
    assert found == BOTH


def test_a_header_of_two_columns_that_say_yes_and_no() -> None:
    found = about("Covered diagnoses | Diagnoses not covered\n---|---\nM06.9 | M31.6\nM05.79 | L40.0\n")
    assert {said.rpartition(":")[2]: how for said, how in stated(found).items()} == {
        "M06.9": "", "M05.79": "", "M31.6": "excluded", "L40.0": "excluded",
    }  # fmt: skip


def test_a_header_may_exclude_its_column() -> None:
    found = about("Modifiers not allowed | Why\n---|---\nLT | it has no side\nRT | it has none\n")
    assert set(stated(found).values()) == {"excluded"}


def of_payers(content: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """The diagnoses of a guide, how, and for whom."""
    return {
        (a.object.key, a.polarity.value, tuple(c.key for q, c in a.qualifiers if q is Qualifier.FOR_PAYER))
        for a in about(content).assertions
        if a.relation == "supportedByDiagnosis"
    }


@pytest.mark.parametrize(
    "content",
    [
        "ICD-10 | Medicare | Aetna\n---|---|---\nM06.9 | Yes | No\nM31.6 | No | Yes\n",
        (
            "Payer | ICD-10 | Covered\n---|---|---\nMedicare | M06.9 | Yes\nAetna | M06.9 | No\n"
            "Medicare | M31.6 | No\nAetna | M31.6 | Yes\n"
        ),
    ],
)
def test_what_each_payer_says_in_its_own_column_or_row(content: str) -> None:
    assert of_payers(content) == {
        ("M06.9", "affirmed", ("medicare",)), ("M06.9", "excluded", ("aetna",)),
        ("M31.6", "excluded", ("medicare",)), ("M31.6", "affirmed", ("aetna",)),
    }  # fmt: skip


@pytest.mark.parametrize("mark", ["*", " *", "†", " †", "[1]", "¹", "²"])
def test_a_footnote_says_no_of_the_code_that_bears_its_mark(mark: str) -> None:
    table = f"ICD-10 | Name\n---|---\nM06.9 | Arthritis\nM31.6{mark} | Arteritis\n\n{mark.strip()} Not covered.\n"
    assert {said.rpartition(":")[2]: how for said, how in stated(about(f"## Diagnoses\n\n{table}")).items()} == {
        "M06.9": "",
        "M31.6": "excluded",
    }


def test_a_mark_without_a_footnote_says_nothing() -> None:
    table = "ICD-10 | Name\n---|---\nM06.9* | Arthritis\n"
    assert stated(about(f"## Diagnoses\n\n{table}")) == {"supportedByDiagnosis icd10cm:M06.9": ""}


@pytest.mark.parametrize(
    "content",
    [
        "- M06.9: J3262, J0129\n- L40.50: J0129\n",
        "ICD-10 | HCPCS\n---|---\nM06.9 | J3262, J0129\nL40.50 | J0129\n",
        "J3262, M06.9\nJ0129, M06.9, L40.50\n",
        "tocilizumab J3262 M06.9\nabatacept J0129 M06.9 L40.50\n",
    ],
)
def test_lines_that_begin_with_a_diagnosis_and_lines_of_codes_alone(content: str) -> None:
    assert diagnoses(f"# Sheet\n\n{content}") == {FIRST: {"M06.9": ""}, SECOND: {"M06.9": "", "L40.50": ""}}


@pytest.mark.parametrize("header", ["", "Item | Value\n---|---\n"])
def test_a_table_on_its_side(header: str) -> None:
    rows = "HCPCS code | J3262\nDrug | tocilizumab\nUnit | 1 mg\nModifiers | JW, JZ\nNot covered | M31.6\n"
    assert stated(read(f"# Card\n\n{header}{rows}")) == {
        "identifiesDrug drug:tocilizumab": "",
        "billingUnit quantity:1-mg": "",
        "acceptsModifier modifier:JW": "",
        "acceptsModifier modifier:JZ": "",
        "supportedByDiagnosis icd10cm:M31.6": "excluded",
    }


def test_the_header_of_a_column_of_procedures_says_what_they_are_for() -> None:
    found = read(
        "# Sheet\n\nHCPCS | Lab codes | Visit code | Supply code | Admin code\n---|---|---|---|---\n"
        "J3262 | 36415 | 99211 | A4222 | G0463\nJ0129 | 80053 | 99214 | A4223 | 96365\n"
    )
    assert set(stated(found)) == {
        "testedWith cpt:36415", "evaluatedWith cpt:99211", "suppliedWith hcpcs:A4222", "administeredWith hcpcs:G0463",
    }  # fmt: skip


def test_a_column_of_preferred_and_former_codes_is_about_other_drugs() -> None:
    found = read(
        "# Sheet\n\nHCPCS | Preferred drug | Old code | ICD-10\n---|---|---|---\n"
        "J3262 | Q5133 | J3590 | M06.9\nJ0129 | J3262 | J3490 | L40.50\n"
    )
    assert stated(found) == {"supportedByDiagnosis icd10cm:M06.9": ""}
    assert stated(found, subject=SECOND) == {"supportedByDiagnosis icd10cm:L40.50": ""}


def test_a_row_whose_code_has_ended_says_nothing() -> None:
    found = read("# Sheet\n\nHCPCS | Modifier | Note\n---|---|---\nJ3262 | JW | in use\nJ0129 | JA | deleted in 2020\n")
    assert [a.subject.curie for a in found.assertions] == [FIRST]
    assert left(found)["J0129 | JA | deleted in 2020"] in ("no subject", "the code has ended")


def test_a_row_that_calls_itself_a_duplicate_says_nothing() -> None:
    found = about("## Modifiers\nModifier | Use\n---|---\nJW | waste\nJZ | a duplicate row\n")
    assert stated(found) == {"acceptsModifier modifier:JW": ""}
    assert left(found)["JZ | a duplicate row"] == "duplicate"


def test_a_column_of_codes_of_several_systems_holds_no_subjects() -> None:
    found = about("Code | Modifier\n---|---\nJ0129 | JW\nM06.9 | JZ\n")
    assert objects(found, "acceptsModifier") == ["modifier:JW", "modifier:JZ"]
    assert objects(found, "acceptsModifier", subject=SECOND) == []


def test_another_drug_in_a_column_of_procedures_goes_with_nothing() -> None:
    found = about("## Related CPT Codes\nCPT | Use\n---|---\n96413 | first hour\nJ0129 | another drug\n")
    assert stated(found) == {"administeredWith cpt:96413": ""}


def test_a_remark_behind_a_code_is_its_own() -> None:
    found = about(
        "## Related CPT Codes\nCPT | Use\n---|---\n96413 - never; 96372 | under the skin\n"
        "96365 (may be billed), 96366 | each\n"
    )
    assert stated(found) == {
        "administeredWith cpt:96413": "excluded",
        "administeredWith cpt:96372": "",
        "administeredWith cpt:96365": "permitted",
        "administeredWith cpt:96366": "",
    }


def test_a_table_without_a_header_is_told_by_its_cells() -> None:
    found = about("## Modifiers\n| JW | Drug discarded | yes |\n| LT | Left side | no |\n")
    assert stated(found) == {"acceptsModifier modifier:JW": "", "acceptsModifier modifier:LT": "excluded"}


@pytest.mark.xfail(strict=True, reason="the words of a no are kept in the name of the condition")
def test_the_name_of_a_condition_has_no_no_in_it() -> None:
    found = read("# Uses\n\nHCPCS | Drug | Indication\n---|---|---\nJ3262 | tocilizumab | not for gout\n")
    assert objects(found, "indicatedFor") == ["condition:gout"]


def test_what_a_row_says_of_its_place_and_route() -> None:
    places = about("## Where\nPlace of service | Note\n---|---\nPhysician office | covered\nHome | not covered\n")
    assert stated(places) == {"placeOfService place:physician-office": "", "placeOfService place:home": "excluded"}
    routes = read("# S\n\nHCPCS | Route | Note\n---|---|---\nJ3262 | IV, not subcutaneous | x\nJ0129 | SC | x\n")
    assert stated(routes) == {
        "routeOfAdministration route:intravenous": "",
        "routeOfAdministration route:subcutaneous": "excluded",
    }


def test_a_unit_is_not_undone_by_the_dose_of_the_next_block() -> None:
    assert objects(about("Billing unit: 10 mg\n\nVial size: 100 mg\n"), "billingUnit") == ["quantity:10-mg"]
    assert objects(about("Billing unit: 10 mg vial\n"), "billingUnit") == []


def test_rows_that_nobody_reads_are_left_over() -> None:
    wide = "| " + " | ".join(["JW"] * 70) + " |\n"
    found = about(f"## Modifiers\n{wide}{wide}")
    assert found.assertions == ()
    assert {item.reason for item in found.leftovers if item.what == "row"} == {"not a table that people read"}


# --- columns for one thing each ------------------------------------------------------------------------------------


def test_a_table_may_have_a_column_for_each_drug() -> None:
    found = read("""
| | Actemra | Orencia |
|---|---|---|
| HCPCS | J3262 | J0129 |
| Billing unit | 1 mg | 10 mg |
| ICD-10-CM | M06.9 | L40.50 |
""")
    assert objects(found, "supportedByDiagnosis", subject=FIRST) == ["icd10cm:M06.9"]
    assert objects(found, "billingUnit", subject=SECOND) == ["quantity:10-mg"]


def test_a_column_may_speak_of_one_modifier() -> None:
    found = read("| HCPCS | Drug | JW | JZ |\n|---|---|---|---|\n| J3262 | tocilizumab | Yes | No |")
    said = stated(found, subject=FIRST)
    assert said["acceptsModifier modifier:JW"] == ""
    assert said["acceptsModifier modifier:JZ"] == "excluded"


def test_a_decision_is_that_of_the_payer_of_its_row() -> None:
    found = read("Payer,HCPCS,ICD-10-CM,Decision\nMolina,J3262,M06.9,Covered\nHumana,J3262,M06.9,Not covered", "a.csv")
    said = {
        (payer.key, a.polarity.value) for a in found.assertions if a.object.key == "M06.9" for _, payer in a.qualifiers
    }
    assert said == {("molina", "affirmed"), ("humana", "excluded")}


@pytest.mark.parametrize(
    ("cell", "says"), [("Required", ""), ("Not required", "excluded"), ("May be required", "permitted"), ("Y", "")]
)
def test_a_column_of_a_requirement_says_yes_or_no(cell: str, says: str) -> None:
    found = read(f"| HCPCS | Drug | Prior authorization |\n|---|---|---|\n| J3262 | tocilizumab | {cell} |")
    assert stated(found, subject=FIRST)["coverageRequires requirement:prior-authorization"] == says


def test_any_requirement_of_the_kept_list_may_head_a_column_of_yes_and_no() -> None:
    found = read("| HCPCS | TB test | REMS |\n|---|---|---|\n| J3262 | Y | N |")
    assert stated(found, subject=FIRST) == {
        "coverageRequires requirement:tuberculosis-screening": "",
        "coverageRequires requirement:rems-enrollment": "excluded",
    }


def test_short_forms_in_the_column_of_a_payer() -> None:
    found = read("| HCPCS | Cigna | Anthem |\n|---|---|---|\n| J3262 | PA, ST | no PA |")
    said = {(a.object.key, a.polarity.value, a.qualifiers[0][1].key) for a in found.assertions}
    assert said == {
        ("prior-authorization", "affirmed", "cigna"),
        ("step-therapy", "affirmed", "cigna"),
        ("prior-authorization", "excluded", "anthem"),
    }


def test_a_descriptor_beside_the_name_of_the_drug_gives_the_unit() -> None:
    found = read("| Drug | Code | Description |\n|---|---|---|\n| Actemra | J3262 | Injection, tocilizumab, 1 mg |")
    assert objects(found, "billingUnit", subject=FIRST) == ["quantity:1-mg"]


def test_codes_of_services_in_two_columns_do_not_go_together() -> None:
    found = read("| Program | Codes present | Codes to add |\n|---|---|---|\n| Wounds | 97597 | 99213, 87070 |")
    assert found.assertions == ()


def test_the_head_of_a_page_is_no_row() -> None:
    assert "a running head or foot" in left(about("| Aetna Medical Policy | Page 2 of 9 |\n| x | y |")).values()


def test_sc_in_a_column_of_routes_is_no_modifier() -> None:
    found = read("Drugs\n\nAdalimumab\t20 mg\tSC\tJ0135\n")
    assert objects(found, "acceptsModifier", subject="hcpcs:J0135") == []


# --- what a heading asks for of the codes below it -----------------------------------------------------------------


def test_a_heading_may_ask_for_something_of_the_codes_below_it() -> None:
    found = read("""# Humana drug list

## Codes that need preauthorization

- J3262 tocilizumab

## Codes that need no preauthorization

- J0129 abatacept
""")
    said = {
        a.subject.key: (a.polarity.value, a.qualifiers[0][1].key)
        for a in found.assertions
        if a.relation == "coverageRequires"
    }
    assert said == {"J3262": ("affirmed", "humana"), "J0129": ("excluded", "humana")}


def test_a_heading_that_asks_nothing_of_a_list_gives_nothing() -> None:
    found = read("# What is prior authorization?\n\n- J3262 tocilizumab\n- J0129 abatacept")
    assert objects(found, "coverageRequires", subject=FIRST) == []


def test_a_quantity_in_each_row_beside_codes_is_the_unit() -> None:
    found = read(
        "Antiemetics\n\n| J2469 | palonosetron | 25 mcg | R11.2 |\n| J1626 | granisetron | 100 mcg | R11.0 |\n"
    )
    assert objects(found, "billingUnit", subject="hcpcs:J2469") == ["quantity:25-mcg"]
    assert objects(found, "billingUnit", subject="hcpcs:J1626") == ["quantity:100-mcg"]


def test_a_row_that_stands_alone_is_no_header() -> None:
    found = about("| Prior authorization | Step therapy | Payer |\n")
    assert objects(found, "coverageRequires") == ["requirement:prior-authorization", "requirement:step-therapy"]
    assert list(left(found).values()) == ["heading"]


def of_diagnoses(table: str) -> dict[str, str]:
    return {said.rpartition(":")[2]: how for said, how in stated(about(table)).items() if "icd10cm" in said}


def test_a_tick_says_what_the_head_of_its_column_says() -> None:
    table = "Dx | Pays | Denies\n---|---|---\nM06.9 | ✔ | \nM31.6 |  | ✔\n"
    assert of_diagnoses(table) == {"M06.9": "", "M31.6": "excluded"}


def test_a_word_that_is_neither_among_verdicts_is_left_over() -> None:
    table = "Dx | Decision\n---|---\nM06.9 | Accepted\nM31.6 | Declined\nM45.9 | Pended\n"
    assert of_diagnoses(table) == {"M06.9": "", "M31.6": "excluded"}


def test_a_section_in_a_cell_may_say_no() -> None:
    yes, no = "ICD-10 Codes that Support Medical Necessity", "ICD-10 Codes that DO NOT Support Medical Necessity"
    table = f"Section | Code\n---|---\n{yes} | M06.9\n{no} | M31.6\n"
    assert of_diagnoses(table) == {"M06.9": "", "M31.6": "excluded"}


def test_a_head_in_two_rows_says_what_both_say() -> None:
    table = (
        "+--------+-------------------+\n| ICD-10 | ICD-10 that does  |\n| covered | not support       |\n"
        "+--------+-------------------+\n| M06.9  | M31.6             |\n+--------+-------------------+\n"
    )
    assert of_diagnoses(table) == {"M06.9": "", "M31.6": "excluded"}


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        ("HCPCS,ICD-10,Description", "Long term use of insulin", {"Z79.4": "Long term use of insulin"}),
        ("HCPCS,Diagnosis,Diagnosis description", "Evans syndrome", {"Z79.4": "Evans syndrome"}),
        ("HCPCS,Dx,Dx name", "insulin treatment", {"Z79.4": "insulin treatment"}),
        ("HCPCS,ICD-10,Description", "tocilizumab, 1 mg", {"tocilizumab": "tocilizumab", "1-mg": "1 mg", "Z79.4": ""}),
    ],
)
def test_a_name_behind_a_diagnosis_is_that_of_the_diagnosis(header: str, name: str, expected: dict[str, str]) -> None:
    """An invented drug would be the worst of it: "Long term use of insulin" says nothing of J3262."""
    found = read(f'{header}\nJ3262,Z79.4,"{name}"\n', "sheet.csv").assertions
    assert {one.object.key: one.object.name or "" for one in found} == expected
