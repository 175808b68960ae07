"""Tables of an export: csv in archives in an archive, read row by row, whatever their encoding."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kg.errors import ReleaseError
from kg.reference.release_files import Member, decoded_line, folders_of_archives

_LARGEST_CELL = 2**24
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True, eq=False)  # Half a million are made, and to freeze each takes as long again.
class Row:
    """A row of a table: its number, the header being row 1, its cells, and which of them is of each column.

    `problem` says why it cannot be used, and is empty where it can.
    """

    number: int
    columns: Mapping[str, int]
    cells: Sequence[str]
    problem: str = ""

    @property
    def text(self) -> str:
        """Its cells, one after the other."""
        return " | ".join(filter(None, self.cells))

    def get(self, column: str) -> str:
        """The cell of a column, empty where the table has no such column."""
        at = self.columns.get(column, -1)
        return self.cells[at].strip() if 0 <= at < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export; `name` is its file's, in small letters and without the ending."""

    name: str
    member: Member

    @property
    def file(self) -> str:
        """The name of the file, as evidence gives it."""
        return f"{self.name}.csv"

    def rows(self, needed: Iterable[str] = ()) -> Iterator[Row]:
        """Its rows below the header that are not empty; raises `ReleaseError` where a needed column is not there."""
        before = csv.field_size_limit(_LARGEST_CELL)
        try:
            yield from self._rows(tuple(needed))
        except csv.Error as exc:
            raise ReleaseError(f"{self.member.path}: not a table as csv: {exc}") from exc
        finally:
            csv.field_size_limit(before)

    def _rows(self, needed: tuple[str, ...]) -> Iterator[Row]:
        records = csv.reader(_lines(self.member.pieces()))
        header = [name.strip().lower() for name in next(records, [])]
        for column in needed:
            if column not in header:
                raise ReleaseError(f"{self.member.path}: no column {column!r} in the header")
        columns = {name: at for at, name in enumerate(header)}
        width = len(header)
        for number, cells in enumerate(records, 2):
            if not any(cells):
                continue
            problem = "" if len(cells) == width else f"{len(cells)} cells where the header has {width}"
            yield Row(number, columns, cells, problem)


Tables = Mapping[str, Table]
"""The tables of one export, by name."""


def exports_in(path: Path) -> Iterator[tuple[str, Tables]]:
    """The tables in each archive of a file that holds any, with where that is; none in a file that is no archive."""
    for place, members in folders_of_archives(path):
        named = ((PurePosixPath(member.name), member) for member in members)
        tables = {name.stem.lower(): Table(name.stem.lower(), member) for name, member in named if _is_table(name)}
        if tables:
            yield place, tables


def _is_table(name: PurePosixPath) -> bool:
    return name.suffix.lower() == ".csv"


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Lines of text with their ends: each UTF-8 where it is that, else Windows-1252, as exports mix them."""
    rest, first = b"", True
    for piece in pieces:
        if first and piece.startswith(_UTF16):
            yield from _utf16_lines(piece, pieces)
            return
        piece = piece.removeprefix(codecs.BOM_UTF8) if first else piece
        first = False
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > _LARGEST_CELL:
            raise csv.Error(f"a line of more than {_LARGEST_CELL:,} bytes")
        for line in whole:
            yield decoded_line(line) + "\n"
    if rest:
        yield decoded_line(rest)


def _utf16_lines(first: bytes, others: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    rest = decoder.decode(first)
    for piece in others:
        *whole, rest = (rest + decoder.decode(piece)).split("\n")
        for line in whole:
            yield f"{line}\n"
    yield from (f"{line}\n" for line in rest.split("\n") if line)
