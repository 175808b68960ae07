"""HTML: the text that a person would read, one line a block, with cells between pipes.

The tree is built by lxml, which mends what authors leave open; scripts, styles and comments are dropped.
"""

from __future__ import annotations

import re

from lxml import etree

from kg.documents.blocks import BlockBuilder
from kg.documents.document import Block, BlockKind, Span

NAME = "html"

_SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "svg", "math", "object", "select", "textarea"})
_NAVIGATION = frozenset({"nav", "footer", "aside"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    """
    address article blockquote body caption center dd details div dl dt fieldset figcaption figure form
    header hr html legend li main ol option p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_OF_TABLES = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_MOST_COLUMNS = 50
_PAUSES = re.compile(r"(?: ?; ?)+")
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text of a page, and its blocks; lines are those of the page's source."""
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True)
    parser.feed(text.replace("\0", " ").encode("utf-8", "replace"))
    root = parser.close()
    page = _Page()
    if root is None:
        return page.finish()
    skipping = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                page.words(element.tail)
            continue
        if event == "start" and element.tag in _SKIPPED:
            skipping = element
        elif event == "start":
            page.open(element)
            page.words(element.text)
        else:
            page.close(element)
            page.words(element.tail)
    return page.finish()


def _descriptions(term: etree._Element) -> int:
    """How many descriptions follow a term of a definition list."""
    count, element = 0, term.getnext()
    while element is not None and element.tag == "dd":
        count, element = count + 1, element.getnext()
    return count


class _Page:
    """Collects words into blocks, and cells into rows, as the elements of a page open and close."""

    def __init__(self) -> None:
        self._lines: list[tuple[BlockKind, int, list[str], int, int]] = []
        self._words: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._line = 1
        self._navigation = 0
        self._preformatted = 0
        self._table = 0
        self._tables: list[_Table] = []

    def open(self, element: etree._Element) -> None:
        """An element begins; most blocks end what was being collected."""
        tag = element.tag
        in_cell = bool(self._tables) and self._tables[-1].in_cell
        self._preformatted += tag == "pre"
        if tag == "br" or (in_cell and (tag in _HEADINGS or (tag in _BLOCKS and tag not in _OF_TABLES))):
            self._break(element.sourceline)
        elif tag in _NAVIGATION:
            self._flush(element.sourceline)
            self._navigation += 1
        elif tag in _HEADINGS or tag == "li":
            self._flush(element.sourceline)
            self._kind, self._level = (BlockKind.ITEM, 0) if tag == "li" else (BlockKind.HEADING, _HEADINGS[tag])
        elif tag == "dd" and self._kind is BlockKind.ITEM and self._words:
            self._words.append(": ")  # A term and its one description read as a labelled line.
        elif tag in ("td", "th") and self._tables:
            self._flush(element.sourceline)
            self._tables[-1].cell(element)
        elif tag in _BLOCKS:
            self._open_block(element)

    def _open_block(self, element: etree._Element) -> None:
        self._flush(element.sourceline)
        if element.tag == "table":
            self._table += 1
            self._tables.append(_Table(self._table))
        elif element.tag == "tr" and self._tables:
            self._end_row()
            self._tables[-1].row(element)
        elif element.tag == "dt":
            one = _descriptions(element) == 1
            self._kind, self._level = (BlockKind.ITEM, 0) if one else (BlockKind.HEADING, 7)

    def close(self, element: etree._Element) -> None:
        """An element ends."""
        tag = element.tag
        self._preformatted -= tag == "pre"
        if tag in ("td", "th") and self._tables and self._tables[-1].in_cell:
            self._tables[-1].end_cell(self._taken())
        elif tag == "tr" and self._tables:
            self._end_row()
        elif tag == "table" and self._tables:
            self._end_row()
            self._tables.pop()
        elif tag in _NAVIGATION:
            self._flush(element.sourceline)
            self._navigation -= 1
        elif self._tables and self._tables[-1].in_cell and (tag in _HEADINGS or tag in _BLOCKS):
            self._break(element.sourceline)
        elif tag == "dt" and self._kind is BlockKind.ITEM:
            return
        elif (tag in _BLOCKS or tag in _HEADINGS or tag == "li") and not (self._tables and self._tables[-1].in_cell):
            self._flush(element.sourceline)

    def words(self, text: str | None) -> None:
        """Text between two tags; the lines of preformatted text stay lines."""
        if not text:
            return
        first, *more = text.split("\n") if self._preformatted else [text]
        self._words.append(first)
        for number, line in enumerate(more, 1):
            self._break(self._line + number)
            self._words.append(line)

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """The whole text, and its blocks."""
        self._flush(None)
        text = "\n".join(" | ".join(cells) for _, _, cells, _, _ in self._lines)
        builder = BlockBuilder(text)
        offset = table = 0
        for kind, line, cells, level, number in self._lines:
            end = offset + len(" | ".join(cells))
            if kind in (BlockKind.HEADER, BlockKind.ROW):
                if number != table:
                    builder.start_table()
                    table = number
                builder.row(kind, offset, end, line, _spans(cells, offset))
            elif kind is BlockKind.HEADING:
                builder.heading(offset, end, line, level)
            else:
                builder.block(kind, offset, end, line)
            offset = end + 1
        return text, builder.blocks()

    def _break(self, line: int | None) -> None:
        """A line break: a new paragraph, but within a cell only a pause."""
        if self._tables and self._tables[-1].in_cell:
            if "".join(self._words).strip():
                self._words.append("; ")
        elif self._kind is BlockKind.HEADING:
            self._words.append(" ")
        else:
            self._flush(line)

    def _taken(self) -> str:
        text = _BLANKS.sub(" ", "".join(self._words)).strip()
        self._words = []
        return _PAUSES.sub("; ", text).strip("; ") if ";" in text else text

    def _flush(self, line: int | None) -> None:
        """End the block that was being collected; the next one begins at `line`."""
        if self._tables and self._tables[-1].in_cell:
            self._tables[-1].end_cell(self._taken())
        elif text := self._taken():
            kind = BlockKind.NAVIGATION if self._navigation else self._kind
            self._lines.append((kind, self._line, [text], self._level, 0))
        self._kind = BlockKind.PARAGRAPH
        self._line = line or self._line

    def _end_row(self) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if table.in_cell:
            table.end_cell(self._taken())
        if row := table.end_row():
            kind, line, cells = row
            kind = BlockKind.NAVIGATION if self._navigation else kind
            self._lines.append((kind, line, cells, 0, table.number))


class _Table:
    """The rows of one table; cells that span rows stand in each of them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.in_cell = False
        self._cells: list[str] = []
        self._spans: list[int] = []
        self._headers = 0
        self._line = 1
        self._rowspan = self._colspan = 1
        self._repeat = False
        self._own = 0
        self._carried: dict[int, tuple[str, int]] = {}
        self._rows = 0

    def row(self, element: etree._Element) -> None:
        self._line = element.sourceline or self._line
        self._cells, self._spans, self._headers, self._own = [], [], 0, 0

    def cell(self, element: etree._Element) -> None:
        self.in_cell = True
        self._headers += element.tag == "th"
        self._rowspan, self._colspan = _number(element, "rowspan", 1000), _number(element, "colspan", _MOST_COLUMNS)
        self._repeat = element.tag == "th"

    def end_cell(self, text: str) -> None:
        self.in_cell = False
        self._fill()
        # A header over several columns names each of them; other cells leave the columns behind them empty.
        texts = [text] + [text if self._repeat else ""] * (self._colspan - 1)
        self._cells += texts
        self._spans += [self._rowspan] * len(texts)
        self._own += 1
        self._headers += (self._colspan - 1) * self._repeat

    def end_row(self) -> tuple[BlockKind, int, list[str]] | None:
        if not self._cells:
            return None
        if self._own == 1 and len(set(self._cells) - {""}) <= 1:
            self._cells, self._spans, self._headers = self._cells[:1], self._spans[:1], self._headers and 1
        self._fill()
        cells, header = self._cells, self._headers == len(self._cells) and self._rows == 0
        for column, (text, span) in enumerate(zip(cells, self._spans, strict=True)):
            if span > 1:
                self._carried[column] = (text, span - 1)
        self._cells, self._spans, self._headers, self._own = [], [], 0, 0
        self._rows += len(cells) > 1
        return (BlockKind.HEADER if header and len(cells) > 1 else BlockKind.ROW), self._line, cells

    def _fill(self) -> None:
        """Put in the cells that reach down from the rows above."""
        while (column := len(self._cells)) in self._carried:
            text, left = self._carried.pop(column)
            self._cells.append(text)
            self._spans.append(1)
            if left > 1:
                self._carried[column] = (text, left - 1)
                break


def _number(element: etree._Element, name: str, most: int) -> int:
    """A span of rows or columns, within reason; whatever is no number is 1."""
    digits = (element.get(name) or "1").strip()
    return max(1, min(int(digits), most)) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1


def _spans(cells: list[str], offset: int) -> tuple[Span, ...]:
    spans = []
    for cell in cells:
        spans.append(Span(offset, offset + len(cell)))
        offset += len(cell) + 3
    return tuple(spans)
