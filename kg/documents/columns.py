"""Pages in several columns: the white stripe between them is found, and each is read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.documents.words import TextLine, Word, in_lines

_FEWEST_LINES = 5
_FEWEST_WORDS = 3
"""Columns of text hold sentences; what holds single words beside each other is a table."""
_NARROWEST = 0.2
_STEPS = 60


def parted(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words of each column in reading order; what reaches over columns parts what is above from what is below."""
    lines = in_lines(words, 0)
    stripe = _stripe(lines)
    if stripe is None:
        if words:
            yield words
        return
    band: list[Word] = []
    for line in lines:
        if _reaches_over(line, stripe):
            yield from _sides(band, stripe)
            band = []
            yield [word for part in line.parts for word in part]
        else:
            band += (word for part in line.parts for word in part)
    yield from _sides(band, stripe)


def _sides(band: Sequence[Word], stripe: float) -> Iterator[Sequence[Word]]:
    left, right = [w for w in band if w.x1 <= stripe], [w for w in band if w.x1 > stripe]
    if left:
        yield from parted(left)
    if right:
        yield from parted(right)


def _reaches_over(line: TextLine, stripe: float) -> bool:
    """Whether a part of a line stands on both sides of a stripe."""
    return any(part[0].x0 < stripe < part[-1].x1 for part in line.parts)


def _stripe(lines: Sequence[TextLine]) -> float | None:
    """The middle of the white stripe between two columns of text; None where there is one column."""
    if len(lines) < _FEWEST_LINES:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    if right <= left:
        return None
    step = (right - left) / _STEPS
    places = [left + step * number for number in range(int(_STEPS * _NARROWEST), int(_STEPS * (1 - _NARROWEST)) + 1)]
    scores = {place: _score(lines, place) for place in places}
    best = max(scores.values())
    if best <= 0:
        return None
    within = [place for place in places if scores[place] == best]
    return within[len(within) // 2]


def _score(lines: Sequence[TextLine], place: float) -> int:
    """How many lines stand on both sides of a place, if they are sentences and few lines reach over it."""
    both = over = sentences = 0
    for line in lines:
        if _reaches_over(line, place):
            over += 1
            continue
        before = sum(len(part) for part in line.parts if part[-1].x1 <= place)
        after = sum(len(part) for part in line.parts if part[0].x0 >= place)
        both += bool(before and after)
        sentences += before >= _FEWEST_WORDS and after >= _FEWEST_WORDS
    enough = both >= _FEWEST_LINES and both >= 2 * over and sentences * 3 >= both * 2
    return both if enough else 0
