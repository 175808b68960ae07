"""Rows as cells: CSV and its like, which no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

# What a spreadsheet takes for a formula begins so, and is run.
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d[\d.,]*$)")


def separated(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], delimiter: str, *, raw: bool = False) -> str:
    """Some columns of rows, as CSV or with another delimiter; `raw` leaves cells as they are.

    >>> separated([{"code": "J3262", "name": "=1+1"}], ["code", "name"], ",")
    "code,name\\nJ3262,'=1+1\\n"
    """
    written = cell if raw else safe_cell
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([written(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def write_rows(out: Any, rows: Iterable[Sequence[Any]], delimiter: str = ",", *, raw: bool = False) -> None:
    """Write rows, each a sequence of values, to something open for text, likewise."""
    written = cell if raw else safe_cell
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(map(written, row) for row in rows)


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
