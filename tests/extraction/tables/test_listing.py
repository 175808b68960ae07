"""Labels that say something of the codes behind them."""

from __future__ import annotations

import pytest

from ..stating import about, everything, read, stated

PA = "requirement:prior-authorization"


def of_listed(line: str) -> set[str]:
    return {said for said in everything(read(f"Drug list of 2026\n\n{line}\n", "list.txt")) if "identifies" not in said}


@pytest.mark.parametrize(
    "label", ["Prior authorization required", "Codes requiring prior authorization", "PA required", "Requires PA"]
)
def test_what_a_label_asks_for_is_asked_of_each_code_behind_it(label: str) -> None:
    assert of_listed(f"{label}: J1745, J0129 (abatacept)") == {
        f"hcpcs:J1745 coverageRequires {PA}",
        f"hcpcs:J0129 coverageRequires {PA}",
    }


def test_a_label_may_say_that_nothing_is_asked_for() -> None:
    assert of_listed("Prior authorization not required: J1745") == {f"hcpcs:J1745 coverageRequires {PA} excluded"}


def test_a_label_may_be_why_codes_are_denied() -> None:
    assert of_listed("Not covered: J3490, J3590") == {
        "hcpcs:J3490 deniedFor denial:noncovered-service",
        "hcpcs:J3590 deniedFor denial:noncovered-service",
    }


@pytest.mark.parametrize("label", ["Modifier 25 required", "Requires modifier 25", "Codes that need modifier 25"])
def test_a_label_may_be_the_modifier_of_codes(label: str) -> None:
    assert of_listed(f"{label}: 99213, 99214") == {
        "cpt:99213 acceptsModifier modifier:25",
        "cpt:99214 acceptsModifier modifier:25",
    }


@pytest.mark.parametrize(
    "line",
    [
        "Codes: J1745, J0129",
        "Covered: J1745",
        "Unlisted codes: J1745",
        "Self-administered drugs: J1745",
    ],
)
def test_labels_that_say_nothing_state_nothing_so(line: str) -> None:
    assert not {said for said in of_listed(line) if "J1745 coverageRequires" in said or "J1745 deniedFor" in said}


def test_the_name_of_a_step_alone_is_not_asked_of_other_codes_than_the_subject() -> None:
    assert "coverageRequires" not in " ".join(everything(about("Step therapy: Q5103\n")))


def test_a_heading_that_asks_for_something_asks_it_of_the_codes_below() -> None:
    content = "# List\n\n## Prior authorization required\n\n- J3262 tocilizumab\n"
    assert stated(read(content))[f"coverageRequires {PA}"] == "required"
