"""The tables of a page: which of them only place things, and the rows and cells of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.documents.document import BlockKind
from kg.documents.grid import MOST_COLUMNS, MOST_ROWS, Cell, Row, write_table
from kg.documents.lines import Lines, Where, one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def is_layout(table: LexborNode) -> bool:
    """Whether a table only places things on the page: its cells hold tables, and none is a header."""
    if table.attributes.get("role") in ("presentation", "none"):
        return True
    if table.css_first("table table") is None:
        return False
    rows = [row for part in (*_children(table, "tbody"), table) for row in _children(part, "tr")]
    cells = [[*_children(row, "td"), *_children(row, "th")] for row in rows]
    if any(cell.tag == "th" for row in cells for cell in row) or any(_children(table, "thead")):
        return False
    holding = sum(any(cell.css_first("table") is not None for cell in row) for row in cells)
    return holding * 2 >= len(rows)


def _children(node: LexborNode, tag: str) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.tag == tag:
            yield child
        child = child.next


class PageTable:
    """Collects the rows of one table; a table within one of its cells becomes words of that cell."""

    def __init__(self) -> None:
        self.depth = 1
        self._rows: list[Row] = []
        self._cells: list[Cell] = []
        self._parts: list[str] = []
        self._words: list[str] = []
        self._cell: LexborNode | None = None
        self._line = 1
        self._head = False
        self._title: list[tuple[str, Where]] = []

    def open(self, node: LexborNode, name: str, line: int) -> None:
        """A part of the table begins."""
        if name == "table":
            self.depth += 1
        if self.depth > 1:
            self._open_within(name)
        elif name == "thead":
            self._head = True
        elif name == "tr":
            self._line = line
        elif name in ("td", "th"):
            self._cell = node
        elif name == "caption":
            self._line = line

    def _open_within(self, name: str) -> None:
        if name in ("td", "th") and one_line("".join(self._words)):
            self._words.append(", ")
        elif name in ("table", "tr"):
            self.pause()

    def close(self, name: str) -> None:
        """A part of the table ends."""
        if name == "table":
            self.depth -= 1
            self.pause()
        elif self.depth > 1:
            return
        elif name in ("td", "th") and self._cell is not None:
            self._cells.append(_cell(self._cell, self._taken("; " if name == "td" else " ")))
            self._cell = None
        elif name == "caption":
            self._title.append((self._taken(" "), Where(self._line)))
        elif name == "tr":
            self._rows.append(Row(self._cells, Where(self._line), self._head))
            self._cells = []
        elif name == "thead":
            self._head = False

    def add(self, text: str) -> None:
        """Words of the cell."""
        self._words.append(text)

    def last_words(self) -> str:
        """The end of what the cell holds so far."""
        return "".join(self._words[-1:])

    def pause(self) -> None:
        """A block or a line of the cell begins or ends."""
        if text := one_line("".join(self._words)):
            self._parts.append(text)
        self._words = []

    def write(self, lines: Lines) -> None:
        """Add the table to the lines of the page."""
        for text, where in self._title:
            lines.block(BlockKind.PARAGRAPH, text, where)
        write_table(lines, self._rows)

    def _taken(self, between: str) -> str:
        self.pause()
        parts, self._parts = self._parts, []
        return between.join(parts)


def _cell(node: LexborNode, text: str) -> Cell:
    attributes = node.attributes
    rows = number_of(attributes.get("rowspan"), MOST_ROWS)
    return Cell(text, rows, number_of(attributes.get("colspan"), MOST_COLUMNS), node.tag == "th")


def number_of(digits: str | None, most: int) -> int:
    """A number that an attribute holds, within reason: a span, or a level; whatever is no number is 1."""
    digits = digits.strip() if digits else ""
    return max(1, min(int(digits), most)) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1
