"""Plain text and Markdown, which guides mix freely: one reader for both.

A stock Markdown parser takes the tables of real guides for one paragraph (body rows without a leading pipe),
or for one table (no blank line between two), and knows no headings without marks. So the marks are read where
they stand, line by line, and what has none is told by its shape.
"""

from __future__ import annotations

import itertools
import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from kg.documents.blocks import BlockBuilder
from kg.documents.document import Block, BlockKind, Span
from kg.model.members import plain_members

NAME = "text"

_ATX = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r"[ \t]*(=+|-{2,})[ \t]*$")
# Word processors leave marks of their own: a small "o", and signs of the symbol fonts.
_BULLET = re.compile(
    r"[ \t]*(?:(?:[-*+•‣▪·●○–—◦∙§➢►✓□■\uf0a7\uf0b7\uf0d8\uf0fc]|o(?=[ \t]+[A-Z\"]))[ \t]+|"
    r"\(?(?:\d{1,3}|[a-zA-Z]|[IVX]{2,4})[.)][ \t]+)(?=\S)"
)
# The numbers of an outline: "1.2.1 Modifiers".
_OUTLINE = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,5})\.?[ \t]+(?=[A-Z])")
_ALIGNMENT = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_RULE = re.compile(r"[ \t]*(?:[*_=~-][ \t]*){3,}$|[ \t]*(?:```|~~~)")
_FENCES = ("```", "~~~")
_PLAIN_LANGUAGES = ("", "text", "txt", "plaintext", "plain", "md", "markdown", "csv")
_PROGRAM = re.compile(r"[{}]|\"\s*:\s|\w\(\)|;\s*$|=>|^\s*(?:def|SELECT|import|curl|\$)\s", re.MULTILINE)
_LINE_OF_PROGRAM = re.compile(
    r"[{}]\s*[,;]?\s*$|;\s*$|^[}\])]|=>|^['\"]?\w+['\"]?\s*:\s*['\"\[{`]|['\"`\]]\s*,\s*$|^(?:import|export|const|let|var|function|return|def|class|//|/\*)\b"
)
_FEWEST_OF_PROGRAM = 12
_FIRST_LINES = 200
_MARGIN = " \t\ufeff\u00a0>"
_PIPE = re.compile(r"(?<!\\)\|")
_TAB = re.compile(r"\t[ \t]*")
_EMPHASISED = re.compile(r"(\*\*|__)(?P<text>[^*_]+)\1:?$")
# A heading without a mark is short, starts with a capital or a digit, and does not end as a sentence does.
_TITLE_LIKE = re.compile(r"[\"“]?[A-Z0-9][^\n]{0,110}$")
_SENTENCE_END = re.compile(r"[.!?;,][\"”)]?$")
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "go",
        "in",
        "into",
        "is",
        "it",
        "its",
        "not",
        "of",
        "on",
        "or",
        "per",
        "that",
        "the",
        "this",
        "to",
        "under",
        "vs",
        "what",
        "when",
        "which",
        "who",
        "with",
        "within",
        "without",
    ]
)
_CODE_ALONE = re.compile(r"(?=\S*\d)[A-Z\d][A-Z\d.]{3,7}\s*")
_CODE_FIRST = re.compile(
    r"(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+|[0-9]{2})?|\d{4}[0-9A-Z]|\d{3}[0-9A-Z]{6}X)\b|[A-Z]{2}\b(?=\s*[-–—:=]|\s{2})"
)
_ENTRY = re.compile(rf"(?:{_CODE_FIRST.pattern})(?:\s*(?:\t|\s{{2,}}|[-–—:=]\s)|\s*$)")
# A line of a code list: what stands behind the code is a name, not the verb of a sentence.
_CODE_LINE = re.compile(rf"(?:{_CODE_FIRST.pattern})(?:\s*(?:[-–—:=,;|]|\t)|\s+(?![a-z])|\s*$)")
_A_CODE = re.compile(r"(?<![\w.])(?:[A-V]\d{4}|[A-Z]\d[0-9AB]\.[0-9A-Z]{1,4}|\d{5})(?![\w.]\w)")
_CARRIES_ON = re.compile(
    r"(?:,|\(|/|\b(?:a|an|and|are|as|be|by|code|codes|cpt|for|from|hcpcs|in|is|modifier|not|of|on|only|or|that|the|to|with|report|bill|append|than|into|nor|per|covers))$",
    re.IGNORECASE,
)

