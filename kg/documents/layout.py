"""From words on pages to blocks: columns one after the other, tables, headings, items, paragraphs, running heads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.columns import parted
from kg.documents.document import BlockKind
from kg.documents.grid import Cell, Row, write_table
from kg.documents.lines import Lines, Where
from kg.documents.sheet import is_header
from kg.documents.unruled import rows_at
from kg.documents.words import Box, TextLine, Word, in_lines

_NEAR = 6.0
"""No column is so narrow, and no row so low."""
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
_LONGEST_NAME = 40
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
    first: bool = False
    last: bool = False
    """Whether it is the first or the last thing on its page."""
    top: float = 0.0
    lefts: Sequence[float] = ()
    """Where its columns begin, if lines say so."""


_Piece = TextLine | _Table


def write_pages(lines: Lines, pages: Sequence[Page]) -> None:
    """Add all pages; what runs along them comes last, so that it parts no table or paragraph that goes on."""
    pieces_by_page = [(page, _pieces(page)) for page in pages]
    running = _running(pieces_by_page)
    writer = _Writer(lines, [piece for _, pieces in pieces_by_page for piece in pieces if isinstance(piece, TextLine)])
    for page, pieces in pieces_by_page:
        body = [piece for piece in pieces if not (isinstance(piece, TextLine) and _key(piece, page) in running)]
        for number, piece in enumerate(body):
            if isinstance(piece, TextLine):
                writer.add_line(piece)
            else:
                writer.add_table(piece._replace(first=number == 0, last=number == len(body) - 1))
    writer.finish()
    for page, pieces in pieces_by_page:
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


def _running(pieces_by_page: Sequence[tuple[Page, Sequence[_Piece]]]) -> dict[_Key | None, str]:
    """The lines that run along pages, with the reason why they are left out."""
    pages: dict[_Key, set[int]] = {}
    for page, pieces in pieces_by_page:
        for piece in pieces:
            if isinstance(piece, TextLine) and (key := _key(piece, page)):
                pages.setdefault(key, set()).add(page.number)
    running: dict[_Key | None, str] = {}
    for key, where in pages.items():
        if key[2]:
            running[key] = "page number"
        elif len(where) >= max(2, len(pieces_by_page) * 0.3):
            running[key] = f"running {key[0]}"
    return running


def _pieces(page: Page) -> list[_Piece]:
    """The lines and tables of a page in reading order."""
    ruled = [_ruled(cells, page) for cells in page.tables if _is_table(cells)]
    tables = sorted((table for table, _ in ruled if table.rows), key=lambda table: table.top)
    tabular_words = set[int]().union(*(numbers for _, numbers in ruled))
    bands: list[list[Word]] = [[] for _ in range(len(tables) + 1)]
    for number, word in enumerate(page.words):
        if number not in tabular_words:
            bands[bisect_right(tables, word.top, key=lambda table: table.top)].append(word)
    pieces: list[_Piece] = []
    for number, band in enumerate(bands):
        if number:
            pieces.append(_headed(tables[number - 1], pieces))
        for region in parted(band):
            pieces += _in_region(in_lines(region, page.number))
    return pieces


def _headed(table: _Table, before: list[_Piece]) -> _Table:
    """A table with the line right above it as its header, where that stands in its columns but outside its lines."""
    line = before[-1] if before else None
    if not isinstance(line, TextLine) or not 1 < len(line.parts) <= len(table.lefts) or table.bold:
        return table
    if not -line.size <= table.top - line.bottom <= 1.5 * line.size:
        return table
    header = [Cell("") for _ in table.lefts]
    for part in line.parts:
        column = _at(table.lefts, (part[0].x0 + part[-1].x1) / 2)
        header[column] = Cell(f"{header[column].text} {' '.join(word.text for word in part)}".strip())
    before.pop()
    return table._replace(rows=[header, *table.rows], bold=True)


def _is_table(cells: Sequence[Box]) -> bool:
    """Whether ruled boxes are a table, and no frame around text."""
    return len({round(cell.x0) for cell in cells}) > 1 and len(cells) > 2


def _ruled(cells: Sequence[Box], page: Page) -> tuple[_Table, set[int]]:
    """A table with lines between its cells, and the numbers of the words in it."""
    lefts, tops = _edges(cell.x0 for cell in cells), _edges(cell.top for cell in cells)
    placed = sorted(cells, key=lambda cell: (_at(tops, cell.top), cell.x0))
    inside, word_numbers = _words_in(placed, page.words)
    texts = [_joined(line.text for line in in_lines(words, page.number)) for words in inside]
    # Borders that are drawn twice make columns in which nothing stands.
    used = sorted({_at(lefts, box.x0) for box, text in zip(placed, texts, strict=True) if text})
    rows: list[list[Cell]] = [[] for _ in tops]
    for box, text, words in zip(placed, texts, inside, strict=True):
        first, after = _at(lefts, box.x0), _at(lefts, box.x1 - _NEAR) + 1
        columns = bisect_left(used, after) - bisect_left(used, first)
        top, bottom = _at(tops, box.top), _at(tops, box.bottom - _NEAR) + 1
        within = [lefts[at] for at in used if first <= at < after]
        if columns > 1 and (parts := _split(words, within, page.number)):
            rows[top] += parts
        elif columns > 0 and (text or first in used):
            rows[top].append(Cell(text, max(1, bottom - top), columns))
    heads = [word for box, words in zip(placed, inside, strict=True) if _at(tops, box.top) == 0 for word in words]
    bold = bool(heads) and all(word.bold for word in heads)
    filled_rows = [row for row in rows if row]
    highest, used_lefts = min(cell.top for cell in cells), [lefts[at] for at in used]
    return _Table(filled_rows, page.number, bold, top=highest, lefts=used_lefts), word_numbers


def _split(words: Sequence[Word], lefts: Sequence[float], page: int) -> list[Cell]:
    """The cells of a row between whose columns no lines are drawn; none where its words reach over columns."""
    texts: list[list[str]] = [[] for _ in lefts]
    for line in in_lines(words, page):
        for part in line.parts:
            column = _at(lefts, part[0].x0)
            if column + 1 < len(lefts) and part[-1].x1 > lefts[column + 1]:
                return []
            texts[column].append(" ".join(word.text for word in part))
    return [Cell(_joined(column)) for column in texts] if sum(map(bool, texts)) > 1 else []


def _edges(places: Iterable[float]) -> list[float]:
    """Where columns or rows begin; lines that are drawn beside each other are one."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _at(edges: Sequence[float], place: float) -> int:
    return max(0, bisect_right(edges, place + 0.1) - 1)


