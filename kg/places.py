"""Places of service by the numbers that CMS gives them on claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kg import resources
from kg.model import Concept, Kind


@cache
def numbered_places() -> Mapping[str, Concept]:
    """The place that each place-of-service code stands for; two codes may stand for one.

    >>> numbered_places()["11"].label, numbered_places()["19"] == numbered_places()["22"]
    ('physician office', True)
    """
    rows = resources.table("data", "names", "place-codes.tsv")
    return {row["code"]: Concept.named(Kind.PLACE, row["place"]) for row in rows}


def numbers_of(place: Concept) -> tuple[str, ...]:
    """The place-of-service codes of a place, none of one that has none, as an infusion center.

    >>> numbers_of(Concept.named(Kind.PLACE, "hospital outpatient department"))
    ('19', '22')
    """
    return _numbers().get(place.key, ()) if place.kind is Kind.PLACE else ()


@cache
def _numbers() -> Mapping[str, tuple[str, ...]]:
    numbers: dict[str, tuple[str, ...]] = {}
    for number, place in numbered_places().items():
        numbers[place.key] = (*numbers.get(place.key, ()), number)
    return numbers
