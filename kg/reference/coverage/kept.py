"""Coverage on a shelf: written once, and read back policy by policy and diagnosis by diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from kg import shelf
from kg.model import Code, Coverage, Group, Listed, ListedAs, Pairing, Polarity, Policy, PolicyKind
from kg.reference import json_values
from kg.reference.lazy_tables import LazyTable


def coverage_columns(coverage: Coverage) -> shelf.Columns:
    """What is kept of coverage."""
    yield from shelf.table("policies", ((str(n), json_values.written(one)) for n, one in coverage.policies.items()))
    yield from shelf.table("groups", ((str(n), json_values.written(one)) for n, one in coverage.groups.items()))
    yield from shelf.lists("listings", ((code.curie, places) for code, places in coverage.listings.items()))
    yield from shelf.lists("services", ((code.curie, groups) for code, groups in coverage.services.items()))
    yield from shelf.table("listed", ((str(n), json_values.written(one)) for n, one in enumerate(coverage.listed)))


def read_coverage(kept: shelf.Shelf) -> Coverage:
    """Coverage again, from what was kept."""
    return Coverage(
        LazyTable(kept.table("policies"), str, int, _policy),
        LazyTable(kept.table("groups"), str, int, _group),
        LazyTable(kept.lists("listings"), _curie, json_values.code, _same),
        LazyTable(kept.lists("services"), _curie, json_values.code, _same),
        _Numbered(LazyTable(kept.table("listed"), str, int, _listed)),
    )


class _Numbered(Sequence[Listed]):
    """A table whose keys are the numbers from 0 on, as a sequence."""

    def __init__(self, table: LazyTable[int, Listed]) -> None:
        self._table = table

    def __getitem__(self, index: Any) -> Any:
        return self._table[index]

    def __iter__(self) -> Iterator[Listed]:
        return iter(self._table.values())

    def __len__(self) -> int:
        return len(self._table)


def _same(value: Sequence[int]) -> Sequence[int]:
    return value


def _curie(code: Code) -> str:
    return code.curie


def _policy(row: dict[str, Any]) -> Policy:
    return Policy(**_read(row, {"kind": PolicyKind}))


def _group(row: dict[str, Any]) -> Group:
    return Group(**_read(row, {"polarity": Polarity, "pairing": Pairing, "services": _services}))


def _listed(row: dict[str, Any]) -> Listed:
    return Listed(**_read(row, {"kind": ListedAs}))


def _services(rows: list[list[Any]]) -> tuple[tuple[Code, int], ...]:
    return tuple((json_values.code(curie), row) for curie, row in rows)


def _read(row: dict[str, Any], readers: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """The fields of a record again: what is a list there is a tuple, and a day is one."""
    return {name: readers.get(name, _field(name))(value) for name, value in row.items()}


@cache
def _field(name: str) -> Callable[[Any], Any]:
    return json_values.reader(name) or (lambda value: tuple(value) if isinstance(value, list) else value)
