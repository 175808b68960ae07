"""Tables of steps: what is not first requires a trial of what is."""

from __future__ import annotations

import pytest

from ..stating import everything, read

STEP = "coverageRequires requirement:step-therapy"


def steps(content: str) -> set[str]:
    return {said for said in everything(read(f"# Drug list\n\n{content}\n")) if "requirement" in said}


@pytest.mark.parametrize(
    ("first", "later"),
    [("Step 1", "Step 2"), ("Preferred products", "Non-preferred products"), ("First line", "Second line")],
)
def test_what_is_not_first_requires_a_trial_of_what_is(first: str, later: str) -> None:
    rows = "Iron | Venofer (J1756) | Injectafer (J1439)\nG-CSF | Q5101, Q5110 | J1442, J1447"
    assert steps(f"Class | {first} | {later}\n---|---|---\n{rows}") == {
        f"hcpcs:J1439 {STEP}",
        f"hcpcs:J1442 {STEP}",
        f"hcpcs:J1447 {STEP}",
    }


def test_names_of_the_first_are_no_names_of_the_later() -> None:
    found = everything(
        read("Class | Preferred | Non-preferred\n---|---|---\nIron | Venofer (J1756) | Injectafer (J1439)\n")
    )
    assert {said for said in found if "identifies" in said} == {
        "hcpcs:J1756 identifiesDrug drug:iron-sucrose",
        "hcpcs:J1439 identifiesDrug drug:ferric-carboxymaltose",
    }


@pytest.mark.parametrize("table", ["Drug | Step 2\n---|---\nVenofer | J1439", "Step 1 | Step 2\n---|---\n | J1439"])
def test_without_a_first_nothing_is_required(table: str) -> None:
    assert steps(table) == set()


def test_what_is_asked_for_before_others_is_asked_of_those_that_are_not_preferred() -> None:
    rows = "Q5117 | Preferred | Kanjinti\nJ9355 | Non-preferred | Herceptin"
    content = f"HCPCS | Status | Brand\n---|---|---\n{rows}\n\nStep therapy applies to all indications."
    assert steps(content) == {f"hcpcs:J9355 {STEP}"}


def test_ticks_below_preferred_and_not_preferred_are_no_products() -> None:
    table = (
        "HCPCS | Drug | Preferred | Non-preferred\n---|---|---|---\nQ5117 | Kanjinti | x | \nJ9355 | Herceptin | | x"
    )
    assert {said for said in everything(read(f"# List\n\n{table}\n")) if "identifies" in said} == {
        "hcpcs:Q5117 identifiesDrug drug:trastuzumab-anns",
        "hcpcs:J9355 identifiesDrug drug:trastuzumab",
    }
