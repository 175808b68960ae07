"""Routes, places and payers: named where something is given, done or paid, and not where they tell of anything else."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read, stated

ROUTE, PLACE, PAYER = "routeOfAdministration", "placeOfService", "hasPayer"


@pytest.mark.parametrize(
    "sentence",
    [
        "J3262 is given intravenously.",
        "Use J3262 to document intravenous tocilizumab injections.",
        "The usual dose is 300 mg IV at weeks 0 and 2.",
        "It is given as a slow intravenous infusion.",
        "Route: intravenous.",
    ],
)
def test_a_way_of_giving_is_a_route(sentence: str) -> None:
    assert objects(about(sentence), ROUTE) == ["route:intravenous"]


@pytest.mark.parametrize(
    "sentence",
    [
        "It helps patients whose state precludes oral absorption of the vitamin.",
        "It is for those whose drug cannot be absorbed if taken orally.",
        "J3262 goes to patients who did not do well on oral tocilizumab.",
        "J3262 is tocilizumab. Oral tocilizumab is given by other means.",
        "CPT 96372 (therapeutic injection; subcutaneous or intramuscular) is what the client asked about.",
    ],
)
def test_what_tells_of_no_giving_is_no_route(sentence: str) -> None:
    assert objects(about(sentence), ROUTE) == []


def test_a_no_before_a_list_of_routes_is_of_each() -> None:
    found = stated(about("Route: subcutaneous only, not intravenous (IV) or intra-articular."))
    assert found[f"{ROUTE} route:subcutaneous"] == ""
    assert found[f"{ROUTE} route:intravenous"] == found[f"{ROUTE} route:intra-articular"] == "excluded"


def test_what_is_unproven_is_the_use_and_not_the_way() -> None:
    found = stated(about("Intravenous J3262 is considered experimental for M79.7."))
    assert f"{ROUTE} route:intravenous" not in found


def test_a_place_counts_where_something_is_done_there() -> None:
    assert objects(about("J3262 is infused in the physician office."), PLACE) == ["place:physician-office"]
    assert objects(about("The pharmacist calls the doctor's office about J3262."), PLACE) == []


def test_the_number_of_a_place_names_it() -> None:
    assert objects(about("Bill J3262 with POS 11."), PLACE) == ["place:physician-office"]
    assert objects(about("Place of service:\n\n- 11 Office\n- 12 Home\n"), PLACE) == [
        "place:home",
        "place:physician-office",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("J3262 may be given in POS 11, 12, and 49.", ["home", "independent-clinic", "physician-office"]),
        ("Bill J3262 with places of service 19/22.", ["hospital-outpatient-department"]),
        ("Place of service codes: 11 and 24", ["ambulatory-surgical-center", "physician-office"]),
        ("Bill J3262 with POS 11 and 24 units.", ["physician-office"]),
        ("Bill J3262 with POS 11, 50.5 mg.", ["physician-office"]),
        ("J3262 is paid in POS11 and POS22.", ["hospital-outpatient-department", "physician-office"]),
        ("For J3262 the place of service is 11 or 24.", ["ambulatory-surgical-center", "physician-office"]),
        ("J3262: POS 11, 20 units.", ["physician-office"]),
        ("Bill J3262 with POS 30.", []),  # There is no such place.
        ("| HCPCS | POS |\n|---|---|\n| J3262 | 11, 22 |\n", ["hospital-outpatient-department", "physician-office"]),
        ("| HCPCS | POS |\n|---|---|\n| J3262 | 11 - Office |\n", ["physician-office"]),
        ("| HCPCS | Vials |\n|---|---|\n| J3262 | 11 |\n", []),
    ],
)
def test_the_numbers_of_places(text: str, places: list[str]) -> None:
    assert objects(about(text), PLACE) == [f"place:{place}" for place in places]


def test_a_place_by_its_number_may_be_refused() -> None:
    assert stated(about("J3262: not in POS 11"))["placeOfService place:physician-office"] == "excluded"


@pytest.mark.parametrize(
    "sentence", ["J3262 is not covered by Medicare.", "NY Medicaid: J3262 is not in the current manual."]
)
def test_who_does_not_pay_is_no_payer(sentence: str) -> None:
    assert objects(about(sentence), PAYER) == []


def test_some_and_most_are_no_payers() -> None:
    found = read("# PA\n\n| CPT | Name | Payers |\n|---|---|---|\n| 43239 | EGD | Some |\n| 27447 | Knee | Aetna |\n")
    assert {a.object.curie for a in found.assertions if a.relation == PAYER} <= {"payer:aetna"}


def test_the_row_of_another_form_has_its_own_route() -> None:
    found = read("cyclosporine 100 mg capsule,J7502,5\ncyclosporine 250 mg intravenous solution,J7516,9\n", "fees.csv")
    assert objects(found, ROUTE, subject="hcpcs:J7502") == []
