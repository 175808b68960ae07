"""What was read of documents elsewhere, in Parquet: found, held against what it should be, and taken into a build."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.documents import DocumentFile, Intake, Skipped, settled
from kg.documents.parsing import shown, what_else
from kg.errors import DocumentError
from kg.graph.arrow_readings import arrow, schema
from kg.graph.kept_readings import Reading
from kg.graph.reading_rows import Row, Unfit, reading_of
from kg.graph.rules import made_by

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
_HEAD = ("name", "checksum", "reader")
# So many rows are in memory at a time; of a few kilobytes each, unless somebody means harm.
_HEADS, _ROWS = 1024, 16
_MOST_BYTES = 2**29
_BUFFER = 2**20
_LONGEST_ERROR = 2000
_AGAIN = "read the documents again with kg.extract_batches"


class ParquetReadings:
    """The readings in Parquet files, in the order of the files; the documents among them, each once.

    Raises `DocumentError` for a file that `kg.extract_batches` did not write, or another version of it.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._files = _files(paths)
        places: dict[tuple[Path, str], int] = {}
        twice: list[Skipped] = []
        for number, (place, head) in enumerate(self._rows(_HEAD, _HEADS)):
            if head["reader"] != made_by():
                raise DocumentError(f"{place}: read by another version of billing-kg; {_AGAIN}")
            document = Path(head["name"] or ""), str(head["checksum"])
            if places.setdefault(document, number) != number:
                twice.append(Skipped(document[0], "is there twice"))
        self.intake: Intake = settled(places, twice)
        if not places:
            raise DocumentError(f"{shown(self._files[0])}: no documents in it")
        self._sources = {places[source.path, source.checksum]: source for source in self.intake.sources}

    def results(self, wanted: Collection[DocumentFile]) -> Iterator[tuple[DocumentFile, Reading | DocumentError]]:
        """What was read of some of the documents, or why one could not be read.

        Raises `DocumentError` for a row that does not fit together.
        """
        identifiers = {source.identifier for source in wanted}
        for number, (place, row) in enumerate(self._rows(tuple(schema().names), _ROWS)):
            source = self._sources.get(number)
            if source is None or source.identifier not in identifiers:
                continue
            if row["error"] is not None:
                yield source, DocumentError(shown(row["error"][:_LONGEST_ERROR]))
                continue
            try:
                yield source, reading_of(row, source.identifier)
            except Unfit as exc:
                raise DocumentError(f"{place}: {exc}") from exc

    def _rows(self, columns: Sequence[str], at_once: int) -> Iterator[tuple[str, Row]]:
        """The rows of all files, each with where it stands, for messages."""
        for file in self._files:
            with _opened(file) as parquet:
                number = 0
                for batch in parquet.iter_batches(at_once, columns=list(columns), use_threads=False):
                    if batch.nbytes > _MOST_BYTES:
                        raise DocumentError(f"{shown(file)}: rows of {batch.nbytes:,} bytes, more than documents have")
                    for row in batch.to_pylist():
                        number += 1
                        yield f"{shown(file)}: row {number} ({shown(row['name'] or 'no name')})", row


def _files(paths: Iterable[Path]) -> list[Path]:
    """The Parquet files that are named, and those of folders; what engines write beside them is passed over."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob(f"*{SUFFIX}")) if not _is_hidden(file.relative_to(path))]
            if not inside:
                raise DocumentError(f"{shown(path)}: no {SUFFIX} files in this folder")
            files.update(dict.fromkeys(inside))
        elif not path.exists():
            raise DocumentError(f"{shown(path)}: no such file or folder")
        else:
            files[path] = None
    for file in files:
        if what := what_else(file.stat().st_mode):
            raise DocumentError(f"{shown(file)}: {what}, not a file")
    return [*files]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    """A Parquet file of ours; what the library says of others is told in one line."""
    pa = arrow()
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file, buffer_size=_BUFFER) as opened:
            _check(opened.schema_arrow, file)
            yield opened
    except (pa.ArrowException, OSError, ValueError) as exc:
        reason = " ".join(str(exc).split())[:200]
        raise DocumentError(f"{shown(file)}: not whole, or no Parquet ({reason})") from exc


def _check(found: pa.Schema, file: Path) -> None:
    """Raises `DocumentError` for a file with other columns; engines write some types in another way."""
    for field in schema():
        if field.name not in found.names:
            raise DocumentError(f"{shown(file)}: no column {field.name!r}: not what kg.extract_batches writes")
        if found.names.count(field.name) > 1:
            raise DocumentError(f"{shown(file)}: two columns {field.name!r}: not what kg.extract_batches writes")
        kind = found.field(field.name).type
        if _shape(kind) != _shape(field.type):
            raise DocumentError(
                f"{shown(file)}: the column {field.name!r} is {kind}: not what kg.extract_batches writes"
            )


def _shape(kind: Any) -> object:
    """A type as all engines write it: a text is a text, of whatever size, and parts of a list have no name."""
    types = arrow().types
    if types.is_large_string(kind) or types.is_string_view(kind):
        return _shape(arrow().string())
    if types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind):
        return ("list", _shape(kind.value_type))
    if types.is_struct(kind):
        return ("struct", sorted((field.name, str(_shape(field.type))) for field in kind))
    return str(kind)
