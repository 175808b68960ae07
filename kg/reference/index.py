"""The index: what releases say of each code and drug, kept on disk, so that a check of one guide reads no release.

It is made of the releases at hand, and of the code that reads them; where one of them changes, another one is made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kg import resources, shelf
from kg.model import Code, CodeSystem, Concept, Coverage, Statement
from kg.reference import json_values
from kg.reference.coverage.kept import coverage_columns, read_coverage
from kg.reference.folder import folders, location
from kg.reference.lazy_tables import LazyTable
from kg.reference.meanings import Meaning
from kg.reference.reference import Reference, Stated, Tables, load
from kg.reference.release import Edition, Release

_PACKAGE = Path(__file__).resolve().parent.parent


def indexed(releases: str | os.PathLike[str] | None = None, *, icd10cm_package: bool = True) -> Reference:
    """The same as `load(readers(…))`, from the index; raises what that raises where it has to be made."""

    @cache
    def read() -> Reference:
        from kg.reference.sources import readers  # With the readers of all formats.

        return load(readers(releases, icd10cm_package=icd10cm_package))

    return of(key_of(releases, icd10cm_package=icd10cm_package), read)


def of(key: str, read: Callable[[], Reference]) -> Reference:
    """What is indexed under a key, else what `read` gives, which is indexed; without a key it is not kept."""
    return Reference(IndexedTables(shelf.kept(key, "reference", lambda: columns(read().tables, key)), read))


def write(file: Path, tables: Tables) -> None:
    """Write the index of tables to a file; raises `OSError`, or `Failure`, where that cannot be."""
    shelf.write(file, columns(tables, tables.key))


def read(file: Path) -> Reference | None:
    """What was written to a file, but for what only a graph needs of all releases; None where it is damaged."""
    content = shelf.read(file)
    return None if content is None else Reference(IndexedTables(content, Reference))


def key_of(releases: str | os.PathLike[str] | None = None, *, icd10cm_package: bool = True) -> str:
    """What is read, in short: each file of it with its size and when it was written; empty where that is not told."""
    try:
        return shelf.key_of(map(shelf.state, _files(releases, icd10cm_package=icd10cm_package)))
    except OSError:
        return ""


def _files(releases: str | os.PathLike[str] | None, *, icd10cm_package: bool) -> Iterator[Path]:
    """The user's releases with their records, the tables of ours, the package with ICD-10-CM, and the code."""
    for folder in folders(location(releases)):
        yield folder
        yield from sorted(folder.iterdir())
    for name in ("coverage", "names", "reference"):
        yield from sorted(resources.path("data", name).glob("*.tsv"))
    spec = find_spec("simple_icd_10_cm") if icd10cm_package else None
    for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
        yield from sorted((folder / "data").glob("*.xml"))
    for name in (".", "model", "reference", "reference/coverage", "reference/formats", "verification"):
        yield from sorted((_PACKAGE / name).glob("*.py"))


def columns(tables: Tables, key: str) -> shelf.Columns:
    """What is kept of tables, and the key under which more can be kept that is made of them."""
    if isinstance(tables, IndexedTables):
        yield from tables.kept
        return
    numbers = {release: number for number, release in enumerate(tables.releases)}

    def meaning_row(meaning: Meaning) -> list[Any]:
        complete = None if meaning.complete is None else numbers[meaning.complete]
        names = [[name, numbers[release]] for name, release in meaning.names]
        return [
            json_values.written(meaning.entry),
            numbers[meaning.release],
            *([complete, names] if names else [complete]),
        ]

    def statement_row(triple: Stated) -> list[Any]:
        number, release, statement = triple
        return [number, numbers[release], json_values.written(statement)]

    turns = {system.value: [str(day) for day in days] for system, days in tables.turns.items()}
    releases = [json_values.written(release) for release in tables.releases]
    yield "head", json.dumps([key, releases, turns, tables.has_edits]).encode()
    items = tables.meanings.items()
    yield from shelf.table(
        "meanings", ((code.curie, [meaning_row(meaning) for meaning in meanings]) for code, meanings in items)
    )
    yield from shelf.table(
        "drugs", ((concept.curie, json_values.written(drug)) for concept, drug in tables.drugs.items())
    )
    yield from shelf.table("brands", ((brand, json_values.written(drug)) for brand, drug in tables.brands.items()))
    yield "statements", json.dumps([_kept_statements(edition) for edition in tables.editions]).encode()
    of_subjects = tables.stated.items()
    yield from shelf.table(
        "stated",
        (
            (subject.curie, [statement_row(statement) for statement in statements])
            for subject, statements in of_subjects
        ),
    )
    yield from coverage_columns(tables.coverage)


def _kept_statements(edition: Edition) -> list[Any] | None:
    """What an edition states, unless it is so much that it is read anew each time."""
    return (
        [json_values.written(statement) for statement in edition.statements]
        if isinstance(edition.statements, tuple)
        else None
    )


class IndexedTables(Tables):
    """What releases say, from a shelf; where one states too much to be kept, they are read for it."""

    def __init__(self, content: shelf.Shelf, read: Callable[[], Reference]) -> None:
        self.kept = content
        self._read = read
        self.key, releases, turns, self.has_edits = json.loads(content.bytes("head"))
        self.releases = tuple(map(json_values.release, releases))
        self.turns = {CodeSystem(system): [*map(date.fromisoformat, days)] for system, days in turns.items()}
        self.meanings = LazyTable(content.table("meanings"), _curie, json_values.code, self._meanings)
        self.drugs = LazyTable(content.table("drugs"), _curie, Concept.parse, json_values.drug)
        self.brands = LazyTable(content.table("brands"), str, str, json_values.concept)
        self.stated = LazyTable(content.table("stated"), _curie, Concept.parse, self._statements)

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """What was put together, the newest first, without what it says of single codes."""
        rows = json.loads(self.kept.bytes("statements"))
        if None in rows:
            return self._read().tables.editions
        pairs = zip(self.releases, rows, strict=True)
        return tuple(
            Edition(release, (), tuple(map(json_values.statement, statements))) for release, statements in pairs
        )

    @cached_property
    def coverage(self) -> Coverage:
        """What the policies of payers list: each when it is asked for."""
        return read_coverage(self.kept)

    @property
    def descriptors(self) -> Iterator[tuple[Meaning, Statement]]:
        """What the descriptors of codes state, each with the meaning that it is of."""
        for subject, statements in self.stated.items():
            for number, _, statement in statements:
                if number is not None:
                    yield self.meanings[subject.code][number], statement

    def _meanings(self, row: list[Any]) -> tuple[Meaning, ...]:
        return tuple(self._meaning(*cells) for cells in row)

    def _meaning(self, entry: json_values.Row, release: int, complete: int | None, names: Any = ()) -> Meaning:
        others = tuple((name, self.releases[number]) for name, number in names)
        whole: Release | None = None if complete is None else self.releases[complete]
        return Meaning(json_values.entry(entry), self.releases[release], whole, others)

    def _statements(self, row: list[Any]) -> list[Stated]:
        return [
            (number, self.releases[release], json_values.statement(statement)) for number, release, statement in row
        ]


def _curie(thing: Code | Concept) -> str:
    return thing.curie
