from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from kg.model import Assertion, Concept, Evidence, Mention, Polarity, Qualifier, Relation, Strength
from kg.model.packing import QUOTE, pack, unpack

DRUG = Concept.parse("hcpcs:J3262", "tocilizumab")
PLACE = Evidence("a.md", 10, 19, "JW | waste", 3, "Modifiers", page=2, sheet="Drugs", row=7)
STATED = Assertion(
    DRUG,
    Relation.ACCEPTS_MODIFIER,
    Concept.parse("modifier:JW"),
    PLACE,
    Polarity.EXCLUDED,
    Strength.REQUIRED,
    "when given at home",
    ((Qualifier.FOR_PLACE, Concept.parse("place:home")), (Qualifier.FOR_PAYER, Concept.parse("payer:medicare"))),
    "table.modifier",
    date(2026, 1, 1),
)


def told(assertion: Assertion | Mention) -> str:
    """All that it says, also what is not compared."""
    at = assertion.evidence
    return f"{assertion!r} {at.page} {at.sheet} {at.row} {getattr(assertion, 'rule', '')}"


def test_what_was_packed_comes_back_with_all_that_it_says() -> None:
    stated = (STATED, replace(STATED, since=None, condition="", qualifiers=(), polarity=Polarity.AFFIRMED))
    mentions = (Mention(DRUG, PLACE, is_over=True), Mention(DRUG, replace(PLACE, start=30, end=35), date(2026, 4, 1)))
    assertions, named = unpack("a.md", json.loads(json.dumps(pack(stated, mentions))))
    assert [*map(told, assertions)] == [*map(told, stated)]
    assert [*map(told, named)] == [*map(told, mentions)]


def test_without_mentions_there_is_no_list_of_them() -> None:
    packed = pack([STATED])
    assert len(packed) == 3
    assert unpack("a.md", packed) == ((STATED,), ())


def test_a_concept_and_a_place_are_written_once() -> None:
    concepts, places, stated = pack([STATED, replace(STATED, relation=Relation.SIMILAR_TO, object=DRUG)])
    assert (len(concepts), len(places), len(stated)) == (4, 1, 2)


def test_the_quote_stands_where_it_is_said_to_stand() -> None:
    assert pack([STATED])[1][0][QUOTE] == "JW | waste"
