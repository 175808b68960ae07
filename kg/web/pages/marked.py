"""A text line by line, with what is stated in it marked by verdict, and what was left over.

A span may stand in several lines, and spans may lie in each other: a piece of a line bears the weakest verdict of all
spans that it is in. What a span states is told beside the line in which it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.model import Assertion, Verdict
from kg.web.pages.addresses import place_of

LEFT = "left"
"""The mark of what was left over."""
_STRENGTHS = {LEFT: -1, **{verdict.value: verdict.rank for verdict in Verdict}}


@dataclass
class Span:
    """A stretch of the text and what is said of it: what it states, and why what is in it was left over."""

    start: int
    end: int
    statements: list[tuple[Assertion, Verdict]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    number: int = 0
    """Where it stands among the spans that are shown, from 1."""

    @property
    def place(self) -> str:
        """The name of its place in the page."""
        return place_of(self.start, self.end)

    @property
    def mark(self) -> str:
        """How it is marked: by its weakest verdict, or as left over."""
        return Verdict.weakest(verdict for _, verdict in self.statements).value if self.statements else LEFT


class Piece(NamedTuple):
    """A piece of a line: its mark, if any, the spans that begin with it, and those that end with it."""

    text: str
    mark: str
    begins: tuple[Span, ...]
    ends: tuple[Span, ...]


class Line(NamedTuple):
    """A line of the text and the spans that begin in it."""

    number: int
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]


def spans_of(
    statements: Iterable[tuple[Assertion, Verdict]], leftovers: Iterable[tuple[int, int, str]] = ()
) -> list[Span]:
    """The spans of a text in their order; what has the same place is one span."""
    by_place: dict[tuple[int, int], Span] = {}

    def span(start: int, end: int) -> Span:
        return by_place.setdefault((start, end), Span(start, end))

    for assertion, verdict in statements:
        span(assertion.evidence.start, assertion.evidence.end).statements.append((assertion, verdict))
    for start, end, reason in leftovers:
        span(start, end).reasons.append(reason)
    return sorted(by_place.values(), key=lambda one: (one.start, -one.end))


class Part(NamedTuple):
    """Some lines of a text: where they begin and end in it, the number of the first, and which part of how many."""

    start: int
    end: int
    line: int
    number: int
    of: int


def part_of(text: str, size: int, *, at: int = 0, number: int = 0) -> Part:
    """The part of a text with a number, or else the one that has an offset; parts are whole lines of some `size`.

    >>> part_of("one\\ntwo\\nthree", 5, at=5)
    Part(start=0, end=8, line=1, number=1, of=2)
    """
    ends = list(_ends(text, size))
    index = number - 1 if number else next((n for n, end in enumerate(ends) if at < end), len(ends) - 1)
    index = min(max(index, 0), len(ends) - 1)
    start = ends[index - 1] if index else 0
    return Part(start, ends[index], text.count("\n", 0, start) + 1, index + 1, len(ends))


def _ends(text: str, size: int) -> Iterator[int]:
    """Where each part ends: after the first line break from its size on; a line that is much longer is cut."""
    start = 0
    while len(text) - start > size:
        end = text.find("\n", start + size, start + 2 * size) + 1 or start + 2 * size
        if end >= len(text):
            break
        yield end
        start = end
    yield len(text)


def lines_of(text: str, part: Part, spans: Sequence[Span]) -> list[Line]:
    """The lines of a part of a text, with the spans that it has a piece of; these are numbered."""
    inside = [span for span in spans if span.start < part.end and span.end > part.start]
    for number, span in enumerate(inside, 1):
        span.number = number
    lines: list[Line] = []
    start, ahead, active = part.start, 0, list[Span]()
    for number, content in enumerate(text[part.start : part.end].split("\n"), part.line):
        end = start + len(content)
        beginning: list[Span] = []
        while ahead < len(inside) and inside[ahead].start <= end:
            beginning.append(inside[ahead])
            ahead += 1
        active = [span for span in active if span.end > start] + beginning
        lines.append(Line(number, tuple(_pieces(text, start, end, active, part)), tuple(beginning)))
        start = end + 1
    return lines


def _pieces(text: str, start: int, end: int, spans: Sequence[Span], part: Part) -> Iterator[Piece]:
    cuts = {start, end}
    for span in spans:
        cuts.update(offset for offset in (span.start, span.end) if start < offset < end)
    ordered = sorted(cuts)
    for first, last in zip(ordered, ordered[1:] or [end], strict=False):
        over = [span for span in spans if span.start < last and span.end > first]
        mark = max((span.mark for span in over), key=_STRENGTHS.__getitem__, default="")
        # What begins with a line break has its place before that.
        places = {first, end} if last == end else {first}
        begins = (span for span in spans if max(span.start, part.start) in places)
        ends = (span for span in over if span.end == last or (last == end < span.end <= end + 1))
        yield Piece(text[first:last], mark, tuple(begins), tuple(ends))
