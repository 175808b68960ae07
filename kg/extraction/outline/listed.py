"""Sentences that speak of the codes listed below them: "The following codes require ICD-10-CM code Z30.431."."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.lexicon import topic_of
from kg.extraction.outline.entries import first_codes
from kg.extraction.outline.walk import LISTED
from kg.extraction.text.text import BILLING, Text
from kg.model import Concept

_THINGS = (
    r"(?:codes?|procedures?|suppl(?:y|ies)|services?|drugs?|medications?|products?|injections?|injectables|vaccines?|"
    r"biologics?|biosimilars?|items?|agents?|tests?|stud(?:y|ies))"
)
# What lies between "following" and the things: what they are, and never that they are diagnoses or modifiers.
_WHAT = r"(?:(?!(?:icd|diagnos|modifier|condition|criteria)\w*)[\w/-]+\W+(?:codes?\W+)?){0,4}?"
_OF_LISTED = re.compile(
    rf"\b(?:the|these|all|each of the|any of the|for)\s+following\W+{_WHAT}{_THINGS}\b"
    rf"|\b{_THINGS}\W+(?:that are |which are )?(?:listed|shown|named|identified)\W+(?:\w+\W+){{0,3}}?below\b"
)
_ENDS = re.compile(r"[.!?:]\W*$")
# How many captions and heads of columns may stand before a list, and how long one may be.
_MOST_CAPTIONS = 4
_LONGEST_CAPTION = 90
_MOST_CODES = 60
_WORDS = ("following", "below")


def speaks_of_listed(text: Text, start: int, end: int) -> bool:
    """Whether a sentence says that it speaks of what is listed below it."""
    return text.has_any(_WORDS) and _OF_LISTED.search(text.small, start, end) is not None


def codes_listed_below(text: Text, blocks: Sequence[Block]) -> Mapping[int, tuple[Concept, ...]]:
    """The billing codes of the list right below each paragraph that speaks of it, by where the paragraph begins."""
    if not text.has_any(_WORDS):
        return {}
    found = {}
    for number, block in enumerate(blocks):
        if block.cells or block.kind is BlockKind.NAVIGATION or not speaks_of_listed(text, block.start, block.end):
            continue
        codes = tuple(dict.fromkeys(islice(_codes_below(text, blocks, number + 1), _MOST_CODES + 1)))
        if 0 < len(codes) <= _MOST_CODES:
            found[block.start] = codes
    return found


def _codes_below(text: Text, blocks: Sequence[Block], first: int) -> Iterator[Concept]:
    """The billing codes that the blocks of a list begin with; captions may stand above it, and lines that go on between."""
    captions = 0
    has_begun = False
    for number in range(first, len(blocks)):
        block = blocks[number]
        head = [span for span in first_codes(text, block) if span.system in BILLING and len(span.codes) == 1]
        if head:
            has_begun, captions = True, 0
            yield from (span.concept for span in head)
            continue
        captions += 1
        if captions > (1 if has_begun else _MOST_CAPTIONS) or not _is_caption(text, block, has_begun=has_begun):
            return


def _is_caption(text: Text, block: Block, *, has_begun: bool) -> bool:
    """Whether a block is a caption, the head of a table, or the rest of the line above it."""
    if block.end - block.start > _LONGEST_CAPTION or _ENDS.search(text.small, block.start, block.end):
        return False
    if block.kind is BlockKind.HEADING:
        return not has_begun and topic_of(text.words(block)) in LISTED
    return block.kind is BlockKind.PARAGRAPH or bool(block.cells)
