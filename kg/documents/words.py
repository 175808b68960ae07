"""Words and where they stand on a page, and the lines that they form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_GAP = 1.3
"""A gap so many times as wide as the letters are high parts cells; blanks are a quarter of it."""


class Word(NamedTuple):
    """A word of a page, with its box counted from the upper left corner, and its letters."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 10.0
    bold: bool = False


class Box(NamedTuple):
    """The box of a cell."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, word: Word) -> bool:
        """Whether the middle of a word lies within."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class TextLine(NamedTuple):
    """A line of text: its words in parts that wide gaps keep apart."""

    text: str
    parts: Sequence[Sequence[Word]]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    page: int
    right: float
    """Where the lines of its column end."""


def in_lines(words: Iterable[Word], page: int) -> list[TextLine]:
    """The lines of a column, from top to bottom.

    >>> [line.text for line in in_lines([Word("JW", 0, 0, 9, 10), Word("waste", 12, 1, 30, 11)], 1)]
    ['JW waste']
    """
    lines: list[list[Word]] = []
    middle = bottom = 0.0
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.x0)):
        height = (word.top + word.bottom) / 2
        if lines and height - middle <= 0.4 * min(word.bottom - word.top, bottom):
            lines[-1].append(word)
        else:
            lines.append([word])
            middle, bottom = height, word.bottom - word.top
    right = max((word.x1 for line in lines for word in line), default=0.0)
    return [_line(sorted(line, key=lambda word: word.x0), page, right) for line in lines]


def _line(words: Sequence[Word], page: int, right: float) -> TextLine:
    parts: list[list[Word]] = []
    for word in words:
        if parts and word.x0 - parts[-1][-1].x1 <= _GAP * max(word.size, 6):
            parts[-1].append(word)
        else:
            parts.append([word])
    return TextLine(
        text=" ".join(word.text for word in words),
        parts=parts,
        x0=words[0].x0,
        top=min(word.top for word in words),
        x1=words[-1].x1,
        bottom=max(word.bottom for word in words),
        size=_common([word.size for word in words]),
        bold=all(word.bold for word in words),
        page=page,
        right=right,
    )


def _common(sizes: Sequence[float]) -> float:
    return sorted(sizes)[len(sizes) // 2]