def _words_in(cells: Sequence[Box], words: Sequence[Word]) -> tuple[list[list[Word]], set[int]]:
    """The words in each of the cells, and the numbers of all of them."""
    inside: list[list[Word]] = [[] for _ in cells]
    word_numbers = set()
    left, right = min(cell.x0 for cell in cells), max(cell.x1 for cell in cells)
    frame = Box(left, min(cell.top for cell in cells), right, max(cell.bottom for cell in cells))
    for number, word in enumerate(words):
        if frame.holds(word):
            cell = next((at for at, box in enumerate(cells) if box.holds(word)), None)
            if cell is not None:
                inside[cell].append(word)
                word_numbers.add(number)
    return inside, word_numbers


def _in_region(lines: list[TextLine]) -> Iterator[_Piece]:
    """The lines of a column; those whose parts stand below each other are rows of a table without rules."""
    at = 0
    while at < len(lines):
        rows = rows_at(lines, at)
        if rows is None:
            yield lines[at]
            at += 1
        else:
            yield _Table(
                [[Cell(_joined(texts)) for texts in row] for row in rows.cells], lines[at].page, lines[at].bold
            )
            at = rows.after


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
        before, goes_on = self._before, self._is_rest(table)
        heads = 0 if goes_on else _header_rows(table)
        rows = [Row(row, Where(0, table.page), number < heads) for number, row in enumerate(table.rows)]
        write_table(self.lines, rows, goes_on=goes_on)
        self._before = before._replace(page=table.page, last=table.last) if before and goes_on else table

    def _is_rest(self, table: _Table) -> bool:
        """Whether a table is the rest of the one at the end of the page before, without a header of its own."""
        before = self._before
        if before is None or table.bold or not (table.first and before.last and table.page == before.page + 1):
            return False
        return _width(before.rows) == _width(table.rows) and before.rows[0] != table.rows[0]

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


def _header_rows(table: _Table) -> int:
    """How many rows name the columns: none, the first, or also the second below names of groups."""
    texts = [[cell.text for cell in row] for row in table.rows]
    if len(texts) < 2 or not (table.bold or is_header(texts)):
        return 0
    grouped = any(cell.columns > 1 for cell in table.rows[0])
    names = all(len(text) <= _LONGEST_NAME and not any(map(str.isdigit, text)) for text in (*texts[0], *texts[1]))
    return 2 if grouped and names else 1


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return max((sum(cell.columns for cell in row) for row in rows), default=0)
