"""Codes that a line adds up, as coders write what goes on one claim."""

from __future__ import annotations

from ..stating import objects, read


def test_a_visit_goes_with_the_service_and_bears_its_modifier() -> None:
    found = read("# Injections\n\n- 99213-25 + 11900 = 2.1 RVU\n")
    assert objects(found, "evaluatedWith", subject="cpt:11900") == ["cpt:99213"]
    assert objects(found, "acceptsModifier", subject="cpt:99213") == ["modifier:25"]
    assert objects(found, "acceptsModifier", subject="cpt:11900") == []


def test_a_drug_is_given_with_the_service_beside_it() -> None:
    found = read("# Injections\n\nBill J3301 x 4 + 20610-RT for the knee.\n")
    assert objects(found, "administeredWith", subject="hcpcs:J3301") == ["cpt:20610"]
    assert objects(found, "acceptsModifier", subject="cpt:20610") == ["modifier:RT"]


def test_two_services_or_two_visits_are_nothing_to_one_another() -> None:
    found = read("# Injections\n\n- 11043 + 11046\n- 99213 + 99417\n")
    assert found.assertions == ()


def test_a_code_apart_from_the_sum_is_none_of_it() -> None:
    found = read("# Injections\n\nBill 99213-25 + 11900 here; 20610 stands alone.\n")
    assert objects(found, "evaluatedWith", subject="cpt:20610") == []


def test_what_must_not_be_added_up_is_not() -> None:
    assert read("# Injections\n\nNever bill 99211 + 96372.\n").assertions == ()
