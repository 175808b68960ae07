"""HCPCS Level II as a spreadsheet: a header somewhere in the first rows, then one row for each code or modifier."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.reference.files import is_archive, unpacked
from kg.reference.formats.hcpcs import Record, editions
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

_Table = tuple[int, dict[str, int], Iterator[tuple[int, list[Any]]]]

# The library fills the whole rectangle that the cells span, so one cell in a far corner would take all memory.
# The releases span half a million cells.
_MAX_CELLS = 8_000_000
_MAX_XML = 128 * 2**20
_PLACE = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["']([A-Za-z]{0,9})([0-9]{0,9})""")
# A row from 100,000 on, or a column after BZ: without one of these, a rectangle has no more cells than are allowed.
_FAR = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["'](?:[A-Za-z]{0,2}[0-9]{6}|[C-Zc-z][A-Za-z]|[A-Za-z]{3})""")
# It also makes room for as many things as a part says that it holds, before it looks.
_COUNT = re.compile(rb"""count\s*=\s*["'][^"']{7}""", re.IGNORECASE)
_HEADING = re.compile(
    rb"<(?:\w+:)?t(?:\s[^<>]*)?>\s*(%s)\s*</"
    % b"|".join(name.replace(" ", r"[\s_]+").encode() for name in (*_CODE, *_NEEDED, *_USEFUL)),
    re.IGNORECASE,
)


def recognises(file: ReleaseFile) -> bool:
    """Whether the file is a spreadsheet with the column names of HCPCS in its cells."""
    if not is_archive(file.data):
        return False
    try:
        parts = _parts(file)
    except ReleaseError:
        return False
    return "xl/workbook.xml" in parts and _is_header([name for part in parts.values() for name in _headings(part)])


def read(file: ReleaseFile) -> Iterator[Edition]:
    """The codes and the modifiers of a workbook, from every sheet that has the header."""
    tables = [(sheet.name, table) for sheet in _sheets(file) if (table := _table(sheet))]
    if not tables:
        raise ReleaseError(f"{file.path}: no sheet with a column HCPC")
    records = (record for _, table in tables for record in _records(file, table))
    return editions(file, records, [name for name, _ in tables])


def _parts(file: ReleaseFile) -> dict[str, bytes]:
    """The parts of a workbook, without those that would make the library take it for another kind of file."""
    parts = {}
    for name, data in unpacked(file.data, file.path):
        if name.lower().endswith((".xml", ".rels")) and name != "content.xml":
            if len(data) > _MAX_XML:
                raise ReleaseError(f"{file.path}/{name}: larger than the sheet of any release")
            parts[name] = data
    return parts


def _headings(part: bytes) -> set[str]:
    return {_plain(match[1].decode("ascii")) for match in _HEADING.finditer(part)}


def _is_header(cells: Sequence[str]) -> bool:
    return any(name in cells for name in _CODE) and sum(name in cells for name in _NEEDED + _USEFUL) >= _ENOUGH


def _sheets(file: ReleaseFile) -> Iterator[CalamineSheet]:
    import python_calamine

    parts = _parts(file)
    for name, data in parts.items():
        _refuse_if_hostile(f"{file.path}/{name}", data)
    # Packed anew, so that what the library reads is what was looked at.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(packed)
        yield from (book.get_sheet_by_name(name) for name in book.sheet_names)
    except (python_calamine.CalamineError, OSError, ValueError) as exc:
        raise ReleaseError(f"{file.path}: not a workbook that can be read: {' '.join(str(exc).split())}") from exc


def _refuse_if_hostile(path: str, data: bytes) -> None:
    if b"\0" in data or _COUNT.search(data):
        raise ReleaseError(f"{path}: not the XML of a workbook that any release has")
    if not _FAR.search(data):
        return
    places = set(_PLACE.findall(data))
    rows = max(int(digits or 0) for _, digits in places)
    columns = max(_column(letters.upper()) for letters in {letters for letters, _ in places})
    if rows * max(columns, 1) > _MAX_CELLS:
        raise ReleaseError(f"{path}: a sheet of {rows:,} rows and {columns:,} columns, which no release has")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _table(sheet: CalamineSheet) -> _Table | None:
    """The row of the header, its columns by name, and the rows below it, numbered as a spreadsheet does."""
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    for row, cells in rows:
        names = [_plain(_text(cell)) for cell in cells]
        if _is_header(names):
            # The first of two columns with one name counts.
            return row, {name: names.index(name) for name in _CODE + _READ if name in names}, rows
        if row >= _HEADER_WITHIN:
            break
    return None


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").upper().split())


def _text(cell: object) -> str:
    """What a cell holds as text: the library gives numbers as floats, so 20250930.0 stands for 20250930."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def _records(file: ReleaseFile, table: _Table) -> Iterator[Record | LeftOut]:
    header, columns, rows = table
    if missing := [name for name in _NEEDED if name not in columns]:
        raise ReleaseError(f"{file.path}:{header}: no column {', '.join(missing)}")
    for row, cells in rows:
        values = {name: text for name, column in columns.items() if (text := _text(cells[column]))}
        code = values.get("HCPC") or values.get("HCPCS") or ""
        if code:
            yield _record(row, code, values)
        elif words := " ".join(filter(None, map(_text, cells))):
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
