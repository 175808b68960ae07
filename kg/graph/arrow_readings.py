"""Documents as columns of bytes in, what was read of them as columns out: a pure function that engines run anywhere.

Each batch gives rows of one schema, one for each document, so that Spark, Dask, Ray or a loop can hand them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import MissingExtra, UsageError
from kg.graph.reading_rows import LEFTOVER, row_of

if TYPE_CHECKING:
    import pyarrow as pa

# A batch of rows ends after so many documents, or so many letters of text: an Arrow array of texts holds 2 GiB.
_DOCUMENTS = 256
_LETTERS = 2**24


def arrow() -> Any:
    """The library pyarrow; raises `MissingExtra` where it is not installed."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError as exc:
        raise MissingExtra("to read documents in columns", "arrow") from exc
    return pa


def schema() -> pa.Schema:
    """The columns that `extract_batches` gives."""
    pa = arrow()
    text, number = pa.string(), pa.int32()
    qualifier = pa.struct([("qualifier", text), ("concept", text), ("name", text)])
    words = ("subject", "subject_name", "relation", "object", "object_name", "polarity", "strength", "condition")
    assertion = [
        *((name, text) for name in words),
        ("qualifiers", pa.list_(qualifier)), ("rule", text), ("since", pa.date32()), ("start", number), ("end", number),
        ("quote", text), ("line", number), ("section", text), ("page", number), ("sheet", text), ("row", number),
    ]  # fmt: skip
    leftover = [(name, number if name in ("start", "end", "line") else text) for name in LEFTOVER]
    tally = pa.struct([("total", number), ("evidence", number), ("leftover", number)])
    about = ("name", "document", "error", "title", "format", "encoding", "checksum", "text")
    parts = [("assertions", pa.list_(pa.struct(assertion))), ("leftovers", pa.list_(pa.struct(leftover)))]
    counts = [("rows", tally), ("tokens", tally)]
    return pa.schema([*((name, text) for name in about), *parts, *counts, ("reader", text), ("digest", text)])


def extract_batches(
    batches: Iterable[pa.RecordBatch], *, name: str = "name", data: str = "data"
) -> Iterator[pa.RecordBatch]:
    """What the documents of Arrow batches state, in batches of `schema()`: a row for each document, in their order.

    `name` and `data` are the columns with the names of files and with their bytes. A document that cannot be read is a
    row with an `error`. Nothing is kept between calls, and nothing outside is read or written. Raises `UsageError` for
    batches without these columns.

    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"name": ["a.md", "b.md"], "data": [b"Append modifier JW to J3262.", b""]})
    >>> (read,) = extract_batches([batch])
    >>> [(row["name"], row["error"]) for row in read.to_pylist()]
    [('a.md', None), ('b.md', 'b.md: the document is empty')]
    """
    pa, columns = arrow(), schema()
    rows: list[dict[str, Any]] = []
    letters = 0
    for file, content in _documents(batches, name, data):
        rows.append(row_of(file, content))
        letters += len(rows[-1].get("text") or "")
        if len(rows) == _DOCUMENTS or letters > _LETTERS:
            yield pa.RecordBatch.from_pylist(rows, columns)
            rows, letters = [], 0
    if rows:
        yield pa.RecordBatch.from_pylist(rows, columns)


def _documents(batches: Iterable[pa.RecordBatch], name: str, data: str) -> Iterator[tuple[str | None, bytes | None]]:
    """The names and bytes of batches, one by one, so that what was read can go."""
    for batch in batches:
        names, contents = _column(batch, name, str), _column(batch, data, bytes)
        for file, content in zip(names, contents, strict=True):
            yield file.as_py(), content.as_py()


def _column(batch: pa.RecordBatch, name: str, kind: type) -> Any:
    types = arrow().types
    if name not in batch.schema.names:
        raise UsageError(f"no column {name!r} in a batch (it has {', '.join(batch.schema.names) or 'none'})")
    column = batch.column(name)
    if kind is str:
        fits = (types.is_string, types.is_large_string, types.is_string_view)
    else:
        fits = (types.is_binary, types.is_large_binary, types.is_binary_view)
    if not any(fit(column.type) for fit in fits):
        raise UsageError(f"the column {name!r} is of {column.type}, not of {'texts' if kind is str else 'bytes'}")
    return column
