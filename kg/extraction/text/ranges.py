"""Several codes written as one: "K50.00-K51.919", "M06.x", "J18*"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.text import diagnoses
from kg.extraction.text.tokens import Token
from kg.model import Code, CodeSystem

# A dash that begins a line is the mark of the next item of a list.
_JOINED = re.compile(
    r"(?!\s*\n\s*[-–—])\s*(?:-|–|—|−|‐|‑|to|thru|through|up to)\s*(?:and including\s*)?", re.IGNORECASE
)
_WILDCARD = re.compile(
    r"(?P<stem>[A-Z][0-9][0-9AB](?:\.[0-9A-Z]{0,3}?)?)"
    r"(?P<open>\.?[xX]{1,4}|\.?\*|\.-|\.(?=\s|$)|-(?=[\s,;.)|]|$)|(?P<said>\s+(?:codes|series|family)\b))"
)
# How what joins two codes begins: looked for first, as most codes have something else between them.
_JOINS = tuple("-–—−‐‑tTuU")
_LONGEST_JOIN = 24
_MOST_CODES = 1500
_MOST_NUMBERS = 60


class Range(NamedTuple):
    """A stretch of text that stands for several codes; `codes` is empty where it cannot be resolved."""

    start: int
    end: int
    codes: tuple[Code, ...]


def find_ranges(text: str, tokens: Sequence[Token]) -> list[Range]:
    """The ranges and open categories of a text as it stands in the document, in order.

    >>> from kg.extraction.text.tokens import find_tokens
    >>> text = "C18.2-C18.9"
    >>> [len(span.codes) for span in find_ranges(text, find_tokens(text))]
    [8]
    """
    ranges = list(_between_tokens(text, tokens))
    starts = {span.start for span in ranges}
    ranges += [span for span in _open_categories(text, tokens) if span.start not in starts]
    ranges += [span for span in _series(text, tokens) if span.start not in starts]
    return sorted(ranges)


def _between_tokens(text: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for first, last in pairwise(tokens):
        between = text[first.end : last.start] if last.start - first.end <= _LONGEST_JOIN else ""
        if between.lstrip()[:1] not in _JOINS or not _JOINED.fullmatch(between):
            continue
        low, high = first.code, last.code
        if first.shape == last.shape == "cpt" and not (low and high):
            yield Range(first.start, last.end, ())  # "70000-79999": its ends are no codes.
        elif low and high and low.system is high.system and low.value < high.value:
            yield Range(first.start, last.end, tuple(_codes_between(low, high)))


def _codes_between(low: Code, high: Code) -> Iterator[Code]:
    """All codes of ICD-10-CM between two; of procedures only the two that are named, where they are neighbours."""
    if low.system is CodeSystem.ICD10CM:
        values = list(islice(diagnoses.between(low.value, high.value), _MOST_CODES + 1))
        if len(values) <= _MOST_CODES:
            yield from (Code(CodeSystem.ICD10CM, value) for value in values)
    elif low.value[1:4].isdigit() and _distance(low.value, high.value) <= _MOST_NUMBERS:
        yield low
        yield high


def _distance(low: str, high: str) -> int:
    numbers = [re.sub(r"\D", "", value) for value in (low, high)]
    return int(numbers[1]) - int(numbers[0]) if all(numbers) else _MOST_NUMBERS + 1


_SERIES = re.compile(r"\s*-?\s*(?:series|family)\b")


def _series(text: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """Procedures named by the first of them: "the 11640 series" is many codes, and which, the text does not say."""
    if "series" not in text and "family" not in text:
        return
    for token in tokens:
        if token.shape == "cpt" and (match := _SERIES.match(text, token.end)):
            yield Range(token.start, match.end(), ())


# Shapes that a category may have: no code of another system goes on where one ends.
_OF_DIAGNOSES = ("icd10cm", "bare")


def _open_categories(text: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for token in tokens:
        if token.shape not in _OF_DIAGNOSES:
            continue
        match = _WILDCARD.match(text, token.start)
        if match is None or match.end() < token.end or match["open"] == ".":
            continue
        value = text[token.start : match.end()].upper()
        stem = match["stem"].rstrip(".")
        if (match["said"] or match["open"].endswith("*")) and diagnoses.below(stem) in ((stem,), ()):
            continue  # The mark of a footnote, or "M05.79 codes": behind a code that has nothing below it.
        if not diagnoses.exists(value):
            yield Range(token.start, match.end(), tuple(Code(CodeSystem.ICD10CM, v) for v in diagnoses.below(stem)))
