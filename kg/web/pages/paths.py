"""The page of paths: how two concepts are connected, every hop with the sentence that states it."""

from __future__ import annotations

from datetime import date

from kg.answers import Paths
from kg.model import DEFAULT_TRUST, Verdict
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.concept import titles_of
from kg.web.pages.rendering import page, rendered

MOST = 10
"""So many paths are shown at most."""
MOST_SENTENCES = 5
"""So many sentences are shown of a hop."""
EXAMPLES = (("J3262", "J0129"), ("J3262", "J2357"), ("M06.9", "Medicare"))


@rendered
def paths(current: Current, start: str, end: str, *, k: int, trust: str, as_of: date | None) -> Reply:
    """The best paths between two concepts; without both of them, only the form."""
    floor = Verdict.floor(trust or DEFAULT_TRUST)[-1]
    answer = _between(current, start, end, k, floor, as_of) if start and end else None
    evidence = [one for path in answer or () for hop in path.hops for one in hop.connection.evidence[:MOST_SENTENCES]]
    return page(
        "paths.html",
        start=start,
        end=end,
        k=k,
        most=MOST,
        most_sentences=MOST_SENTENCES,
        answer=answer,
        titles=titles_of(current.store(as_of), evidence) if answer else {},
        examples=EXAMPLES,
        trust=trust,
        floor=floor,
        as_of=as_of,
    )


def _between(current: Current, start: str, end: str, k: int, floor: Verdict, as_of: date | None) -> Paths:
    return current.graph(trust=floor, as_of=as_of).paths(start, end, k)
