"""What is said of one code is not said of the one beside it, and what is said of leaving something out is no no."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read, stated


@pytest.mark.parametrize(
    "sentence",
    [
        "Failing to append JW results in denial.",
        "Failure to append modifier JW will result in a denial.",
        "Not appending JW leads to denials.",
        "If you fail to append JW, the claim is denied.",
        "Claims without JW are denied.",
    ],
)
def test_a_modifier_whose_absence_is_denied_is_required(sentence: str) -> None:
    assert stated(about(f"{sentence}\n"))["acceptsModifier modifier:JW"] == "required"


def test_what_each_code_is_indicated_for_is_its_own() -> None:
    found = read("J3262 is indicated for asthma and J0129 is indicated for lupus.\n")
    assert objects(found, "indicatedFor", subject="hcpcs:J3262") == ["condition:asthma"]
    assert objects(found, "indicatedFor", subject="hcpcs:J0129") == ["condition:lupus"]
    both = read("J3262 and J0129 are indicated for lupus.\n")
    for code in ("hcpcs:J3262", "hcpcs:J0129"):
        assert objects(both, "indicatedFor", subject=code) == ["condition:lupus"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Infliximab J1745, tocilizumab J3262, abatacept J0129, infusion 96413",
        "J1745 infliximab, J3262 tocilizumab and J0129 abatacept are drugs.",
        "Infliximab (J1745), tocilizumab (J3262) and abatacept (J0129).",
    ],
)
def test_names_go_with_the_codes_that_they_stand_beside(sentence: str) -> None:
    found = read(f"{sentence}\n")
    drugs = {"J1745": "infliximab", "J3262": "tocilizumab", "J0129": "abatacept"}
    for code, drug in drugs.items():
        assert objects(found, "identifiesDrug", subject=f"hcpcs:{code}") == [f"drug:{drug}"]


def test_what_patients_take_as_well_is_not_what_a_code_stands_for() -> None:
    assert objects(read("J3262 is given to those on oral methotrexate.\n"), "identifiesDrug") == []


def test_a_route_in_brackets_is_no_drug() -> None:
    found = read("J3262 (1 mg, intravenous) and J0129 (10 mg) are billed.\n")
    assert objects(found, "identifiesDrug") == []


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        ("Report J3262 (400 units).", []),
        ("Limit 10 units of J9035.", []),
        ("Bill J0585 (1 unit).", []),
        ("J0585 (1 unit) is billed.", ["quantity:1-unit"]),
        ("Report J0585 per 1 unit.", ["quantity:1-unit"]),
        ("Bill one unit of J1644 for each 1,000 units.", ["quantity:1000-units"]),
    ],
)
def test_how_many_units_are_billed_is_no_billing_unit(sentence: str, units: list[str]) -> None:
    found = read(f"{sentence}\n")
    assert [a.object.curie for a in found.assertions if a.relation == "billingUnit"] == units


def test_a_line_about_another_drug_gives_its_codes_to_no_other() -> None:
    found = read("# Infliximab J1745\n\nExample 2: Bill 67028 with J0178.\n")
    assert objects(found, "administeredWith", subject="hcpcs:J1745") == []


def test_what_is_added_to_a_claim_goes_with_its_codes() -> None:
    found = read("# J1745 infliximab\n\nReport J3262 and 96413. Add JZ.\n\nAppend JW for waste.\n")
    assert objects(found, "acceptsModifier", subject="hcpcs:J3262") == ["modifier:JZ"]
    assert objects(found, "acceptsModifier", subject="hcpcs:J1745") == ["modifier:JW"]


def test_a_heading_with_a_code_names_the_condition_without_it() -> None:
    found = read("## L40.50 Psoriatic arthropathy\n\n- J3262 tocilizumab\n")
    assert objects(found, "indicatedFor") == ["condition:psoriatic-arthropathy"]
