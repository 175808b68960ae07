"""The readers, one a format: which files are theirs, how their bytes look, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from kg.documents import text as plain
from kg.documents.archive import kind_of
from kg.documents.decoding import decode
from kg.documents.document import Block, Unreadable

MAXIMUM_BYTES = 4 * 1024 * 1024
"""A guide has a few kilobytes; what is a thousand times larger is no guide."""
MAXIMUM_PACKED_BYTES = 32 * 1024 * 1024
"""PDF and office formats hold pictures and fonts besides the text."""

_SHEETS = "xlsx xlsm xlsb xls ods"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FEWEST_BRACES = 2
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<body", b"<head", b"<table", b"<div", b"<h1", b"<?xml")


class Content(NamedTuple):
    """What a reader makes of bytes."""

    text: str
    blocks: tuple[Block, ...]
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: its name, the endings of its files, whether bytes look like it, and how to read them."""

    name: str
    suffixes: frozenset[str]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Content]
    maximum: int = MAXIMUM_BYTES
    """So many bytes at most."""
    binary: bool = False
    """Whether the bytes say more than the ending."""


# Libraries are loaded only for the formats that need them.
def _read_pdf(data: bytes) -> Content:
    from kg.documents import pdf

    return Content(*pdf.read(data))


def _read_docx(data: bytes) -> Content:
    from kg.documents import docx

    return Content(*docx.read(data))


def _read_spreadsheet(data: bytes) -> Content:
    from kg.documents import spreadsheet

    return Content(*spreadsheet.read(data))


def _read_html(data: bytes) -> Content:
    from kg.documents import html

    text, encoding = decode(data, page=True)
    return Content(*html.read(text), encoding)


def _read_delimited(data: bytes) -> Content:
    from kg.documents import delimited

    return _decoded(data, delimited.read)


def _read_json(data: bytes) -> Content:
    from kg.documents import records

    return _decoded(data, records.read)


def _read_yaml(data: bytes) -> Content:
    from kg.documents import yaml_records

    return _decoded(data, yaml_records.read)


def _read_program(data: bytes) -> Content:
    from kg.documents import records

    return _decoded(data, records.read_program)


def _read_text(data: bytes) -> Content:
    return _decoded(data, plain.read)


def _decoded(data: bytes, read: Callable[[str], tuple[str, tuple[Block, ...]]]) -> Content:
    text, encoding = decode(data)
    return Content(*read(text), encoding)


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")


def _is_docx(data: bytes) -> bool:
    return kind_of(data) == "docx"


def _is_spreadsheet(data: bytes) -> bool:
    # The directory of an old container names its streams in UTF-16.
    old = data.startswith(_OLE) and ("Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data)
    return old or kind_of(data) == "spreadsheet"


def _is_page(data: bytes) -> bool:
    return data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)


def _is_delimited(data: bytes) -> bool:
    from kg.documents.delimited import looks_delimited

    return _looks(data, looks_delimited)


def _is_json(data: bytes) -> bool:
    from kg.documents.records import is_json

    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and _looks(data, is_json)


def _is_program(data: bytes) -> bool:
    from kg.documents.records import is_program

    # Of a guide, nothing is decoded for this.
    return data.count(b"{") >= _FEWEST_BRACES and _looks(data, is_program)


def _looks(data: bytes, test: Callable[[str], bool]) -> bool:
    """Whether bytes are a text that a test finds to be its own."""
    try:
        return test(decode(data).text)
    except Unreadable:
        return False


def _endings(endings: str) -> frozenset[str]:
    return frozenset(f".{ending}" for ending in endings.split())


READERS = (
    Reader("pdf", _endings("pdf"), _is_pdf, _read_pdf, MAXIMUM_PACKED_BYTES, binary=True),
    Reader("docx", _endings("docx docm"), _is_docx, _read_docx, MAXIMUM_PACKED_BYTES, binary=True),
    Reader(
        "spreadsheet",
        _endings("xlsx xlsm xlsb xls ods"),
        _is_spreadsheet,
        _read_spreadsheet,
        MAXIMUM_PACKED_BYTES,
        True,
    ),
    Reader("html", _endings("html htm xhtml"), _is_page, _read_html),
    Reader("csv", _endings("csv tsv tab"), _is_delimited, _read_delimited),
    Reader("json", _endings("json jsonl ndjson"), _is_json, _read_json),
    Reader("yaml", _endings("yaml yml"), lambda _: False, _read_yaml),
    Reader("program", frozenset(), _is_program, _read_program),
    Reader(plain.NAME, _endings("txt md markdown text"), lambda _: True, _read_text),
)
"""In the order in which they are tried."""

SUFFIXES: frozenset[str] = frozenset().union(*(reader.suffixes for reader in READERS))

# They say little, so that the bytes decide.
_PLAIN = frozenset({".txt", ".text"})


def by_ending(name: str) -> Reader | None:
    """The reader that the ending of a file asks for; none for endings that say little."""
    suffix = PurePath(name).suffix.lower()
    return next((reader for reader in READERS if suffix in reader.suffixes and suffix not in _PLAIN), None)


def reader_of(data: bytes, name: str) -> Reader:
    """The reader of a document: by what only one format begins with, by the ending, by looks.

    >>> reader_of(b"%PDF-1.7", "policy.txt").name, reader_of(b"<table>", "guide.md").name
    ('pdf', 'text')
    """
    suffix_reader = by_ending(name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)) or _is_pdf(data):
        packed = next((reader for reader in READERS if reader.binary and reader.recognises(data)), None)
        if packed is None:
            raise Unreadable(_foreign(data))
        return packed
    if suffix_reader is not None and suffix_reader.binary:
        raise Unreadable(f"no {PurePath(name).suffix[1:].upper()} file: it does not begin as one")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("in Rich Text Format: save it as .docx or PDF")
    return suffix_reader or next(reader for reader in READERS if reader.recognises(data))


def _foreign(data: bytes) -> str:
    """What a container is that no reader takes."""
    if data.startswith(b"PK"):
        return "a zip container of something else: unpack it first"
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted: save it without a password"
    if "WordDocument".encode("utf-16-le") in data:
        return "in the old .doc format of Word: save it as .docx or PDF"
    return "a container of something else than a workbook"
