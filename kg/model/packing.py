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

    def concept(concept_: Concept) -> int:
        return concepts.number(concept_.kind.value, concept_.key, concept_.name)

    def place(at: Evidence) -> int:
        return places.number(at.start, at.end, at.quote, at.line, at.section, at.page, at.sheet, at.row)

    assertion_rows = [
        [
            concept(assertion.subject), assertion.relation.value, concept(assertion.object), place(assertion.evidence),
            assertion.polarity.value, assertion.strength.value, assertion.condition,
            [[q.value, concept(c)] for q, c in assertion.qualifiers],
            assertion.rule, assertion.since and assertion.since.isoformat(),
        ]
        for assertion in assertions
    ]  # fmt: skip
    mention_rows = [
        [
            concept(mention.subject), place(mention.evidence), mention.since and mention.since.isoformat(),
            mention.is_over,
        ]
        for mention in mentions
    ]  # fmt: skip
    return [concepts.rows, places.rows, assertion_rows, *([mention_rows] if mention_rows else [])]


def unpack(identifier: str, packed: list[list[Any]]) -> tuple[tuple[Assertion, ...], tuple[Mention, ...]]:
    """The assertions and mentions of a document again; raises what JSON of another shape brings about."""
    concept_rows, place_rows, assertion_rows, *rest = packed
    concepts = [Concept(Kind(kind), key, name) for kind, key, name in concept_rows]
    places = [Evidence(identifier, *row) for row in place_rows]
    assertions = tuple(
        Assertion(
            concepts[subject], Relation(relation), concepts[object], places[place], Polarity(polarity),
            Strength(strength), condition, tuple((Qualifier(q), concepts[c]) for q, c in qualifiers), rule, _day(since),
        )
        for subject, relation, object, place, polarity, strength, condition, qualifiers, rule, since in assertion_rows
    )  # fmt: skip
    mention_rows = rest[0] if rest else []
    return assertions, tuple(
        Mention(concepts[subject], places[place], _day(since), is_over)
        for subject, place, since, is_over in mention_rows
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
