"""Tables as a folder of Parquet files, in groups of rows, so that little is in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from kg.errors import MissingExtra
from kg.exports.content import Content, File
from kg.exports.folders import export_folder
from kg.exports.tables import Row, Table, Take, write_tables

_ROWS_PER_GROUP = 50_000


def parquet(content: Content, file: File) -> dict[str, int]:
    """A file for each table; numbers, days and yes-or-no have types of their own."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as exc:
        raise MissingExtra("Parquet", "parquet") from exc
    with export_folder(content, file, "parquet") as (folder, counts):

        @contextmanager
        def opened(table: Table) -> Iterator[Take]:
            with (folder / f"{table.name}.parquet").open("wb") as out, _writer(table, out) as take:
                yield take

        counts |= write_tables(content, opened)
    return counts


@contextmanager
def _writer(table: Table, out: Any) -> Iterator[Take]:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_(), date: pyarrow.date32()}
    schema = pyarrow.schema([(column.name, kinds[column.type]) for column in table.columns])
    with ParquetWriter(out, schema) as writer:
        waiting: list[Row] = []

        def write() -> None:
            columns = map(list, zip(*waiting, strict=True)) if waiting else ([] for _ in schema)
            arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pyarrow.table(arrays, schema=schema), row_group_size=_ROWS_PER_GROUP)
            waiting.clear()

        def take(rows: Sequence[Row]) -> None:
            waiting.extend(rows)
            if len(waiting) >= _ROWS_PER_GROUP:
                write()

        yield take
        if waiting:
            write()
