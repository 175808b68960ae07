"""Releases, and what they say of each code."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kg.model import Code, CodeSystem, Concept, Statement, billable_on

if TYPE_CHECKING:
    from kg.reference.coverage.export import Export
    from kg.reference.descriptors import Descriptor


def month_key(issued: date | None) -> str:
    """How the identifier of a release tells since when it holds.

    >>> month_key(date(2026, 1, 12)), month_key(None)
    ('2026-01', 'undated')
    """
    return f"{issued:%Y-%m}" if issued else "undated"


def month_words(issued: date | None) -> str:
    """How the title of a release tells it.

    >>> month_words(date(2026, 1, 12)), month_words(None)
    ('January 2026', 'of unknown date')
    """
    return f"{issued:%B %Y}" if issued else "of unknown date"


class ManyStatements(ABC):
    """Statements that are read anew each time, so many that those of some concepts may be asked for."""

    @abstractmethod
    def __iter__(self) -> Iterator[Statement]:
        """All of them."""

    @abstractmethod
    def speaking_of(self, wanted: Callable[[Concept], bool]) -> Iterator[Statement | None]:
        """Those of which an end is wanted; for each of the others None."""


@dataclass(frozen=True, slots=True)
class Release:
    """One published edition of a code system.

    `issued` is the first day on which it holds, None where neither its content nor its name tells. Only a
    complete release can refute a code by not having it, and only one that it covers: `outside` matches the codes
    of its system that somebody else publishes (the modifiers of the AMA, the D codes of the ADA). Where `official`
    is False its names are words of ours, which cannot speak against a name; `labels` says that its names are the
    short labels of the publisher, cut to 28 letters, which cannot either; `quotable` is False where the licence of
    its names does not let them be shown.

    Editions of one `series` follow each other: what one states holds until the next one is issued.

    It covers the days from `since` on, where it tells of codes that ended before it was issued, else those from
    `issued` on. `dated` says that it states the days of its codes itself, so that it speaks of earlier days as well.
    """

    identifier: str
    system: CodeSystem
    title: str
    issued: date | None
    complete: bool
    licence: str
    source: str
    outside: str = ""
    official: bool = True
    quotable: bool = True
    labels: bool = False
    since: date | None = None
    dated: bool = False
    series: str = ""

    @property
    def first_day(self) -> date | None:
        """The first day that it covers, None where nothing tells it."""
        return self.since or self.issued

    def covers(self, code: Code) -> bool:
        """Whether not having the code would mean that there is no such code.

        >>> modifiers = Release("m", CodeSystem.MODIFIER, "Modifiers", None, True, "", "", outside="[0-9].|P[1-6]")
        >>> [modifiers.covers(Code(CodeSystem.MODIFIER, value)) for value in ("JW", "59", "P3")]
        [True, False, False]
        """
        return self.complete and code.system is self.system and not re.fullmatch(self.outside, code.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a release says of one code.

    `billable` is None where the system does not tell headings from codes; `valid_through` is the last day of
    use; `turned` are the days, the newest first, on which a code became a heading or a heading a code;
    `called` is its everyday name, where that is not `name`; `facts` are what its descriptor says of a drug, where
    the release gives them apart; `owner` says who maintains a modifier: `cms` or `ama`. `names` are the other names
    that the release gives it, `notes` what it says besides ("includes", "code first" …), each with its kind. `row` is
    the line or row of the file, from 1, and 0 where there is none.
    """

    code: Code
    name: str
    broader: Code | None = None
    billable: bool | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    turned: tuple[date, ...] = ()
    owner: str = ""
    names: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    row: int = 0
    called: str = ""
    facts: Descriptor | None = None

    @property
    def concept(self) -> Concept:
        """The concept that the code stands for, under its everyday name."""
        return Concept.of(self.code, self.called or self.name or None)

    def billable_on(self, day: date | None) -> bool | None:
        """Whether it can be billed on a day; without one, as the newest release has it.

        >>> entry = Entry(Code.parse("I63.8"), "Other", billable=False, turned=(date(2018, 10, 1),))
        >>> entry.billable_on(date(2018, 9, 30)), entry.billable_on(date(2018, 10, 1))
        (True, False)
        """
        return billable_on(day, self.billable, self.turned)

    def holds_on(self, day: date) -> bool:
        """Whether a day lies between its first and its last."""
        return (self.valid_from or day) <= day <= (self.valid_through or day)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was read and not used, and why; or, of many rows left out for one reason, how many more there are."""

    row: int
    reason: str
    text: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug known by name: its brands, and the drug that it is a biosimilar of."""

    concept: Concept
    brands: tuple[str, ...] = ()
    broader: Concept | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A release with all that it says, as a reader gives it.

    `rows` counts the rows of data in its file, used or `left_out`. `statements` can be gone through many times;
    those of a large file are read anew each time. `export` is what an export of the coverage database lists, `drugs`
    are the brands that it knows, each of one drug alone.
    """

    release: Release
    entries: tuple[Entry, ...] = ()
    statements: Iterable[Statement] = ()
    rows: int = 0
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)
    export: Export | None = field(default=None, repr=False)
    drugs: tuple[Drug, ...] = field(default=(), repr=False)


Reader = Callable[[], Iterator[Edition]]
"""Reads one format; whatever it needs to know (a path, a licence) is bound to it beforehand."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release, unpacked and in memory.

    `name` is its own name, and inside an archive the name there; `path` is how to tell a person where it is
    (`hcpcs.zip/HCPC2025.txt`). `hints` are all names that may tell its date, the innermost first: formats are
    known by content, but some tell their date only in the name. `since` is the date that the user gave; `beside` are
    the other files of the same archive, which some formats need.
    """

    name: str
    data: bytes = field(repr=False)
    path: str = ""
    hints: tuple[str, ...] = ()
    since: date | None = None
    beside: tuple[ReleaseFile, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Format:
    """One format of releases: whether bytes are of it, by content alone, and how to read them.

    `read` raises `ReleaseError` with path, row and value where a file of this format cannot be read. `reads_beside`
    says that it needs the other files of the archive.
    """

    name: str
    title: str
    recognises: Callable[[ReleaseFile], bool]
    read: Callable[[ReleaseFile], Iterator[Edition]]
    reads_beside: bool = False
