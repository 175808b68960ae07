"""Codes whose line gives the days of their use: of two for one drug, that whose time is over is not in use."""

from __future__ import annotations

from collections.abc import Mapping

from kg import lazy_re as re
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Concept

_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4})"
_OVER = re.compile(rf"{_DAY}\s*(?:-|to|through|thru|until|till|\|)\s*{_DAY}")
_GOES_ON = re.compile(
    rf"{_DAY}\s*(?:-|to|through|thru|until|till|\|)?\s*(?:present|today|to date|date|current(?:ly)?|now|ongoing|onwards?|onward|forward|open)\b"
    rf"|\b(?:since|from|beginning|as of)\s+{_DAY}"
)


def codes_of_past(text: Text, codes: Mapping[int, CodeSpan]) -> frozenset[Concept]:
    """The codes of drugs whose time is over by the line or row that they stand in, where that of another goes on."""
    past: set[Concept] = set()
    goes_on = False
    for block, spans in zip(text.document.blocks, text.block_codes, strict=True):
        inside = {span.concept for span in spans if span.start in codes}
        if len(inside) != 1:
            continue
        if _OVER.search(text.small, block.start, block.end):
            past |= inside
        elif _GOES_ON.search(text.small, block.start, block.end):
            goes_on = True
    return frozenset(past) if goes_on else frozenset()