_LABEL = re.compile(r"(?:\*\*)?[A-Z][\w /&()-]{0,40}:(?:\*\*)?(?:\s|$)")
_SMALL_LABEL = re.compile(r"[a-z][\w/&-]{1,20}(?: [\w/&-]+)?: ")
_CLOSED = re.compile(r"[.!?:][\"”)]?$")
# "One of the following:" stands within a list, and heads no section.
_OF_FOLLOWING = re.compile(r"\bof the following\W*$", re.IGNORECASE)
# How the items of a list end that has no marks, but for the last one.
_ENDS_ITEM = re.compile(r";(?:[ \t]*(?:and|or|and/or))?$", re.IGNORECASE)
_LONGEST_END = 10
_CODE_LABEL = re.compile(r"[A-V]\d{4}:")
_GROUP = re.compile(r"Group \d+\b")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")


@plain_members
class _Shape(Enum):
    BLANK = auto()
    HEADING = auto()
    UNDERLINE = auto()
    ALIGNMENT = auto()
    ROW = auto()
    ITEM = auto()
    RULE = auto()
    TEXT = auto()


class _Line(NamedTuple):
    shape: _Shape
    number: int
    start: int
    end: int
    """Of the content, without marks and the blanks around it."""
    level: int


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text as it came, and its blocks."""
    lines = _lines(text)
    builder = BlockBuilder(text)
    if _is_program(text, lines):
        _omit(lines, -1, len(lines), builder)
        return text, builder.blocks()
    position = 0
    while position < len(lines):
        position = _take(text, lines, position, builder)
    return text, builder.blocks()


def _take(text: str, lines: list[_Line], at: int, builder: BlockBuilder) -> int:
    """Add the block that begins at line `at`; the answer is the line after it."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    if line.shape is _Shape.ROW:
        return _take_table(text, lines, at, builder)
    if line.shape is _Shape.RULE and (last := _end_of_fence(text, lines, at)):
        return _omit(lines, at, last, builder)
    if line.shape is _Shape.HEADING:
        builder.heading(line.start, line.end, line.number, line.level)
    elif line.shape in (_Shape.TEXT, _Shape.ITEM):
        if line.shape is _Shape.TEXT and following and following.shape is _Shape.UNDERLINE:
            builder.heading(line.start, line.end, line.number, following.level)
            return at + 2
        if line.shape is _Shape.ITEM and _heads_outline(lines, at):
            builder.heading(line.start, line.end, line.number, line.level + 1)
            return at + 1
        if line.shape is _Shape.ITEM and _numbered_heading(text, lines, at):
            builder.heading(line.start, line.end, line.number, 2)
            return at + 1
        if line.shape is _Shape.TEXT and (level := _unmarked_heading(text, lines, at)):
            builder.heading(line.start, line.end, line.number, level)
            return at + 1
        last = _last_of_paragraph(text, lines, at)
        listed = line.shape is _Shape.ITEM or _is_unmarked_item(text, lines, at, last)
        kind = BlockKind.ITEM if listed else BlockKind.PARAGRAPH
        builder.block(kind, line.start, lines[last].end, line.number)
        return last + 1
    return at + 1


def _end_of_fence(text: str, lines: list[_Line], at: int) -> int:
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


