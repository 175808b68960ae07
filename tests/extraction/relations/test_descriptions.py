"""What the words beside the code of a service say of it."""

from __future__ import annotations

import pytest

from ..stating import everything, read


def said(content: str, name: str = "sheet.md") -> set[str]:
    return set(everything(read(f"# Infusion services\n\n{content}\n", name)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IV push, single drug", {"cpt:96374 routeOfAdministration route:intravenous"}),
        ("Infusion, initial hour", {"cpt:96374 billingUnit quantity:1-hour"}),
        ("Chemo infusion up to 1hr", {"cpt:96374 billingUnit quantity:1-hour"}),
        ("Infusion, each additional hour", {"cpt:96374 billingUnit quantity:1-hour"}),
        ("Home infusion per 15min", {"cpt:96374 billingUnit quantity:15-minute"}),
        ("Hydration, 31 minutes to 1 hour", set()),
        ("Infusion (do not use with any per diem code)", set()),
    ],
)  # fmt: skip
def test_a_row_says_how_its_service_is_given_and_by_what_time_it_is_billed(name: str, expected: set[str]) -> None:
    assert said(f"CPT | Description\n---|---\n96374 | {name}") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "CPT code 96372 is used for subcutaneous injections.",
        "Report 96372 (subcutaneous injection) once.",
        "Subcutaneous injections use CPT 96372.",
    ],
)
def test_a_sentence_says_how_its_service_is_given(sentence: str) -> None:
    assert "cpt:96372 routeOfAdministration route:subcutaneous" in said(sentence)


def test_each_code_of_a_sentence_has_its_own_time() -> None:
    assert said("IV therapy uses CPT 96365 (first hour) and 96361 (each additional 30 minutes).") >= {
        "cpt:96365 billingUnit quantity:1-hour",
        "cpt:96361 billingUnit quantity:30-minute",
    }


@pytest.mark.parametrize("sentence", ["Never use 96372 for an intravenous push.", "99213 is used for IV patients."])
def test_a_no_and_a_code_of_another_section_say_no_route(sentence: str) -> None:
    assert not {statement for statement in said(sentence) if "routeOfAdministration" in statement}
