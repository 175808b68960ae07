"""What a document states of codes, and which it only names, kept on disk: the next check of the same reads nothing.

The key tells which rules read it. Of the document's text nothing is kept but names and conditions; quotes are taken
from the document again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kg import resources, shelf
from kg.documents import Document
from kg.model import Assertion, Mention
from kg.model.packing import QUOTE, pack, unpack

_PACKAGE = Path(__file__).resolve().parent.parent
_PREFIX, _MOST = "contents-", 4096
_LAYERS = ("model", "documents", "extraction", "verification")


class Contents(NamedTuple):
    """The assertions of a document, each once, and its mentions of codes."""

    assertions: tuple[Assertion, ...]
    mentions: tuple[Mention, ...]


def contents_of(document: Document, *, keep: bool = False) -> Contents:
    """Read a document, or with `keep` take what was read of the same bytes under the same name before.

    >>> from kg.documents import parse
    >>> len(contents_of(parse(b"Append modifier JW to J3262.", "a.md")).assertions)
    1
    """
    if not keep:
        return _read(document)
    fresh: list[Contents] = []

    def make() -> shelf.Columns:
        fresh.append(_read(document))
        yield "contents", json.dumps(_without_quotes(fresh[0])).encode()

    fingerprint = _fingerprint(document)
    cache_entry = shelf.kept(_rules(), f"{_PREFIX}{fingerprint}", make)
    if not fresh:
        return _with_quotes(document, json.loads(bytes(cache_entry.bytes("contents"))))
    if fingerprint.startswith("00"):  # Which is the case of one document in 256.
        shelf.thin_out(_rules(), _PREFIX, _MOST)
    return fresh[0]


def _read(document: Document) -> Contents:
    # The rules take half of the time of a cold process to be imported.
    from kg.extraction.extract import extract
    from kg.verification.mentions import mentions

    extraction = extract(document)
    by_identifier = {assertion.identifier: assertion for assertion in reversed(extraction.assertions)}
    return Contents(tuple(reversed(by_identifier.values())), tuple(mentions(extraction)))


def _without_quotes(contents: Contents) -> list[list[Any]]:
    packed = pack(*contents)
    for place in packed[1]:
        place[QUOTE] = ""
    return packed


def _with_quotes(document: Document, packed: list[list[Any]]) -> Contents:
    for place in packed[1]:
        start, end = place[:2]
        place[QUOTE] = document.text[start:end]
    return Contents(*unpack(document.identifier, packed))


def _fingerprint(document: Document) -> str:
    about = "\0".join((document.identifier, document.name, document.format, document.checksum))
    return hashlib.sha256(about.encode()).hexdigest()[:32]


@cache
def _rules() -> str:
    try:
        return shelf.key_of(map(shelf.state, _files()))
    except OSError:
        return ""


def _files() -> Iterator[Path]:
    """The code and the tables by which documents are read."""
    yield from sorted(_PACKAGE.glob("*.py"))
    for layer in _LAYERS:
        yield from sorted((_PACKAGE / layer).rglob("*.py"))
    yield from sorted(resources.folder("data").rglob("*.tsv"))
