"""What rules yield: drafts of assertions, each with what to cite for it, and unread stretches, each with a reason."""

from __future__ import annotations

from typing import NamedTuple

from kg.documents import Block
from kg.extraction.lexicon import PLAIN, Stance, Topic
from kg.model import Code, Concept, Polarity, Qualifier, Relation, Strength

Qualifiers = tuple[tuple[Qualifier, Concept], ...]


class Demand(NamedTuple):
    """What coverage requires of the codes in a list, or does not require; or the reason why they are denied."""

    requirement: Concept
    polarity: Polarity
    strength: Strength = Strength.STATED


class Scope(NamedTuple):
    """What holds for a block: whom it speaks of, and what the headings and lead-ins above it say."""

    subjects: tuple[Concept, ...] = ()
    topic: Topic = Topic.NONE
    stance: Stance = Stance()
    section: str = ""
    """The innermost heading."""
    qualifiers: Qualifiers = ()
    """For whom the section or the document speaks."""
    diagnoses: tuple[Code, ...] = ()
    """The diagnoses that the innermost heading begins with: they support the drugs that are listed below it."""
    demand: Demand | None = None
    """What a heading says that coverage asks for of the codes listed below it: "Drugs that need prior authorization"."""
    conditions: tuple[Concept, ...] = ()
    """The conditions that the innermost heading is the name of: the drugs that are listed below it are for these."""
    lead: tuple[int, int] = (0, 0)
    """Where the words stand that lead in the list that it stands in: "Covered for the treatment of:"."""
    of_use: bool = False
    """Whether its section is about a use that the heading above has criteria for, or calls an indication."""
    nested: bool = False
    """Whether it is an item below another item of its section."""
    listed: tuple[Concept, ...] = ()
    """The codes of the list below it, of which a sentence in it speaks: "The following codes require …"."""

    def of_own(self, subjects: tuple[Concept, ...]) -> Scope:
        """The scope of a row or line about subjects of its own: what the headings above say is not said of them."""
        return self._replace(subjects=subjects, topic=Topic.NONE, stance=PLAIN)

    def for_payer(self, payer: Concept) -> Scope:
        """The same scope, in which one payer speaks."""
        return self._replace(qualifiers=((Qualifier.FOR_PAYER, payer),))


class Citation(NamedTuple):
    """What to cite: a stretch of text, the block that it stands in, its section, and what kind of place it is."""

    start: int
    end: int
    block: Block
    section: str
    kind: str
    """`table`, `list`, `label`, `note` (prose in a cell), `prose` or `heading`: the first half of a rule's name."""

    def of_kind(self, kind: str) -> Citation:
        """The same stretch as another kind of place."""
        return self._replace(kind=kind)


class Draft(NamedTuple):
    """An assertion about each of its subjects, before it is known which of several places says it best."""

    subjects: tuple[Concept, ...]
    relation: Relation
    object: Concept
    cite: Citation
    rule: str
    """What is read there: the second half of a rule's name."""
    polarity: Polarity = Polarity.AFFIRMED
    strength: Strength = Strength.STATED
    condition: str = ""
    qualifiers: Qualifiers = ()
    doubted: bool = False
    """Whether it is not sure that yes is said, and not no: it is then left over."""

    def given_by(self, route: Concept) -> Draft:
        """The same for a route, unless its own words name one."""
        if any(qualifier is Qualifier.FOR_ROUTE for qualifier, _ in self.qualifiers):
            return self
        return self._replace(qualifiers=(*self.qualifiers, (Qualifier.FOR_ROUTE, route)))


class Unread(NamedTuple):
    """A stretch of text that gives no assertion, and why."""

    start: int
    end: int
    reason: str


Outcome = Draft | Unread
"""What a rule makes of a stretch of text."""
