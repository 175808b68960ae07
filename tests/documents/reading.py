"""What the tests of the readers share: documents from a few lines, and their blocks as plain tuples."""

from __future__ import annotations

from kg.documents import BlockKind, Document, parse


def text(content: str) -> Document:
    """A document of plain text or Markdown."""
    return parse(content.encode(), "guide.md")


def page(content: str) -> Document:
    """A page of HTML."""
    return parse(content.encode(), "guide.html")


def blocks(document: Document, *kinds: BlockKind) -> list[tuple[str, str]]:
    """The kind and the text of each block, of all kinds or of those named."""
    return [(b.kind.value, document.quote(b)) for b in document.blocks if not kinds or b.kind in kinds]


def rows(document: Document) -> list[list[str]]:
    """The cells of each row, headers included."""
    return [[document.quote(cell) for cell in b.cells] for b in document.blocks if b.cells]


def tables(document: Document) -> list[int]:
    """How many rows each table has, headers included."""
    numbers = [b.table for b in document.blocks if b.cells]
    return [numbers.count(number) for number in sorted(set(numbers))]
