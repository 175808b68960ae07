"""Collects the blocks of a document in order, with the headings that each stands under."""

from __future__ import annotations

from kg.documents.document import Block, BlockKind, Span


class BlockBuilder:
    """What readers add blocks to; it keeps the headings above and numbers the tables.

    >>> builder = BlockBuilder("Modifiers\\nUse JW.")
    >>> builder.heading(0, 9, line=1, level=2)
    >>> builder.block(BlockKind.PARAGRAPH, 10, 17, line=2)
    >>> builder.blocks()[1].section
    ('Modifiers',)
    """

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._blocks: list[Block] = []
        self._headings: list[tuple[int, str]] = []
        self._section: tuple[str, ...] = ()
        self._tables = 0

    def heading(self, start: int, end: int, line: int, level: int) -> None:
        """Add a heading; it ends all of its level and below."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._add(Block(BlockKind.HEADING, start, end, line, tuple(text for _, text in self._headings), level))
        self._headings.append((level, self._text[start:end]))
        self._section = tuple(text for _, text in self._headings)

    def block(self, kind: BlockKind, start: int, end: int, line: int) -> None:
        """Add a paragraph, a list item, or navigation."""
        self._add(Block(kind, start, end, line, self._section))

    def start_table(self) -> None:
        """Begin a table; the rows that follow belong to it."""
        self._tables += 1

    def row(self, kind: BlockKind, start: int, end: int, line: int, cells: tuple[Span, ...]) -> None:
        """Add the header or a row of the table that was begun last."""
        self._add(Block(kind, start, end, line, self._section, 0, self._tables, cells))

    def blocks(self) -> tuple[Block, ...]:
        """All blocks so far."""
        return tuple(self._blocks)

    def _add(self, block: Block) -> None:
        if block.end > block.start:
            self._blocks.append(block)
