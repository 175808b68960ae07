"""A CPT file that the user is licensed for: codes and their descriptors, in columns set off by tabs or commas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import LARGEST_TABLE, decoded, is_archive, issued_from_names

LICENCE = "CPT is copyright of the American Medical Association; read from your licensed copy"

_HEAD = 2**16
_FEWEST, _SHARE = 3, 0.9
# All of CPT is some 10,000 codes and more.
_COMPLETE = 9_000
_HEADER_WITHIN = 20
_WORD = re.compile(r"[^\W\d_]{3}")
_CODE_NAMES = ("code", "codes", "cpt", "cptcode", "cptcodes", "procedurecode")
_DESCRIPTOR_WORDS = ("long", "desc", "medium", "short", "consumer")
# Files of CMS list CPT codes as well, with what is paid for them or which go together.
_OTHERS = re.compile(
    r"\bMUE\b|medically unlikely|\bNCCI\b|\bPTP\b|column\s*1\b|payment limit|\bNDC|labeler|taxonomy|adjudication", re.I
)
# The categories besides the first, by the last character of their codes, come in files of their own.
_CATEGORIES = "FTUM"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where code and descriptor stand, and further descriptors; without a header, in the first two columns."""

    code: int = 0
    descriptor: int = 1
    others: tuple[int, ...] = ()
    width: int = 2


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a file, and the rows below its header: their lines and cells."""

    columns: _Columns
    rows: list[tuple[int, list[str]]]


def recognises(file: ReleaseFile) -> bool:
    """Whether nearly all rows are a CPT code and a descriptor in words."""
    if is_archive(file.data):
        return False
    head = file
    if len(file.data) > _HEAD:
        # Without the last line, which may be cut off.
        head = ReleaseFile(file.name, file.data[:_HEAD].rpartition(b"\n")[0])
    if _OTHERS.search("\n".join(decoded(head).splitlines()[:_HEADER_WITHIN])):
        return False
    try:
        return _is_cpt(_table(head)) and (head is file or _is_cpt(_table(file)))
    except ReleaseError:
        return False


def read(file: ReleaseFile) -> Iterator[Edition]:
    """The one edition that a file holds; rows that are left out are told by line and code, without words."""
    table = _table(file)
    entries: dict[Code, Entry] = {}
    left_out = []
    for line, cells in table.rows:
        code = _code(_cell(cells, table.columns.code))
        if code is None:
            left_out.append(LeftOut(line, f"not a CPT code: {_cell(cells, table.columns.code)[:10]!r}"))
        elif code in entries:
            left_out.append(LeftOut(line, f"{code.value} stands in line {entries[code].row} already"))
        elif len(cells) > table.columns.width and table.columns.descriptor != table.columns.width - 1:
            left_out.append(LeftOut(line, f"{len(cells)} cells in {table.columns.width} columns"))
        else:
            entries[code] = _entry(code, line, cells, table.columns)
    if not entries:
        raise ReleaseError(f"{file.path}: no CPT code can be read")
    yield Edition(_release(file, entries), tuple(entries.values()), (), len(table.rows), tuple(left_out))


def _is_cpt(table: _Table) -> bool:
    """Whether nearly all rows are a code and words."""
    good = sum(
        _code(_cell(cells, table.columns.code)) is not None and bool(_WORD.search(_descriptor(cells, table.columns)))
        for _, cells in table.rows
    )
    return good >= max(_FEWEST, _SHARE * len(table.rows))


def _table(file: ReleaseFile) -> _Table:
    rows = list(_rows(file))
    for number, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        if columns := _header(cells):
            return _Table(columns, rows[number + 1 :])
    # Rows of one width are cut at the right commas; otherwise some commas belong to descriptors.
    widths = {len(cells) for _, cells in rows}
    return _Table(_Columns(width=widths.pop() if len(widths) == 1 else 2), rows)


def _rows(file: ReleaseFile) -> Iterator[tuple[int, list[str]]]:
    text = decoded(file, LARGEST_TABLE)
    sample = text[:_HEAD].splitlines()
    delimiter = "\t" if sum("\t" in line for line in sample) * 2 > len(sample) else ","
    # `strict`: a quote that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    end = 0
    try:
        for cells in reader:
            start, end = end + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield start, [" ".join(cell.split()) for cell in cells]
    except csv.Error as exc:
        raise ReleaseError(f"{file.path}:{reader.line_num}: not a table: {exc}") from exc


def _header(cells: list[str]) -> _Columns | None:
    names = [re.sub(r"[^a-z]", "", cell.lower()) for cell in cells]
    codes = [at for at, name in enumerate(names) if name in _CODE_NAMES]
    ranked = [(at, rank) for at, name in enumerate(names) if (rank := _rank(name)) is not None]
    if not codes or not ranked:
        return None
    ranked.sort(key=lambda pair: pair[1])
    first, *others = (at for at, _ in ranked)
    return _Columns(codes[0], first, tuple(others), len(cells))


def _rank(name: str) -> int | None:
    """How well the name of a column says that it holds descriptors, 0 for the best."""
    if name in _CODE_NAMES or "date" in name or name.endswith("id"):
        return None
    return next((rank for rank, word in enumerate(_DESCRIPTOR_WORDS) if word in name), None)


def _code(text: str) -> Code | None:
    try:
        return Code.parse(text, CodeSystem.CPT)
    except MalformedCode:
        return None


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _descriptor(cells: list[str], columns: _Columns) -> str:
    """The descriptor; where it stands last, commas that nobody quoted have cut it in pieces."""
    if columns.descriptor == columns.width - 1:
        return ", ".join(filter(None, cells[columns.descriptor :]))
    return _cell(cells, columns.descriptor)


def _entry(code: Code, line: int, cells: list[str], columns: _Columns) -> Entry:
    name = _descriptor(cells, columns)
    others = dict.fromkeys(text for column in columns.others if (text := _cell(cells, column)) and text != name)
    return Entry(code, name or next(iter(others), ""), names=tuple(others), row=line)


def _release(file: ReleaseFile, entries: dict[Code, Entry]) -> Release:
    complete = len(entries) >= _COMPLETE
    issued = file.since or issued_from_names(file.hints)
    last = {code.value[-1] for code in entries}
    absent = "".join(letter for letter in _CATEGORIES if letter not in last)
    return Release(
        # An excerpt must not pass for the edition that it was taken from.
        identifier=f"cpt-{month_key(issued)}{'' if complete else '-excerpt'}",
        system=CodeSystem.CPT,
        title=f"CPT {month_words(issued)}{'' if complete else ', an excerpt'}",
        issued=issued,
        complete=complete,
        licence=LICENCE,
        source=file.path,
        outside=f".*[{absent}]" if absent else "",
        quotable=False,
    )


FORMAT = Format("cpt-table", "CPT, your licensed file (csv or tabs)", recognises, read)
