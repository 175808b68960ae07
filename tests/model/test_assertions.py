from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kg.model import (
    Assertion,
    Concept,
    Connection,
    Evidence,
    Hop,
    Mention,
    Path,
    Polarity,
    Qualifier,
    Relation,
    Strength,
    Verdict,
)

DRUG = Concept.parse("hcpcs:J3262", "tocilizumab")
WASTE = Concept.parse("modifier:JW", "waste")
EVIDENCE = Evidence("tocilizumab", 10, 19, "JW | waste", 3, "Modifiers")
STATED = Assertion(DRUG, Relation.ACCEPTS_MODIFIER, WASTE, EVIDENCE, rule="table.modifier")
BY_VEIN = (Qualifier.FOR_ROUTE, Concept.parse("route:intravenous"))
AT_HOME = (Qualifier.FOR_PLACE, Concept.parse("place:home"))


def test_equal_content_has_one_identifier() -> None:
    again = Assertion(
        Concept.parse("j3262"),
        Relation("acceptsModifier"),
        Concept.parse("modifier:jw"),
        replace(EVIDENCE),
        rule="other",
    )
    assert again.identifier == STATED.identifier
    assert again == STATED


def test_the_identifier_is_the_same_in_every_process() -> None:
    assert STATED.identifier == "130b94ea17fc4ae03ffc0448248e0068"


def test_the_order_of_qualifiers_does_not_matter() -> None:
    one, other = (
        replace(STATED, qualifiers=(BY_VEIN, AT_HOME)),
        replace(STATED, qualifiers=(AT_HOME, BY_VEIN)),
    )
    assert one.identifier == other.identifier


@pytest.mark.parametrize(
    "change",
    [
        {"subject": Concept.parse("hcpcs:J0129")},
        {"relation": Relation.SIMILAR_TO},
        {"object": Concept.parse("modifier:JZ")},
        {"polarity": Polarity.EXCLUDED},
        {"strength": Strength.REQUIRED},
        {"condition": "when wasted"},
        {"qualifiers": (BY_VEIN,)},
        {"evidence": replace(EVIDENCE, document="other")},
        {"evidence": replace(EVIDENCE, start=11)},
        {"evidence": replace(EVIDENCE, end=20)},
        {"evidence": replace(EVIDENCE, quote="JZ | waste")},
    ],
)
def test_other_content_has_another_identifier(change: dict[str, Any]) -> None:
    assert replace(STATED, **change).identifier != STATED.identifier


def test_the_rule_is_kept_but_not_compared() -> None:
    assert replace(STATED, rule="prose.modifier") == STATED
    assert STATED.rule == "table.modifier"


def test_one_line_of_json() -> None:
    assert replace(STATED, condition="when wasted", qualifiers=(BY_VEIN,)).to_json() == {
        "subject": "hcpcs:J3262",
        "relation": "acceptsModifier",
        "object": "modifier:JW",
        "object_label": "waste",
        "polarity": "affirmed",
        "strength": "stated",
        "condition": "when wasted",
        "qualifiers": {"forRoute": "route:intravenous"},
        "rule": "table.modifier",
        "evidence": {"start": 10, "end": 19, "quote": "JW | waste", "line": 3, "section": "Modifiers"},
    }


def test_several_of_one_qualifier_are_a_list() -> None:
    under_skin = (Qualifier.FOR_ROUTE, Concept.parse("route:subcutaneous"))
    assert replace(STATED, qualifiers=(BY_VEIN, AT_HOME, under_skin)).to_json()["qualifiers"] == {
        "forRoute": ["route:intravenous", "route:subcutaneous"],
        "forPlace": "place:home",
    }


def test_json_has_the_first_day_only_where_there_is_one() -> None:
    assert replace(STATED, since=date(2026, 1, 1)).to_json()["since"] == "2026-01-01"
    assert "since" not in STATED.to_json()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, ""),
        ({"page": 3}, " (page 3)"),
        ({"sheet": "Drugs", "row": 7}, " (sheet Drugs, row 7)"),
    ],
)
def test_evidence_says_page_sheet_and_row_where_the_document_has_them(place: dict[str, Any], words: str) -> None:
    evidence = replace(EVIDENCE, **place)
    assert evidence.place == words
    assert str(evidence) == f"tocilizumab:3{words}"
    assert evidence.to_json() == {**EVIDENCE.to_json(), **place}
    assert evidence == EVIDENCE


def test_a_mention_is_known_by_its_code_and_its_place() -> None:
    mention = Mention(DRUG, EVIDENCE)
    assert mention.identifier == "91216571a36c6bd0328d05a171b37e48"
    assert replace(mention, subject=WASTE).identifier != mention.identifier
    assert replace(mention, evidence=replace(EVIDENCE, end=20)).identifier != mention.identifier
    assert replace(mention, since=date(2026, 1, 1)).identifier == mention.identifier


def test_a_connection_speaks_with_its_firmest_assertion() -> None:
    firm, weak = replace(STATED, strength=Strength.REQUIRED, condition="always"), STATED
    found = Connection(DRUG, Relation.ACCEPTS_MODIFIER, WASTE, Verdict.UNCHECKED, (firm, weak))
    assert (found.strength, found.condition, found.polarity) == (
        Strength.REQUIRED,
        "always",
        Polarity.AFFIRMED,
    )
    assert found.evidence == (EVIDENCE, EVIDENCE)
    assert found.other(DRUG) == WASTE
    assert found.other(WASTE) == DRUG


def test_a_path_is_walked_along_and_against_its_connections() -> None:
    other = Concept.parse("hcpcs:J0129")
    first = Connection(DRUG, Relation.ACCEPTS_MODIFIER, WASTE, Verdict.UNCHECKED, (STATED,))
    second = Connection(other, Relation.ACCEPTS_MODIFIER, WASTE, Verdict.UNCHECKED, (replace(STATED, subject=other),))
    assert Path((Hop(first, True), Hop(second, False)), 2.0).concepts == (DRUG, WASTE, other)
    assert Path((), 0.0).concepts == ()
