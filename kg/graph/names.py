"""The index of names: codes, labels and brands of all concepts, in one SQLite file."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg.errors import StoreError
from kg.graph.spelling import Spelling
from kg.model import Code, Concept, Kind, Match
from kg.places import numbers_of

_SCHEMA = """
CREATE TABLE concept(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, label TEXT, connections INTEGER NOT NULL);
CREATE TABLE name(text TEXT NOT NULL, concept INTEGER NOT NULL, alternative INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    key, label, alternatives, content='', tokenize='unicode61 remove_diacritics 2');
"""
_INDEXES = """
CREATE INDEX name_text ON name(text);
CREATE INDEX concept_connected ON concept(connections) WHERE connections > 0;
"""

# What equals the text comes first, then what begins with it, then what holds its words: those that anything
# is said about before the others, and the better match (bm25 is smaller for it) before the worse.
_BY_NAME = """
SELECT kind, key, label, connections, name.text <> :text AS longer, length(name.text) AS size, alternative
FROM name JOIN concept ON concept.id = name.concept
WHERE name.text >= :text AND name.text < :after AND (:kinds = '' OR instr(:kinds, ' ' || kind || ' '))
ORDER BY longer, connections = 0, alternative, size, name.text, kind, key LIMIT :limit
"""
_BY_WORDS = """
SELECT kind, concept.key, concept.label, connections, bm25(words, 4.0, 2.0, 1.5) AS score
FROM words JOIN concept ON concept.id = words.rowid
WHERE words MATCH :words AND (:kinds = '' OR instr(:kinds, ' ' || kind || ' '))
ORDER BY connections = 0, score, length(concept.label), kind, concept.key LIMIT :limit
"""
_BEGINNING = """
SELECT kind, key, label, text FROM name JOIN concept ON concept.id = name.concept
WHERE name.text >= :text AND name.text < :after AND (:kinds = '' OR instr(:kinds, ' ' || kind || ' ')) LIMIT :limit
"""
_CODES = """
SELECT kind, key, label, connections FROM name JOIN concept ON concept.id = name.concept
WHERE name.text >= :text AND name.text < :after AND name.text = lower(key) AND instr(:kinds, ' ' || kind || ' ')
ORDER BY kind, key LIMIT :limit
"""
_ROW = """
SELECT id, label, connections FROM name JOIN concept ON concept.id = name.concept
WHERE name.text = :text AND kind = :kind AND key = :key
"""
_CONNECTED = "SELECT kind, key, label, connections FROM concept WHERE connections > 0 ORDER BY kind, key"
_CONCEPTS = "SELECT kind, key, label FROM concept ORDER BY kind, key"
_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, 'row')"
_BETWEEN = "; "
_BETWEEN_PARTS = re.compile(r"[\s.-]+")


class NameRow(NamedTuple):
    """What the index holds of one concept."""

    kind: str
    key: str
    name: str | None
    alternatives: tuple[str, ...] = ()
    connections: int = 0


def row_of(concept: Concept, connections: int = 0, alternatives: tuple[str, ...] = ()) -> NameRow:
    """The row of a concept by itself; a place of service is found by its number as well.

    >>> row_of(Concept.named(Kind.PLACE, "home")).alternatives
    ('POS 12', 'place of service 12')
    """
    numbers = (f"{called} {number}" for number in numbers_of(concept) for called in ("POS", "place of service"))
    return NameRow(concept.kind.value, concept.key, concept.name, (*alternatives, *numbers), connections)


class Names:
    """The index of names, opened read-only."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file

    @classmethod
    def open(cls, file: Path) -> Names:
        """Open an index; raises `StoreError` where it cannot be read, here as in the searches."""
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with _damage(file):
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return cls(connection, file)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def search(self, text: str, kinds: Collection[Kind] | None = None, limit: int = 20) -> list[Match]:
        """The concepts that a text names, best first: by code or name, by the beginning of one, by its words.

        Where there is none, those come whose names are spelt nearly so. The text is words, never a query language:
        quotes, stars, `AND` and `NEAR` mean nothing.
        """
        matches: dict[Concept, Match] = {}
        for match in (*self._by_name(text, kinds, limit), *self._by_words(text, kinds, limit)):
            matches.setdefault(match.concept, match)
        return list(matches.values())[:limit] or self._by_spelling(text, kinds, limit)

    def exact(self, text: str, kinds: Collection[Kind] | None = None) -> list[Match]:
        """The concepts whose code, name or brand is this text, whatever its case and accents."""
        folded = fold(text)
        rows = self._rows(_BY_NAME, kinds, 50, text=folded, after=f"{folded}\0") if folded else []
        return _unique(rows)

    def codes(self, beginning: str, kinds: Collection[Kind], limit: int = 20_000) -> list[Match]:
        """The codes of these kinds that begin so, in their order; the largest category of ICD-10-CM has some 8,000."""
        text = fold(beginning)
        return _unique(self._rows(_CODES, kinds, limit, text=text, after=f"{text}\U0010ffff"))

    def beginning(self, text: str, kinds: Collection[Kind] | None, limit: int) -> list[tuple[Concept, str]]:
        """What codes and names begin so: each concept with the code, name or brand that does, folded; in no order."""
        text = fold(text)
        rows = self._rows(_BEGINNING, kinds, limit, text=text, after=f"{text}\U0010ffff")
        return [(Concept(Kind(kind), key, label), called) for kind, key, label, called in rows]

    def connected(self) -> list[Match]:
        """All concepts that have connections."""
        with _damage(self._file):
            return _unique(self._connection.execute(_CONNECTED).fetchall())

    def concepts(self) -> Iterator[Concept]:
        """All concepts with their names, in the order of kinds and keys, read as they are asked for."""
        with _damage(self._file):
            for kind, key, label in self._connection.execute(_CONCEPTS):
                yield Concept(Kind(kind), key, label)

    def connections(self, concept: Concept) -> int:
        """How many connections a concept has, 0 where it is not there."""
        with _damage(self._file):
            rows = self._connection.execute(_ROW, _row_key(concept)).fetchall()
        return max((connections for _, _, connections in rows), default=0)

    def _by_name(self, text: str, kinds: Collection[Kind] | None, limit: int) -> list[Match]:
        """What equals the text or begins with it; a code may be typed without its dot, or with blanks and hyphens."""
        whole = _BETWEEN_PARTS.sub("", text)
        ways = text, whole, "-".join(text.split())
        codes = [code.value for written in ways for code in Code.readings(written)]
        beginning = [whole] if any(map(str.isdigit, whole)) else []
        rows: list[tuple[str, ...]] = []
        for folded in dict.fromkeys(filter(None, map(fold, (text, *codes, *beginning)))):
            rows += self._rows(_BY_NAME, kinds, 3 * limit, text=folded, after=f"{folded}\U0010ffff")
        return _unique(rows)

    def _by_words(self, text: str, kinds: Collection[Kind] | None, limit: int) -> list[Match]:
        words = re.findall(r"\w+", text)
        if not words:
            return []
        return _unique(self._rows(_BY_WORDS, kinds, limit, words=" ".join(map(_quoted, words))))

    def _by_spelling(self, text: str, kinds: Collection[Kind] | None, limit: int) -> list[Match]:
        """What has words that are spelt nearly as those of the text."""
        given = re.findall(r"\w+", fold(text))
        # Two words that an index has, and nowhere together, were not meant: "nuc la" for "nucala".
        for split in (True, False):
            meanings = self._spelling.meant(given, split=split)
            words = " AND ".join(f"({' OR '.join(map(_quoted, every))})" for every in meanings)
            near = "".join(every[0] for every in meanings).replace(" ", "") != "".join(given)
            found = _unique(self._rows(_BY_WORDS, kinds, limit, words=words)) if meanings else []
            if found:
                return [replace(match, near=near) for match in found]
        return []

    @cached_property
    def _spelling(self) -> Spelling:
        """The words of the index, read when a search needs them first."""
        with _damage(self._file):
            self._connection.execute(_VOCABULARY)
            return Spelling(word for (word,) in self._connection.execute("SELECT term FROM temp.vocabulary"))

    def _rows(self, query: str, kinds: Collection[Kind] | None, limit: int, **values: str) -> list[tuple[str, ...]]:
        listed = f" {' '.join(sorted(kinds))} " if kinds is not None else ""
        with _damage(self._file):
            return self._connection.execute(query, {**values, "kinds": listed, "limit": limit}).fetchall()


