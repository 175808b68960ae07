"""The account of a document: which assertions stand, and where every row and every code-like token went."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kg.documents import BlockKind
from kg.extraction.reading import Draft, Reading
from kg.model import Assertion


@dataclass(frozen=True, slots=True)
class Leftover:
    """A row or a code-like token that is in the evidence of no assertion, and why."""

    what: str
    """`row` or `token`."""
    start: int
    end: int
    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, how many of them stand in evidence, and how many were left over."""

    total: int
    evidence: int
    leftover: int


def settle(reading: Reading) -> tuple[tuple[Assertion, ...], frozenset[tuple[int, int]]]:
    """The assertions that stand, in document order, and the spans of those that only repeat one.

    What is said more than once is taken from where it is said best: a table before a list before prose.
    """
    best: dict[tuple[str, str, str, str], Draft] = {}
    repeated: set[tuple[int, int]] = set()
    for draft in reading.drafts:
        one = draft.assertion
        key = (one.subject.curie, one.relation, one.object.curie, one.polarity)
        other = best.get(key)
        if other is None or (draft.standing, one.evidence.start) < (
            other.standing,
            other.assertion.evidence.start,
        ):
            best[key], draft = draft, other or draft
        if draft is not best[key]:
            repeated.add((draft.assertion.evidence.start, draft.assertion.evidence.end))
    chosen = sorted(best.values(), key=lambda draft: (draft.assertion.evidence.start, draft.assertion.evidence.end))
    return tuple(draft.assertion for draft in chosen), frozenset(repeated)


def account(
    reading: Reading, assertions: tuple[Assertion, ...], repeated: frozenset[tuple[int, int]]
) -> tuple[tuple[Leftover, ...], Tally, Tally]:
    """The leftovers, and the tallies of rows and of tokens."""
    spans = sorted({(a.evidence.start, a.evidence.end) for a in assertions})
    evidence = _Cover(spans)
    doubles = _Cover(sorted(repeated))
    rows = [block for block in reading.document.blocks if block.cells]
    leftovers = []
    for row in rows:
        if not evidence.holds(row.start, row.end):
            reason = "duplicate" if doubles.holds(row.start, row.end) else _reason(reading, row.start, row.end)
            leftovers.append(Leftover("row", row.start, row.end, row.line, reading.document.quote(row), reason))
    left_rows = len(leftovers)
    lines = _Lines(reading)
    for token in reading.tokens:
        if not evidence.holds(token.start, token.end):
            text = reading.document.text[token.start : token.end]
            reason = (
                "duplicate"
                if doubles.holds(token.start, token.end)
                else _token_reason(reading, token.start, token.end, token.code is None)
            )
            leftovers.append(Leftover("token", token.start, token.end, lines.of(token.start), text, reason))
    left_tokens = len(leftovers) - left_rows
    return (
        tuple(sorted(leftovers, key=lambda left: (left.start, left.what))),
        Tally(len(rows), len(rows) - left_rows, left_rows),
        Tally(len(reading.tokens), len(reading.tokens) - left_tokens, left_tokens),
    )


class _Cover:
    """A set of spans that can be asked whether one of them holds another."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._reach: list[int] = []
        for _, end in spans:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))
        self._spans = spans

    def holds(self, start: int, end: int) -> bool:
        at = bisect_right(self._starts, start) - 1
        while at >= 0 and self._reach[at] >= end:
            if self._spans[at][1] >= end:
                return True
            at -= 1
        return False


class _Lines:
    """The line of the document on which an offset stands."""

    def __init__(self, reading: Reading) -> None:
        self._blocks = reading.document.blocks
        self._starts = [block.start for block in self._blocks]
        self._text = reading.document.text

    def of(self, offset: int) -> int:
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return 1
        block = self._blocks[at]
        return block.line + self._text.count("\n", block.start, offset)


def _reason(reading: Reading, start: int, end: int) -> str:
    return reading.reasons.get((start, end), "no relation fits")


def _token_reason(reading: Reading, start: int, end: int, not_a_code: bool) -> str:
    if not_a_code:
        return "not a code here"
    for block in reading.document.blocks:
        if block.start <= start and end <= block.end:
            if block.kind is BlockKind.HEADING:
                return "heading"
            return reading.reasons.get((block.start, block.end), "no relation fits")
    return "no relation fits"
