"""From words on pages to blocks: columns one after the other, tables, headings, items, paragraphs, running heads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.documents.columns import parted
from kg.documents.document import BlockKind
from kg.documents.grid import Cell, Row, write_table
from kg.documents.lines import Lines, Where
from kg.documents.sheet import is_header
from kg.documents.words import Box, TextLine, Word, in_lines

_ZONE = 0.12
"""Running heads stand in the upper and the lower eighth of a page."""
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—|\s]*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"(?:[•●▪■◦‣·○❖➢✓*–—-]|o(?= [A-Z])|\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)])\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;][\"”’)]?$")
_OPEN = ("-", "–", ",", "(", "/")
_HYPHEN = re.compile(r"[a-z]-$")
# "infliximab-dyyb": the suffix of a biosimilar keeps its hyphen.
_SUFFIXED = re.compile(r"(?:mab|cept|stim|grastim|poetin|ase|cog|tocog|tropin|lin|parin|fusp|alfa|beta)-$")
_SUFFIX = re.compile(r"[a-z]{4}\b")
_LONGEST_HEADING = 120
_LARGER = 1.12


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its words, the cells of its ruled tables, and words that do not stand upright."""

    number: int
    height: float
    words: Sequence[Word]
    tables: Sequence[Sequence[Box]] = ()
    turned: Sequence[str] = ()


class _Table(NamedTuple):
    rows: list[list[Cell]]
    page: int
    bold: bool
    """Whether its first row is in bold letters."""
    first: bool
    last: bool
    """Whether it is the first or the last thing on its page."""


_Piece = TextLine | _Table


def write_pages(lines: Lines, pages: Sequence[Page]) -> None:
    """Add all pages; what runs along them comes last, so that it parts no table or paragraph that goes on."""
    found = [(page, list(_pieces(page))) for page in pages]
    running = _running(found)
    writer = _Writer(lines, [piece for _, pieces in found for piece in pieces if isinstance(piece, TextLine)])
    for page, pieces in found:
        kept = [piece for piece in pieces if not (isinstance(piece, TextLine) and _key(piece, page) in running)]
        for number, piece in enumerate(kept):
            if isinstance(piece, TextLine):
                writer.add_line(piece)
            else:
                writer.add_table(piece._replace(first=number == 0, last=number == len(kept) - 1))
    writer.finish()
    for page, pieces in found:
        for piece in pieces:
            if isinstance(piece, TextLine) and (reason := running.get(_key(piece, page))):
                lines.omit(reason, piece.text, Where(0, page.number))
        lines.omit("turned text", " ".join(page.turned), Where(0, page.number))


_Key = tuple[str, str, int]


def _key(line: TextLine, page: Page) -> _Key | None:
    """What tells a running head: where it stands, and its words without numbers; None for lines within the page."""
    if line.bottom <= page.height * _ZONE:
        zone = "header"
    elif line.top >= page.height * (1 - _ZONE):
        zone = "footer"
    else:
        return None
    # A line that stands on one page alone may be a page's number, and so each is known by its page.
    number = line.page if _PAGE_NUMBER.fullmatch(line.text) else 0
    return zone, _DIGITS.sub("#", line.text), number


def _running(found: Sequence[tuple[Page, Sequence[_Piece]]]) -> dict[_Key | None, str]:
    """The lines that run along pages, with the reason why they are left out."""
    pages: dict[_Key, set[int]] = {}
    for page, pieces in found:
        for piece in pieces:
            if isinstance(piece, TextLine) and (key := _key(piece, page)):
                pages.setdefault(key, set()).add(page.number)
    running: dict[_Key | None, str] = {}
    for key, where in pages.items():
        if key[2]:
            running[key] = "page number"
        elif len(where) >= max(2, len(found) * 0.3):
            running[key] = f"running {key[0]}"
    return running


def _pieces(page: Page) -> Iterator[_Piece]:
    """The lines and tables of a page in reading order."""
    tables = [_ruled(cells, page) for cells in page.tables if _is_table(cells)]
    taken = {number for _, _, numbers in tables for number in numbers}
    free = [word for number, word in enumerate(page.words) if number not in taken]
    waiting = sorted(((top, table) for table, top, _ in tables), key=lambda pair: pair[0])
    edges = [top for top, _ in waiting]
    bands: list[list[Word]] = [[] for _ in range(len(edges) + 1)]
    for word in free:
        bands[bisect_right(edges, word.top)].append(word)
    for number, band in enumerate(bands):
        if number:
            yield waiting[number - 1][1]
        for region in parted(band):
            yield from _in_region(in_lines(region, page.number))


