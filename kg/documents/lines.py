"""Makes the text of a document whose format is no text: one line a block, cells between pipes, offsets exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.blocks import BlockBuilder
from kg.documents.document import Block, BlockKind, Span, Unreadable

MAXIMUM_TEXT = 4 * 1024 * 1024
"""So many characters of text at most: what holds more is no guide."""

_BETWEEN = " | "
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2028\u2029\x85]+")
_TABULAR = (BlockKind.HEADER, BlockKind.ROW)


class Where(NamedTuple):
    """Where a line stands in the document as it came; `line` 0 where that has none: then it is that of the text."""

    line: int = 1
    page: int = 0
    sheet: str = ""
    row: int = 0


START = Where()
"""Where nothing better is known."""


class _Line(NamedTuple):
    kind: BlockKind | None
    """None where headings end and no block stands."""
    cells: tuple[str, ...]
    where: Where
    level: int = 0
    table: int = 0
    omitted: str = ""


def one_line(text: str) -> str:
    """Text without line breaks and doubled blanks.

    >>> one_line("  JW\\u00a0\\n waste ")
    'JW waste'
    """
    return _BLANKS.sub(" ", text).strip()


class Lines:
    """What readers add lines to, in the order in which a person reads them.

    >>> lines = Lines()
    >>> lines.heading("Modifiers", 2)
    >>> lines.start_table()
    >>> lines.row(BlockKind.ROW, ["JW", "waste"])
    >>> text, blocks = lines.content()
    >>> text
    'Modifiers\\nJW | waste'
    >>> blocks[1].cells
    (Span(start=10, end=12), Span(start=15, end=20))
    """

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._tables = 0
        self._length = 0

    def heading(self, text: str, level: int, where: Where = START) -> None:
        """Add a heading."""
        self._add(_Line(BlockKind.HEADING, (one_line(text),), where, level))

    def block(self, kind: BlockKind, text: str, where: Where = START, level: int = 0) -> None:
        """Add a paragraph, or a list item with its depth."""
        self._add(_Line(kind, (one_line(text),), where, level))

    def omit(self, reason: str, text: str, where: Where = START) -> None:
        """Add what is not read, with the reason."""
        self._add(_Line(BlockKind.NAVIGATION, (one_line(text),), where, omitted=reason))

    def end_section(self, level: int) -> None:
        """End the headings of a level and below."""
        self._lines.append(_Line(None, (), START, level))

    def start_table(self) -> None:
        """Begin a table; the rows that follow belong to it."""
        self._tables += 1

    def row(self, kind: BlockKind, cells: Iterable[str], where: Where = START) -> None:
        """Add the header or a row of the table that was begun last."""
        self._add(_Line(kind, tuple(map(one_line, cells)), where, table=self._tables))

    def content(self) -> tuple[str, tuple[Block, ...]]:
        """The whole text, and its blocks."""
        text = "\n".join(_BETWEEN.join(line.cells) for line in self._lines if line.kind)
        builder, offset, number = BlockBuilder(text), 0, 0
        for line in self._lines:
            if line.kind is None:
                builder.end_section(line.level)
                continue
            number += 1
            end = offset + len(_BETWEEN.join(line.cells))
            _build(builder, line, line.kind, Span(offset, end), line.where.line or number)
            offset = end + 1
        return text, builder.blocks()

    def _add(self, line: _Line) -> None:
        if any(line.cells):
            self._length += sum(map(len, line.cells)) + len(_BETWEEN) * len(line.cells)
            if self._length > MAXIMUM_TEXT + len(_BETWEEN):
                raise Unreadable(f"more than {MAXIMUM_TEXT:,} characters of text, the most of a document")
            self._lines.append(line)


def _build(builder: BlockBuilder, line: _Line, kind: BlockKind, span: Span, number: int) -> None:
    if kind is BlockKind.HEADING:
        builder.end_section(line.level)
    cells = _spans(line.cells, span.start) if kind in _TABULAR else ()
    _, page, sheet, row = line.where
    builder.add(
        Block(kind, *span, number, builder.section, line.level, line.table, cells, page, sheet, row, line.omitted)
    )
    if kind is BlockKind.HEADING:
        builder.open_section(line.cells[0], line.level)


def _spans(cells: Sequence[str], offset: int) -> tuple[Span, ...]:
    spans = []
    for cell in cells:
        spans.append(Span(offset, offset + len(cell)))
        offset += len(cell) + len(_BETWEEN)
    return tuple(spans)
