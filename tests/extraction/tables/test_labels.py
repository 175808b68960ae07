"""Lines with a label: what stands behind it is about what the label says."""

from __future__ import annotations

import pytest

from ..stating import about, stated


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Documentation: weight and lot number are noted each time.",
            {"requiresDocumentation documentation:body-weight"},
        ),
        (
            "Documentation: keep the weight. Lot number, start and stop times.",
            {
                "requiresDocumentation documentation:body-weight",
                "requiresDocumentation documentation:lot-number",
                "requiresDocumentation documentation:start-and-stop-times",
            },
        ),
        ("Denials: claims came without the NDC. Wrong units.", {"deniedFor denial:wrong-number-of-units"}),
    ],
)
def test_sentences_behind_a_label_are_about_what_it_says(line: str, expected: set[str]) -> None:
    assert set(stated(about(f"{line}\n"))) == expected
