"""Lays out a table: cells that span rows stand in each of them, and the rows of a header become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.documents.document import BlockKind
from kg.documents.lines import START, Lines, Where

MOST_COLUMNS = 50
MOST_ROWS = 1000


class Cell(NamedTuple):
    """A cell as it is written down: its text, how far it reaches, and whether it is a header."""

    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False


class Row(NamedTuple):
    """The cells that a row writes down itself; `head` where the format says that it belongs to the header."""

    cells: Sequence[Cell]
    where: Where = START
    head: bool = False

    @property
    def is_header(self) -> bool:
        """Whether it may be a row of the header."""
        return self.head or (bool(self.cells) and all(cell.header for cell in self.cells))


class _Laid(NamedTuple):
    texts: list[str]
    where: Where
    header: bool
    grouped: bool
    """Whether some cell reaches over several columns or rows."""


def write_table(lines: Lines, rows: Sequence[Row], *, goes_on: bool = False) -> None:
    """Add a table to the lines of a document, or more rows to the one before.

    >>> lines = Lines()
    >>> head = Row([Cell("Code", rows=2), Cell("Product", columns=2)], head=True)
    >>> write_table(lines, [head, Row([Cell("Brand"), Cell("Generic")], head=True), Row([Cell("J3262")])])
    >>> print(lines.content()[0])
    Code | Product Brand | Product Generic
    J3262
    """
    laid = [row for row in _lay_out(rows) if any(row.texts)]
    if not laid:
        return
    if not goes_on:
        lines.start_table()
    first = 0
    while first < len(laid) and len(laid[first].texts) == 1 and len(laid) > 1:
        lines.row(BlockKind.ROW, laid[first].texts, laid[first].where)  # A title across the table.
        first += 1
    last = _end_of_header(laid, first)
    if last > first:
        lines.row(BlockKind.HEADER, _joined([row.texts for row in laid[first:last]]), laid[first].where)
    for row in laid[last:]:
        lines.row(BlockKind.ROW, row.texts, row.where)


def _end_of_header(laid: Sequence[_Laid], first: int) -> int:
    """The row after the header: one row of header cells, and the next ones below its groups."""
    last = first
    while last < len(laid) and laid[last].header and len(laid[last].texts) > 1:
        if last > first and not laid[last - 1].grouped:
            break
        last += 1
    return last


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """One header from several rows: in each column the texts from top to bottom, each once."""
    width = max(map(len, rows))
    columns = [[row[column] for row in rows if column < len(row)] for column in range(width)]
    return [" ".join(dict.fromkeys(text for text in column if text)) for column in columns]


def _lay_out(rows: Sequence[Row]) -> Iterator[_Laid]:
    carried: dict[int, tuple[str, int]] = {}
    for row in rows:
        texts: list[str] = []
        header, grouped = row.is_header, False
        only = len(row.cells) == 1 and not carried and len(rows) > 1
        below: dict[int, tuple[str, int]] = {}
        for cell in row.cells:
            _fill(texts, carried)
            # A header over several columns names each of them; other cells leave the columns behind them empty.
            columns = 1 if only else min(cell.columns, MOST_COLUMNS)
            for number in range(columns):
                text = cell.text if header or cell.header or number == 0 else ""
                if cell.rows > 1:
                    below[len(texts)] = text, min(cell.rows, MOST_ROWS) - 1
                texts.append(text)
            grouped = grouped or columns > 1 or cell.rows > 1
        while carried and len(texts) <= max(carried):
            _fill(texts, carried)
            if carried and len(texts) < max(carried):
                texts.append("")
        carried |= below
        yield _Laid(texts, row.where, header, grouped)


def _fill(texts: list[str], carried: dict[int, tuple[str, int]]) -> None:
    """Put in the cells that reach down from the rows above."""
    while (column := len(texts)) in carried:
        text, rows_left = carried[column]
        texts.append(text)
        if rows_left > 1:
            carried[column] = text, rows_left - 1
        else:
            del carried[column]
