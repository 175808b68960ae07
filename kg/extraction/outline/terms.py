"""Codes whose line gives the days of their use: of two for one drug, that whose time is over is not in use."""

from __future__ import annotations

from collections.abc import Mapping

from kg import lazy_re as re
from kg.documents import Block
from kg.extraction.outline.descriptors import base_of, drugs_in_descriptor
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Concept, Kind

_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4})"
_OVER = re.compile(rf"{_DAY}\s*(?:-|to|through|thru|until|till|\|)\s*{_DAY}")
_GOES_ON = re.compile(
    rf"{_DAY}\s*(?:-|to|through|thru|until|till|\|)?\s*(?:present|today|to date|date|current(?:ly)?|now|ongoing|onwards?|onward|forward|open)\b"
    rf"|\b(?:since|from|beginning|as of)\s+{_DAY}"
)


def codes_of_past(text: Text, codes: Mapping[int, CodeSpan]) -> frozenset[Concept]:
    """The codes whose time is over by the line or row that they stand in, where that of another of the same drug goes on."""
    over: list[tuple[Block, Concept]] = []
    others: list[tuple[Block, Concept]] = []
    for block, spans in zip(text.document.blocks, text.block_codes, strict=True):
        inside = {span.concept for span in spans if span.start in codes}
        if len(inside) == 1:
            (over if _says(text, _OVER, block) else others).append((block, min(inside)))
    going_on: set[str] = set()
    for block, code in others if over else ():
        if _says(text, _GOES_ON, block):
            going_on |= _drugs_of(text, block, code)
    return frozenset(code for block, code in over if _drugs_of(text, block, code) & going_on)


def _says(text: Text, days: re.Pattern[str], block: Block) -> bool:
    return days.search(text.small, block.start, block.end) is not None


def _drugs_of(text: Text, block: Block, code: Concept) -> frozenset[str]:
    """The drugs that a line names, and those that its code bills, without the letters of biosimilars."""
    named = {mention.concept for mention in text.mentions_in(block.start, block.end, Kind.DRUG)}
    return frozenset(map(base_of, named | drugs_in_descriptor(code)))