def _is_program(text: str, lines: list[_Line]) -> bool:
    """Whether most lines of a text are those of a program or of its data, which no reader takes for a guide."""
    filled = [line for line in lines if line.shape is not _Shape.BLANK]
    first = filled[:_FIRST_LINES]
    if len(filled) < _FEWEST_OF_PROGRAM or not any(text.find("{", line.start, line.end) >= 0 for line in first):
        return False
    return 2 * sum(_LINE_OF_PROGRAM.search(text[line.start : line.end]) is not None for line in filled) > len(filled)


def _omit(lines: list[_Line], at: int, last: int, builder: BlockBuilder) -> int:
    """Leave out the lines of program text, each named as such; the answer is the line after the fence."""
    for line in lines[at + 1 : last]:
        builder.omit(line.start, line.end, line.number, "program text")
    return last + 1


def _lines(text: str) -> list[_Line]:
    lines = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        recurs = len(raw) < _REMEMBERED and raw[:1] != "|"
        shape, left, right, level = _known_shape(raw) if recurs else _shape(raw)
        lines.append(_Line(shape, number, start + left, start + right, level))
        start += len(raw) + 1
    return lines


def _shape(raw: str) -> tuple[_Shape, int, int, int]:
    """What a line is, where its content begins and ends in it, and the level of a heading."""
    content = raw.lstrip(_MARGIN)
    left = len(raw) - len(content)
    content = content.rstrip()
    right = left + len(content)
    if not content:
        return _Shape.BLANK, left, right, 0
    if "|" in content and _ALIGNMENT.match(content):
        return _Shape.ALIGNMENT, left, right, 0
    # Marks are told by their first character; most lines begin with a capital, most rows with a pipe.
    if not content[0].isupper() and content[0] != "|":
        if match := _ATX.match(content):
            return _Shape.HEADING, left + match.start("text"), left + match.end("text"), len(match["marks"])
        if _SETEXT.match(content):
            return _Shape.UNDERLINE, left, right, 1 if "=" in content else 2
        if _RULE.match(content):
            return _Shape.RULE, left, right, 0
        if match := _OUTLINE.match(content):
            return _Shape.ITEM, left + match.end(), right, match["number"].count(".") + 1
        if match := _BULLET.match(content):
            return (
                _Shape.ITEM,
                left + match.end(),
                right,
                1 if content[match.start() : match.end()].strip(" .)").isdigit() else 0,
            )
    if "\t" in content or ("|" in content and (content.count("|") > 1 or _PIPE.search(content.strip("|")))):
        return _Shape.ROW, left, right, 0
    return _Shape.TEXT, left, right, 0


# Headings recur in guides; paragraphs and rows do not, and would fill the memory.
_REMEMBERED = 120
_known_shape = lru_cache(maxsize=2048)(_shape)


def _take_table(text: str, lines: list[_Line], at: int, builder: BlockBuilder) -> int:
    builder.start_table()
    first = True
    while at < len(lines) and lines[at].shape is _Shape.ROW:
        line = lines[at]
        header = at + 1 < len(lines) and lines[at + 1].shape is _Shape.ALIGNMENT
        if header and not first and "--" not in text[lines[at + 1].start : lines[at + 1].end]:
            header = False  # Single dashes within a table are cells in which nothing stands.
        if header and not first:
            builder.start_table()
        kind = BlockKind.HEADER if header else BlockKind.ROW
        builder.row(kind, line.start, line.end, line.number, _cells(text, line))
        at += 2 if header else 1
        first = False
        if not header and at < len(lines) and lines[at].shape is _Shape.ALIGNMENT:
            at += 1
    return at


def _cells(text: str, line: _Line) -> tuple[Span, ...]:
    """The cells of a row, with pipes or tabs between them; the outer pipes may be missing."""
    raw = text[line.start : line.end]
    if "|" in raw and (piped := _PIPE.split(raw) if "\\" in raw else raw.split("|"))[1:]:
        at = line.start
        if raw.startswith("|"):
            del piped[0]
            at += 1
        if raw.endswith("|") and len(piped) > 1:
            piped.pop()
        return tuple(_spans(piped, at))
    edges = [(0, 0), *(match.span() for match in _TAB.finditer(raw)), (len(raw), len(raw))]
    cells = [_spans([raw[left:right]], line.start + left) for (_, left), (right, _) in itertools.pairwise(edges)]
    return tuple(span for spans in cells for span in spans)