def write(file: Path, rows: Iterable[NameRow]) -> None:
    """Write the index of these concepts into a new file; raises `StoreError` where it cannot be written."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            # A build that breaks off is thrown away: nothing to roll back; but what is done must be on disk.
            connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=NORMAL;" + _SCHEMA)
            _fill(connection, rows)
            connection.executescript(_INDEXES)
    except sqlite3.Error as exc:
        raise StoreError(f"{file}: cannot be written ({exc})") from exc


def change(file: Path, degree: Mapping[Concept, int], gone: Iterable[Concept], come: Iterable[NameRow]) -> None:
    """Change an index: rows that go, rows that come, and by how many connections concepts have more or fewer.

    A row that comes for a concept whose row goes takes its connections over. Raises `StoreError` where it is damaged.
    """
    with _damage(file), closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=NORMAL; BEGIN")
        had = {concept: _remove(connection, concept) for concept in gone}
        rows = [row._replace(connections=had.get(Concept(Kind(row.kind), row.key), 0)) for row in come]
        (last,) = connection.execute("SELECT MAX(id) FROM concept").fetchone()
        _fill(connection, rows, last + 1)
        for concept, by in degree.items():
            for number, _, _ in connection.execute(_ROW, _row_key(concept)).fetchall():
                connection.execute("UPDATE concept SET connections = connections + ? WHERE id = ?", (by, number))
        connection.commit()


def _remove(connection: sqlite3.Connection, concept: Concept) -> int:
    """Remove the row of a concept as `row_of` gives it; gives how many connections it had."""
    ((number, label, connections),) = connection.execute(_ROW, _row_key(concept)).fetchall()
    connection.execute("DELETE FROM concept WHERE id = ?", (number,))
    connection.execute("DELETE FROM name WHERE concept = ?", (number,))
    words = "INSERT INTO words(words, rowid, key, label, alternatives) VALUES ('delete', ?, ?, ?, ?)"
    connection.execute(words, (number, concept.key, label or "", _BETWEEN.join(row_of(concept).alternatives)))
    return int(connections)


def _row_key(concept: Concept) -> dict[str, str]:
    return {"text": concept.key.lower(), "kind": concept.kind.value, "key": concept.key}


def fold(text: str) -> str:
    """A name without what people type in different ways: case, accents, runs of spaces.

    >>> fold("Sjögren  Syndrome")
    'sjogren syndrome'
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.casefold().split())


