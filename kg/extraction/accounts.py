"""The account of a document: which assertions stand, and where every row and every code-like token went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.documents import Block, BlockKind
from kg.extraction.reading import Draft, Reading
from kg.extraction.tokens import Token
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

    What is said more than once is taken from where it is said best: a table before a list before prose, and where
    the code is named, so that its name is seen.
    """
    best: dict[tuple[str, ...], Draft] = {}
    repeated: set[tuple[int, int]] = set()
    for draft in reading.drafts:
        one = draft.assertion
        subject, said_of = one.subject, one.object
        key = (subject.kind, subject.key, one.relation, said_of.kind, said_of.key, one.polarity)
        other = best.get(key)
        if other is None or _better(draft) < _better(other):
            best[key], draft = draft, other or draft
        if draft is not best[key]:
            repeated.add((draft.assertion.evidence.start, draft.assertion.evidence.end))
    chosen = sorted(best.values(), key=lambda draft: (draft.assertion.evidence.start, draft.assertion.evidence.end))
    return tuple(draft.assertion for draft in chosen), frozenset(repeated)


def _better(draft: Draft) -> tuple[int, bool, int]:
    """Where a thing is said best: in a table, with the name of its code, first."""
    said = draft.assertion
    return draft.standing, said.object.kind.is_code and not said.object.name, said.evidence.start


def account(
    reading: Reading, assertions: tuple[Assertion, ...], repeated: frozenset[tuple[int, int]]
) -> tuple[tuple[Leftover, ...], Tally, Tally]:
    """The leftovers, and the tallies of rows and of tokens."""
    evidence = _Cover(sorted({(a.evidence.start, a.evidence.end) for a in assertions}))
    doubles = _Cover(sorted(repeated))
    rows = [block for block in reading.document.blocks if block.cells]
    left = [*_left_rows(reading, rows, evidence, doubles), *_left_tokens(reading, evidence, doubles)]
    left_rows = sum(one.what == "row" for one in left)
    left_tokens = len(left) - left_rows
    return (
        tuple(sorted(left, key=lambda one: (one.start, one.what))),
        Tally(len(rows), len(rows) - left_rows, left_rows),
        Tally(len(reading.tokens), len(reading.tokens) - left_tokens, left_tokens),
    )


def _left_rows(reading: Reading, rows: Iterable[Block], evidence: _Cover, doubles: _Cover) -> Iterator[Leftover]:
    for row in rows:
        if not evidence.holds(row.start, row.end):
            reason = "duplicate" if doubles.holds(row.start, row.end) else _reason(reading, row.start, row.end)
            yield Leftover("row", row.start, row.end, row.line, reading.document.quote(row), reason)


def _left_tokens(reading: Reading, evidence: _Cover, doubles: _Cover) -> Iterator[Leftover]:
    places = _Places(reading)
    for token in reading.tokens:
        if not evidence.holds(token.start, token.end):
            reason = "duplicate" if doubles.holds(token.start, token.end) else places.reason(token)
            text = reading.document.text[token.start : token.end]
            yield Leftover("token", token.start, token.end, places.line(token.start), text, reason)


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


class _Places:
    """The block in which an offset stands, with its line and the reason why it gave nothing."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._blocks = reading.document.blocks
        self._starts = [block.start for block in self._blocks]

    def line(self, offset: int) -> int:
        """The line of the document on which an offset stands."""
        block = self._block(offset)
        return block.line + self._reading.document.text.count("\n", block.start, offset) if block else 1

    def reason(self, token: Token) -> str:
        """Why a token is in no evidence."""
        if token.code is None:
            return "not a code here"
        block = self._block(token.start)
        if block is None:
            return "no relation fits"
        return "heading" if block.kind is BlockKind.HEADING else _reason(self._reading, block.start, block.end)

    def _block(self, offset: int) -> Block | None:
        at = bisect_right(self._starts, offset) - 1
        return self._blocks[at] if at >= 0 else None


def _reason(reading: Reading, start: int, end: int) -> str:
    return reading.reasons.get((start, end), "no relation fits")
