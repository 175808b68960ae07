"""Assertions: what a document states, and the evidence that shows where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from kg.model.concepts import Concept, Kind
from kg.model.members import plain_members
from kg.model.relations import Relation

# `json.dumps` makes one anew each time.
_JSON = json.JSONEncoder(ensure_ascii=False).encode


@plain_members
class Polarity(StrEnum):
    """Whether the document says yes, or itself says no, never, not covered, excluded."""

    AFFIRMED = "affirmed"
    EXCLUDED = "excluded"


@plain_members
class Strength(StrEnum):
    """How firmly the document says it, from firmest to weakest."""

    REQUIRED = "required"
    STATED = "stated"
    PERMITTED = "permitted"
    OFF_LABEL = "offLabel"
    ATYPICAL = "atypical"


@plain_members
class Qualifier(StrEnum):
    """What in a condition can be named: "when given intravenously" is `forRoute route:intravenous`."""

    FOR_ROUTE = "forRoute"
    FOR_PLACE = "forPlace"
    FOR_PAYER = "forPayer"
    FOR_DIAGNOSIS = "forDiagnosis"
    WITH_MODIFIER = "withModifier"

    @property
    def object_kind(self) -> Kind:
        """The kind of concept that it takes."""
        return {
            Qualifier.FOR_ROUTE: Kind.ROUTE,
            Qualifier.FOR_PLACE: Kind.PLACE,
            Qualifier.FOR_PAYER: Kind.PAYER,
            Qualifier.FOR_DIAGNOSIS: Kind.ICD10CM,
            Qualifier.WITH_MODIFIER: Kind.MODIFIER,
        }[self]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Where an assertion stands: a stretch of a document's text.

    `start` and `end` count Unicode code points in the reader's text, and `quote` is the text between them.
    `line` is the line of the document itself, from 1; `section` the heading it stands under. `page`, `sheet` and `row`
    say where in formats that have them; they are kept but not compared.

    >>> str(Evidence("policy", 0, 2, "JW", 120, page=3))
    'policy:120 (page 3)'
    """

    document: str
    start: int
    end: int
    quote: str
    line: int
    section: str = ""
    page: int = field(default=0, compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.document}:{self.line}{self.place}"

    @property
    def place(self) -> str:
        """Where it stands besides the line, behind a blank: " (page 3)", " (sheet Drugs, row 7)", or nothing."""
        coordinates = (("page", self.page), ("sheet", self.sheet), ("row", self.row))
        places = ", ".join(f"{name} {value}" for name, value in coordinates if value)
        return f" ({places})" if places else ""

    def to_json(self) -> dict[str, Any]:
        """Its offsets and words for scripts; page, sheet and row only where the document has them."""
        within = (("page", self.page), ("sheet", self.sheet), ("row", self.row))
        return {
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "line": self.line,
            "section": self.section,
            **{name: value for name, value in within if value},
        }


@dataclass(frozen=True, slots=True)
class Mention:
    """A code that a document names, though nothing that it states of it could be read.

    `is_over` tells that the document itself says that it is not used any more.
    """

    subject: Concept
    evidence: Evidence
    since: date | None = None
    is_over: bool = False

    @property
    def identifier(self) -> str:
        """A hash of the code and its place."""
        content = [self.subject.curie, self.evidence.document, self.evidence.start, self.evidence.end]
        return hashlib.sha256(_JSON(content).encode()).hexdigest()[:32]


def hash_of(*content: Any) -> str:
    """The identifier of an assertion with this content, in the order in which `Assertion` names it."""
    return hash_of_encoded(map(encoded, content))


def hash_of_encoded(content: Iterable[str]) -> str:
    """The same of parts that are encoded: who names many assertions encodes what they share once.

    >>> hash_of_encoded(map(encoded, ("hcpcs:J3262", [], 7))) == hash_of("hcpcs:J3262", [], 7)
    True
    """
    return hashlib.sha256(f"[{', '.join(content)}]".encode()).hexdigest()[:32]


def encoded(part: Any) -> str:
    """A part of what an identifier is made of, as JSON."""
    return str(part) if type(part) is int else _JSON(part)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a document states: subject, relation, object, with polarity, strength, condition and evidence.

    `since` is the first day on which it holds, where the document says so. `rule` names the rule of `kg.extraction`
    that made it; it is kept but not compared.
    """

    subject: Concept
    relation: Relation
    object: Concept
    evidence: Evidence
    polarity: Polarity = Polarity.AFFIRMED
    strength: Strength = Strength.STATED
    condition: str = ""
    qualifiers: tuple[tuple[Qualifier, Concept], ...] = ()
    rule: str = field(default="", compare=False)
    since: date | None = None
    _identifier: str = field(default="", init=False, repr=False, compare=False)

    @property
    def identifier(self) -> str:
        """A hash of the content, so that reading a document twice changes nothing."""
        if not self._identifier:  # It names the assertion in verdicts, findings and graph: worked out once.
            object.__setattr__(self, "_identifier", self._hashed())
        return self._identifier

    def _hashed(self) -> str:
        at = self.evidence
        return hash_of(
            self.subject.curie, self.relation, self.object.curie, self.polarity, self.strength, self.condition,
            sorted([q, c.curie] for q, c in self.qualifiers), at.document, at.start, at.end, at.quote,
            *((self.since.isoformat(),) if self.since else ()),
        )  # fmt: skip

    @property
    def payers(self) -> set[Concept]:
        """The payers by name of which it is stated; none where it is of any."""
        return {concept for qualifier, concept in self.qualifiers if qualifier is Qualifier.FOR_PAYER}

    def to_json(self) -> dict[str, Any]:
        """One object of `kg extract --format jsonl`; a qualifier that holds several is a list."""
        by_qualifier: dict[str, list[str]] = {}
        for qualifier, concept in self.qualifiers:
            by_qualifier.setdefault(qualifier.value, []).append(concept.curie)
        qualifiers = {name: curies[0] if len(curies) == 1 else curies for name, curies in by_qualifier.items()}
        since = {"since": self.since.isoformat()} if self.since else {}
        return {
            "subject": self.subject.curie,
            "relation": self.relation.value,
            "object": self.object.curie,
            "object_label": self.object.name or "",
            "polarity": self.polarity.value,
            "strength": self.strength.value,
            "condition": self.condition,
            "qualifiers": qualifiers,
            **since,
            "rule": self.rule,
            "evidence": self.evidence.to_json(),
        }
