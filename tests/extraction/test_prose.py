from __future__ import annotations

import pytest

from .stating import about, left, objects, read, stated, the


def test_the_first_sentences_of_an_overview() -> None:
    found = about(
        "J3262 identifies tocilizumab (Actemra), billed per 1 mg. It is indicated for rheumatoid arthritis and giant "
        "cell arteritis. It is given intravenously in a physician office."
    )
    assert set(stated(found)) == {
        "identifiesDrug drug:tocilizumab", "billingUnit quantity:1-mg", "indicatedFor condition:rheumatoid-arthritis",
        "indicatedFor condition:giant-cell-arteritis", "routeOfAdministration route:intravenous",
        "placeOfService place:physician-office",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "modifier", "how"),
    [
        ("Append modifier JW for waste.", "JW", ""),
        ("Modifier JW must be appended for waste.", "JW", "required"),
        ("Modifier 59 may be used for a distinct service.", "59", "permitted"),
        ("Never append modifier LT.", "LT", "excluded"),
        ("Modifier 25 is not appended to drug codes.", "25", "excluded"),
        ("Modifier 76 is rarely used.", "76", "atypical"),
        ("APPEND MODIFIER JW FOR WASTE.", "JW", ""),
        ("Append **modifier** `JW` for waste.", "JW", ""),
        ("Append modifier “JW” for waste.", "JW", ""),
    ],
)
def test_a_sentence_about_a_modifier(sentence: str, modifier: str, how: str) -> None:
    assert stated(about(sentence)) == {f"acceptsModifier modifier:{modifier}": how}


def test_two_digits_are_a_modifier_only_where_the_sentence_says_so() -> None:
    assert stated(about("Give it over 59 minutes, 25 times, to patients over 76 years.")) == {}


def test_each_section_of_a_sheet_is_about_its_own_code() -> None:
    found = read(
        "# Rheumatology\n\n## J3262 tocilizumab\nGiven IV. Covered for M06.9.\n\n"
        "## J0129 abatacept\nGiven SC. Not covered for M31.6. M05.79 may be used off-label.\n"
    )
    assert stated(found) == {
        "identifiesDrug drug:tocilizumab": "",
        "routeOfAdministration route:intravenous": "",
        "supportedByDiagnosis icd10cm:M06.9": "",
    }
    assert stated(found, subject="hcpcs:J0129") == {
        "identifiesDrug drug:abatacept": "",
        "routeOfAdministration route:subcutaneous": "",
        "supportedByDiagnosis icd10cm:M31.6": "excluded",
        "supportedByDiagnosis icd10cm:M05.79": "offLabel",
    }


def test_a_drug_stands_for_its_code() -> None:
    found = read(
        "# Two drugs\n\n## Codes\n- J3262 Injection, tocilizumab, 1 mg\n- J0129 Injection, abatacept, 10 mg\n\n"
        "## Diagnoses\nTocilizumab is supported by M31.6. Abatacept is supported by L40.50.\n"
    )
    assert objects(found, "supportedByDiagnosis") == ["icd10cm:M31.6"]
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J0129") == ["icd10cm:L40.50"]


def test_a_payer_and_what_it_requires() -> None:
    found = about("## Payers\nMedicare covers it. Prior authorization is required by commercial plans.\n")
    assert stated(found) == {
        "hasPayer payer:medicare": "",
        "hasPayer payer:commercial-insurers": "",
        "coverageRequires requirement:prior-authorization": "required",
    }


def test_the_condition_of_a_service_and_what_can_be_named_in_it() -> None:
    found = about(
        "## Administration\n96413 is billed when it is given intravenously. 96372 is billed when it is given "
        "subcutaneously.\n"
    )
    by_vein, under_skin = the(found, "cpt:96413"), the(found, "cpt:96372")
    assert by_vein.condition == "when it is given intravenously"
    assert {q.value: c.curie for q, c in by_vein.qualifiers} == {"forRoute": "route:intravenous"}
    assert {q.value: c.curie for q, c in under_skin.qualifiers} == {"forRoute": "route:subcutaneous"}


def test_places_payers_and_diagnoses_qualify_too() -> None:
    found = about(
        "## Related CPT Codes\nCPT | Description | When to use\n---|---|---\n"
        "96413 | Infusion | In an outpatient hospital\n"
        "96409 | Push | Medicare only\n96372 | Injection | When given for M06.9\n"
    )
    assert [[(q.value, c.curie) for q, c in a.qualifiers] for a in found.assertions] == [
        [("forPlace", "place:hospital-outpatient-department")],
        [("forPayer", "payer:medicare")],
        [("forDiagnosis", "icd10cm:M06.9")],
    ]


def test_the_evidence_is_the_sentence() -> None:
    found = about("First sentence here. Append modifier JW for waste,\ne.g. from a vial. Last sentence here.\n")
    evidence = the(found, "modifier:JW").evidence
    assert evidence.quote == "Append modifier JW for waste,\ne.g. from a vial."
    assert (evidence.line, evidence.document) == (3, "guide")


