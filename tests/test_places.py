"""Places of service by their numbers."""

from __future__ import annotations

from kg import resources
from kg.model import Concept, Kind
from kg.places import numbered_places, numbers_of


def test_each_place_has_all_of_its_numbers() -> None:
    for number, place in numbered_places().items():
        assert number in numbers_of(place)
    assert sum(len(numbers_of(place)) for place in set(numbered_places().values())) == len(numbered_places())


def test_what_has_no_number() -> None:
    assert numbers_of(Concept.named(Kind.PLACE, "infusion center")) == ()
    assert numbers_of(Concept.named(Kind.PAYER, "home")) == ()


def test_codes_are_two_digits_and_stand_once() -> None:
    codes = [row["code"] for row in resources.table("data", "names", "place-codes.tsv")]
    assert codes == sorted(set(codes)) and all(len(code) == 2 and code.isdigit() for code in codes)
