"""The texts of the documents of a build, and what was left over of each, kept in one SQLite file beside the graph.

No question needs them: they are for who wants to read a document beside what it states. A build that was made before
they were kept has none.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import StoreError

if TYPE_CHECKING:
    from kg.graph.kept_readings import Reading

TEXTS = "texts.sqlite"
_SCHEMA = "CREATE TABLE document(identifier TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID"
_GET = "SELECT * FROM document WHERE identifier = ?"
_PUT = "INSERT OR REPLACE INTO document VALUES (?, ?)"
_FAST = "PRAGMA journal_mode=OFF; PRAGMA synchronous=NORMAL;"
# A higher level makes it a tenth smaller, and takes three times as long.
_LEVEL = 1


class Left(NamedTuple):
    """A row or a code of a document that is in the evidence of no assertion, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeptText:
    """A document as its reader gave it, and what was left over of it."""

    text: str
    leftovers: tuple[Left, ...]


def packed(text: str, leftovers: Iterable[tuple[int, int, str]]) -> bytes:
    """A text and its leftovers (start, end, reason), as they are kept."""
    return zlib.compress(json.dumps([text, list(leftovers)], separators=(",", ":")).encode(), _LEVEL)


def keeping(readings: Iterable[Reading], build: Path) -> Iterator[Reading]:
    """The same readings, the text of each written to the folder of a build as it comes by."""
    with _writing(build) as file:
        file.executescript(_FAST + _SCHEMA)
        for reading in readings:
            if reading.packed:
                file.execute(_PUT, (reading.document.identifier, reading.packed))
            yield reading
        file.commit()


def bearing(readings: Iterable[Reading], build: Path) -> Iterator[Reading]:
    """The same readings, each with the packed text that a build has of its document; raises `StoreError` if damaged."""
    if not (build / TEXTS).exists():
        yield from readings
        return
    with _reading(build) as file:
        for reading in readings:
            row = file.execute(_GET, (reading.document.identifier,)).fetchone()
            yield replace(reading, packed=row[1]) if row else reading


def kept(build: Path, identifiers: Collection[str]) -> dict[str, bytes]:
    """The packed texts of some documents of a build, as far as it has them; raises `StoreError` where it is damaged."""
    if not (build / TEXTS).exists():
        return {}
    with _reading(build) as file:
        rows = (file.execute(_GET, (name,)).fetchone() for name in identifiers)
        return {row[0]: row[1] for row in rows if row}


def kept_text(build: Path, identifier: str) -> KeptText | None:
    """The text of a document of a build, None where it was not kept; raises `StoreError` where it is damaged."""
    content = kept(build, [identifier]).get(identifier)
    if content is None:
        return None
    try:
        text, leftovers = json.loads(zlib.decompress(content))
        return KeptText(text, tuple(Left(*leftover) for leftover in leftovers))
    except (zlib.error, ValueError, TypeError) as exc:
        raise _damaged(build, exc) from exc


def change(build: Path, new: Path, come: Mapping[str, Reading], gone: Collection[str]) -> None:
    """Write the texts of another build: those of this one, but for documents that are new, other or gone."""
    if not (build / TEXTS).exists():
        return
    shutil.copyfile(build / TEXTS, new / TEXTS)
    with _writing(new) as file:
        file.executescript(_FAST)
        file.executemany("DELETE FROM document WHERE identifier = ?", [(name,) for name in {*gone, *come}])
        file.executemany(_PUT, [(name, reading.packed) for name, reading in come.items() if reading.packed])
        file.commit()


@contextmanager
def _writing(build: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(build / TEXTS)) as file:
            yield file
    except sqlite3.Error as exc:
        raise StoreError(f"{build / TEXTS}: cannot be written ({exc})") from exc


@contextmanager
def _reading(build: Path) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{(build / TEXTS).absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            yield file
    except sqlite3.Error as exc:
        raise _damaged(build, exc) from exc


def _damaged(build: Path, exc: Exception) -> StoreError:
    return StoreError(f"{build}: {TEXTS} is damaged ({exc}); build the graph again with 'kg build'")
