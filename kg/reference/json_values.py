"""What releases say, as values of JSON: what is not the default of its field, by the name of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from kg.model import (
    Code,
    CodeSystem,
    Concept,
    Kind,
    ListedAs,
    Pairing,
    Polarity,
    PolicyKind,
    Quantity,
    Relation,
    Statement,
)
from kg.reference.release import Drug, Entry, Release

Row = dict[str, Any]


def written(thing: object) -> Any:
    """A value of JSON for a record, or for what stands in a field of one.

    >>> written(Entry(Code.parse("M06.9"), "Rheumatoid arthritis, unspecified", billable=True))
    {'code': 'icd10cm:M06.9', 'name': 'Rheumatoid arthritis, unspecified', 'billable': True}
    """
    kind: Any = type(thing)
    if kind in _PLAIN:
        return thing
    if kind in _WRITERS:
        return _WRITERS[kind](thing)
    values = ((name, getattr(thing, name), default) for name, default in _fields(kind))
    return {name: written(value) for name, value, default in values if value is not default and value != default}


@cache
def _fields(kind: Any) -> tuple[tuple[str, object], ...]:
    """The fields of a record with their defaults; no value equals what stands for having none."""
    return tuple((field.name, field.default) for field in fields(kind))


_PLAIN = frozenset({str, int, bool, type(None)})
_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    tuple: lambda thing: [written(one) for one in thing],
    frozenset: sorted,
    Code: lambda thing: thing.curie,
    Concept: lambda thing: [thing.kind.value, thing.key, thing.name],
    date: str,
    Decimal: str,
    CodeSystem: str,
    Relation: str,
    **dict.fromkeys((ListedAs, Pairing, Polarity, PolicyKind), str),
}


def code(curie: str) -> Code:
    """The code of a CURIE that was written here."""
    system, _, value = curie.partition(":")
    return Code(CodeSystem(system), value)


def concept(row: list[Any]) -> Concept:
    """A concept again."""
    kind, key, name = row
    return Concept(Kind(kind), key, name)


def entry(row: Row) -> Entry:
    """An entry again."""
    return Entry(**_read(row))


def release(row: Row) -> Release:
    """A release again."""
    return Release(**_read(row))


def statement(row: Row) -> Statement:
    """A statement again."""
    return Statement(**_read(row))


def drug(row: Row) -> Drug:
    """A drug again."""
    values = _read({name: value for name, value in row.items() if name != "broader"})
    return Drug(broader=concept(row["broader"]) if "broader" in row else None, **values)


def reader(field: str) -> Callable[[Any], Any] | None:
    """How the value of a field is read, None where it is as it was written."""
    return _READERS.get(field)


def _read(row: Row) -> Row:
    return {name: value if value is None else _READERS.get(name, _same)(value) for name, value in row.items()}


def _same(value: Any) -> Any:
    return value


def _facts(row: Row) -> Any:
    from kg.reference.descriptors import Descriptor

    return Descriptor(**_read(row))


def _quantity(row: Row) -> Quantity:
    return Quantity(Decimal(row["number"]), row["ucum"], row["text"])


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "code": code,
    "broader": code,
    "concept": concept,
    "subject": concept,
    "object": concept,
    "relation": Relation,
    "system": CodeSystem,
    "valid_from": date.fromisoformat,
    "valid_through": date.fromisoformat,
    "issued": date.fromisoformat,
    "since": date.fromisoformat,
    "turned": lambda days: tuple(map(date.fromisoformat, days)),
    "names": tuple,
    "brands": tuple,
    "makers": tuple,
    "notes": _pairs,
    "details": _pairs,
    "forms": frozenset,
    "facts": _facts,
    "unit": _quantity,
}
"""How the value of a field is read, by its name, which means the same in all records but one."""
