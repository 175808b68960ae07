"""Finds documents, and reads them: bytes in, `Document` out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from kg.documents import text as plain
from kg.documents.document import Block, BlockKind, Document
from kg.errors import DocumentError
from kg.model import slug

MAXIMUM_BYTES = 4 * 1024 * 1024
"""A guide has a few kilobytes; what is a thousand times larger is no guide."""

_ENCODING = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_UNDERSCORE = re.compile(r"-*_-*")
# Controls that no guide holds; those from 0x80 on are what is left of cp1252 that was read as something else.
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: its name, the endings of its files, whether bytes look like it, and how to read its text."""

    name: str
    suffixes: frozenset[str]
    recognises: Callable[[bytes], bool]
    read: Callable[[str], tuple[str, tuple[Block, ...]]]


def _read_html(text: str) -> tuple[str, tuple[Block, ...]]:
    from kg.documents import html  # lxml is loaded only for pages.

    return html.read(text)


def _looks_like_html(data: bytes) -> bool:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<body", b"<head", b"<table", b"<div", b"<h1", b"<?xml"))


READERS = (
    Reader("html", frozenset({".html", ".htm", ".xhtml"}), _looks_like_html, _read_html),
    Reader(plain.NAME, frozenset({".txt", ".md", ".markdown", ".text"}), lambda _: True, plain.read),
)
"""In the order in which they are tried. PDF and DOCX come here, each with its file."""


def find(paths: Iterable[Path]) -> list[Path]:
    """The documents among files and folders, sorted; hidden ones are left out.

    A file that is named is taken whatever its ending. Raises `DocumentError` for a path that does not exist and
    for a folder without documents.
    """
    suffixes = frozenset().union(*(reader.suffixes for reader in READERS))
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = [file for file in path.rglob("*") if file.suffix.lower() in suffixes and _visible(file, path)]
            if not inside:
                raise DocumentError(f"{path}: no documents in this folder (looked for {', '.join(sorted(suffixes))})")
            found.update(inside)
        elif path.exists():
            found.add(path)
        else:
            raise DocumentError(f"{path}: no such file or folder")
    return sorted(found)


def _visible(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def read(path: Path, identifier: str | None = None) -> Document:
    """Read one document from a file; raises `DocumentError` naming file, line and value."""
    try:
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            raise DocumentError(f"{path}: {size:,} bytes, more than the {MAXIMUM_BYTES:,} of the largest document")
        data = path.read_bytes()
    except OSError as exc:
        raise DocumentError(f"{path}: {(exc.strerror or str(exc)).lower()}") from exc
    return parse(data, str(path), identifier)


def parse(data: bytes, name: str, identifier: str | None = None) -> Document:
    """Read one document from bytes; `name` is what messages and citations call it.

    >>> parse(b"# HCPCS Code J3262", "tocilizumab.md").title
    'HCPCS Code J3262'
    """
    if len(data) > MAXIMUM_BYTES:
        raise DocumentError(f"{name}: {len(data):,} bytes, more than the {MAXIMUM_BYTES:,} of the largest document")
    path = PurePath(name)
    suffix = path.suffix.lower()
    # A plain ending says little, so there the bytes decide; Markdown may well begin with a tag.
    told = next((reader for reader in READERS if suffix in reader.suffixes and suffix not in (".txt", ".text")), None)
    reader = told or next(reader for reader in READERS if reader.recognises(data))
    text, blocks = reader.read(_decode(data, name))
    if not text.strip("\ufeff \t\r\n\u00a0"):
        raise DocumentError(f"{name}: the document is empty")
    headings = (text[block.start : block.end] for block in blocks if block.kind is BlockKind.HEADING)
    return Document(
        identifier=identifier or identifier_of(name),
        name=path.name,
        title=" ".join(next(headings, path.stem).split()),
        format=reader.name,
        text=text,
        blocks=blocks,
        checksum=hashlib.sha256(data).hexdigest(),
    )


def identifier_of(name: str) -> str:
    """The identifier that a document gets from its file's name.

    >>> identifier_of("guides/Tocilizumab (2025).md")
    'tocilizumab-2025'
    """
    parts = "_".join(slug(part) for part in PurePath(name).stem.split("_"))
    return _UNDERSCORE.sub("_", parts).strip("-_.") or "document"


def _decode(data: bytes, name: str) -> str:
    """UTF-8, UTF-16 with its mark, or what an HTML page declares; line ends become newlines."""
    encoding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif _looks_like_html(data) and (match := _ENCODING.search(data[:2048])):
        encoding = match[1].decode("ascii")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        found = data[exc.start : exc.start + 1].hex()
        raise DocumentError(f"{name}:{line}: not {encoding.upper()}: byte 0x{found} at offset {exc.start}") from exc
    except (LookupError, UnicodeError) as exc:
        raise DocumentError(f"{name}: unknown encoding {encoding!r}") from exc
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := _BINARY.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise DocumentError(f"{name}:{line}: not text: character U+{ord(control[0]):04X} at offset {control.start()}")
    return text
