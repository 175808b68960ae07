"""Verdicts: what the releases say about an assertion, and findings: what a person should look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import UnknownName
from kg.model.assertions import Assertion, Evidence, Mention
from kg.model.concepts import Concept
from kg.model.members import plain_members


@plain_members
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
        return _RANKS[self]

    @classmethod
    def strongest(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The strongest of some verdicts, of which there is at least one."""
        return min(verdicts, key=_RANKS.__getitem__)

    @classmethod
    def weakest(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The weakest of some verdicts, of which there is at least one."""
        return max(verdicts, key=_RANKS.__getitem__)

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


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}

# Everything but `refuted`.
DEFAULT_TRUST = Verdict.DISPUTED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should look at: an assertion, or a mention of a code, and what speaks against it.

    `stated` is the name that the document gives, `official` the words of the release, which stand in its `row`.
    Where another document speaks against it, `opposed_by` is its sentence. `suggestion` is the code that was probably
    meant, of a wrong billing unit the right one. `hangs` counts the other assertions whose verdict depends on this one.
    `check` names the check that found it.
    """

    assertion: Assertion | Mention
    verdict: Verdict
    concept: Concept
    reason: str
    release: str
    suggestion: Concept | None = None
    stated: str = ""
    official: str = ""
    row: int = 0
    opposed_by: Evidence | None = None
    hangs: int = 0
    check: str = ""

    @property
    def identifier(self) -> str:
        """A hash of the content, in which no offset and no line is: what else stands in a document may change."""
        evidence, better = self.assertion.evidence, self.suggestion.curie if self.suggestion else ""
        return finding_identifier(
            evidence.document, evidence.quote, self.concept.curie, self.verdict, self.reason, better
        )


def finding_identifier(
    document: str, quote: str, concept: str, verdict: Verdict, reason: str, suggestion: str = ""
) -> str:
    """What a finding is called by decisions about it; the same sentence twice in a document is one to them.

    >>> finding_identifier("guide", "J3032 is  tezepelumab.", "hcpcs:J3032", Verdict.REFUTED, "another drug")
    'ed93a022dc515dd6'
    """
    content = [document, " ".join(quote.split()), concept, verdict.value, reason, suggestion]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def worst_first(finding: Finding) -> tuple[int, Evidence, Concept, str]:
    """The order of findings: the worst first, then as they stand in the documents."""
    return -finding.verdict.rank, finding.assertion.evidence, finding.concept, finding.reason