def test_what_must_be_documented() -> None:
    found = about(
        "## Documentation\n- Weight of the patient\n- Dose given and dose discarded\n\n"
        "Records must show the diagnosis and the start time.\n"
    )
    assert stated(found) == {
        "requiresDocumentation documentation:body-weight": "",
        "requiresDocumentation documentation:dose-administered": "",
        "requiresDocumentation documentation:amount-wasted": "",
        "requiresDocumentation documentation:diagnosis": "required",
        "requiresDocumentation documentation:start-and-stop-times": "required",
    }
    assert [a.object.name for a in found.assertions] == [
        "Weight of the patient", "Dose given", "dose discarded", "diagnosis", "start time",
    ]  # fmt: skip


def test_what_claims_are_denied_for() -> None:
    found = about(
        "## Common Denial Reasons\n- Missing modifier\n- Claims are denied when the units do not match the dose.\n"
    )
    assert stated(found) == {
        "deniedFor denial:missing-modifier": "",
        "deniedFor denial:wrong-number-of-units": "",
    }
    assert [a.object.name for a in found.assertions] == ["Missing modifier", "units do not match the dose"]


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("J3262 is billed per 1 mg.", "1-mg"),
        ("One billing unit equals 10 mg.", "10-mg"),
        ("J3262 (Injection, tocilizumab, 1 mg) is the code.", "1-mg"),
        ("J3262 is billed in units of 1,000 units.", "1000-units"),
        ("Each 5 mg is one billing unit of J3262.", "5-mg"),
    ],
)
def test_the_unit_that_a_drug_is_billed_by(sentence: str, unit: str) -> None:
    assert objects(about(sentence), "billingUnit") == [f"quantity:{unit}"]


def test_the_dose_is_not_the_unit() -> None:
    assert objects(about("The dose is 8 mg/kg, up to 800 mg every 4 weeks, from a 200 mg vial."), "billingUnit") == []


def test_a_code_that_another_replaced_is_not_billed_with_it() -> None:
    found = about("J3262 replaced J3590 in 2011. Append modifier JW for waste.\n")
    assert stated(found) == {"acceptsModifier modifier:JW": ""}


def test_numbers_that_are_no_codes_are_left_over_as_such() -> None:
    found = about("Call 90210, ZIP 12345, or 10004 patients, on vitamin B12.\n")
    assert {text: reason for text, reason in left(found).items() if text != "J3262"} == {
        "90210": "not a code here", "12345": "not a code here", "10004": "not a code here", "B12": "not a code here",
    }  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "96413 is billed when given intravenously, and 96372 when given subcutaneously.",
        "Bill 96413 when given intravenously, 96372 when subcutaneously.",
    ],
)
def test_each_service_has_its_own_condition(sentence: str) -> None:
    found = about(f"## Administration\n{sentence}\n")
    routes = [[concept.key for _, concept in the(found, code).qualifiers] for code in ("cpt:96413", "cpt:96372")]
    assert routes == [["intravenous"], ["subcutaneous"]]


def test_the_words_behind_a_modifier_are_its_name() -> None:
    found = the(about("## Modifiers\nJW - Drug amount discarded\n"), "modifier:JW")
    assert (found.object.name, found.condition) == ("Drug amount discarded", "")


def test_the_unit_behind_is() -> None:
    assert objects(about("One unit of J3262 is 10 mg."), "billingUnit") == ["quantity:10-mg"]


def test_hundreds_of_diagnoses_in_one_sentence_are_all_read() -> None:
    codes = ", ".join(f"M{i // 100:02}.{i % 100:02}" for i in range(500))
    assert len(about(f"## Diagnoses\nCovered for {codes}.\n").assertions) == 500


def test_a_unit_without_a_number_is_one_of_it() -> None:
    assert objects(about("J3262 describes tocilizumab (Actemra), per gram."), "billingUnit") == ["quantity:1-g"]
    assert objects(about("J3262: ampicillin sodium/sulbactam sodium (Unasyn), per gram"), "billingUnit") == [
        "quantity:1-g"
    ]
    assert objects(about("Patients get J3262 as 8 mg per kilogram, per gram of protein."), "billingUnit") == []


def test_the_second_of_two_brands_is_named_as_well() -> None:
    found = read("J0585 is the code for Botox and Dysport.", "note.txt")
    drugs = objects(found, "identifiesDrug", subject="hcpcs:J0585")
    assert drugs == ["drug:abobotulinumtoxina", "drug:onabotulinumtoxina"]
    found = read("J0585 is the code for Botox, unlike Dysport.", "note.txt")
    assert objects(found, "identifiesDrug", subject="hcpcs:J0585") == ["drug:onabotulinumtoxina"]


def test_it_is_the_one_code_that_was_named() -> None:
    found = read("# HCPCS J2801\n\nJ2801 is a billing code. It stands for an injection of sincalinum, per mg.\n")
    assert objects(found, "identifiesDrug", subject="hcpcs:J2801") == ["drug:sincalinum"]
