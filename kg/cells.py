"""Rows as cells: CSV and its like, which no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

# What a spreadsheet takes for a formula begins so, and is run.
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d[\d.,]*$)")

_LARGEST_CELL = 2**31 - 1
_AT_ONCE = 256


def separated(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], delimiter: str, *, raw: bool = False) -> str:
    """Some columns of rows, as CSV or with another delimiter; `raw` leaves cells as they are.

    >>> separated([{"code": "J3262", "name": "=1+1"}], ["code", "name"], ",")
    "code,name\\nJ3262,'=1+1\\n"
    """
    written = cell if raw else safe_cell
    out = io.StringIO()
    writer = _writer(out, delimiter)
    writer.writerow(columns)
    writer.writerows([written(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def write_rows(out: Any, rows: Iterable[Sequence[Any]], delimiter: str = ",", *, raw: bool = False) -> None:
    """Write rows, each a sequence of values, to something open for text, likewise."""
    written = cell if raw else safe_cell
    _writer(out, delimiter).writerows(map(written, row) for row in rows)


def _writer(out: Any, delimiter: str) -> Any:
    """A writer whose lines end as on Unix."""
    return csv.writer(_Lines(out), delimiter=delimiter, lineterminator=_END)


_END = "\r\n"
"""Python before 3.13 quotes of line breaks only those that end its lines, so that a lone `\\r` would begin a row."""


class _Lines:
    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, line: str) -> None:
        """Take a row."""
        self._out.write(line.removesuffix(_END) + "\n")


def read_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Rows of CSV, whose cells may be of any length.

    >>> list(read_rows(['a,"b,c"\\n']))
    [['a', 'b,c']]
    """
    reader = csv.reader(lines)
    some: list[list[str]] | None = None
    while some is None or some:
        # The limit is that of the whole process, so that it is set only while we read.
        before = csv.field_size_limit(_LARGEST_CELL)
        try:
            some = list(islice(reader, _AT_ONCE))
        finally:
            csv.field_size_limit(before)
        yield from some


def cell(value: Any) -> str:
    """The text of a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return str(value)


def safe_cell(value: Any) -> str:
    """The text of a value, behind an apostrophe where a spreadsheet would take it for a formula.

    >>> print(safe_cell("=1+1"), safe_cell(-5), safe_cell("J3262"))
    '=1+1 -5 J3262
    """
    text = cell(value)
    return f"'{text}" if _FORMULA.match(text) else text


def plain(value: object) -> str:
    """What JSON has no form for, as text: days, and members of enumerations."""
    return value.isoformat() if isinstance(value, date) else str(value)
