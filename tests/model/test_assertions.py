from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kg.model import (
    Assertion,
    Concept,
    Connection,
    Evidence,
    Hop,
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
