"""XLSX, XLSB, XLS and ODS: each sheet under its name, its tables as a person sees them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kg import lazy_re as re
from kg.documents.archive import Archive
from kg.documents.document import Block, Unreadable
from kg.documents.lines import Lines, Where
from kg.documents.sheet import write_sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

NAME = "spreadsheet"

_LEVEL = 2
_MOST_CELLS = 5_000_000
"""A sheet is laid out whole, from its first cell to its last."""
_CELL = re.compile(rb'<(?:\w+:)?c [^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_VALUED = re.compile(rb"<table:table-cell\b([^>]*office:value-type[^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')

Value = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes) -> tuple[str, tuple[Block, ...]]:
    """The sheets of a workbook; the text has one line a row."""
    import python_calamine as calamine

    if data.startswith(b"PK"):
        _check(Archive(data))
    lines = Lines()
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        for sheet in book.sheets_metadata:
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet:
                hidden = sheet.visible is not calamine.SheetVisibleEnum.Visible
                _write(lines, book.get_sheet_by_name(sheet.name), sheet.name, hidden=hidden)
    except calamine.PasswordError as exc:
        raise Unreadable("encrypted: save it without a password") from exc
    except (calamine.CalamineError, OSError, ValueError) as exc:
        raise Unreadable(f"no workbook that can be read: {' '.join(str(exc).split())}") from exc
    return lines.content()


def _check(archive: Archive) -> None:
    """Refuse a sheet that holds few cells far apart: laid out it would fill the memory."""
    for name in archive.parts:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            size = _extent(archive.read(name))
        elif name == "content.xml":
            size = sum(map(_repeated, _ROW.finditer(archive.read(name))))
        else:
            continue
        if size > _MOST_CELLS:
            raise Unreadable(f"{name} reaches over {size:,} cells, more than the {_MOST_CELLS:,} of the largest sheet")


def _repeated(row: re.Match[bytes]) -> int:
    """How many cells a row of an open document stands for: it may be repeated, and so may each cell with a value."""
    cells = sum(_times(cell[1]) for cell in _VALUED.finditer(row[2]))
    return cells * _times(row[1])


def _times(attributes: bytes) -> int:
    match = _REPEATED.search(attributes)
    return int(match[1]) if match else 1


def _extent(sheet: bytes) -> int:
    columns, last = {match[1] for match in _CELL.finditer(sheet)}, 0
    for match in _CELL.finditer(sheet):
        last = max(last, int(match[2]))
    return max(map(_number, columns), default=0) * last


def _number(column: bytes) -> int:
    """The number of a column.

    >>> _number(b"AA")
    27
    """
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _write(lines: Lines, sheet: CalamineSheet, name: str, *, hidden: bool) -> None:
    rows = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spread = _fill_merged(rows, sheet)
    placed = [(cells, Where(0, sheet=name, row=number)) for number, cells in enumerate(rows, 1)]
    if hidden:
        for cells, where in placed:
            lines.omit("hidden sheet", " | ".join(filter(None, cells)), where)
    elif any(any(cells) for cells in rows):
        lines.heading(name, _LEVEL, Where(0, sheet=name))
        write_sheet(lines, _join_headers(placed, spread))


def _fill_merged(rows: list[list[str]], sheet: CalamineSheet) -> set[int]:
    """Write a merged cell into every row that it reaches over, and into every column beside others.

    The answer is the rows with cells over several columns.
    """
    spread: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]) or not (text := rows[top][left]):
            continue
        alone = sum(map(bool, rows[top])) == 1
        for number in range(top, min(bottom, len(rows) - 1) + 1):
            last = left if alone else min(right, len(rows[number]) - 1)
            rows[number][left : last + 1] = [text] * (last + 1 - left)
        if right > left and not alone:
            spread.add(top)
    return spread


def _join_headers(rows: Sequence[tuple[list[str], Where]], spread: set[int]) -> Iterator[tuple[list[str], Where]]:
    """The rows of a sheet; names over groups of columns and the names below them become one row."""
    waiting: tuple[list[str], Where] | None = None
    for number, (cells, where) in enumerate(rows):
        if waiting is not None:
            pairs = zip(waiting[0], cells, strict=True)
            yield [above if above == below else f"{above} {below}".strip() for above, below in pairs], waiting[1]
            waiting = None
        elif number in spread and number + 1 < len(rows) and _names_only(cells) and _names_only(rows[number + 1][0]):
            waiting = cells, where
        else:
            yield cells, where


def _names_only(cells: Sequence[str]) -> bool:
    return sum(map(bool, cells)) > 1 and not any(any(map(str.isdigit, cell)) for cell in cells)


def _shown(value: Value) -> str:
    """A cell as a person sees it.

    >>> [_shown(value) for value in (1.0, 0.1 + 0.2, True, date(2026, 1, 31))]
    ['1', '0.3', 'TRUE', '2026-01-31']
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
