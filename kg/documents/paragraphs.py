"""Paragraphs of plain text: which lines a width has broken, and which begin anew."""

from __future__ import annotations

from functools import lru_cache

from kg import lazy_re as re
from kg.documents.shapes import Line, Shape

_SENTENCE_END = re.compile(r"[.!?;,][\"”)]?$")
CODE_FIRST = re.compile(
    # "J7304U1" is a code with its modifier.
    r"(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+|[0-9]{2}(?:[A-Z][A-Z0-9])?)?|\d{4}[0-9A-Z](?:[A-Z][A-Z0-9])?|\d{3}[0-9A-Z]{6}X)\b|"
    r"[A-Z]{2}\b(?=\s*[-–—:=]|\s{2}|\s?\.{3})"
)
_ENTRY = re.compile(rf"(?:{CODE_FIRST.pattern})(?:\s*(?:\t|\s{{2,}}|[-–—:=]\s)|\s*$)")
# A line of a code list: what stands behind the code is a name, not the verb of a sentence.
_CODE_LINE = re.compile(rf"(?:{CODE_FIRST.pattern})(?:\s*(?:[-–—:=,;|]|\t)|\s+(?![a-z])|\s*$)")
A_CODE = re.compile(r"(?<![\w.])(?:[A-V]\d{4}|[A-Z]\d[0-9AB]\.[0-9A-Z]{1,4}|\d{5})(?![\w.]\w)")
_CARRIES_ON = re.compile(
    r"(?:,|\(|/|\b(?:a|an|and|are|as|be|by|code|codes|cpt|for|from|hcpcs|in|is|modifier|not|of|on|only|or|that|the|to|with|report|bill|append|than|into|nor|per|covers))$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:\*\*)?[A-Z][\w /&()-]{0,40}:(?:\*\*)?(?:\s|$)")
_SMALL_LABEL = re.compile(r"[a-z][\w/&-]{1,20}(?: [\w/&-]+)?: ")
_CLOSED = re.compile(r"[.!?:][\"”)]?$")
# How the items of a list end that has no marks, but for the last one.
_ENDS_ITEM = re.compile(r";(?:[ \t]*(?:and|or|and/or))?$", re.IGNORECASE)
_LONGEST_END = 10


def last_of_paragraph(text: str, lines: list[Line], at: int) -> int:
    """The last line of a paragraph that was wrapped over several lines."""
    while at + 1 < len(lines) and lines[at + 1].shape is Shape.TEXT:
        underlined = at + 2 < len(lines) and lines[at + 2].shape is Shape.UNDERLINE
        if underlined or not wraps(text, lines, at) or _begins_anew(text, lines, at):
            break
        at += 1
    return at


def is_unmarked_item(text: str, lines: list[Line], at: int, last: int) -> bool:
    """Whether a paragraph is an item of a list without marks: items end with semicolons, below a line with a colon."""
    above = next((line for line in reversed(lines[max(0, at - 3) : at]) if line.shape is not Shape.BLANK), None)
    if above is None:
        return False
    before = text[above.start : above.end]
    return _ends_item(before) or (before.endswith(":") and _ends_item(text[lines[at].start : lines[last].end]))


# "Reclast is indicated for the following indications:"
_PROMISES = re.compile(
    r"\bfollowing (?:\w+ ){0,2}(?:indications|conditions|uses|diagnos[ei]s|diseases)\s*:$", re.IGNORECASE
)
_LONGEST_NAME = 90
_MOST_NAMES = 15


@lru_cache(maxsize=1)
def _may_promise(text: str) -> bool:
    """Whether a text has the word that promises have; asked for each of its lines."""
    return "ollowing" in text


def is_promised(text: str, lines: list[Line], at: int) -> bool:
    """Whether a short line is one of at least two below a line that promises conditions: they are its items."""
    if not _may_promise(text) or not _is_name(text, lines[at]):
        return False
    run = 1
    for line in reversed(lines[max(0, at - 2 * _MOST_NAMES) : at]):
        if line.shape is Shape.BLANK:
            continue
        if not _is_name(text, line):
            if line.shape is not Shape.TEXT or not _PROMISES.search(text[max(line.start, line.end - 120) : line.end]):
                return False
            below = next((after for after in lines[at + 1 : at + 4] if after.shape is not Shape.BLANK), None)
            return run > 1 or (below is not None and _is_name(text, below))
        run += 1
    return False


def _is_name(text: str, line: Line) -> bool:
    """Whether a line is short and begins with a capital, and ends neither as a sentence nor as a lead-in does."""
    content = text[line.start : line.end]
    return (
        line.shape is Shape.TEXT
        and len(content) <= _LONGEST_NAME
        and content[:1].isupper()
        and not _CLOSED.search(content, max(0, len(content) - 2))
    )


def _ends_item(content: str) -> bool:
    return _ENDS_ITEM.search(content, max(0, len(content) - _LONGEST_END)) is not None


def wraps(text: str, lines: list[Line], at: int) -> bool:
    """Whether a line was broken by its width: the first word of the next one would not have fitted.

    A line that ends within a sentence goes on as well, where the next begins with a small letter.
    """
    line, following = lines[at], lines[at + 1]
    content = text[line.start : line.end]
    first_word = text[following.start : following.end].split(" ", 1)[0]
    if _CODE_LINE.match(content):
        return first_word[:1].islower() and not ends_sentence(content)
    if is_record(content) and is_record(text[following.start : following.end]):
        return False
    if _CLOSED.search(content, len(content) - 2) or (_ends_item(content) and not first_word[:1].islower()):
        return False
    if first_word[:1].islower() or carries_on(content):
        return True
    return len(content) >= 50 and len(content) + 1 + len(first_word) > max(_width(lines, at), 60)


def is_record(content: str) -> bool:
    """Whether a line has several codes and ends as no sentence does: a row whose columns were lost."""
    return len(content) < 400 and not _CLOSED.search(content) and len(A_CODE.findall(content)) > 1


def _width(lines: list[Line], at: int) -> int:
    """The widest line of the run of text lines around line `at`."""
    run = (Shape.TEXT, Shape.ITEM)
    first = last = at
    while first > 0 and at - first < 20 and lines[first - 1].shape in run:
        first -= 1
    while last + 1 < len(lines) and last - at < 20 and lines[last + 1].shape in run:
        last += 1
    return max(line.end - line.start for line in lines[first : last + 1])


def _begins_anew(text: str, lines: list[Line], at: int) -> bool:
    """Whether the line after another begins with a code or a label; in small letters only below another label."""
    line, below = (text[span.start : span.end] for span in lines[at : at + 2])
    if _LABEL.match(below) or _ENTRY.match(below):
        return True
    labelled = _LABEL.match(line) or _SMALL_LABEL.match(line) or _ENTRY.match(line)
    return bool(labelled and _SMALL_LABEL.match(below))


# Both are told by the end of a line, and looked for there alone.
def ends_sentence(content: str) -> bool:
    """Whether a line ends as a sentence does, or as a part of one."""
    return _SENTENCE_END.search(content, len(content) - 2) is not None


def carries_on(content: str) -> bool:
    """Whether a line ends with a word or a mark that something has to follow."""
    return _CARRIES_ON.search(content, len(content) - 9) is not None
