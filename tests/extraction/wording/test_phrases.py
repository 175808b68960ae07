"""How a list in words is cut into its phrases, and what each of them names."""

from __future__ import annotations

import pytest

from kg.extraction.wording.phrases import phrases_in, split
from kg.model import Kind

DENIAL, DOCUMENTATION = Kind.DENIAL, Kind.DOCUMENTATION


@pytest.mark.parametrize(
    ("kind", "text", "parts"),
    [
        (DOCUMENTATION, "weight, height and dose", ["weight", "height", "dose"]),
        (DOCUMENTATION, "dose and/or route as well as weight", ["dose", "route", "weight"]),
        (DOCUMENTATION, "a; b • c + d – e", ["a", "b", "c", "d", "e"]),
        (DOCUMENTATION, "1,000 units, dose", ["1,000 units", "dose"]),
        (DOCUMENTATION, "a (b, c), d", ["a (b, c)", "d"]),
        (DOCUMENTATION, '"x, y", z', ['"x, y"', "z"]),
        (DOCUMENTATION, "the start and stop times", ["the start and stop times"]),
        (DOCUMENTATION, "size and location of the wound", ["size and location of the wound"]),
        (DENIAL, "missing, incomplete or unsigned order", ["missing, incomplete or unsigned order"]),
        (DENIAL, "missing modifiers or NDC", ["missing modifiers", "NDC"]),
        (DENIAL, "wrong or missing", ["wrong or missing"]),
        (DOCUMENTATION, "", [""]),
    ],
)
def test_where_a_list_is_cut(kind: Kind, text: str, parts: list[str]) -> None:
    assert [text[start:end].strip() for start, end in split(kind, text, 0, len(text))] == parts


def test_only_what_stands_between_two_offsets_is_cut() -> None:
    text = "dose, weight, height"
    assert [text[start:end] for start, end in split(DOCUMENTATION, text, 6, 12)] == ["weight"]


@pytest.mark.parametrize(
    ("kind", "text", "named"),
    [
        (DOCUMENTATION, "weight, the height and dose", {"weight": "body-weight", "dose": "dose-administered"}),
        (DOCUMENTATION, "the start and stop times", {"start and stop times": "start-and-stop-times"}),
        (DOCUMENTATION, "size and location of the wound", {"size and location of the wound": None}),
        (DOCUMENTATION, "J3262 weights", {}),
        (DENIAL, "missing modifiers or NDC",
         {"missing modifiers": "missing-modifier", "missing modifiers or NDC": "missing-ndc"}),
        (DENIAL, "missing, incomplete or unsigned order", {"missing, incomplete or unsigned order": "missing-order"}),
        (DENIAL, "wrong or missing", {}),
    ],
)  # fmt: skip
def test_what_the_phrases_of_a_list_name(kind: Kind, text: str, named: dict[str, str | None]) -> None:
    found = phrases_in(kind, text, 0, len(text))
    assert {text[phrase.start : phrase.end]: phrase.key for phrase in found} == named
