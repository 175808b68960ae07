"""What each line of plain text or Markdown is, told by its marks, and where its content stands."""

from __future__ import annotations

import itertools
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.document import Span
from kg.model.members import plain_members

_ATX = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r"[ \t]*(=+|-{2,})[ \t]*$")
# Word processors leave marks of their own: a small "o", and signs of the symbol fonts.
_BULLET = re.compile(
    r"[ \t]*(?:(?:[-*+•‣▪·●○–—◦∙§➢►✓□■\uf0a7\uf0b7\uf0d8\uf0fc]|o(?=[ \t]+[A-Z\"]))[ \t]+|"
    r"\(?(?:\d{1,3}|[a-zA-Z]|[IVX]{2,4}|[ivx]{2,4})[.)][ \t]+|"
    r"\d{1,3}[ \t]{2,}(?=[A-V]\d{4}\b|[A-Z]\d[0-9AB]\.\w))(?=\S)"
)
# The numbers of an outline: "1.2.1 Modifiers".
_OUTLINE = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,5})\.?[ \t]+(?=[A-Z])")
_ALIGNMENT = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_RULE = re.compile(r"[ \t]*(?:[*_=~-][ \t]*){3,}$|[ \t]*(?:```|~~~)")
_GRID_RULE = re.compile(r"\+(?:[-=:]+\+)+")
_MARGIN = " \t\ufeff\u00a0>"
_PIPE = re.compile(r"(?<!\\)\|")
_TAB = re.compile(r"\t[ \t]*")


@plain_members
class Shape(Enum):
    """What a line is."""

    BLANK = auto()
    HEADING = auto()
    UNDERLINE = auto()
    ALIGNMENT = auto()
    ROW = auto()
    ITEM = auto()
    RULE = auto()
    TEXT = auto()


class Line(NamedTuple):
    """A line, what it is, and where its content stands in the text."""

    shape: Shape
    number: int
    start: int
    end: int
    """Of the content, without marks and the blanks around it."""
    level: int


def lines_of(text: str) -> list[Line]:
    """The lines of a text, each with its shape."""
    lines = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        recurs = len(raw) < _REMEMBERED and raw[:1] != "|"
        shape, left, right, level = _known_shape(raw) if recurs else _shape(raw)
        lines.append(Line(shape, number, start + left, start + right, level))
        start += len(raw) + 1
    return lines


def is_grid_rule(text: str, line: Line) -> bool:
    """Whether a line is the rule around the rows of a grid: "+-------+------+"."""
    return line.shape is Shape.RULE and _GRID_RULE.fullmatch(text, line.start, line.end) is not None


def _shape(raw: str) -> tuple[Shape, int, int, int]:
    """What a line is, where its content begins and ends in it, and the level of a heading."""
    content = raw.lstrip(_MARGIN)
    left = len(raw) - len(content)
    content = content.rstrip()
    right = left + len(content)
    if not content:
        return Shape.BLANK, left, right, 0
    if "|" in content and _ALIGNMENT.match(content):
        return Shape.ALIGNMENT, left, right, 0
    # Marks are told by their first character; most lines begin with a capital, most rows with a pipe.
    if not content[0].isupper() and content[0] != "|":
        if match := _ATX.match(content):
            return Shape.HEADING, left + match.start("text"), left + match.end("text"), len(match["marks"])
        if _SETEXT.match(content):
            return Shape.UNDERLINE, left, right, 1 if "=" in content else 2
        if _RULE.match(content) or _GRID_RULE.fullmatch(content):
            return Shape.RULE, left, right, 0
        if match := _OUTLINE.match(content):
            return Shape.ITEM, left + match.end(), right, match["number"].count(".") + 1
        if match := _BULLET.match(content):
            return (
                Shape.ITEM,
                left + match.end(),
                right,
                1 if content[match.start() : match.end()].strip(" .)").isdigit() else 0,
            )
    if "\t" in content or ("|" in content and (content.count("|") > 1 or _PIPE.search(content.strip("|")))):
        return Shape.ROW, left, right, 0
    return Shape.TEXT, left, right, 0


# Headings recur in guides; paragraphs and rows do not, and would fill the memory.
_REMEMBERED = 120
_known_shape = lru_cache(maxsize=2048)(_shape)


def cells_of(text: str, line: Line) -> tuple[Span, ...]:
    """The cells of a row, with pipes or tabs between them; the outer pipes may be missing."""
    raw = text[line.start : line.end]
    if "|" in raw and (piped := _PIPE.split(raw) if "\\" in raw else raw.split("|"))[1:]:
        at = line.start
        if raw.startswith("|"):
            del piped[0]
            at += 1
        if raw.endswith("|") and len(piped) > 1:
            piped.pop()
        return tuple(_spans(piped, at))
    edges = [(0, 0), *(match.span() for match in _TAB.finditer(raw)), (len(raw), len(raw))]
    cells = [_spans([raw[left:right]], line.start + left) for (_, left), (right, _) in itertools.pairwise(edges)]
    return tuple(span for spans in cells for span in spans)


def _spans(pieces: list[str], at: int) -> list[Span]:
    """The spans of stretches with one character between them, without the blanks around each."""
    spans = []
    for piece in pieces:
        words = piece.lstrip()
        after = at + len(piece)
        start = after - len(words)
        spans.append(Span(start, start + len(words.rstrip())))
        at = after + 1
    return spans
