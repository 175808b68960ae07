"""Scores extraction against gold tables; counts are pooled over documents, so that each statement weighs the same.

A gold table stands beside its document and has a line for each statement: subject, relation, object, polarity,
strength and the line it stands on, between tabs. Statements of codes must be met exactly. Things known by name are
met where their words overlap: two thirds of the words asked for, and two fifths of those found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from kg.documents import read
from kg.extraction import Extraction, extract
from kg.model import Assertion, CodeSystem

_CODES = frozenset(system.value for system in CodeSystem)
_SMALL = frozenset({"of", "the", "and", "or", "any", "a", "an"})


@dataclass(frozen=True)
class Score:
    """How many statements of each sort there are, and how many were met."""

    codes_met: int = 0
    codes_found: int = 0
    codes_asked: int = 0
    words_met: int = 0
    words_asked: int = 0
    strength_met: int = 0
    strength_asked: int = 0
    quotes_met: int = 0
    quotes: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def precision(self) -> float:
        return self.codes_met / self.codes_found

    @property
    def recall(self) -> float:
        return self.codes_met / self.codes_asked

    @property
    def words(self) -> float:
        return self.words_met / self.words_asked

    @property
    def strength(self) -> float:
        return self.strength_met / self.strength_asked

    @property
    def quoted(self) -> float:
        return self.quotes_met / self.quotes


@dataclass(frozen=True)
class Gold:
    """One statement of a gold table."""

    subject: str
    relation: str
    object: str
    polarity: str
    strength: str

    @property
    def is_code(self) -> bool:
        return self.object.partition(":")[0] in _CODES

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.subject, self.relation, self.object, self.polarity


def documents(folder: Path) -> list[Path]:
    """The documents of a folder that have a gold table beside them."""
    tables = {table.stem for table in folder.glob("*.tsv")}
    return sorted(file for file in folder.iterdir() if file.suffix != ".tsv" and file.stem in tables)


def gold_of(table: Path) -> list[Gold]:
    """The statements of a gold table."""
    lines = [line for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [Gold(*line.split("\t")[:5]) for line in lines]


def score(document: Path, table: Path | None = None) -> Score:
    """The score of one document."""
    found = extract(read(document))
    gold = gold_of(table or document.with_suffix(".tsv"))
    codes = {one.key for one in gold if one.is_code}
    got = {_key(a): a.strength.value for a in found.assertions}
    named = [one for one in gold if not one.is_code]
    graded = [one for one in gold if one.is_code and one.key in got]
    return Score(
        codes_met=len(codes & got.keys()),
        codes_found=sum(key[2].partition(":")[0] in _CODES for key in got),
        codes_asked=len(codes),
        words_met=sum(_is_met(one, found) for one in named),
        words_asked=len(named),
        strength_met=sum(got[one.key] == one.strength for one in graded),
        strength_asked=len(graded),
        quotes_met=sum(_is_quoted(a, found) for a in found.assertions),
        quotes=len(found.assertions),
    )


def pooled(folder: Path) -> Score:
    """The score of all documents of a folder, taken together."""
    return sum((score(document) for document in documents(folder)), Score())


def _key(assertion: Assertion) -> tuple[str, str, str, str]:
    return assertion.subject.curie, assertion.relation.value, assertion.object.curie, assertion.polarity.value


def _is_met(one: Gold, found: Extraction) -> bool:
    return any(
        (one.subject, one.relation, one.polarity) == (a.subject.curie, a.relation.value, a.polarity.value)
        and (_overlap(one.object, a.object.curie) or _overlap(one.object, a.object.name or ""))
        for a in found.assertions
    )


def _overlap(asked: str, found: str) -> bool:
    want, have = _words(asked), _words(found)
    both = len(want & have)
    return bool(have) and both / len(want) >= 0.67 and both / len(have) >= 0.4


def _words(text: str) -> set[str]:
    plain = re.sub(r"^[a-z0-9]+:", "", text).lower()
    return {word.rstrip("s") for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL}


def _is_quoted(assertion: Assertion, found: Extraction) -> bool:
    evidence = assertion.evidence
    return found.document.text[evidence.start : evidence.end] == evidence.quote != ""
