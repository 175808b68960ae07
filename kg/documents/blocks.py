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
        self.section: tuple[str, ...] = ()
        """The headings above what comes next, outermost first."""
        self._tables = 0

    def heading(self, start: int, end: int, line: int, level: int) -> None:
        """Add a heading; it ends all of its level and below."""
        self.end_section(level)
        self.add(Block(BlockKind.HEADING, start, end, line, self.section, level))
        self.open_section(self._text[start:end], level)

    def open_section(self, title: str, level: int) -> None:
        """Put what follows under a heading."""
        self._headings.append((level, title))
        self.section = tuple(text for _, text in self._headings)

    def end_section(self, level: int) -> None:
        """End the headings of a level and below; what follows stands under those above."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self.section = tuple(text for _, text in self._headings)

    def block(self, kind: BlockKind, start: int, end: int, line: int, level: int = 0) -> None:
        """Add a paragraph, a list item with its depth, or navigation."""
        self.add(Block(kind, start, end, line, self.section, level))

    def omit(self, start: int, end: int, line: int, reason: str) -> None:
        """Add a stretch that is left out, and why."""
        self.add(Block(BlockKind.NAVIGATION, start, end, line, self.section, omitted=reason))

    def start_table(self) -> None:
        """Begin a table; the rows that follow belong to it."""
        self._tables += 1

    def row(self, kind: BlockKind, start: int, end: int, line: int, cells: tuple[Span, ...]) -> None:
        """Add the header or a row of the table that was begun last."""
        self.add(Block(kind, start, end, line, self.section, 0, self._tables, cells))

    def add(self, block: Block) -> None:
        """Add a block; one without any text is left out."""
        if block.end > block.start:
            self._blocks.append(block)

    def blocks(self) -> tuple[Block, ...]:
        """All blocks so far."""
        return tuple(self._blocks)
