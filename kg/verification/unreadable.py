"""Cells of a table of NDCs that hold something like one and none that can be read."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Document, Span
from kg.errors import MalformedCode
from kg.model import Code, CodeSystem

_OF_NDCS = re.compile(r"\b(?:ndcs?|national drug codes?)\b", re.I)
# "NDC units" are quantities.
_OF_OTHER = re.compile(r"\b(?:units?|qty|quantity|description|name|qualifier)\b", re.I)
_LIKE_ONE = re.compile(r"(?<![\w-])(?:N4)?\d[\d-]{6,}\d(?![\w-])")

REASON = "that is no NDC of a package, which has 5, 4 and 2 digits"


def unreadable_ndcs(document: Document) -> Iterator[tuple[str, int]]:
    """What stands for an NDC under a header that says so and is none, each once with its first line.

    >>> from kg.documents import parse
    >>> list(unreadable_ndcs(parse(b"| HCPCS | NDC |\\n|---|---|\\n| J3262 | 50242-0135 |\\n", "a.md")))
    [('50242-0135', 3)]
    """
    headers = {block.table: block for block in document.blocks if block.kind is BlockKind.HEADER}
    lines: dict[str, int] = {}
    for row in document.blocks:
        header = headers.get(row.table) if row.kind is BlockKind.ROW else None
        for cell in _cells_of_ndcs(document, header, row) if header else ():
            for text in _LIKE_ONE.findall(document.text[cell.start : cell.end]):
                if not _is_ndc(text):
                    lines.setdefault(text, row.line)
    yield from lines.items()


def _cells_of_ndcs(document: Document, header: Block, row: Block) -> Iterator[Span]:
    if len(header.cells) != len(row.cells):
        return
    for head, cell in zip(header.cells, row.cells, strict=True):
        words = document.text[head.start : head.end]
        if _OF_NDCS.search(words) and not _OF_OTHER.search(words):
            yield cell


def _is_ndc(text: str) -> bool:
    try:
        Code.parse(text, CodeSystem.NDC)
    except MalformedCode:
        return False
    return True
