"""Names of drugs, payers, places, routes and requirements, wherever they stand."""

from __future__ import annotations

import pytest

from kg.extraction.text.folding import fold
from kg.extraction.text.gazetteer import _read_tables, gazetteer


def found(text: str) -> list[tuple[str, str]]:
    """What each name stands for, with the words that name it."""
    return [(name.concept.curie, text[name.start : name.end]) for name in gazetteer().find(text, fold(text))]


def test_every_name_of_the_tables_stands_for_all_that_bears_it_and_once() -> None:
    wrong = []
    for alias, name in _read_tables():
        named = [curie for curie, _ in found(f"Here is {alias}, and more.")]
        if name.concept.curie not in named or len(named) != len(set(named)):
            wrong.append((alias, named))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give IV only.", [("route:intravenous", "IV")]),
        ("Give iv only.", []),  # Short names in capitals are words of another kind in small letters.
        ("At a specialty pharmacy.", [("place:pharmacy", "specialty pharmacy"),
                                      ("requirement:specialty-pharmacy", "specialty pharmacy")]),
        ("Obscurumab is new.", [("drug:obscurumab", "Obscurumab")]),  # By its stem alone.
        ("obscurumab-abcd", [("drug:obscurumab-abcd", "obscurumab-abcd")]),
        ("We accept it.", []),
        ("rituximab-containing", []),
        ("anti-rituximab", []),
        ("rituximab-abbs", [("drug:rituximab-abbs", "rituximab-abbs")]),
        ("methotrexate sodium", [("drug:methotrexate", "methotrexate sodium")]),
        ("POS 11 and 12", [("place:physician-office", "11"), ("place:home", "12")]),
        ("POS 11 mg", []),
        ("At the cardiology office.", [("place:cardiology-office", "cardiology office")]),
        ("At the cardiology offices.", [("place:cardiology-office", "cardiology offices")]),
        ("Blue Shield of California pays.", [("payer:blue-shield-of-california", "Blue Shield of California")]),
    ],
)  # fmt: skip
def test_names_in_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_device_that_releases_a_drug_names_it() -> None:
    text = "Levonorgestrel-releasing intrauterine system, and a levonorgestrel-containing one"
    mentions = gazetteer().find(text, fold(text))
    assert [(m.start, m.concept.key) for m in mentions if m.concept.kind == "drug"] == [(0, "levonorgestrel")]
