"""What a heading says of what stands below it, and what the header of a column promises; both are data."""

from __future__ import annotations

import re
from enum import Enum, StrEnum, auto
from functools import cache, lru_cache

from kg import resources
from kg.extraction.lexicon.phrases import pattern_of
from kg.extraction.text.letters import fold
from kg.model.members import plain_members


@plain_members
class Topic(Enum):
    """What a section is about."""

    NONE = auto()
    SIMILAR = auto()
    DENIALS = auto()
    DOCUMENTATION = auto()
    MODIFIERS = auto()
    SPECIALTIES = auto()
    DIAGNOSES = auto()
    CODES = auto()
    PROCEDURES = auto()
    PAYERS = auto()
    REQUIREMENTS = auto()
    CLINICAL = auto()
    ASIDE = auto()
    """References, history and boilerplate, which state nothing of a code."""


@plain_members
class Column(StrEnum):
    """What a column of a table holds, or the value after a label."""

    CODE = "CODE"
    MODIFIER = "MODIFIER"
    DIAGNOSIS = "DIAGNOSIS"
    SPECIALTY = "SPECIALTY"
    PROCEDURE = "PROCEDURE"
    DRUG = "DRUG"
    BRAND = "BRAND"
    UNIT = "UNIT"
    QUANTITY = "QUANTITY"
    ROUTE = "ROUTE"
    PLACE = "PLACE"
    PAYER = "PAYER"
    REQUIREMENT = "REQUIREMENT"
    DOCUMENTATION = "DOCUMENTATION"
    DENIAL = "DENIAL"
    CONDITION = "CONDITION"
    SIMILAR = "SIMILAR"
    PREFERRED = "PREFERRED"
    VERDICT = "VERDICT"
    USAGE = "USAGE"
    NAME = "NAME"
    TYPE = "TYPE"
    NDC = "NDC"
    PRICE = "PRICE"
    DATE = "DATE"
    OTHER = "OTHER"


# These words turn a column away from the document's own drug, whatever else its header says.
_FIRST = (Column.PREFERRED, Column.PRICE)


@lru_cache(maxsize=4096)
def topic_of(heading: str) -> Topic:
    """The topic that a heading or a label names.

    >>> topic_of("ICD-10 Codes that DO NOT Support Medical Necessity").name, topic_of("Top denial reasons").name
    ('DIAGNOSES', 'DENIALS')
    """
    small = fold(heading)
    return next((topic for topic, pattern in _topics() if pattern.search(small)), Topic.NONE)


@lru_cache(maxsize=4096)
def column_of(header: str) -> Column:
    """What a header promises: of all phrases that stand in it the longest holds.

    >>> column_of("When to use").name, column_of("ICD-10-CM").name, column_of("Preferred medication").name
    ('USAGE', 'DIAGNOSIS', 'PREFERRED')
    """
    small = fold(header).replace("_", " ")
    best, length = Column.OTHER, 0
    for column, pattern, bonus in _columns():
        widest = max((match.end() - match.start() + bonus for match in pattern.finditer(small)), default=0)
        if widest and column in _FIRST:
            return column
        if widest > length:
            best, length = column, widest
    return best


@cache
def _topics() -> tuple[tuple[Topic, re.Pattern[str]], ...]:
    return tuple((Topic[name], pattern) for name, pattern in _read("topics.tsv", "topic"))


@cache
def _columns() -> tuple[tuple[Column, re.Pattern[str], int], ...]:
    """The patterns of each kind of column; how a header begins counts more than what it goes on to name."""
    begins = [(Column[name], pattern, _OF_BEGINNING) for name, pattern in _read("columns.tsv", "column", begins=True)]
    stands = [(Column[name], pattern, 0) for name, pattern in _read("columns.tsv", "column", begins=False)]
    return tuple(sorted((*begins, *stands), key=lambda entry: entry[0] not in _FIRST))


_OF_BEGINNING = 10


def _read(table: str, column: str, *, begins: bool | None = None) -> list[tuple[str, re.Pattern[str]]]:
    """One pattern for each kind, in the order of the table; `begins` takes only phrases that begin a text, or the others."""
    phrases: dict[str, list[str]] = {}
    for row in resources.table("data", "cues", table):
        if begins is None or row["phrase"].startswith("^") == begins:
            phrases.setdefault(row[column], []).append(pattern_of(row["phrase"]))
    return [(kind, re.compile("|".join(sorted(found, key=len, reverse=True)))) for kind, found in phrases.items()]
