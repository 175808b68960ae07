"""What a heading says of what stands below it, and what the header of a column promises; both are data."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from functools import cache, lru_cache

from kg import lazy_re as re
from kg import resources
from kg.extraction.lexicon.finder import PhraseFinder
from kg.extraction.text.folding import fold
from kg.model.members import plain_members


@plain_members
class Topic(Enum):
    """What a section is about."""

    NONE = auto()
    OTHERS = auto()
    """Codes that a document lists beside its own, without saying what they have to do with these."""
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
    NUMBER = "NUMBER"
    """Numbers that count or identify records, and are no codes."""
    RECORD = "RECORD"
    EXAMPLE = "EXAMPLE"
    """What shows how something may look, and asks for nothing."""
    OTHER = "OTHER"


# "III. Codes": the number of a heading is none of its words.
_ROMAN = re.compile(r"^\W*[ivx]{1,5}[.)]\s+")
# These words turn a column away from the document's own drug, whatever else its header says.
_FIRST = (Column.PREFERRED, Column.PRICE)


@lru_cache(maxsize=4096)
def topic_of(heading: str) -> Topic:
    """The topic that a heading or a label names.

    >>> topic_of("ICD-10 Codes that DO NOT Support Medical Necessity").name, topic_of("Top denial reasons").name
    ('DIAGNOSES', 'DENIALS')
    """
    topics, finder = _topics()
    words = _ROMAN.sub("", fold(heading)).replace("_", " ")
    first = min((match.number for match in finder.find(words)), default=None)
    return Topic.NONE if first is None else topics[first]


@lru_cache(maxsize=4096)
def column_of(header: str) -> Column:
    """What a header promises: of all phrases that stand in it the longest holds.

    How a header begins counts for more than what it goes on to name.

    >>> column_of("When to use").name, column_of("ICD-10-CM").name, column_of("Preferred medication").name
    ('USAGE', 'DIAGNOSIS', 'PREFERRED')
    """
    rows, finder = _columns()
    best, weight = Column.OTHER, (0, 0)
    for start, end, number in finder.find(fold(header).replace("_", " ")):
        column, begins = rows[number]
        if column in _FIRST:
            return column
        phrase_weight = (end - start + _OF_BEGINNING * begins, -number)
        if phrase_weight > weight:
            best, weight = column, phrase_weight
    return best


_OF_BEGINNING = 10


@cache
def _topics() -> tuple[list[Topic], PhraseFinder]:
    """For each phrase its topic, topic by topic as they come first in the table, and what finds the phrases."""
    rows = list(resources.table("data", "cues", "topics.tsv"))
    order = list(dict.fromkeys(row["topic"] for row in rows))
    rows.sort(key=lambda row: order.index(row["topic"]))
    return [Topic[row["topic"]] for row in rows], PhraseFinder([row["phrase"] for row in rows])


@cache
def _columns() -> tuple[list[tuple[Column, bool]], PhraseFinder]:
    """For each phrase its kind of column and whether it begins a header, and what finds the phrases."""
    rows = list(resources.table("data", "cues", "columns.tsv"))
    kinds = [(Column[row["column"]], row["phrase"].startswith("^")) for row in rows]
    return kinds, PhraseFinder([row["phrase"] for row in rows])
