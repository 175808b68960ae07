"""What stands between two lines of dashes above a page in Markdown: its title, and keys with values about it."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents.blocks import BlockBuilder
from kg.documents.document import BlockKind
from kg.documents.shapes import Line

_RULE = re.compile(r"-{3}[ \t]*")
_LAST = re.compile(r"(?:-{3}|\.{3})[ \t]*")
_KEY = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40}):(?:[ \t]+(?P<quote>[\"']?)(?P<value>.*?)(?P=quote))?[ \t]*")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?![\w -]{1,40}:[ \t])")
_TITLES = frozenset({"title", "heading", "subject"})
_MOST_LINES = 400


def end_of_front_matter(text: str, lines: list[Line]) -> int:
    """The line that ends the front matter of a page; 0 where there is none.

    >>> from kg.documents.shapes import lines_of
    >>> page = "---\\ntitle: Billing J3262\\n---\\nText"
    >>> end_of_front_matter(page, lines_of(page))
    2
    """
    if not lines or not _RULE.fullmatch(text, *_whole(text, lines[0])):
        return 0
    keys = 0
    for number, line in enumerate(lines[1:_MOST_LINES], 1):
        span = _whole(text, line)
        if _LAST.fullmatch(text, *span):
            return number if keys else 0
        if _KEY.fullmatch(text, *span):
            keys += 1
        elif number == 1 and not text[slice(*span)].lstrip().startswith("#"):
            return 0
    return 0


def take_front_matter(text: str, lines: list[Line], last: int, builder: BlockBuilder) -> int:
    """Add the title as a heading, and the keys with their lists; what is nested and what is a comment is left out."""
    for line in lines[1:last]:
        span = _whole(text, line)
        match = _KEY.fullmatch(text, *span)
        if match and match["value"] and match["key"].lower() in _TITLES:
            builder.heading(*match.span("value"), line.number, 1)
        elif match:
            builder.block(BlockKind.PARAGRAPH, *span, line.number)
        elif item := _ITEM.match(text, *span):
            builder.block(BlockKind.ITEM, item.end(), span[1], line.number)
        elif line.end > line.start:
            is_comment = text[slice(*span)].lstrip().startswith("#")
            builder.omit(line.start, line.end, line.number, "comment" if is_comment else "front matter")
    return last + 1


def _whole(text: str, line: Line) -> tuple[int, int]:
    """Where a line stands with all its marks, without the blanks at its end."""
    start = text.rfind("\n", 0, line.start) + 1
    end = text.find("\n", line.end)
    end = len(text) if end < 0 else end
    return start, start + len(text[start:end].rstrip())
