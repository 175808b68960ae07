"""Reads documents: bytes in, `Document` out."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path, PurePath

from kg import lazy_re as re
from kg.collector import no_collection
from kg.documents.document import BlockKind, Document, Unreadable
from kg.documents.lines import MAXIMUM_TEXT
from kg.documents.readers import MAXIMUM_PACKED_BYTES, by_ending, reader_of
from kg.errors import DocumentError
from kg.model import slug

_UNDERSCORE = re.compile(r"-*_-*")
_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_NO_FILE = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip


def shown(path: str | os.PathLike[str]) -> str:
    """A path in one line, for messages.

    >>> shown("two\\nlines.md")
    'two\\\\nlines.md'
    """
    return _BREAK.sub(lambda match: repr(match[0])[1:-1], os.fspath(path))


def what_else(mode: int) -> str:
    """What something is that is no file; empty for files.

    >>> what_else(stat.S_IFIFO)
    'a pipe'
    """
    return next((name for test, name in _NO_FILE if test(mode)), "")


def read(path: Path, identifier: str | None = None) -> Document:
    """Read one document from a file; raises `DocumentError` naming file, line and value."""
    return parse(read_bytes(path), str(path), identifier)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that may be a document: no pipe or device, and not too large."""
    try:
        status = path.stat()
        if what := what_else(status.st_mode):
            raise DocumentError(f"{shown(path)}: {what}, not a file")
        reader = by_ending(path.name)
        _check_size(status.st_size, reader.maximum if reader else MAXIMUM_PACKED_BYTES, shown(path))
        with path.open("rb") as file:
            return file.read(MAXIMUM_PACKED_BYTES + 1)
    except OSError as exc:
        raise DocumentError(f"{shown(path)}: {(exc.strerror or str(exc)).lower()}") from exc


def parse(data: bytes, name: str, identifier: str | None = None) -> Document:
    """Read one document from bytes; `name` is what messages and citations call it.

    >>> parse(b"# HCPCS Code J3262", "tocilizumab.md").title
    'HCPCS Code J3262'
    """
    try:
        _check_size(len(data), MAXIMUM_PACKED_BYTES, shown(name))
        if not data:
            raise Unreadable("the document is empty")
        reader = reader_of(data, name)
        _check_size(len(data), reader.maximum, shown(name))
        with no_collection():
            text, blocks, encoding = reader.read(data)
        if not text.strip("\ufeff \t\r\n\u00a0"):
            raise Unreadable("the document is empty")
        if len(text) > MAXIMUM_TEXT:
            raise Unreadable(f"more than {MAXIMUM_TEXT:,} characters of text, the most of a document")
    except Unreadable as exc:
        raise DocumentError(f"{shown(name)}:{f'{exc.line}:' if exc.line else ''} {exc}") from exc
    headings = (text[block.start : block.end] for block in blocks if block.kind is BlockKind.HEADING)
    return Document(
        identifier=identifier or identifier_of(name),
        name=PurePath(name).name,
        title=" ".join(next(headings, PurePath(name).stem).split()),
        format=reader.name,
        text=text,
        blocks=blocks,
        checksum=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
    )


def identifier_of(name: str) -> str:
    """The identifier that a document gets from its file's name.

    >>> identifier_of("guides/Tocilizumab (2025).md")
    'tocilizumab-2025'
    """
    parts = "_".join(slug(part) for part in PurePath(name).stem.split("_"))
    return _UNDERSCORE.sub("_", parts).strip("-_.") or "document"


def _check_size(size: int, most: int, name: str) -> None:
    if size > most:
        raise DocumentError(f"{name}: {size:,} bytes, more than the {most:,} of the largest document")
