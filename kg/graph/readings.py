"""What was read of each document, kept beside the graph: a line for each with its identifier and JSON.

A graph holds what documents state, but of names only those that its questions need. To judge again, on another day or
beside other documents, takes the assertions themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.documents import Document
from kg.errors import StoreError
from kg.model import Assertion, Concept, Evidence, Kind, Polarity, Qualifier, Relation, Strength

READINGS = "readings.jsonl"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what it states."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: int = 0

    @property
    def distinct(self) -> list[Assertion]:
        """The assertions, each once."""
        return list({assertion.identifier: assertion for assertion in reversed(self.assertions)}.values())


def keeping(readings: Iterable[Reading], build: Path) -> Iterator[Reading]:
    """The same readings, each written to the folder of a build as it comes by."""
    with (build / READINGS).open("w", encoding="utf-8", newline="\n") as out:
        for reading in readings:
            out.write(_line(reading))
            yield reading


def kept(build: Path, wanted: Collection[str] | None = None) -> Iterator[Reading]:
    """The readings of a build again, without the texts of documents: of those that are wanted, else of all.

    Raises `StoreError` where they are damaged.
    """
    for identifier, line in _lines(build):
        if wanted is None or identifier in wanted:
            with _damage(build):
                yield _reading(line)


def change(build: Path, new: Path, come: Mapping[str, Reading], gone: Collection[str]) -> None:
    """Write the readings of another build: those of this one, but for documents that are new, other or gone."""
    with (new / READINGS).open("w", encoding="utf-8", newline="\n") as out:
        for identifier, line in _lines(build):
            if identifier not in come and identifier not in gone:
                out.write(line)
        out.writelines(map(_line, come.values()))


def differing(one: Path, other: Path) -> set[str]:
    """The documents of which not the same was read in two builds, or that only one of them has."""
    known, more = (
        {identifier: hashlib.sha256(line.encode()).digest() for identifier, line in _lines(build)}
        for build in (one, other)
    )
    return {name for name in known.keys() | more.keys() if known.get(name) != more.get(name)}


def _lines(build: Path) -> Iterator[tuple[str, str]]:
    """The lines, each with the document that it is of."""
    with _damage(build), (build / READINGS).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.partition("\t")[0], line


@contextmanager
def _damage(build: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise StoreError(f"{build}: {READINGS} is damaged ({exc}); build the graph again with 'kg build'") from exc


class _Numbered:
    """Rows that are written once each, and named by their position."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, *row: Any) -> int:
        if (number := self._numbers.setdefault(row, len(self.rows))) == len(self.rows):
            self.rows.append([*row])
        return number


def _line(reading: Reading) -> str:
    concepts, places = _Numbered(), _Numbered()

    def concept(one: Concept) -> int:
        return concepts.number(one.kind.value, one.key, one.name)

    def place(at: Evidence) -> int:
        return places.number(at.start, at.end, at.quote, at.line, at.section, at.page, at.sheet, at.row)

    document = reading.document
    stated = [
        [
            concept(one.subject), one.relation.value, concept(one.object), place(one.evidence), one.polarity.value,
            one.strength.value, one.condition, [[q.value, concept(c)] for q, c in one.qualifiers], one.rule,
            one.since and one.since.isoformat(),
        ]
        for one in reading.assertions
    ]  # fmt: skip
    about = [document.name, document.title, document.format, document.checksum, document.encoding]
    return f"{document.identifier}\t{_encode([about, reading.leftovers, concepts.rows, places.rows, stated])}\n"


def _reading(line: str) -> Reading:
    identifier, _, content = line.partition("\t")
    (name, title, format, *of_file), leftovers, concept_rows, place_rows, stated = json.loads(content)
    concepts = [Concept(Kind(kind), key, called) for kind, key, called in concept_rows]
    places = [Evidence(identifier, *row) for row in place_rows]
    assertions = tuple(
        Assertion(
            concepts[subject], Relation(relation), concepts[object], places[place], Polarity(polarity),
            Strength(strength), condition, tuple((Qualifier(q), concepts[c]) for q, c in qualifiers), rule,
            date.fromisoformat(since) if since else None,
        )
        for subject, relation, object, place, polarity, strength, condition, qualifiers, rule, since in stated
    )  # fmt: skip
    return Reading(Document(identifier, name, title, format, "", (), *of_file), assertions, leftovers)
