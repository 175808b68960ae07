"""Tables without rules: lines whose parts stand below each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.words import TextLine, Word

_ITEM = re.compile(r"[^\w\s]\s|\(?\w{1,3}[.)]\s")
_MOST_BETWEEN = 3
"""So many lines with a first cell only may stand between two rows."""
_FEWEST = 2

Part = Sequence[Word]
Column = tuple[float, float]


class Rows(NamedTuple):
    """The rows of a table, each cell with its lines, and the number of the line after it."""

    cells: list[list[list[str]]]
    after: int


def rows_at(lines: Sequence[TextLine], at: int) -> Rows | None:
    """The table that begins at a line; None where none does."""
    if len(lines[at].parts) < 2 or _ITEM.match(lines[at].text):
        return None
    columns: list[Column] = [_extent(part) for part in lines[at].parts]
    last = at + 1
    while (following := _next_row(lines, last, columns)) is not None:
        columns = _widened(columns, lines[following].parts)
        last = following + 1
    rows = sum(len(line.parts) > 1 for line in lines[at:last])
    if rows < _FEWEST:
        return None
    return Rows(_filled(lines[at:last], columns), last)


def _next_row(lines: Sequence[TextLine], after: int, columns: Sequence[Column]) -> int | None:
    """The next line that fits the columns of a table; those before it hold a first cell only."""
    for number in range(after, min(after + _MOST_BETWEEN, len(lines))):
        line, above = lines[number], lines[number - 1]
        if line.top - above.bottom > 2 * line.size or _ITEM.match(line.text):
            return None
        places = [_columns_of(part, columns) for part in line.parts]
        if any(len(numbers) > 1 for numbers in places):
            return None
        if len(line.parts) > 1:
            column_numbers = {numbers[0] for numbers in places if numbers}
            return number if len(column_numbers) >= _FEWEST else None
        if places[0] and places[0][0] > 0:
            return number
    return None


def _widened(columns: Sequence[Column], parts: Iterable[Part]) -> list[Column]:
    """The columns, as wide as these parts make them, and with those that stand beside all of them."""
    wide = list(columns)
    for part in parts:
        numbers, (left, right) = _columns_of(part, wide), _extent(part)
        if numbers:
            wide[numbers[0]] = min(left, wide[numbers[0]][0]), max(right, wide[numbers[0]][1])
        else:
            wide = sorted([*wide, (left, right)])
    return wide


def _filled(lines: Sequence[TextLine], columns: Sequence[Column]) -> list[list[list[str]]]:
    rows: list[list[list[str]]] = []
    for line in lines:
        first = (_columns_of(line.parts[0], columns) or [0])[0]
        if len(line.parts) > 1 or first == 0 or not rows:
            rows.append([[] for _ in columns])
        for part in line.parts:
            numbers = _columns_of(part, columns)
            rows[-1][numbers[0] if numbers else 0].append(" ".join(word.text for word in part))
    return rows


def _columns_of(part: Part, columns: Sequence[Column]) -> list[int]:
    """The columns that a part of a line stands in."""
    left, right = _extent(part)
    return [number for number, (start, end) in enumerate(columns) if left < end and start < right]


def _extent(part: Part) -> Column:
    return part[0].x0, part[-1].x1
