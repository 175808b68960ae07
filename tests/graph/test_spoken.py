"""What only documents speak of, and how they call it."""

from __future__ import annotations

from pathlib import Path

from kg.graph.spoken import Spoken
from kg.model import Assertion, Concept, Kind, Qualifier, Relation

from .making import evidence, reference

PAYER = Concept.named(Kind.PAYER, "Medicare")
HEADING = Concept(Kind.ICD10CM, "M80-M85")


def says(object: Concept, *qualifiers: Concept) -> Assertion:
    code = Concept.parse("hcpcs:J3262", "Tocilizumab")
    for_payers = tuple((Qualifier.FOR_PAYER, payer) for payer in qualifiers)
    return Assertion(code, Relation.HAS_PAYER, object, evidence("Words"), qualifiers=for_payers)


def test_what_releases_describe_is_not_among_it() -> None:
    spoken = Spoken()
    assert spoken.count([says(PAYER), says(HEADING)], reference()) == {PAYER, HEADING}
    assert spoken.names == {PAYER: {"Medicare": 1}, HEADING: {"": 1}}


def test_the_name_given_most_often_and_of_equals_the_first() -> None:
    spoken = Spoken()
    shouted = Concept(Kind.PAYER, "medicare", "MEDICARE")
    spoken.count([says(PAYER), says(shouted), says(PAYER, shouted)], reference())
    assert spoken.named(PAYER).name == "MEDICARE"
    spoken.count([says(PAYER)], reference())
    assert spoken.named(shouted).name == "Medicare"
    assert spoken.named(Concept(Kind.PAYER, "aetna", "Aetna")).name is None


def test_what_is_not_said_any_more_is_forgotten() -> None:
    spoken = Spoken()
    spoken.count([says(PAYER), says(PAYER)], reference())
    spoken.count([says(PAYER)], reference(), -1)
    assert spoken.names == {PAYER: {"Medicare": 1}}
    assert spoken.count([says(PAYER)], reference(), -1) == {PAYER}
    assert spoken.names == {}


def test_it_is_kept(tmp_path: Path) -> None:
    spoken = Spoken()
    spoken.count([says(PAYER), says(HEADING), says(Concept.named(Kind.DRUG, "Hairy feet"))], reference())
    spoken.write(tmp_path)
    assert Spoken.read(tmp_path).names == spoken.names
