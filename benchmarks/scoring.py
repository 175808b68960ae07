"""Scores what was extracted from a document against a table of what it states.

A table has a line for each assertion: subject, relation, object, polarity, strength, line of the document.
Relations to codes are scored strictly, on subject, relation, object and polarity. Relations to things known
by name are scored on whether they were found, by the words that the two names share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kg.extraction import Extraction
from kg.model import Assertion, Kind

_CODES = frozenset(kind.value for kind in Kind if kind.is_code)
_SMALL = frozenset({"of", "the", "and", "or", "any", "a", "an"})
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of a table."""

    subject: str
    relation: str
    object: str
    polarity: str
    strength: str

    @property
    def key(self) -> Key:
        """What counts for a relation to a code."""
        return self.subject, self.relation, self.object, self.polarity

    @property
    def is_code(self) -> bool:
        """Whether its object is a code."""
        return self.object.partition(":")[0] in _CODES


@dataclass(frozen=True, slots=True)
class Score:
    """Counts that can be added up over documents."""

    documents: int = 0
    expected: int = 0
    codes: int = 0
    codes_found: int = 0
    codes_given: int = 0
    words: int = 0
    words_found: int = 0
    strengths: int = 0
    strengths_right: int = 0
    quotes: int = 0
    quotes_right: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in Score.__slots__))

    @property
    def figures(self) -> tuple[float, ...]:
        """Precision and recall of codes, recall of words, strength, quotes."""
        return (
            _share(self.codes_found, self.codes_given),
            _share(self.codes_found, self.codes),
            _share(self.words_found, self.words),
            _share(self.strengths_right, self.strengths),
            _share(self.quotes_right, self.quotes),
        )

    @classmethod
    def of(cls, extraction: Extraction, table: Sequence[Expected]) -> Self:
        """The score of one document."""
        given = extraction.assertions
        keys = {_key(one): one.strength.value for one in given}
        codes = {row.key for row in table if row.is_code}
        given_codes = {key for key in keys if key[2].partition(":")[0] in _CODES}
        names = [row for row in table if not row.is_code]
        graded = [row for row in table if row.is_code and row.key in keys]
        return cls(
            documents=1,
            expected=len(table),
            codes=len(codes),
            codes_found=len(codes & given_codes),
            codes_given=len(given_codes),
            words=len(names),
            words_found=sum(_found(row, given) for row in names),
            strengths=len(graded),
            strengths_right=sum(keys[row.key] == row.strength for row in graded),
            quotes=len(given),
            quotes_right=sum(_quoted(one, extraction.document.text) for one in given),
        )


def read_table(path: Path) -> list[Expected]:
    """The lines of a table; those that begin with # are notes."""
    lines = path.read_text("utf-8").splitlines()
    return [Expected(*line.split("\t")[:5]) for line in lines if line and not line.startswith("#")]


def _key(one: Assertion) -> Key:
    return one.subject.curie, one.relation.value, one.object.curie, one.polarity.value


def _found(row: Expected, given: Iterable[Assertion]) -> bool:
    return any(
        (one.subject.curie, one.relation.value, one.polarity.value)
        == (row.subject, row.relation, row.polarity)
        and _same(row.object, (one.object.curie, one.object.name or ""))
        for one in given
    )


def _same(expected: str, names: Iterable[str]) -> bool:
    """Whether a name holds two thirds of the words expected, and not many others."""
    wanted = _words(expected)
    for name in names:
        common = len(wanted & (found := _words(name)))
        if found and common >= 0.67 * len(wanted) and common >= 0.4 * len(found):
            return True
    return False


def _words(text: str) -> set[str]:
    plain = re.sub(r"^[a-z0-9]+:", "", text).lower()
    return {word.rstrip("s") for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL}


def _quoted(one: Assertion, text: str) -> bool:
    evidence = one.evidence
    return bool(evidence.quote) and text[evidence.start : evidence.end] == evidence.quote


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
