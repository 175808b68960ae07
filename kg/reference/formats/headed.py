"""Tables as csv whose header stands below a notice, wherever that ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import ReleaseError
from kg.reference.formats.columns import by_column, plain_name, records
from kg.reference.release import ReleaseFile
from kg.reference.release_files import decoded

_HEAD_LINES = 30
_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Headed:
    """A table: the words above its header, and where its columns stand.

    `columns` are patterns of the names in the header, in small letters and digits alone: what a name is differs
    between years in case, blanks, line breaks and a year in it.
    """

    file: ReleaseFile
    notice: str
    row: int
    _places: Mapping[str, int]
    _columns: Collection[str]
    _header: Sequence[str]

    @classmethod
    def find(cls, file: ReleaseFile, columns: Mapping[str, str], marks: Collection[str]) -> Headed | None:
        """The table whose header has the columns that mark it, in the first lines of a file."""
        head = replace(file, data=file.data[:_HEAD])
        notice: list[str] = []
        try:
            for row, cells in records(decoded(head), head.path):
                if row > _HEAD_LINES:
                    return None
                places = _places(cells, columns)
                if places.keys() >= set(marks):
                    return cls(file, "\n".join(notice), row, places, tuple(columns), tuple(cells))
                notice += filter(None, cells)
        except ReleaseError:  # it is no csv, or its head is cut within a cell
            return None
        return None

    @classmethod
    def of(
        cls, file: ReleaseFile, columns: Mapping[str, str], marks: Collection[str], optional: Collection[str] = ()
    ) -> Headed:
        """The same, with all columns that are not optional; raises `ReleaseError` and names what is missing."""
        table = cls.find(file, columns, marks)
        if table is None:
            raise ReleaseError(f"{file.path}: no header with the columns {', '.join(marks)} in its first lines")
        missing = [name for name in columns if name not in table._places and name not in optional]
        if missing:
            raise ReleaseError(f"{file.path}:{table.row}: no column {missing[0]!r} in the header")
        return table

    def title(self, column: str) -> str:
        """What the header calls a column."""
        return self._header[self._places[column]]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows below the header that are not empty, each with its first line.

        Blanks in cells are folded; a cell is empty where the row is short or the column is not there.
        """
        for row, cells in records(decoded(self.file), self.file.path):
            if row > self.row and any(map(str.strip, cells)):
                yield row, by_column(cells, self._places, self._columns)


def _places(cells: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    names = list(map(plain_name, cells))
    places = {}
    for column, pattern in columns.items():
        position = next((place for place, name in enumerate(names) if re.fullmatch(pattern, name)), None)
        if position is not None:
            places[column] = position
    return places
