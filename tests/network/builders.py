"""The smallest connections that a test needs."""

from __future__ import annotations

from kg.model import Assertion, Concept, Connection, Evidence, Polarity, Relation, Strength, Verdict


def connect(
    subject: str,
    relation: Relation,
    object_: str,
    *,
    verdict: Verdict = Verdict.CONSISTENT,
    polarity: Polarity = Polarity.AFFIRMED,
    quote: str = "as stated",
    condition: str = "",
    line: int = 1,
    name: str | None = None,
) -> Connection:
    """One connection with one assertion."""
    ends = Concept.parse(subject), relation, Concept.parse(object_, name)
    evidence = Evidence("guide", 0, len(quote), quote, line, "Coding")
    said = Assertion(*ends, evidence, polarity, Strength.STATED, condition)
    return Connection(*ends, verdict, (said,))
