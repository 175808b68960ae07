"""What the paragraphs above the lists of an article tell: for which billing codes a list is, and whether it is all."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache

from kg import resources
from kg.model import Code, Pairing

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:p|br|li|div|tr|h\d|ul|ol)\b[^<>]*>", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=\w)[^.;\n]*)*[.;]?")
_CODE = re.compile(r"(?<![A-Z0-9.])(?:[A-V][0-9]{4}|[0-9]{4}[0-9AFTUM])(?![A-Z0-9.]*[A-Z0-9])", re.IGNORECASE)
_RANGE = re.compile(rf"({_CODE.pattern})\s*(?:-|\u2013|through|thru|to)\s*({_CODE.pattern})", re.IGNORECASE)
_GROUP = re.compile(
    r"\bgroup\s+(\d+)\s+(?:cpt|hcpcs|procedure|code)|\b(?:cpt|hcpcs|procedure)\b[^.;]{0,60}?\bgroup\s+(\d+)",
    re.IGNORECASE,
)

Services = Mapping[int, list[tuple[Code, int]]]
"""The billing codes of an article by their group, each with its row."""


def plain(markup: str) -> str:
    """The lines of a cell that may hold HTML: without tags, its characters as they are read, blanks folded.

    >>> plain("<p>Codes&nbsp;<b>not</b> listed</p><p>below</p>")
    'Codes not listed\\nbelow'
    """
    text = markup
    if "<" in markup or "&" in markup:  # Some cells are quoted twice.
        text = html.unescape(html.unescape(_TAG.sub(" ", _BREAK.sub("\n", markup)))).replace("&sol;", "/")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(filter(None, lines))


def complete(paragraph: str) -> str:
    """The sentence that says that what is not listed does not support a service, or nothing.

    >>> complete("Report as listed. All those not listed under the codes that support medical necessity.")
    'All those not listed under the codes that support medical necessity.'
    """
    return next((s for s in _sentences(paragraph) if any(cue.search(s) for cue in _cues("complete"))), "")


def services_of(paragraph: str, number: int, services: Services) -> tuple[Pairing, tuple[tuple[Code, int], ...]]:
    """The billing codes of an article that a group of diagnoses is for, and how that is known.

    Those that its paragraph names, else those of the only group of codes, else those of the group of its number. Where
    the paragraph names codes in a way that may leave them out, nobody knows.
    """
    named = _named(paragraph, services)
    if named is None:
        return Pairing.UNKNOWN, ()
    if named:
        return Pairing.NAMED, named
    filled = [group for group, codes in services.items() if codes]
    if len(filled) == 1:
        return Pairing.ONLY_GROUP, tuple(services[filled[0]])
    if services.get(number):
        return Pairing.SAME_NUMBER, tuple(services[number])
    return Pairing.UNKNOWN, ()


def _named(paragraph: str, services: Services) -> tuple[tuple[Code, int], ...] | None:
    """The codes of the article that a paragraph names; None where it names some as other than meant."""
    rows = {code: row for codes in services.values() for code, row in codes}
    found: dict[Code, int] = {}
    for sentence in _sentences(paragraph):
        of_sentence = {**_codes_in(sentence, rows), **_groups_in(sentence, services)}
        if of_sentence and any(cue.search(sentence) for cue in _cues("others")):
            return None
        found |= of_sentence
    return tuple(found.items())


def _codes_in(sentence: str, rows: Mapping[Code, int]) -> dict[Code, int]:
    texts = {match.group().upper() for match in _CODE.finditer(sentence)}
    if not texts:
        return {}
    of_range = [(first.upper(), last.upper()) for first, last in _RANGE.findall(sentence)]
    return {
        code: row
        for code, row in rows.items()
        if code.value in texts or any(_lies(first, code.value, last) for first, last in of_range)
    }


def _lies(first: str, value: str, last: str) -> bool:
    return len(first) == len(value) == len(last) and first[0].isdigit() == value[0].isdigit() and first <= value <= last


def _groups_in(sentence: str, services: Services) -> dict[Code, int]:
    numbers = [int(a or b) for a, b in _GROUP.findall(sentence)]
    return {code: row for number in numbers for code, row in services.get(number, ())}


def _sentences(paragraph: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.findall(paragraph) if sentence.strip()]


@cache
def _cues(effect: str) -> tuple[re.Pattern[str], ...]:
    rows = resources.table("data", "coverage", "words.tsv")
    return tuple(_pattern(row["words"]) for row in rows if row["effect"] == effect)


def _pattern(words: str) -> re.Pattern[str]:
    """Words one after the other, where a star stands for up to eight others."""
    parts = [r"(?:\S+\s+){0,8}?" if word == "*" else rf"{re.escape(word)}\s+" for word in words.split()]
    return re.compile(r"(?<!\w)" + "".join(parts).removesuffix(r"\s+") + r"(?!\w)", re.IGNORECASE)
