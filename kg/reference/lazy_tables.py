"""Tables on a shelf as mappings: what is kept on disk, read where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from functools import lru_cache
from typing import Any, TypeVar

from kg import shelf

_REMEMBERED = 2**14
Key = TypeVar("Key")
Value = TypeVar("Value")


class LazyTable(Mapping[Key, Value]):
    """A table of which each value is read when it is asked for, and remembered for a while."""

    def __init__(
        self,
        table: shelf.Table,
        key_text: Callable[[Key], str],
        key: Callable[[str], Key],
        value: Callable[[Any], Value],
    ) -> None:
        self._table, self._key_text, self._key, self._value = table, key_text, key, value
        self._cached = lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, key: str) -> Value | None:
        row = self._table.get(key)
        return None if row is None else self._value(row)

    def __getitem__(self, key: Key) -> Value:
        value = self._cached(self._key_text(key))
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return self._key_text(key) in self._table  # type: ignore[arg-type]  # Nobody asks for keys of other kinds.

    def __iter__(self) -> Iterator[Key]:
        return map(self._key, self._table)

    def items(self) -> ItemsView[Key, Value]:
        return _Items(self)

    def values(self) -> ValuesView[Value]:
        return _Values(self)

    def in_order(self) -> Iterator[Value]:
        """All values; to look each of them up would take twice as long."""
        return map(self._value, self._table.in_order())

    def __len__(self) -> int:
        return len(self._table)


class _Items(ItemsView[Key, Value]):
    """The keys of a table with their values, one after another."""

    def __init__(self, table: LazyTable[Key, Value]) -> None:
        super().__init__(table)
        self._table = table

    def __iter__(self) -> Iterator[tuple[Key, Value]]:
        return zip(self._table, self._table.in_order(), strict=True)


class _Values(ValuesView[Value]):
    """The values of a table, one after another."""

    def __init__(self, table: LazyTable[Any, Value]) -> None:
        super().__init__(table)
        self._table = table

    def __iter__(self) -> Iterator[Value]:
        return self._table.in_order()
