"""DOCX: headings, lists and tables as Word's styles and numbering make them; deletions and running heads are left out.

The parts of the container are read by lxml, within limits and without entities; nothing outside it is followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from kg import lazy_re as re
from kg.documents.archive import Archive
from kg.documents.document import Block, BlockKind, Unreadable
from kg.documents.grid import MOST_COLUMNS, Cell, Row, write_table
from kg.documents.lines import Lines, Where, one_line
from kg.documents.sheet import is_header

NAME = "docx"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
_HERE = Where(0)
_DEEPEST = 9
# Signs of Wingdings that stand in tables for yes and no.
_SIGNS = {"F0FC": "✓", "F0FB": "✗", "F0FE": "☒", "F0A8": "☐", "F06F": "☐", "F0B7": "•"}
_BETWEEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_LEFT_OUT = {"del": "deleted text", "moveFrom": "deleted text"}


class _Style(NamedTuple):
    level: int
    """Of a heading; 0 for others."""
    numbering: str
    based_on: str


@dataclass(slots=True)
class _Words:
    """The words of a paragraph, and those that are left out of it or stand beside it."""

    text: list[str] = field(default_factory=list)
    omitted: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    bold: bool = True

    def whole(self) -> str:
        return "".join(self.text)


def read(data: bytes) -> tuple[str, tuple[Block, ...]]:
    """The text of a document, its footnotes at the end; lines are those of this text."""
    archive = Archive(data)
    main = next((name for name in archive.parts if re.fullmatch(r"word/document\d*\.xml", name)), None)
    if main is None:
        raise Unreadable("no Word document: word/document.xml is missing")
    reader = _Reader(_styles(archive), _numbering(archive))
    body = _root(archive, main).find(f"{_W}body")
    if body is not None:
        reader.read_story(body)
    for kind in ("footnotes", "endnotes"):
        reader.read_notes(_optional(archive, f"word/{kind}.xml"))
    for name in sorted(archive.parts):
        if match := re.fullmatch(r"word/(header|footer)\d*\.xml", name):
            reader.omit_story(_optional(archive, name), f"running {match[1]}")
    reader.omit_story(_optional(archive, "word/comments.xml"), "comment")
    return reader.lines.content()


def _root(archive: Archive, name: str) -> etree._Element:
    data = archive.read(name).replace(_W_STRICT.encode(), _W[1:-1].encode())
    if _DOCTYPE.search(data[:4096]):
        raise Unreadable(f"{name} declares entities, which no Word document does")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise Unreadable(f"damaged: {name} is no XML ({' '.join(str(exc.msg).split())})") from exc


def _optional(archive: Archive, name: str) -> etree._Element | None:
    return _root(archive, name) if name in archive.parts else None


def _value(element: etree._Element | None, path: str) -> str:
    """The value of a property below an element; empty where it has none."""
    child = element.find("/".join(f"{_W}{step}" for step in path.split("/"))) if element is not None else None
    return str(child.get(f"{_W}val") or "") if child is not None else ""


def _has(element: etree._Element | None, name: str) -> bool:
    child = element.find(f"{_W}{name}") if element is not None else None
    return child is not None and child.get(f"{_W}val") not in ("0", "false", "off", "none")


def _number(digits: str, otherwise: int) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else otherwise


def _styles(archive: Archive) -> dict[str, _Style]:
    root = _optional(archive, "word/styles.xml")
    styles = {}
    for style in root.iterfind(f"{_W}style") if root is not None else ():
        properties, name = style.find(f"{_W}pPr"), _value(style, "name")
        level = _number(_value(properties, "outlineLvl"), _DEEPEST) + 1
        if match := _HEADING.match(name):
            level = int(match[1])
        elif name.lower() == "title":
            level = 1
        numbering = _value(properties, "numPr/numId")
        styles[style.get(f"{_W}styleId", "")] = _Style(
            level if level <= _DEEPEST else 0, numbering, _value(style, "basedOn")
        )
    return styles


def _numbering(archive: Archive) -> dict[tuple[str, int], str]:
    """How each level of each list is marked: "bullet", "decimal", "none", …"""
    root = _optional(archive, "word/numbering.xml")
    if root is None:
        return {}
    formats: dict[str, dict[int, str]] = {}
    for abstract in root.iterfind(f"{_W}abstractNum"):
        levels = {
            _number(level.get(f"{_W}ilvl", ""), 0): _value(level, "numFmt") for level in abstract.iter(f"{_W}lvl")
        }
        formats[abstract.get(f"{_W}abstractNumId", "")] = levels
    return {
        (number.get(f"{_W}numId", ""), level): name
        for number in root.iterfind(f"{_W}num")
        for level, name in formats.get(_value(number, "abstractNumId"), {}).items()
    }


class _Reader:
    """Writes the paragraphs and tables of a document down, one after another."""

    def __init__(self, styles: Mapping[str, _Style], numbering: Mapping[tuple[str, int], str]) -> None:
        self.lines = Lines()
        self._styles, self._numbering = styles, numbering

    def read_story(self, story: etree._Element) -> None:
        """The paragraphs and tables of a body, a cell, a text box or a note."""
        for part in _parts(story):
            if part.tag == f"{_W}p":
                self._read_paragraph(part)
            elif (only := _only_cell(part)) is not None:
                self.read_story(only)  # A frame around text.
            else:
                self._read_table(part)

    def read_notes(self, notes: etree._Element | None) -> None:
        """Footnotes or endnotes, but for the lines that Word draws between them and the text."""
        for note in notes if notes is not None else ():
            if not note.get(f"{_W}type", "normal").endswith(("eparator", "Notice")):
                for part in _parts(note):
                    self.lines.block(BlockKind.PARAGRAPH, _flat(part), _HERE)

    def omit_story(self, story: etree._Element | None, reason: str) -> None:
        """A header, a footer or comments, each line once."""
        for text in dict.fromkeys(_flat(part) for part in _parts(story)) if story is not None else ():
            self.lines.omit(reason, text, _HERE)

    def _read_paragraph(self, paragraph: etree._Element) -> None:
        words = _words(paragraph)
        properties = paragraph.find(f"{_W}pPr")
        heading, item = self._level(properties), self._depth(properties)
        if heading and words.whole().strip():
            self.lines.heading(words.whole(), heading, _HERE)
        else:
            for line in words.whole().split("\n"):
                self.lines.block(BlockKind.ITEM if item else BlockKind.PARAGRAPH, line, _HERE, item)
        for reason, text in words.omitted:
            self.lines.omit(reason, text, _HERE)
        for box in words.boxes:
            self.read_story(box)

    def _level(self, properties: etree._Element | None) -> int:
        """The level of a heading; 0 for other paragraphs."""
        own = _number(_value(properties, "outlineLvl"), _DEEPEST)
        return own + 1 if own < _DEEPEST else next((style.level for style in self._chain(properties) if style.level), 0)

    def _depth(self, properties: etree._Element | None) -> int:
        """The depth of a list item; 0 for other paragraphs."""
        number = _value(properties, "numPr/numId")
        number = number or next((style.numbering for style in self._chain(properties) if style.numbering), "")
        level = min(_number(_value(properties, "numPr/ilvl"), 0), _DEEPEST - 1)
        marked = self._numbering.get((number, level), "none") != "none"
        return level + 1 if number not in ("", "0") and marked else 0

    def _chain(self, properties: etree._Element | None) -> Iterator[_Style]:
        """The style of a paragraph and those that it is based on."""
        name, seen = _value(properties, "pStyle"), set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on

    def _read_table(self, table: etree._Element) -> None:
        rows = list(_rows(table))
        if rows and not rows[0].head and is_header([[cell.text for cell in row.cells] for row in rows]):
            rows[0] = rows[0]._replace(head=True)
        write_table(self.lines, rows)
        for words in map(_words, table.iter(f"{_W}p")):
            for reason, text in words.omitted:
                self.lines.omit(reason, text, _HERE)


def _parts(story: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a story, also those within content controls and insertions."""
    waiting = list(reversed(story))
    while waiting:
        part = waiting.pop()
        if part.tag in (f"{_W}p", f"{_W}tbl"):
            yield part
        elif part.tag != _FALLBACK:
            waiting += reversed(part)


