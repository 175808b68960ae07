"""Assertions and mentions as rows of JSON, and back: each concept and place is written once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any

from kg.model.assertions import Assertion, Evidence, Mention, Polarity, Qualifier, Strength
from kg.model.concepts import Concept, Kind
from kg.model.relations import Relation

QUOTE = 2
"""The position of the quote in the row of a place."""


class _Numbered:
    """Rows that are written once each, and named by their position."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, *row: Any) -> int:
        if (number := self._numbers.setdefault(row, len(self.rows))) == len(self.rows):
            self.rows.append([*row])
        return number


def pack(assertions: Iterable[Assertion], mentions: Iterable[Mention] = ()) -> list[list[Any]]:
    """The concepts, the places, the assertions, and, where there are any, the mentions of one document.

    >>> packed = pack([])
    >>> packed, unpack("a.md", packed)
    ([[], [], []], ((), ()))
    """
    concepts, places = _Numbered(), _Numbered()

    def concept(one: Concept) -> int:
        return concepts.number(one.kind.value, one.key, one.name)

    def place(at: Evidence) -> int:
        return places.number(at.start, at.end, at.quote, at.line, at.section, at.page, at.sheet, at.row)

    stated = [
        [
            concept(one.subject), one.relation.value, concept(one.object), place(one.evidence), one.polarity.value,
            one.strength.value, one.condition, [[q.value, concept(c)] for q, c in one.qualifiers], one.rule,
            one.since and one.since.isoformat(),
        ]
        for one in assertions
    ]  # fmt: skip
    named = [[concept(one.subject), place(one.evidence), one.since and one.since.isoformat()] for one in mentions]
    return [concepts.rows, places.rows, stated, *([named] if named else [])]


def unpack(identifier: str, packed: list[list[Any]]) -> tuple[tuple[Assertion, ...], tuple[Mention, ...]]:
    """The assertions and mentions of a document again; raises what JSON of another shape brings about."""
    concept_rows, place_rows, stated, *rest = packed
    concepts = [Concept(Kind(kind), key, called) for kind, key, called in concept_rows]
    places = [Evidence(identifier, *row) for row in place_rows]
    assertions = tuple(
        Assertion(
            concepts[subject], Relation(relation), concepts[object], places[place], Polarity(polarity),
            Strength(strength), condition, tuple((Qualifier(q), concepts[c]) for q, c in qualifiers), rule, _day(since),
        )
        for subject, relation, object, place, polarity, strength, condition, qualifiers, rule, since in stated
    )  # fmt: skip
    named = rest[0] if rest else []
    return assertions, tuple(Mention(concepts[subject], places[place], _day(since)) for subject, place, since in named)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
