"""Plain text and Markdown, which guides mix freely: one reader for both.

A stock Markdown parser takes the tables of real guides for one paragraph (body rows without a leading pipe),
or for one table (no blank line between two), and knows no headings without marks. So the marks are read where
they stand, line by line, and what has none is told by its shape.
"""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents.aligned import AlignedRow, aligned_rows, labelled_rows
from kg.documents.blocks import BlockBuilder
from kg.documents.document import Block, BlockKind
from kg.documents.front_matter import end_of_front_matter, take_front_matter
from kg.documents.paragraphs import is_promised, is_unmarked_item, last_of_paragraph
from kg.documents.shapes import Line, Shape, cells_of, is_grid_rule, lines_of
from kg.documents.sheet import is_head_of_pairs
from kg.documents.titles import heads_outline, numbered_heading, unmarked_heading

NAME = "text"

_FENCES = ("```", "~~~")
_PLAIN_LANGUAGES = ("", "text", "txt", "plaintext", "plain", "md", "markdown", "csv")
_PROGRAM = re.compile(r"[{}]|\"\s*:\s|\w\(\)|;\s*$|=>|^\s*(?:def|SELECT|import|curl|\$)\s", re.MULTILINE)
_LINE_OF_PROGRAM = re.compile(
    r"[{}]\s*[,;]?\s*$|;\s*$|^[}\])]|=>|^['\"]?\w+['\"]?\s*:\s*['\"\[{`]|['\"`\]]\s*,\s*$|^(?:import|export|const|let|var|function|return|def|class|//|/\*)\b"
)
# How modules in Python are told, which may hold more words than statements.
_DECLARATION = re.compile(r"^[ \t]*(?:from [\w.]+ import [\w(]|import [\w.]+$|def \w+\(|class \w+[:(])", re.MULTILINE)
# A note that has program text in it.
_NOTE = re.compile(r"^(?:```|~~~|#{2,6} )", re.MULTILINE)
_FEWEST_DECLARATIONS = 3
_FEWEST_OF_PROGRAM = 12
_FIRST_LINES = 200


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text as it came, and its blocks."""
    lines = lines_of(text)
    builder = BlockBuilder(text)
    if _are_program(text, lines):
        _omit(lines, -1, len(lines), builder)
        return text, builder.blocks()
    end = end_of_front_matter(text, lines)
    position = take_front_matter(text, lines, end, builder) if end else 0
    while position < len(lines):
        position = _take(text, lines, position, builder)
    return text, builder.blocks()


def _take(text: str, lines: list[Line], at: int, builder: BlockBuilder) -> int:
    """Add the block that begins at line `at`; the answer is the line after it."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    if line.shape is Shape.ROW and at and is_grid_rule(text, lines[at - 1]):
        return _take_grid(text, lines, at, builder)
    if line.shape is Shape.ROW:
        return _take_table(text, lines, at, builder)
    if line.shape is Shape.RULE and (last := _end_of_fence(text, lines, at)):
        return _omit(lines, at, last, builder)
    if line.shape is Shape.HEADING:
        builder.heading(line.start, line.end, line.number, line.level)
    elif line.shape is Shape.TEXT and (rows := aligned_rows(text, lines, at)):
        return _take_aligned(rows, builder, headed=True)
    elif line.shape is Shape.TEXT and (rows := labelled_rows(text, lines, at)):
        pairs = [[text[slice(*cell)] for cell in row.cells] for row in rows]
        return _take_aligned(rows, builder, headed=is_head_of_pairs(pairs))
    elif line.shape in (Shape.TEXT, Shape.ITEM):
        if line.shape is Shape.TEXT and following and following.shape is Shape.UNDERLINE:
            builder.heading(line.start, line.end, line.number, following.level)
            return at + 2
        promised = at > 0 and is_promised(text, lines, at)
        if level := 0 if promised else _level_of(text, lines, at):
            builder.heading(line.start, line.end, line.number, level)
            return at + 1
        last = at if promised else last_of_paragraph(text, lines, at)
        listed = line.shape is Shape.ITEM or promised or is_unmarked_item(text, lines, at, last)
        kind = BlockKind.ITEM if listed else BlockKind.PARAGRAPH
        builder.block(kind, line.start, lines[last].end, line.number)
        return last + 1
    return at + 1


