"""What all tables with a header have in common: their records, what their columns are called, and cells by column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from kg.errors import ReleaseError

Row = tuple[int, Sequence[str]]


def records(text: str, path: str, dialect: str = "excel", noun: str = "a table as csv") -> Iterator[Row]:
    """The records of a text, each with the line on which it begins; a cell may hold line breaks.

    Raises `ReleaseError`, which says that the file of the path is not what the noun says, where a cell does not end.
    """
    reader = csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    row = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as exc:
            raise ReleaseError(f"{path}:{row}: not {noun}: {exc}") from exc
        if cells is None:
            return
        yield row, cells
        row = reader.line_num + 1


def plain_name(name: str) -> str:
    """A name of a column as patterns have it.

    >>> plain_name("HCPCS\\nCode ")
    'hcpcscode'
    """
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def by_column(cells: Sequence[str], places: Mapping[str, int], columns: Collection[str]) -> dict[str, str]:
    """The cells of a row by their columns, blanks folded; empty where the row is short or the column is not there."""
    there = {name: " ".join(cells[place].split()) for name, place in places.items() if place < len(cells)}
    return dict.fromkeys(columns, "") | there


def text_of_row(cells: Mapping[str, str]) -> str:
    """What the columns of a row that are read hold."""
    return " | ".join(filter(None, cells.values()))
