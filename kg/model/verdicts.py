"""Verdicts: what the releases say about an assertion, and findings: what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kg.errors import UnknownName
from kg.model.assertions import Assertion
from kg.model.concepts import Concept


class Verdict(StrEnum):
    """What the releases say about an assertion, from strongest to weakest."""

    CORROBORATED = "corroborated"
    CONSISTENT = "consistent"
    UNCHECKED = "unchecked"
    DISPUTED = "disputed"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        """0 for the strongest, 4 for the weakest."""
        return list(Verdict).index(self)

    @classmethod
    def floor(cls, trust: str) -> tuple[Verdict, ...]:
        """The verdicts from the strongest down to `trust`; raises `UnknownName` for anything else.

        >>> [verdict.value for verdict in Verdict.floor("consistent")]
        ['corroborated', 'consistent']
        """
        try:
            lowest = cls(trust)
        except ValueError:
            raise UnknownName(f"no such verdict: {trust!r} (one of {', '.join(cls)})") from None
        return tuple(cls)[: lowest.rank + 1]


# Everything but `refuted`.
DEFAULT_TRUST = Verdict.DISPUTED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should look at: an assertion, and what the release says against it."""

    assertion: Assertion
    verdict: Verdict
    concept: Concept
    reason: str
    release: str
    suggestion: Concept | None = None
