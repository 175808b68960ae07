"""A document: its text, and the blocks that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from kg.model.members import plain_members


@plain_members
class BlockKind(StrEnum):
    """What a block is; navigation is what a reader leaves out: menus, hidden text, running headers."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADER = "header"
    ROW = "row"
    NAVIGATION = "navigation"


class Unreadable(Exception):
    """Why bytes are no document, and on which line if that is known; `parse` adds the name of the file."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


class Span(NamedTuple):
    """A stretch of a document's text, in Unicode code points; `end` is exclusive."""

    start: int
    end: int


class Block(NamedTuple):
    """A heading, paragraph, list item, or the header or one row of a table.

    `line` counts from 1 in the document as it came. `level` is that of a heading, 1 being the title's, or the depth of
    a list item where the reader knows it; of rows, `table` numbers the table within the document and `cells` are the
    spans of their cells. `section` holds the headings above, outermost first. `page`, `sheet` and `row` say where the
    block stands in formats that have them, `row` counting from 1 in the sheet or file. `omitted` is why navigation is
    not read: "navigation", "hidden", "form control", "running header", …
    """

    kind: BlockKind
    start: int
    end: int
    line: int
    section: tuple[str, ...] = ()
    level: int = 0
    table: int = 0
    cells: tuple[Span, ...] = ()
    page: int = 0
    sheet: str = ""
    row: int = 0
    omitted: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One billing guide: its text as the reader gives it, its blocks in order, and its checksum."""

    identifier: str
    """Made from the file's name; unique within one graph."""
    name: str
    """The file's name, for messages and citations."""
    title: str
    """The first heading, or the file's name."""
    format: str
    """The name of the reader."""
    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    checksum: str = ""
    """SHA-256 of the bytes, in hexadecimal."""
    encoding: str = ""
    """How text was encoded; empty for formats that say so themselves."""

    def quote(self, span: Span | Block) -> str:
        """The text between two offsets."""
        return self.text[span.start : span.end]
