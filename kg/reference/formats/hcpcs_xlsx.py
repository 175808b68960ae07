"""HCPCS Level II as a spreadsheet: a header somewhere in the first rows, then one row for each code or modifier."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.reference.formats.hcpcs import Record, editions
from kg.reference.formats.workbook import named, pattern_of, plain, sheets, text_of
from kg.reference.release import Edition, Format, LeftOut, ReleaseFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_CODE = ("HCPC", "HCPCS")
_NEEDED = ("LONG DESCRIPTION", "ADD DT", "TERM DT")
_USEFUL = ("SEQNUM", "RECID", "SHORT DESCRIPTION", "ACT EFF DT", "ACTION CD")
_READ = (*_NEEDED, *_USEFUL, *(f"XREF{n}" for n in range(1, 6)), "COV", *(f"PRICE{n}" for n in range(1, 5)))
# How many of the needed and useful columns, besides the code, make a header.
_ENOUGH = 3
_HEADER_WITHIN = 100

_HEADING = pattern_of((*_CODE, *_NEEDED, *_USEFUL))

_Table = tuple[int, dict[str, int], Iterator[tuple[int, list[Any]]]]


def recognises(file: ReleaseFile) -> bool:
    """Whether the file is a spreadsheet with the column names of HCPCS in its cells."""
    return _is_header(named(file, _HEADING))


def read(file: ReleaseFile) -> Iterator[Edition]:
    """The codes and the modifiers of a workbook, from every sheet that has the header."""
    tables = [(sheet.name, table) for sheet in sheets(file) if (table := _table(sheet))]
    if not tables:
        raise ReleaseError(f"{file.path}: no sheet with a column HCPC")
    records = (record for _, table in tables for record in _records(file, table))
    return editions(file, records, [name for name, _ in tables])


def _is_header(cells: Collection[str]) -> bool:
    return any(name in cells for name in _CODE) and sum(name in cells for name in _NEEDED + _USEFUL) >= _ENOUGH


def _table(sheet: CalamineSheet) -> _Table | None:
    """The row of the header, its columns by name, and the rows below it, numbered as a spreadsheet does."""
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    for row, cells in rows:
        names = [plain(text_of(cell)) for cell in cells]
        if _is_header(names):
            # The first of two columns with one name counts.
            return row, {name: names.index(name) for name in _CODE + _READ if name in names}, rows
        if row >= _HEADER_WITHIN:
            break
    return None


def _records(file: ReleaseFile, table: _Table) -> Iterator[Record | LeftOut]:
    header, columns, rows = table
    if missing := [name for name in _NEEDED if name not in columns]:
        raise ReleaseError(f"{file.path}:{header}: no column {', '.join(missing)}")
    for row, cells in rows:
        values = {name: text for name, column in columns.items() if (text := text_of(cells[column]))}
        code = values.get("HCPC") or values.get("HCPCS") or ""
        if code:
            yield _record(row, code, values)
        elif words := " ".join(filter(None, map(text_of, cells))):
            yield LeftOut(row, "no code", words[:200])


def _record(row: int, code: str, values: dict[str, str]) -> Record:
    return Record(
        row=row,
        kind=values.get("RECID") or ("7" if len(code) == 2 else "3"),
        code=code,
        long=values.get("LONG DESCRIPTION", ""),
        short=values.get("SHORT DESCRIPTION", ""),
        crossed=tuple(values[name] for number in range(1, 6) if (name := f"XREF{number}") in values),
        coverage=values.get("COV", ""),
        pricing=" ".join(values[name] for number in range(1, 5) if (name := f"PRICE{number}") in values),
        added=values.get("ADD DT", ""),
        acted=values.get("ACT EFF DT", ""),
        ended=values.get("TERM DT", ""),
        action=values.get("ACTION CD", ""),
    )


FORMAT = Format("hcpcs-xlsx", "HCPCS Level II (xlsx)", recognises, read)
