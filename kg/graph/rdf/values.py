"""Values: what the graph says of a node, and how numbers and days are written and read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kg.graph.rdf.vocabulary import XSD

Value = NamedNode | Literal
Properties = dict[NamedNode, list[Value]]
"""What the graph says of one node, by property."""

BOOLEANS = {value: Literal(value) for value in (False, True)}


def text_of(properties: Properties, name: NamedNode) -> str:
    """What is said of a node with a property, where it is said once; empty where it is not."""
    values = properties.get(name)
    return values[0].value if values else ""


def texts_of(properties: Properties, name: NamedNode) -> tuple[str, ...]:
    """All that is said of a node with a property, in order."""
    return tuple(sorted(value.value for value in properties.get(name, ())))


def number_of(properties: Properties, name: NamedNode) -> int:
    """A whole number that is said of a node; 0 where there is none."""
    return int(text_of(properties, name) or 0)


def flag_of(properties: Properties, name: NamedNode) -> bool | None:
    """Whether something is so, as it is said of a node; None where it is not said."""
    # Some engines give the one spelling of XSD, some the other.
    return {"true": True, "1": True, "false": False, "0": False}.get(text_of(properties, name))


def day_of(properties: Properties, name: NamedNode) -> date | None:
    """A day that is said of a node."""
    text = text_of(properties, name)
    return date.fromisoformat(text) if text else None


def day(date: date) -> Literal:
    """A day as a literal.

    >>> print(day(date(2026, 1, 1)))
    "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>
    """
    return Literal(date.isoformat(), datatype=XSD.date)


def decimal(number: Decimal) -> Literal:
    """A number as a literal, without an exponent."""
    return Literal(f"{number:f}", datatype=XSD.decimal)