def _only_cell(table: etree._Element) -> etree._Element | None:
    rows = table.findall(f"{_W}tr")
    cells = list(_within(rows[0], "tc")) if len(rows) == 1 else []
    return cells[0] if len(cells) == 1 else None


def _rows(table: etree._Element) -> Iterator[Row]:
    """The rows of a table; a merged cell stands in each row that it reaches over."""
    above: dict[int, str] = {}
    for number, row in enumerate(_within(table, "tr")):
        properties = row.find(f"{_W}trPr")
        if _has(properties, "del"):
            continue
        cells = [Cell("")] * min(_number(_value(properties, "gridBefore"), 0), MOST_COLUMNS)
        column, bold = len(cells), True
        for cell in _within(row, "tc"):
            settings = cell.find(f"{_W}tcPr")
            span = max(1, min(_number(_value(settings, "gridSpan"), 1), MOST_COLUMNS))
            merge = settings.find(f"{_W}vMerge") if settings is not None else None
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            text = above.get(column, "") if goes_on else _flat(cell)
            above[column] = text
            bold = bold and _is_bold(cell)
            cells.append(Cell(text, columns=span))
            column += span
        yield Row(cells, _HERE, _has(properties, "tblHeader") or (number == 0 and bold and len(cells) > 1))


def _within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those within content controls; not those of tables within."""
    waiting = list(reversed(element))
    while waiting:
        part = waiting.pop()
        if part.tag == f"{_W}{name}":
            yield part
        elif part.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            waiting += reversed(part)


def _flat(story: etree._Element) -> str:
    """All words of a paragraph, a cell or a table in one line: blocks with pauses, cells of tables with commas."""
    if story.tag == f"{_W}p":
        words = _words(story)
        boxes = [_flat(box) for box in words.boxes]
        return "; ".join(filter(None, [*map(one_line, words.whole().split("\n")), *boxes]))
    if story.tag == f"{_W}tbl":
        rows = (", ".join(filter(None, map(_flat, _within(row, "tc")))) for row in _within(story, "tr"))
        return "; ".join(filter(None, rows))
    return "; ".join(filter(None, map(_flat, _parts(story))))


def _is_bold(cell: etree._Element) -> bool:
    paragraphs = [words for words in map(_words, cell.iter(f"{_W}p")) if words.whole().strip()]
    return all(words.bold for words in paragraphs)


def _words(paragraph: etree._Element) -> _Words:
    """The words of a paragraph; not by recursion, as marks may be nested deep."""
    words = _Words()
    waiting = [(child, "") for child in reversed(paragraph)]
    while waiting:
        part, reason = waiting.pop()
        name = part.tag.removeprefix(_W) if isinstance(part.tag, str) else ""
        if name == "txbxContent":
            words.boxes.append(part)
        elif name in ("t", "delText"):
            _add(words, part.text or "", "deleted text" if name == "delText" else reason)
        elif name in _BETWEEN or name == "sym":
            _add(words, _BETWEEN.get(name) or _SIGNS.get(part.get(f"{_W}char", ""), ""), reason)
        elif part.tag != _FALLBACK and name not in ("pPr", "instrText"):
            if name == "r":
                reason = reason or ("hidden" if _has(part.find(f"{_W}rPr"), "vanish") else "")
                words.bold = words.bold and (_has(part.find(f"{_W}rPr"), "b") or not "".join(part.itertext()).strip())
            waiting += [(child, _LEFT_OUT.get(name, reason)) for child in reversed(part)]
    return words


def _add(words: _Words, text: str, reason: str) -> None:
    if reason and words.omitted and words.omitted[-1][0] == reason:
        words.omitted[-1] = reason, words.omitted[-1][1] + text
    elif reason:
        words.omitted.append((reason, text))
    else:
        words.text.append(text)
