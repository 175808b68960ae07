"""What is said twice is taken from where it is said best."""

from __future__ import annotations

import pytest

from .stating import about


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("## Diagnoses\nM06.9 is covered.\n\n- M06.9: Arthritis\n", "list.diagnosis"),
        ("## Diagnoses\n- M06.9: Arthritis\n\nM06.9 is covered.\n", "list.diagnosis"),
        ("## Diagnoses\n- M06.9: Arthritis\n\nICD-10 | Name\n---|---\nM06.9 | Arthritis\n", "table.diagnosis"),
        ("## Modifiers\nAppend modifier JW.\n\nModifiers: JW, JZ\n", "label.modifier"),
        ("## J3262 tocilizumab\nJ3262 is tocilizumab.\n", "prose.drug"),
    ],
)
def test_the_best_place_is_cited(content: str, rule: str) -> None:
    kind = rule.partition(".")[2]
    assert rule in {a.rule for a in about(content).assertions}
    assert len([a for a in about(content).assertions if a.rule.endswith(f".{kind}") and a.object.key != "JZ"]) == 1


def test_a_code_with_its_name_is_better_than_one_without() -> None:
    (found,) = about("## Diagnoses\n- M06.9\n- M06.9: Arthritis\n").assertions
    assert found.object.name == "Arthritis"
    assert found.evidence.line == 5


def test_of_two_places_of_one_kind_the_first_is_cited() -> None:
    (found,) = about("## Modifiers\nAppend modifier JW for waste. Append modifier JW for more.\n").assertions
    assert found.evidence.quote == "Append modifier JW for waste."


def test_what_is_said_of_two_payers_is_said_twice() -> None:
    found = about("ICD-10 | Medicare | Aetna\n---|---|---\nM06.9 | Yes | Yes\n").assertions
    assert sorted(c.key for a in found for _, c in a.qualifiers) == ["aetna", "medicare"]