def _spans(pieces: list[str], at: int) -> list[Span]:
    """The spans of stretches with one character between them, without the blanks around each."""
    spans = []
    for piece in pieces:
        words = piece.lstrip()
        after = at + len(piece)
        start = after - len(words)
        spans.append(Span(start, start + len(words.rstrip())))
        at = after + 1
    return spans


def _unmarked_heading(text: str, lines: list[_Line], at: int) -> int:
    """The level of a heading that nothing marks but its shape; 0 where it is not one."""
    line = lines[at]
    content = text[line.start : line.end]
    if match := _EMPHASISED.fullmatch(content):
        return 4 if len(match["text"]) <= 80 else 0
    if (
        not _TITLE_LIKE.match(content)
        or _ends_sentence(content)
        or (_carries_on(content) and not content.isupper())
        or _CODE_FIRST.match(content)
    ):
        return 0
    if ": " in content and (at or _labels_code(content)) and not _CODE_LABEL.search(content):
        return 0
    if _is_record(content):
        return 0
    before = lines[at - 1].shape if at else _Shape.BLANK
    after = lines[at + 1].shape if at + 1 < len(lines) else _Shape.BLANK
    if before is _Shape.TEXT and (_wraps(text, lines, at - 1) or _is_code(text, lines[at - 1])):
        return 0  # Below a code that stands alone is what it means.
    if content.endswith(":"):
        return 0 if len(content) > 80 or _OF_FOLLOWING.search(content) else 4 if _GROUP.match(content) else 3
    words = _WORD.findall(content)
    if not any(len(word) > 2 for word in words):
        return 0
    plain = [word for word in words if not word[0].isupper() and word.lower() not in _SMALL_WORDS]
    if (
        len(words) > 14
        or len(plain) > len(words) // 2
        or (len(words) < 2 and after is _Shape.BLANK is before and not _heads_text(lines, at, content))
    ):
        return 0
    if plain and len(words) > 8:
        return 0
    if _GROUP.match(content):
        return 4
    return 1 if at == 0 else 2


def _is_code(text: str, line: _Line) -> bool:
    return _CODE_ALONE.fullmatch(text, line.start, line.end) is not None


def _labels_code(content: str) -> bool:
    """Whether a label stands before a code, as in "Diagnosis: C18.0", and not behind it."""
    label, _, value = content.partition(": ")
    return not _A_CODE.search(label) and _A_CODE.search(value) is not None


def _heads_text(lines: list[_Line], at: int, content: str) -> bool:
    """Whether a single word that stands alone heads what follows: "Education", with more below it."""
    return (
        content.isalpha()
        and len(content) > 4
        and at > 0
        and any(line.shape is not _Shape.BLANK for line in lines[at + 1 : at + 4])
    )


def _heads_outline(lines: list[_Line], at: int) -> bool:
    """Whether a numbered line has lines below it that are numbered one level deeper."""
    below = next((line for line in lines[at + 1 : at + 4] if line.shape is not _Shape.BLANK), None)
    deeper = below is not None and below.shape is _Shape.ITEM and below.level == lines[at].level + 1
    return deeper and lines[at].level > 0


def _numbered_heading(text: str, lines: list[_Line], at: int) -> bool:
    """Whether a numbered line is a heading: it stands alone, and reads as a title does."""
    line = lines[at]
    content = text[line.start : line.end]
    alone = all(lines[near].shape is _Shape.BLANK for near in (at - 1, at + 1) if 0 <= near < len(lines))
    numbered = text[text.rfind("\n", 0, line.start) + 1 : line.start].strip().rstrip(".)").isdigit()
    if not numbered or not alone or _ends_sentence(content) or len(content) > 80 or not _has_body(lines, at):
        return False
    words = _WORD.findall(content)
    return content.isupper() or (
        bool(words) and all(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)
    )