@contextmanager
def _damage(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as exc:
        raise StoreError(f"{file}: the index of names is damaged ({exc}); build it again with 'kg build'") from exc


def _fill(connection: sqlite3.Connection, rows: Iterable[NameRow], first: int = 1) -> None:
    concepts: list[tuple[int, str, str, str | None, int]] = []
    names: list[tuple[str, int, int]] = []
    words: list[tuple[int, str, str, str]] = []
    for number, row in enumerate(rows, first):
        kind, key, name, alternatives, connections = row
        concepts.append((number, kind, key, name, connections))
        names.extend((text, number, alternative) for text, alternative in _texts(row).items())
        words.append((number, key, name or "", _BETWEEN.join(alternatives)))
    connection.executemany("INSERT INTO concept VALUES (?, ?, ?, ?, ?)", concepts)
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
    connection.executemany("INSERT INTO words(rowid, key, label, alternatives) VALUES (?, ?, ?, ?)", words)


def _texts(row: NameRow) -> dict[str, int]:
    """What a concept is called, each with whether it is only an alternative."""
    called = {fold(alternative): 1 for alternative in row.alternatives}
    if row.name:
        called[fold(row.name)] = 0
    called[row.key.lower()] = 0
    return called


def _quoted(word: str) -> str:
    """A word as a string of FTS5, where nothing in it means anything; the beginning of a word will do."""
    return f'"{word}"*' if len(word) > 2 else f'"{word}"'


def _unique(rows: Iterable[tuple[str, ...]]) -> list[Match]:
    matches: dict[Concept, Match] = {}
    for kind, key, label, connections, *_ in rows:
        concept = Concept(Kind(kind), key, label)
        matches.setdefault(concept, Match(concept, int(connections)))
    return list(matches.values())
