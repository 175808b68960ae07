"""A code of which the document itself says that it is over is no mistake of the document."""

from __future__ import annotations

import pytest

import kg


def ended(text: str) -> list[str]:
    return [finding.concept.key for finding in kg.check_text(text).findings if finding.check == "not_in_force"]


@pytest.mark.parametrize(
    "text",
    [
        "While J1030 and J1040 are deleted codes and replaced by J1010, the question asks for one.\n",
        "J0177 - aflibercept hd, 1 mg (permanent; replaced temp C9161).\n",
        "Code J1030 was discontinued in April 2024.\n",
    ],
)
def test_what_the_document_calls_over_is_not_told_again(text: str) -> None:
    assert ended(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Please report J1030 for methylprednisolone.\n",
        "Bill J1030, which replaced J1010.\n",
        "J1030 is over here.\n\nJ1040 was deleted.\n",
        "J1030 was deleted.\n\nPlease report J1030 for methylprednisolone.\n",
    ],
)
def test_what_it_takes_for_a_code_in_use_is(text: str) -> None:
    assert ended(text) == ["J1030"]
