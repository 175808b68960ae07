"""Columns of plain values with their types, and how pandas, polars and Arrow take them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kg.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

# What a column of whole numbers holds at most; a larger one is text.
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns by name: the type of their values, None where these differ, and the values, None where there is none.

    Types are `str`, `int`, `float`, `bool` and `date`.

    >>> Frame.of_rows(("code", "n"), [("hcpcs:J3262", 2), ("hcpcs:J0129", None)]).types
    (<class 'str'>, <class 'int'>)
    """

    names: tuple[str, ...]
    types: tuple[type | None, ...]
    columns: tuple[tuple[Any, ...], ...]

    @classmethod
    def of_rows(cls, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Frame:
        """The frame of rows whose types are those of their values; a column without a value is one of text."""
        columns = tuple(zip(*rows, strict=True)) or ((),) * len(names)
        return cls(tuple(names), tuple(map(_type_of, columns)), columns)

    @classmethod
    def of_records(cls, types: Mapping[str, type], records: Iterable[Mapping[str, Any]]) -> Frame:
        """The frame of records that have these columns, or some of them; lists and dictionaries are JSON."""
        rows = [tuple(_flat(record.get(name)) for name in types) for record in records]
        columns = tuple(zip(*rows, strict=True)) or ((),) * len(types)
        return cls(tuple(types), tuple(types.values()), columns)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame; raises `MissingExtra` where pandas is not installed."""
        try:
            import pandas as pd
        except ModuleNotFoundError as exc:
            raise MissingExtra("to_pandas", "pandas") from exc
        # Types that know of gaps, so that a column of counts with one does not turn into floats, nor None into NaN.
        dtypes = {str: "string", int: "Int64", float: "Float64", bool: "boolean"}
        return pd.DataFrame(
            {
                name: pd.Series(list(values), dtype=dtypes.get(kind, object))  # type: ignore[arg-type]
                for name, kind, values in self._each()
            },
            columns=list(self.names),
        )

    def to_polars(self) -> pl.DataFrame:
        """A polars DataFrame; raises `MissingExtra` where polars is not installed."""
        try:
            import polars as pl
        except ModuleNotFoundError as exc:
            raise MissingExtra("to_polars", "polars") from exc
        dtypes: dict[type | None, type[pl.DataType]] = {
            str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean, date: pl.Date, None: pl.String,
        }  # fmt: skip
        return pl.DataFrame(
            [pl.Series(name, _texts(kind, values), dtype=dtypes[kind]) for name, kind, values in self._each()]
        )

    def to_arrow(self) -> pa.Table:
        """An Arrow table; raises `MissingExtra` where pyarrow is not installed."""
        try:
            import pyarrow as pa
        except ModuleNotFoundError as exc:
            raise MissingExtra("to_arrow", "arrow") from exc
        dtypes: dict[type | None, pa.DataType] = {
            str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32(),
            None: pa.string(),
        }  # fmt: skip
        arrays = [pa.array(_texts(kind, values), dtypes[kind]) for _, kind, values in self._each()]
        return pa.table(arrays, names=list(self.names))

    def _each(self) -> Iterable[tuple[str, type | None, tuple[Any, ...]]]:
        return zip(self.names, self.types, self.columns, strict=True)


def _type_of(values: Iterable[Any]) -> type | None:
    """The one type of values; None where they differ, as numbers and texts do, or do not fit into a column."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return float
    if kinds == {int} and any(not -_MOST <= value < _MOST for value in values if value is not None):
        return None
    if len(kinds) > 1:
        return None
    return next(iter(kinds), str)


def _texts(kind: type | None, values: tuple[Any, ...]) -> list[Any]:
    """The values; where their types differ, as texts."""
    return list(values) if kind is not None else [None if value is None else _text(value) for value in values]


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _flat(value: Any) -> Any:
    """A value as a cell takes it: what has parts is written as JSON, as it is in CSV."""
    return _json(value) if isinstance(value, list | tuple | dict) else value


_json: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode
