"""Spreadsheets of releases: what stands in the cells of a workbook, without harm from one that was made to do some."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from kg.errors import ReleaseError
from kg.reference.release import ReleaseFile
from kg.reference.release_files import is_archive, unpacked

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# The library fills the whole rectangle that the cells span, so one cell in a far corner would take all memory.
# The releases span half a million cells.
_MAX_CELLS = 8_000_000
_MAX_XML = 128 * 2**20
_PLACE = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["']([A-Za-z]{0,9})([0-9]{0,9})""")
# A row from 100,000 on, or a column after BZ: without one of these, a rectangle has no more cells than are allowed.
_FAR = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["'](?:[A-Za-z]{0,2}[0-9]{6}|[C-Zc-z][A-Za-z]|[A-Za-z]{3})""")
# It also makes room for as many things as a part says that it holds, before it looks.
_COUNT = re.compile(rb"""count\s*=\s*["'][^"']{7}""", re.IGNORECASE)


def pattern_of(names: Iterable[str]) -> re.Pattern[bytes]:
    """What finds cells that hold one of these names and nothing else, in the XML of a workbook.

    >>> sorted(match.decode() for match in pattern_of(["ADD DT", "COV"]).findall(b"<t>Add_Dt</t><t> COV </t><t>x</t>"))
    ['Add_Dt', 'COV']
    """
    words = "|".join(re.escape(name).replace(r"\ ", r"[\s_]+") for name in names)
    return re.compile(rf"<(?:\w+:)?t(?:\s[^<>]*)?>\s*({words})\s*</".encode(), re.IGNORECASE)


def named(file: ReleaseFile, pattern: re.Pattern[bytes]) -> set[str]:
    """Which names of a pattern stand in the cells of a workbook, in plain form; none where the file is no workbook."""
    if not is_archive(file.data):
        return set()
    try:
        parts = _parts(file)
    except ReleaseError:
        return set()
    if "xl/workbook.xml" not in parts:
        return set()
    return {plain(match[1].decode("ascii")) for part in parts.values() for match in pattern.finditer(part)}


def sheets(file: ReleaseFile) -> Iterator[CalamineSheet]:
    """The sheets of a workbook; raises `ReleaseError` where it cannot be read, or could do harm."""
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


def plain(text: str) -> str:
    """The name of a column without what differs between years: case, runs of blanks, underscores."""
    return " ".join(text.replace("_", " ").upper().split())


def text_of(cell: object) -> str:
    """What a cell holds as text: the library gives numbers as floats, so 20250930.0 stands for 20250930."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def _parts(file: ReleaseFile) -> dict[str, bytes]:
    """The parts of a workbook, without those that would make the library take it for another kind of file."""
    parts = {}
    for name, data in unpacked(file.data, file.path):
        if name.lower().endswith((".xml", ".rels")) and name != "content.xml":
            if len(data) > _MAX_XML:
                raise ReleaseError(f"{file.path}/{name}: larger than the sheet of any release")
            parts[name] = data
    return parts