def _level_of(text: str, lines: list[Line], at: int) -> int:
    """The level of a line that its number or its shape makes a heading; 0 for others."""
    line = lines[at]
    if line.shape is Shape.ITEM:
        if heads_outline(lines, at):
            return line.level + 1
        return max(2, line.level + 1) if numbered_heading(text, lines, at) else 0
    return unmarked_heading(text, lines, at)


def _end_of_fence(text: str, lines: list[Line], at: int) -> int:
    """The line that closes the fence of program text which a line opens; 0 where it opens none.

    What stands in a fence without a language and without the signs of programs is read: a list, or a form.
    """
    opening = text[lines[at].start : lines[at].end]
    if opening[:3] not in _FENCES:
        return 0
    closing = (n for n in range(at + 1, len(lines)) if text.startswith(opening[:3], lines[n].start, lines[n].end))
    last = next(closing, 0)
    if last and (opening[3:].strip().lower() in _PLAIN_LANGUAGES):
        inside = text[lines[at].end : lines[last].start]
        return last if _PROGRAM.search(inside) else 0
    return last


def is_program(text: str) -> bool:
    """Whether most lines of a text are those of a program or of its data, which are no guide.

    >>> is_program("const drugs = [\\n" + "  { code: 'J1745' },\\n" * 20 + "];\\n"), is_program("J1745 is infliximab.")
    (True, False)
    """
    return _are_program(text, lines_of(text))


def _are_program(text: str, lines: list[Line]) -> bool:
    filled = [line for line in lines if line.shape is not Shape.BLANK]
    first = filled[:_FIRST_LINES]
    if len(filled) < _FEWEST_OF_PROGRAM or not any(text.find("{", line.start, line.end) >= 0 for line in first):
        return False
    if len(_DECLARATION.findall(text)) >= _FEWEST_DECLARATIONS and not _NOTE.search(text):
        return True
    return 2 * sum(_LINE_OF_PROGRAM.search(text[line.start : line.end]) is not None for line in filled) > len(filled)


def _omit(lines: list[Line], at: int, last: int, builder: BlockBuilder) -> int:
    """Leave out the lines of program text, each named as such; the answer is the line after the fence."""
    for line in lines[at + 1 : last]:
        builder.omit(line.start, line.end, line.number, "program text")
    return last + 1


def _take_aligned(rows: list[AlignedRow], builder: BlockBuilder, *, headed: bool) -> int:
    builder.start_table()
    for number, (line, cells) in enumerate(rows):
        builder.row(
            BlockKind.HEADER if headed and not number else BlockKind.ROW, line.start, line.end, line.number, cells
        )
    return rows[-1].line.number


def _take_grid(text: str, lines: list[Line], at: int, builder: BlockBuilder) -> int:
    """A table whose rows stand between rules; above the first of them that is not the last stands its head."""
    last = at
    while last < len(lines) and (lines[last].shape is Shape.ROW or is_grid_rule(text, lines[last])):
        last += 1
    rules = [number for number in range(at, last) if is_grid_rule(text, lines[number])]
    head = rules[0] if len(rules) > 1 else at
    builder.start_table()
    for line in lines[at:last]:
        if line.shape is Shape.ROW:
            kind = BlockKind.HEADER if line.number <= head else BlockKind.ROW
            builder.row(kind, line.start, line.end, line.number, cells_of(text, line))
    return last


def _take_table(text: str, lines: list[Line], at: int, builder: BlockBuilder) -> int:
    builder.start_table()
    first = True
    while at < len(lines) and lines[at].shape is Shape.ROW:
        line = lines[at]
        header = at + 1 < len(lines) and lines[at + 1].shape is Shape.ALIGNMENT
        if header and not first and "--" not in text[lines[at + 1].start : lines[at + 1].end]:
            header = False  # Single dashes within a table are cells in which nothing stands.
        if header and not first:
            builder.start_table()
        kind = BlockKind.HEADER if header else BlockKind.ROW
        builder.row(kind, line.start, line.end, line.number, cells_of(text, line))
        at += 2 if header else 1
        first = False
        if not header and at < len(lines) and lines[at].shape is Shape.ALIGNMENT:
            at += 1
    return at