def _has_body(lines: list[_Line], at: int) -> bool:
    """Whether something stands below a line before the next marked heading."""
    below = next((line.shape for line in lines[at + 1 :] if line.shape is not _Shape.BLANK), _Shape.HEADING)
    return below is not _Shape.HEADING


def _last_of_paragraph(text: str, lines: list[_Line], at: int) -> int:
    """The last line of a paragraph that was wrapped over several lines."""
    while at + 1 < len(lines) and lines[at + 1].shape is _Shape.TEXT:
        underlined = at + 2 < len(lines) and lines[at + 2].shape is _Shape.UNDERLINE
        if underlined or not _wraps(text, lines, at) or _begins_anew(text, lines, at):
            break
        at += 1
    return at


def _is_unmarked_item(text: str, lines: list[_Line], at: int, last: int) -> bool:
    """Whether a paragraph is an item of a list without marks: items end with semicolons, below a line with a colon."""
    above = next((line for line in reversed(lines[max(0, at - 3) : at]) if line.shape is not _Shape.BLANK), None)
    if above is None:
        return False
    before = text[above.start : above.end]
    return _ends_item(before) or (before.endswith(":") and _ends_item(text[lines[at].start : lines[last].end]))


def _ends_item(content: str) -> bool:
    return _ENDS_ITEM.search(content, max(0, len(content) - _LONGEST_END)) is not None


def _wraps(text: str, lines: list[_Line], at: int) -> bool:
    """Whether a line was broken by its width: the first word of the next one would not have fitted.

    A line that ends within a sentence goes on as well, where the next begins with a small letter.
    """
    line, following = lines[at], lines[at + 1]
    content = text[line.start : line.end]
    first_word = text[following.start : following.end].split(" ", 1)[0]
    if _CODE_LINE.match(content):
        return first_word[:1].islower() and not _ends_sentence(content)
    if _is_record(content) and _is_record(text[following.start : following.end]):
        return False
    if _CLOSED.search(content, len(content) - 2) or (_ends_item(content) and not first_word[:1].islower()):
        return False
    if first_word[:1].islower() or _carries_on(content):
        return True
    return len(content) >= 50 and len(content) + 1 + len(first_word) > max(_width(lines, at), 60)


def _is_record(content: str) -> bool:
    """Whether a line has several codes and ends as no sentence does: a row whose columns were lost."""
    return len(content) < 400 and not _CLOSED.search(content) and len(_A_CODE.findall(content)) > 1


def _width(lines: list[_Line], at: int) -> int:
    """The widest line of the run of text lines around line `at`."""
    run = (_Shape.TEXT, _Shape.ITEM)
    first = last = at
    while first > 0 and at - first < 20 and lines[first - 1].shape in run:
        first -= 1
    while last + 1 < len(lines) and last - at < 20 and lines[last + 1].shape in run:
        last += 1
    return max(line.end - line.start for line in lines[first : last + 1])


def _begins_anew(text: str, lines: list[_Line], at: int) -> bool:
    """Whether the line after another begins with a code or a label; in small letters only below another label."""
    line, below = (text[one.start : one.end] for one in lines[at : at + 2])
    if _LABEL.match(below) or _ENTRY.match(below):
        return True
    labelled = _LABEL.match(line) or _SMALL_LABEL.match(line) or _ENTRY.match(line)
    return bool(labelled and _SMALL_LABEL.match(below))


# Both are told by the end of a line, and looked for there alone.
def _ends_sentence(content: str) -> bool:
    return _SENTENCE_END.search(content, len(content) - 2) is not None


def _carries_on(content: str) -> bool:
    return _CARRIES_ON.search(content, len(content) - 9) is not None
