"""Tables of plain text without lines between the cells: columns set apart by blanks, and labels with their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.document import Span
from kg.documents.paragraphs import A_CODE
from kg.documents.shapes import Line, Shape

_CELL = re.compile(r"\S+(?: \S+)*")
_GAP = "  "
_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 2
_LONGEST_HEAD = 40
# A rule between the head of a table and its rows: "----  ------".
_RULE = re.compile(r"[-=_ ]+")
# How far a cell may stand from the edges of its column's head.
_NEAR = 4


# What parts a label from its value: dots that lead to it, or blanks.
_LEADER = re.compile(r"\s?\.{3,}\s?|\s{2,}")
# Two letters may be a modifier.
_LETTERS = re.compile(r"[A-Za-z]{3}")
_LONGEST_LABEL = 32
_FEWEST_LED = 2
_FEWEST_PAIRS = 3
_PAGE = re.compile(r"\d{1,3}|[ivxl]+")


class AlignedRow(NamedTuple):
    """A row, its line, and a cell for each column; those in which nothing stands are empty."""

    line: Line
    cells: tuple[Span, ...]


def aligned_rows(text: str, lines: Sequence[Line], at: int) -> list[AlignedRow]:
    """The head and the rows of the table that begins at a line; empty where none does."""
    heads = _cells(text, lines[at])
    if len(heads) < _FEWEST_COLUMNS or not _are_heads(text, heads):
        return []
    rows = [AlignedRow(lines[at], tuple(heads))]
    origin = _origin(text, lines[at])
    for line in lines[at + 1 :]:
        if line.shape in (Shape.UNDERLINE, Shape.RULE) and len(rows) == 1:
            continue
        if line.shape not in (Shape.TEXT, Shape.ITEM) or _RULE.fullmatch(text, line.start, line.end):
            break
        cells = _below(heads, _cells(text, line), origin, _origin(text, line))
        if cells is None:
            break
        rows.append(AlignedRow(line, cells))
    return rows if len(rows) > _FEWEST_ROWS else []


def labelled_rows(text: str, lines: Sequence[Line], at: int) -> list[AlignedRow]:
    """The lines from one on that are a label, and behind blanks or dots its value, each below the other."""
    rows: list[AlignedRow] = []
    first = _pair(text, lines[at])
    if first is None or (at and _column_of(text, lines[at - 1]) == first.column):
        return []  # The lines before were looked at together with this one, so that a long list is passed over once.
    column = first.column
    for number in range(at, len(lines)):
        pair = _pair(text, lines[number])
        if pair is None or pair.column != column:
            break
        rows.append(AlignedRow(lines[number], (pair.label, pair.value)))
    if len(rows) < (_FEWEST_PAIRS if column else _FEWEST_LED):
        return []
    is_contents = all(_PAGE.fullmatch(text, *row.cells[1]) for row in rows)
    return [] if is_contents else rows


class _Pair(NamedTuple):
    """The label and the value of a line, and in which column the value stands; 0 where dots lead to it."""

    label: Span
    value: Span
    column: int


def _pair(text: str, line: Line) -> _Pair | None:
    """The label and the value of a line that has both; None where it has more, or a label that is none."""
    gaps = list(_LEADER.finditer(text, line.start, line.end)) if line.shape is Shape.TEXT else []
    if len(gaps) != 1:
        return None
    gap = gaps[0]
    label, value = Span(line.start, gap.start()), Span(gap.end(), line.end)
    is_label = _LETTERS.match(text, *label) and text[label.end - 1] not in ".,;" and not A_CODE.search(text, *label)
    column = 0 if "." in gap[0] else value.start - _origin(text, line)
    return _Pair(label, value, column) if is_label and label.end - label.start <= _LONGEST_LABEL else None


def _column_of(text: str, line: Line) -> int | None:
    pair = _pair(text, line)
    return pair.column if pair else None


def _origin(text: str, line: Line) -> int:
    return text.rfind("\n", 0, line.start) + 1


def _cells(text: str, line: Line) -> list[Span]:
    """The stretches of a line between gaps of two blanks or more."""
    start = _origin(text, line)
    if text.find(_GAP, start, line.end) < 0:
        return []
    return [Span(*match.span()) for match in _CELL.finditer(text, start, line.end)]


def _are_heads(text: str, cells: Sequence[Span]) -> bool:
    """Whether cells are the heads of columns: short words without a code."""
    return all(
        text[cell.start].isalpha() and cell.end - cell.start <= _LONGEST_HEAD and not A_CODE.search(text[slice(*cell)])
        for cell in cells
    )


def _below(heads: Sequence[Span], cells: Sequence[Span], origin: int, own: int) -> tuple[Span, ...] | None:
    """The cells of a line, each below its head; None where one stands below none, or two below one."""
    if len(cells) < _FEWEST_COLUMNS - 1 or len(cells) > len(heads):
        return None
    placed: dict[int, Span] = {}
    for cell in cells:
        start, end = cell.start - own, cell.end - own
        distances = [_distance(head.start - origin, head.end - origin, start, end) for head in heads]
        nearest = distances.index(min(distances))
        if distances[nearest] > _NEAR or any(nearest <= other for other in placed):
            return None
        placed[nearest] = cell
    at = cells[0].start
    row = []
    for number in range(len(heads)):
        cell = placed.get(number, Span(at, at))
        row.append(cell)
        at = cell.end
    return tuple(row)


def _distance(head_start: int, head_end: int, start: int, end: int) -> int:
    """How far a cell stands from a head: by its left edge, or by its right one as numbers do; 0 below it."""
    return min(abs(start - head_start), abs(end - head_end)) if not head_start <= start < head_end else 0
