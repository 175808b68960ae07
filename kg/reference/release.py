"""Releases, and what they say of each code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from kg.model import Code, CodeSystem, Concept


@dataclass(frozen=True, slots=True)
class Release:
    """One published edition of a code system.

    Only a complete release can refute a code by not having it.
    """

    identifier: str
    system: CodeSystem
    title: str
    issued: date | None
    complete: bool
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a release says of one code.

    `billable` is None where the system does not tell headings from codes; `valid_through` is the last day of
    use; `owner` says who maintains a modifier: `cms` or `ama`.
    """

    code: Code
    name: str
    broader: Code | None = None
    billable: bool | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    owner: str = ""

    @property
    def concept(self) -> Concept:
        """The concept that the code stands for, under the name that the release gives it."""
        return Concept.of(self.code, self.name)


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug known by name: its brands, and the drug that it is a biosimilar of."""

    concept: Concept
    brands: tuple[str, ...] = ()
    broader: Concept | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A release with its entries, as a reader gives it."""

    release: Release
    entries: tuple[Entry, ...]


Reader = Callable[[], Iterator[Edition]]
"""Reads one format; whatever it needs to know (a path, a licence) is bound to it beforehand."""
