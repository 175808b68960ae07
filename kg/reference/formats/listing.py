"""Lists of codes as csv, as text with tabs or as a sheet of a workbook, whose header stands below a notice.

A header may be several rows high ("BILAT" above "SURG"). A column is known by what stands in the last rows of it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code
from kg.reference.formats.columns import Row, by_column, plain_name, records
from kg.reference.formats.days import NotADay
from kg.reference.formats.workbook import named as named_in_workbook
from kg.reference.formats.workbook import pattern_of, sheets, text_of
from kg.reference.release import Entry, LeftOut, ReleaseFile
from kg.reference.release_files import decoded, is_archive

_HEAD_ROWS = 40
_HEAD = 64 * 1024
# No list has so many columns, but a file may that was made to take long.
_WIDEST = 300
# So many rows a header is high at most, without the rows above it that hold a notice.
_HIGHEST = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """What columns a list has.

    `patterns` are those of the names in its header, in small letters and digits alone: what a name is differs between
    years in case, blanks, line breaks and a year in it. `marks` are the columns that tell the list from others, and
    `words` are names that stand in cells of its header when it is a workbook. `optional` columns may be missing.
    """

    patterns: Mapping[str, str]
    marks: Collection[str]
    words: Collection[str] = ()
    optional: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: the words above its header, the row of the header, where its columns stand, and the rows below it."""

    file: ReleaseFile
    notice: str
    row: int
    _places: Mapping[str, int]
    _names: Collection[str]
    _header: Sequence[str]
    _below: Iterator[Row]

    def title(self, column: str) -> str:
        """What the last row of the header calls a column."""
        return self._header[self._places[column]]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows below the header that are not empty, each with its number; can be gone through once.

        Blanks in cells are folded; a cell is empty where the row is short or the column is not there.
        """
        for row, cells in self._below:
            if any(map(str.strip, cells)):
                yield row, by_column(cells, self._places, self._names)


class NotUsed(ValueError):
    """A row states nothing, for the reason that the message gives."""


def entries_of(
    listing: Listing, entry_of: Callable[[int, dict[str, str]], Entry], text_of_row: Callable[[dict[str, str]], str]
) -> tuple[dict[Code, Entry], int, list[LeftOut]]:
    """The entry of each code of a list, how many rows there are, and those that are left out.

    What `entry_of` raises is the reason why a row is; `text_of_row` gives what is shown of it.
    """
    entries: dict[Code, Entry] = {}
    left_out: list[LeftOut] = []
    rows = 0
    for row, cells in listing.rows():
        rows += 1
        try:
            entry = entry_of(row, cells)
            if entry.code in entries:
                raise NotUsed(f"the code stands in row {entries[entry.code].row} already")
        except (MalformedCode, NotADay, NotUsed) as exc:
            left_out.append(LeftOut(row, str(exc), text_of_row(cells)))
        else:
            entries[entry.code] = entry
    return entries, rows, left_out


def recognises(file: ReleaseFile, columns: Columns) -> bool:
    """Whether the first rows of a file hold the header of a list."""
    if is_archive(file.data):
        words = {word.upper() for word in columns.words}
        return bool(words) and named_in_workbook(file, pattern_of(columns.words)) >= words and _has(file, columns)
    return _has(replace(file, data=file.data[:_HEAD]), columns)


def read(file: ReleaseFile, columns: Columns) -> Listing:
    """The list in a file, with all columns that are not optional; raises `ReleaseError` and names what is missing."""
    listing = next(filter(None, (_find(file, rows, columns) for rows in _grids(file))), None)
    if listing is None:
        raise ReleaseError(f"{file.path}: no header with the columns {', '.join(columns.marks)} in its first rows")
    missing = [name for name in columns.patterns if name not in listing._places and name not in columns.optional]
    if missing:
        raise ReleaseError(f"{file.path}:{listing.row}: no column {missing[0]!r} in the header")
    return listing


def _has(file: ReleaseFile, columns: Columns) -> bool:
    try:
        return any(_find(file, rows, columns) for rows in _grids(file))
    except ReleaseError:  # It is no table, or its head is cut within a cell.
        return False


def _find(file: ReleaseFile, rows: Iterator[Row], columns: Columns) -> Listing | None:
    notice: list[str] = []
    above: deque[Sequence[str]] = deque(maxlen=_HIGHEST)
    for row, cells in rows:
        above.append(cells)
        places = _places(above, columns.patterns)
        if places.keys() >= set(columns.marks):
            return Listing(file, "\n".join(notice), row, places, tuple(columns.patterns), cells, rows)
        if row >= _HEAD_ROWS:
            return None
        notice += filter(None, map(str.strip, cells))
    return None


def _places(header: Sequence[Sequence[str]], patterns: Mapping[str, str]) -> dict[str, int]:
    """Where columns stand in a header that ends with its last row: by that row alone, else with those above it."""
    stacks = [_stack(header, place) for place in range(min(len(header[-1]), _WIDEST))]
    places: dict[str, int] = {}
    for column, pattern in patterns.items():
        for height in range(_HIGHEST):
            for place, names in enumerate(stacks):
                if height < len(names) and column not in places and re.fullmatch(pattern, names[height]):
                    places[column] = place
    return places


def _stack(header: Sequence[Sequence[str]], place: int) -> list[str]:
    """The name of a column by its last cell, by its last two, and so on; none where the last one is empty."""
    cells = [plain_name(row[place]) if place < len(row) else "" for row in reversed(header)]
    return ["".join(reversed(cells[:height])) for height in range(1, len(cells) + 1)] if cells[0] else []


def _grids(file: ReleaseFile) -> Iterator[Iterator[Row]]:
    """The tables of a file: one, or one for each sheet; rows are numbered as a person counts them."""
    if not is_archive(file.data):
        text = decoded(file)
        has_tabs = text.count("\t", 0, _HEAD) > text.count(",", 0, _HEAD)
        dialect, noun = ("excel-tab", "a table with tabs") if has_tabs else ("excel", "a table as csv")
        yield records(text, file.path, dialect, noun)
        return
    for sheet in sheets(file):
        cells = sheet.to_python(skip_empty_area=False)
        yield ((number, [text_of(cell) for cell in row]) for number, row in enumerate(cells, start=1))