def _is_table(cells: Sequence[Box]) -> bool:
    """Whether ruled boxes are a table, and no frame around text."""
    return len({round(cell.x0) for cell in cells}) > 1 and len(cells) > 2


def _ruled(cells: Sequence[Box], page: Page) -> tuple[_Table, float, set[int]]:
    """A table with lines between its cells, where it begins, and the numbers of the words in it."""
    columns = sorted({round(cell.x0) for cell in cells})
    tops = sorted({round(cell.top) for cell in cells})
    placed = sorted(cells, key=lambda cell: (round(cell.top), round(cell.x0)))
    inside: list[list[Word]] = [[] for _ in placed]
    taken = set()
    frame = Box(
        min(c.x0 for c in cells), min(c.top for c in cells), max(c.x1 for c in cells), max(c.bottom for c in cells)
    )
    for number, word in enumerate(page.words):
        if frame.holds(word):
            cell = next((at for at, box in enumerate(placed) if box.holds(word)), None)
            if cell is not None:
                inside[cell].append(word)
                taken.add(number)
    rows: list[list[Cell]] = [[] for _ in tops]
    for box, words in zip(placed, inside, strict=True):
        height = sum(1 for top in tops if round(box.top) <= top < round(box.bottom) - 1)
        width = sum(1 for column in columns if round(box.x0) <= column < round(box.x1) - 1)
        text = _joined([line.text for line in in_lines(words, page.number)])
        rows[tops.index(round(box.top))].append(Cell(text, max(1, height), max(1, width)))
    heads = [word for box, words in zip(placed, inside, strict=True) if round(box.top) == tops[0] for word in words]
    bold = bool(heads) and all(word.bold for word in heads)
    return _Table([row for row in rows if row], page.number, bold, False, False), frame.top, taken


def _in_region(lines: list[TextLine]) -> Iterator[_Piece]:
    """The lines of a column; those whose parts stand below each other are rows of a table without rules."""
    at = 0
    while at < len(lines):
        last = _end_of_rows(lines, at)
        if last - at >= 2 and sum(len(line.parts) > 1 for line in lines[at:last]) >= 2:
            yield _unruled(lines[at:last])
            at = last
        else:
            yield lines[at]
            at += 1


def _end_of_rows(lines: Sequence[TextLine], at: int) -> int:
    """The line after the rows that begin at a line."""
    if len(lines[at].parts) < 2 or _BULLET.match(lines[at].text):
        return at
    starts = [part[0].x0 for part in lines[at].parts]
    last = at + 1
    while last < len(lines):
        parts = lines[last].parts
        aligned = sum(any(abs(part[0].x0 - start) <= 4 for start in starts) for part in parts)
        goes_on = len(parts) == 1 and parts[0][0].x0 > starts[0] + 4 and aligned
        near = lines[last].top - lines[last - 1].bottom <= 2 * lines[last].size
        if not near or not (goes_on or (len(parts) > 1 and aligned >= 2)):
            break
        starts += [part[0].x0 for part in parts if all(abs(part[0].x0 - start) > 4 for start in starts)]
        last += 1
    return last


def _unruled(lines: Sequence[TextLine]) -> _Table:
    starts: list[float] = []
    for x0 in sorted(part[0].x0 for line in lines for part in line.parts):
        if not starts or x0 - starts[-1] > 4:
            starts.append(x0)
    rows: list[list[list[str]]] = []
    for line in lines:
        if len(line.parts) > 1 or not rows:
            rows.append([[] for _ in starts])
        for part in line.parts:
            column = max(0, bisect_right(starts, part[0].x0 + 4) - 1)
            rows[-1][column].append(" ".join(word.text for word in part))
    cells = [[Cell(_joined(texts)) for texts in row] for row in rows]
    return _Table(cells, lines[0].page, lines[0].bold, False, False)


def _joined(texts: Iterable[str]) -> str:
    """Lines of one paragraph or cell as one; a word that was parted is whole again."""
    whole = ""
    for text in texts:
        if not whole:
            whole = text
        elif _HYPHEN.search(whole) and text[:1].islower() and not (_SUFFIXED.search(whole) and _SUFFIX.match(text)):
            whole = whole[:-1] + text
        elif whole.endswith(("-", "–", "/")) and not whole.endswith((" -", " –", " /")):
            whole += text
        else:
            whole += f" {text}"
    return whole


@dataclass(slots=True)
class _Paragraph:
    kind: BlockKind
    lines: list[TextLine]
    level: int = 0
    indent: float = 0.0


