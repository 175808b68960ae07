"""Sections that tell of one claim or one patient: their codes are what was billed, and state nothing of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.lexicon import Column, column_of
from kg.extraction.text.text import Text

_LABELLED = re.compile(r"\W{0,3}(?P<label>[A-Za-z][\w /#&()'-]{1,40}?)\W{0,3}[:=]\s*(?P<value>[^\n]{2,60})")
_DIGIT = re.compile(r"\d")


def sections_of_claims(text: Text, blocks: Sequence[Block]) -> frozenset[int]:
    """Where the headings stand of sections with the number of a claim or of a member in them; the title has none.

    In JSON what holds such a section tells of the claim as well.
    """
    is_nested = text.document.format == "json"
    if _is_letter(text, blocks):
        return frozenset(block.start for block in blocks if block.kind is BlockKind.HEADING)
    headings: list[Block] = []
    found: set[int] = set()
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            headings = [heading for heading in headings if heading.level < block.level]
            headings.append(block)
        elif len(headings) > 1 and not block.cells and _identifies_claim(text, block):
            found.update(heading.start for heading in (headings[1:] if is_nested else headings[-1:]))
    return frozenset(found)


_DEAR = re.compile(r"(?m)^\W*dear\s+\w")
_BEGINNING = 1500


def _is_letter(text: Text, blocks: Sequence[Block]) -> bool:
    """Whether a document is a letter about one claim: it greets somebody below the number of the claim or the member."""
    dear = _DEAR.search(text.document.text[:_BEGINNING].lower())
    return dear is not None and any(
        block.start < dear.start() and not block.cells and _identifies_claim(text, block) for block in blocks
    )


def _identifies_claim(text: Text, block: Block) -> bool:
    """Whether a line of a block is a label such as "Claim number" with its value."""
    return any(column_of(label) is Column.RECORD for label in _labels(text.plain[block.start : block.end]))


def _labels(content: str) -> Iterator[str]:
    for line in content.splitlines()[:20]:
        match = _LABELLED.match(line[:120])
        if match and _DIGIT.search(match["value"]):
            yield match["label"]
