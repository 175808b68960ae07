"""The page of comparisons: how far two sources agree, each edge with what both sides say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kg.comparison import Comparison
from kg.errors import UsageError
from kg.model import DEFAULT_TRUST, Agreement, Compared, Evidence, Verdict
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.concept import titles_of
from kg.web.pages.rendering import page, rendered

FEW = 25
"""So many edges of a kind are shown where all kinds are."""
MANY = 200
"""So many of one kind that is asked for alone."""


class Wanted(NamedTuple):
    """What is to be compared; with two days, the first side on the one and the second on the other."""

    first: str
    second: str
    code: str
    since: date | None
    until: date | None
    only: str
    trust: str
    as_of: date | None


class Part(NamedTuple):
    """The edges of one kind of agreement: its heading, how many there are in total, and those that are shown."""

    agreement: Agreement
    heading: str
    total: int
    edges: tuple[Compared, ...]


@rendered
def compare(current: Current, wanted: Wanted, *, offset: int) -> Reply:
    """How far two sources agree; without both of them, or one and two days, only the form."""
    floor = Verdict.floor(wanted.trust or DEFAULT_TRUST)[-1]
    most = MANY if wanted.only else FEW
    answer = _compared(current, wanted, floor, most, offset)
    return page(
        "compare.html",
        wanted=wanted,
        offset=offset,
        most=most,
        answer=answer,
        parts_of=_parts(answer, wanted.only) if answer else (),
        titles=titles_of(current.store(wanted.as_of), _evidence(answer)) if answer else {},
        trust=wanted.trust,
        floor=floor,
        as_of=wanted.as_of,
    )


def _compared(current: Current, wanted: Wanted, floor: Verdict, most: int, offset: int) -> Comparison | None:
    if (wanted.since is None) != (wanted.until is None):
        raise UsageError("one day alone: give both, or neither of the two to compare between")
    between = (wanted.since, wanted.until) if wanted.since and wanted.until else None
    if not wanted.first or not (wanted.second or between):
        return None
    return current.graph(trust=floor, as_of=None if between else wanted.as_of).compare(
        wanted.first,
        wanted.second or wanted.first,
        between=between,
        code=wanted.code or None,
        only=wanted.only or None,
        limit=most,
        offset=offset,
    )


def _parts(answer: Comparison, only: str) -> list[Part]:
    """The kinds of agreement that are asked for, in the order in which they matter."""
    first, second = answer.names
    headings = {
        Agreement.CONTRADICT: "Where they contradict",
        Agreement.FIRST: f"What only {first} says",
        Agreement.SECOND: f"What only {second} says",
        Agreement.BOTH: "What both say",
    }
    return [
        Part(agreement, heading, answer.counts[agreement], answer.of(agreement))
        for agreement, heading in headings.items()
        if only in ("", agreement)
    ]


def _evidence(answer: Comparison) -> Iterable[Evidence]:
    return (one.evidence for edge in answer for one in (*edge.first, *edge.second))
