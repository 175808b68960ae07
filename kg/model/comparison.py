"""Comparisons: how far two sides agree, edge by edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kg.model.assertions import Assertion, Polarity, Qualifier
from kg.model.concepts import Concept
from kg.model.members import plain_members
from kg.model.relations import Relation


@plain_members
class Agreement(StrEnum):
    """How two sides stand to an edge: one says yes and one no, or only one speaks of it, or both say the same."""

    CONTRADICT = "contradict"
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"

    @property
    def mirrored(self) -> Agreement:
        """What it is with the sides exchanged.

        >>> Agreement.FIRST.mirrored.value, Agreement.BOTH.mirrored.value
        ('second', 'both')
        """
        exchanged = {Agreement.FIRST: Agreement.SECOND, Agreement.SECOND: Agreement.FIRST}
        return exchanged.get(self, self)


@plain_members
class SideKind(StrEnum):
    """What a side of a comparison is: a document, an article, or all articles of a contractor."""

    DOCUMENT = "document"
    ARTICLE = "article"
    CONTRACTOR = "contractor"

    @property
    def has_articles(self) -> bool:
        """Whether what it says stands in articles of Medicare's contractors."""
        return self is not SideKind.DOCUMENT


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what it is, what it is called, and on which day.

    The name of an article has its version: `A57001-12`. `title` is that of the document or article.
    """

    kind: SideKind
    name: str
    day: date | None = None
    title: str = ""


class Compared(NamedTuple):
    """An edge that at least one side speaks of, how they stand to it, and what each of them says of it.

    Where an article says no by calling its list complete, the sentence that does so is what it says.
    """

    subject: Concept
    relation: Relation
    object: Concept
    agreement: Agreement
    first: tuple[Assertion, ...] = ()
    second: tuple[Assertion, ...] = ()


Qualifiers = frozenset[tuple[Qualifier, Concept]]
NO_QUALIFIERS: frozenset[Qualifiers] = frozenset({frozenset()})


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """What one side says of a billing code in one relation: to which objects yes, and to which no, as CURIEs.

    A side with lists that call themselves complete says no to all that they do not list, except to `open`; None where
    there is no such list. `qualifiers` has under which the side says so, where those are not none at all.
    """

    affirmed: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    open: frozenset[str] | None = None
    qualifiers: Mapping[tuple[str, Polarity], frozenset[Qualifiers]] = field(default_factory=dict)

    @property
    def listed(self) -> frozenset[str]:
        """All objects of which it speaks by name."""
        return self.affirmed | self.excluded

    def unlisted(self, others: frozenset[str]) -> frozenset[str]:
        """Those of some objects that it does not list, and says no to by calling its lists complete."""
        return frozenset() if self.open is None else others - self.affirmed - self.excluded - self.open

    def qualified(self, object: str, polarity: Polarity) -> frozenset[Qualifiers]:
        """The sets of qualifiers under which it says yes or no to an object."""
        return self.qualifiers.get((object, polarity), NO_QUALIFIERS)
