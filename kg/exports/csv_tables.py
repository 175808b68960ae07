"""Tables as a folder of CSV files, in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kg.cells import write_rows
from kg.exports.content import Content, File
from kg.exports.folders import export_folder
from kg.exports.tables import Row, Table, Take, write_tables


def csv(content: Content, file: File) -> dict[str, int]:
    """A file for each table, whose cells no spreadsheet takes for formulas."""
    return _write(content, file, "csv", raw=False)


def raw_csv(content: Content, file: File) -> dict[str, int]:
    """The same with cells as they are, for programs."""
    return _write(content, file, "raw-csv", raw=True)


def _write(content: Content, file: File, format: str, *, raw: bool) -> dict[str, int]:
    with export_folder(content, file, format) as (folder, counts):

        @contextmanager
        def opened(table: Table) -> Iterator[Take]:
            with csv_file(folder / f"{table.name}.csv", table.heads, raw=raw) as take:
                yield take

        counts |= write_tables(content, opened)
    return counts


@contextmanager
def csv_file(path: Path, heads: Sequence[str], *, raw: bool = True) -> Iterator[Take]:
    """A file with a row of headings, and what takes its rows."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        write_rows(out, [heads], raw=True)

        def take(rows: Sequence[Row]) -> None:
            write_rows(out, rows, raw=raw)

        yield take
