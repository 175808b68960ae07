"""Headings of plain text that nothing marks but their shape, or a number that an item might have."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents.paragraphs import A_CODE, CODE_FIRST, carries_on, ends_sentence, is_record, wraps
from kg.documents.shapes import Line, Shape

_EMPHASISED = re.compile(r"(\*\*|__)(?P<text>[^*_]+)\1:?$")
# "[Reasons for denial]" alone on its line.
_IN_BRACKETS = re.compile(r"\[[A-Z][A-Za-z ,&/'-]{2,50}\]:?")
# A heading without a mark is short, starts with a capital or a digit, and does not end as a sentence does.
_TITLE_LIKE = re.compile(r"[\"“]?[A-Z0-9][^\n]{0,110}$")
_SMALL_WORDS = frozenset(
    """
    a an and are as at be by for from go in into is it its not of on or per that the this to under vs what when
    which who with within without
    """.split()
)
_CODE_ALONE = re.compile(r"(?=\S*\d)[A-Z\d][A-Z\d.]{3,7}\s*")
# "One of the following:" and "all of the following must be met:" stand within a list, and head no section.
_OF_FOLLOWING = re.compile(
    r"\bof the following\b[^:]{0,40}:?\W*$|\b(?:is|are|be)\b.{0,60}\b(?:when|if)\b.{0,40}\bfollowing\b[^:]{0,40}:\W*$",
    re.IGNORECASE,
)
# "1) Diagnosis of carcinoma; AND" is an item.
_ENDS_ITEM = re.compile(r"(?:;|,)\s*(?:and|or|and/or)?\s*$|\b(?:AND|OR)$")
_CODE_LABEL = re.compile(r"[A-V]\d{4}:")
# "Modifiers - JW, JZ" is a label with its values, and heads no section.
_LABELLED_VALUES = re.compile(r"[A-Z][a-z ]{2,24} [-–—] [A-Z\d]{2}(?:(?:\s*[,;/&]|\s+and|\s+or)\s*[A-Z\d]{2})+$")
# "2.3 DOCUMENTATION REQUIREMENTS" is a heading wherever it stands.
_OUTLINED = re.compile(r"\d+(?:\.\d+)+\.?")
_ROMAN = re.compile(r"(?:I{1,3}|I?V|VI{1,3}|I?X|XI{1,3})[.)][ \t]+(?=[A-Z])")
_LONGEST_ROMAN = 80
# "4.2 Diagnoses that are not approved" is one of few words.
_MOST_WORDS = 9
_GROUP = re.compile(r"Group \d+\b")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")


def unmarked_heading(text: str, lines: list[Line], at: int) -> int:
    """The level of a heading that nothing marks but its shape; 0 where it is not one."""
    line = lines[at]
    content = text[line.start : line.end]
    if level := _level_of_mark(content, lines, at):
        return level
    if match := _EMPHASISED.fullmatch(content):
        return 4 if len(match["text"]) <= 80 else 0
    if (
        not _TITLE_LIKE.match(content)
        or ends_sentence(content)
        or (carries_on(content) and not content.isupper())
        or CODE_FIRST.match(content)
    ):
        return 0
    if ": " in content and (at or _labels_code(content)) and not _CODE_LABEL.search(content):
        return 0
    if is_record(content) or (at and _LABELLED_VALUES.match(content)):
        return 0
    before = lines[at - 1].shape if at else Shape.BLANK
    after = lines[at + 1].shape if at + 1 < len(lines) else Shape.BLANK
    if before is Shape.TEXT and (wraps(text, lines, at - 1) or _is_code(text, lines[at - 1])):
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
        or (len(words) < 2 and after is Shape.BLANK is before and not _heads_text(lines, at, content))
    ):
        return 0
    if plain and len(words) > 8:
        return 0
    if _GROUP.match(content):
        return 4
    return 1 if at == 0 else 2


def _is_code(text: str, line: Line) -> bool:
    return _CODE_ALONE.fullmatch(text, line.start, line.end) is not None


def _labels_code(content: str) -> bool:
    """Whether a label stands before a code, as in "Diagnosis: C18.0", and not behind it."""
    label, _, value = content.partition(": ")
    return not A_CODE.search(label) and A_CODE.search(value) is not None


def _heads_text(lines: list[Line], at: int, content: str) -> bool:
    """Whether a single word that stands alone heads what follows: "Education", with more below it."""
    return (
        content.isalpha()
        and len(content) > 4
        and at > 0
        and any(line.shape is not Shape.BLANK for line in lines[at + 1 : at + 4])
    )


def heads_outline(lines: list[Line], at: int) -> bool:
    """Whether a numbered line has lines below it that are numbered one level deeper."""
    below = next((line for line in lines[at + 1 : at + 4] if line.shape is not Shape.BLANK), None)
    deeper = below is not None and below.shape is Shape.ITEM and below.level == lines[at].level + 1
    return deeper and lines[at].level > 0


def numbered_heading(text: str, lines: list[Line], at: int) -> bool:
    """Whether a numbered line is a heading: it stands alone, and reads as a title does."""
    line = lines[at]
    content = text[line.start : line.end]
    alone = all(lines[near].shape is Shape.BLANK for near in (at - 1, at + 1) if 0 <= near < len(lines))
    marker = text[text.rfind("\n", 0, line.start) + 1 : line.start].strip()
    if _OUTLINED.fullmatch(marker) and content.isupper() and len(content) <= 80 and not ends_sentence(content):
        return True
    if A_CODE.match(content) or _ENDS_ITEM.search(content):
        return False
    if _OUTLINED.fullmatch(marker) and _stands_over(lines, at) and not ends_sentence(content):
        return len(_WORD.findall(content)) <= _MOST_WORDS
    numbered = marker.rstrip(".)").isdigit()
    if not numbered or not alone or ends_sentence(content) or len(content) > 80 or not _has_body(lines, at):
        return False
    words = _WORD.findall(content)
    return content.isupper() or (
        bool(words) and all(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)
    )


def _level_of_mark(content: str, lines: list[Line], at: int) -> int:
    """The level of a line that brackets or a number in Roman numerals make a heading; 0 for others."""
    if _is_roman(content, lines, at):
        return 2
    return 3 if _IN_BRACKETS.fullmatch(content) and not A_CODE.search(content) else 0


def _is_roman(content: str, lines: list[Line], at: int) -> bool:
    """Whether a line below a blank one is numbered in Roman numerals and reads as a title does: "III. Codes"."""
    match = _ROMAN.match(content)
    below_blank = at > 0 and lines[at - 1].shape is Shape.BLANK
    if match is None or not below_blank or len(content) > _LONGEST_ROMAN or ends_sentence(content):
        return False
    words = _WORD.findall(content, match.end())
    return bool(words) and all(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)


def _stands_over(lines: list[Line], at: int) -> bool:
    """Whether a numbered line has a blank one above, and right below it lines of text or of a table."""
    above = lines[at - 1].shape if at else Shape.BLANK
    below = next((line.shape for line in lines[at + 1 : at + 3] if line.shape is not Shape.BLANK), Shape.BLANK)
    return above is Shape.BLANK and below in (Shape.TEXT, Shape.ROW)


def _has_body(lines: list[Line], at: int) -> bool:
    """Whether something stands below a line before the next marked heading."""
    below = next((line.shape for line in lines[at + 1 :] if line.shape is not Shape.BLANK), Shape.HEADING)
    return below is not Shape.HEADING
