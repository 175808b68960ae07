"""What was read of each document, kept beside the graph: a line for each with its identifier and JSON.

A graph holds what documents state, but of names only those that its questions need. To judge again, on another day or
beside other documents, takes the assertions themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kg.documents import Document
from kg.errors import StoreError
from kg.model import Assertion
from kg.model.packing import pack, unpack

READINGS = "readings.jsonl"
Read = TypeVar("Read")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what it states; `packed` is its text, as `kg.graph.texts` keeps it."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: int = 0
    packed: bytes = field(default=b"", repr=False, compare=False)

    @property
    def distinct(self) -> list[Assertion]:
        """The assertions, each once."""
        return list({assertion.identifier: assertion for assertion in reversed(self.assertions)}.values())


def keeping(readings: Iterable[Reading], build: Path) -> Iterator[Reading]:
    """The same readings, each written to the folder of a build as it comes by."""
    with (build / READINGS).open("wb") as out:
        for reading in readings:
            out.write(line_of(reading))
            yield reading


def kept(build: Path, identifiers: Collection[str] | None = None) -> Iterator[Reading]:
    """The readings of a build again, without the texts of documents: of those that are wanted, else of all.

    Raises `StoreError` where they are damaged.
    """
    wanted = None if identifiers is None else {identifier.encode() for identifier in identifiers}
    for identifier, line in _lines(build) if wanted is None or wanted else ():
        if wanted is None or identifier in wanted:
            with _damage(build):
                yield _reading(line)


def packed_in_order(build: Path, read: Callable[[str, list[list[Any]]], Read]) -> Iterator[tuple[str, Read]]:
    """What is read of each packed reading of a build, by the identifiers of documents, one at a time.

    Raises `StoreError` where they are damaged.
    """
    places = []
    position = 0
    for identifier, line in _lines(build):
        places.append((identifier, position))
        position += len(line)
    with (build / READINGS).open("rb") as file:
        for name, place in sorted(places):
            with _damage(build):
                file.seek(place)
                _, _, content = file.readline().decode().partition("\t")
                _, _, *packed = json.loads(content)
                document = name.decode()
                found = read(document, packed)
            yield document, found


def change(build: Path, new: Path, come: Mapping[str, Reading], gone: Collection[str]) -> None:
    """Write the readings of another build: those of this one, but for documents that are new, other or gone."""
    replaced = {identifier.encode() for identifier in (*come, *gone)}
    with (new / READINGS).open("wb") as out:
        for identifier, line in _lines(build):
            if identifier not in replaced:
                out.write(line)
        out.writelines(map(line_of, come.values()))


def differing(first: Path, second: Path) -> set[str]:
    """The documents of which not the same was read in two builds, or that only one of them has."""
    first_digests, second_digests = (
        {identifier: hashlib.sha256(line).digest() for identifier, line in _lines(build)} for build in (first, second)
    )
    return {
        name.decode()
        for name in first_digests.keys() | second_digests.keys()
        if first_digests.get(name) != second_digests.get(name)
    }


def _lines(build: Path) -> Iterator[tuple[bytes, bytes]]:
    """The lines, each with the document that it is of: bytes, as few of many are read."""
    with _damage(build), (build / READINGS).open("rb") as lines:
        for line in lines:
            yield line[: line.find(b"\t")], line


@contextmanager
def _damage(build: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise StoreError(f"{build}: {READINGS} is damaged ({exc}); build the graph again with 'kg build'") from exc


def line_of(reading: Reading) -> bytes:
    """A reading as it is kept."""
    document = reading.document
    about = [document.name, document.title, document.format, document.checksum, document.encoding]
    return f"{document.identifier}\t{_encode([about, reading.leftovers, *pack(reading.assertions)])}\n".encode()


def _reading(line: bytes) -> Reading:
    identifier, _, content = line.decode().partition("\t")
    (name, title, format, *of_file), leftovers, *packed = json.loads(content)
    assertions, _ = unpack(identifier, packed)
    return Reading(Document(identifier, name, title, format, "", (), *of_file), assertions, leftovers)