@dataclass(slots=True)
class _Writer:
    """Joins lines into paragraphs, items and headings, and tables that go on over pages."""

    lines: Lines
    all: Sequence[TextLine]
    _sizes: list[float] = field(default_factory=list)
    _body: float = 0.0
    _open: _Paragraph | None = None
    _indents: list[float] = field(default_factory=list)
    _before: _Table | None = None

    def __post_init__(self) -> None:
        weights: Counter[float] = Counter()
        for line in self.all:
            weights[round(line.size * 2) / 2] += len(line.text)
        self._body = max(weights, key=lambda size: (weights[size], -size), default=0.0)
        large = {round(line.size) for line in self.all if line.size > self._body * _LARGER}
        self._sizes = sorted(large, reverse=True)

    def add_line(self, line: TextLine) -> None:
        """The next line of text."""
        self._before = None
        level, bullet = self._level(line), _BULLET.match(line.text)
        if bullet and not (level and line.size > self._body * _LARGER):
            self.finish()
            self._indents = [indent for indent in self._indents if indent < line.x0 - 4] + [line.x0]
            text = line._replace(text=line.text[bullet.end() :])
            self._open = _Paragraph(BlockKind.ITEM, [text], len(self._indents), line.x0)
        elif self._open is not None and self._goes_on(self._open, line, level):
            self._open.lines.append(line)
        else:
            self.finish()
            self._indents = []
            self._open = _Paragraph(BlockKind.HEADING if level else BlockKind.PARAGRAPH, [line], level, line.x0)

    def add_table(self, table: _Table) -> None:
        """The next table, or the rest of the one that the page before ended with."""
        self.finish()
        self._indents = []
        before, rows = self._before, table.rows
        texts = [[cell.text for cell in row] for row in rows]
        goes_on = before is not None and table.first and before.last and table.page == before.page + 1
        if before is not None and goes_on and _width(before.rows) == _width(rows):
            again = [cell.text for cell in before.rows[0]] == texts[0]
            if not again and not table.bold:
                for row in texts:
                    self.lines.row(BlockKind.ROW, row, Where(0, table.page))
                self._before = before._replace(page=table.page, last=table.last)
                return
        head = table.bold or is_header(texts)
        grouped = head and len(rows) > 1 and any(cell.columns > 1 for cell in rows[0])
        heads = (head and len(rows) > 1) + (grouped and not any(map(str.isdigit, "".join(texts[1]))))
        placed = [Row(row, Where(0, table.page), number < heads) for number, row in enumerate(rows)]
        write_table(self.lines, placed)
        self._before = table

    def finish(self) -> None:
        """End the paragraph that is open."""
        paragraph, self._open = self._open, None
        if paragraph is None:
            return
        text, where = _joined([line.text for line in paragraph.lines]), Where(0, paragraph.lines[0].page)
        if paragraph.kind is BlockKind.HEADING:
            self.lines.heading(text, paragraph.level, where)
        else:
            self.lines.block(paragraph.kind, text, where, paragraph.level)

    def _level(self, line: TextLine) -> int:
        """The level of a heading by the size of its letters, else by their weight; 0 for other lines."""
        if len(line.text) > _LONGEST_HEADING or not any(map(str.isalnum, line.text)):
            return 0
        if line.size > self._body * _LARGER:
            return min(6, self._sizes.index(round(line.size)) + 1)
        return min(6, len(self._sizes) + 1) if line.bold and not line.text.endswith((".", ",", ";")) else 0

    def _goes_on(self, paragraph: _Paragraph, line: TextLine, level: int) -> bool:
        """Whether a line belongs to the paragraph before it."""
        last = paragraph.lines[-1]
        if abs(last.size - line.size) > 1 or (paragraph.kind is BlockKind.HEADING) != bool(level):
            return False
        unfinished = last.text.endswith(_OPEN) or (not _ENDS.search(last.text) and line.text[:1].islower())
        below = last.page == line.page and 0 <= line.top - last.top <= 2 * line.size
        if not below:  # The next column or page.
            return unfinished and paragraph.kind is not BlockKind.HEADING
        if paragraph.kind is BlockKind.HEADING:
            return level == paragraph.level and line.top - last.bottom <= 0.6 * line.size
        if paragraph.kind is BlockKind.ITEM and line.x0 < paragraph.indent - 2:
            return False
        first = line.parts[0][0]
        full = last.x1 + (first.x1 - first.x0) + 0.2 * line.size > last.right
        spaced = line.top - last.bottom > 0.9 * line.size
        return (full or unfinished) and not spaced


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return max((sum(cell.columns for cell in row) for row in rows), default=0)
