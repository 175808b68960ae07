"""Statements: how releases say that concepts go together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kg.model.concepts import Concept
from kg.model.relations import Relation


@dataclass(frozen=True, slots=True)
class Statement:
    """How a release says that two concepts go together: a relation, with the row that says so.

    `details` are what else the row says of the pair, by local name in the ontology: billing units per package,
    the modifier indicator of an edit. Between `valid_from` and `valid_through`, both inclusive, it holds.
    """

    subject: Concept
    relation: Relation
    object: Concept
    row: int
    text: str
    valid_from: date | None = None
    valid_through: date | None = None
    details: tuple[tuple[str, str], ...] = ()
