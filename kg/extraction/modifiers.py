"""Modifiers in prose: two characters that are a modifier only where the words around them say so."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg import resources
from kg.extraction.sentence import Sentence
from kg.extraction.topics import Topic
from kg.extraction.triggers import Trigger
from kg.model import Code, CodeSystem

_MODIFIER = re.compile(
    r'"(?P<quoted>-?[A-Z][A-Z0-9]|-?\d{2})[,.]?"|'
    r"(?<![\w.$-])-?(?P<bare>[A-Z][A-Z0-9]|\d{2})(?![\w%$°]|[.,:/-]\d|"
    r"\s*(?:mg|mcg|kg|units?|days?|weeks?|months?|years?|hours?|minutes?|percent|patients?)\b)"
)
# What every modifier has, and most sentences have not: looked for before the pattern, which is slow to fail.
_TWO = re.compile(r"[A-Z\d][A-Z\d]")
_WORD = re.compile(r"\bmodifiers?\b|\btakes? no\b|\bappend(?:s|ed|ing)?\b")
_ENUMERATION = re.compile(r"(?:[\s\",/&]|and|or|either|both|modifiers?|-|nor|\([^()]{0,40}\))*")
_FOLLOWED = re.compile(r'"?\s+(?:modifiers?\b|(?:is|are|must be|may be|can be|should be) (?:\w+ )?append)')
_ON_CLAIMS = re.compile(
    r"\b(?:carr(?:y|ies)|append|report|bill|claims?|lines?|required|must|may|takes?|adds?|added|use[sd]?|applies|"
    r"present|needs?)\w*\b"
)
_BRACKET = re.compile(r'"?-?[A-Z0-9]{2}"?\s*\(([^()]{4,80})\)')
# What stands in two capitals for something else: routes, states, degrees, diseases.
_ABBREVIATIONS = frozenset(
    "IV SC IM OR NO US MD NP PA RN FL TX CA NY IL PO ID VS AM PM OK MA UC CD RA MS GI ER UK EU TB HR".split()
)


@cache
def known_modifiers() -> frozenset[str]:
    """The codes of the bundled table of modifiers."""
    return frozenset(row["code"] for row in resources.table("data", "reference", "modifiers.tsv"))


def may_hold_modifiers(sentence: Sentence) -> bool:
    """Whether anything in a sentence has the shape of a modifier, where its words call for one."""
    if sentence.topic is not Topic.MODIFIERS and not sentence.triggers & Trigger.MODIFIER:
        return False
    return _is_in(sentence.text)


@lru_cache(maxsize=2048)
def _is_in(text: str) -> bool:
    return _TWO.search(text) is not None and _MODIFIER.search(text) is not None


def modifiers_in(sentence: Sentence, start: int, end: int) -> list[tuple[Code, int]]:
    """The modifiers that a clause names, each with its offset; asked only where the sentence may hold any."""
    about = sentence.topic is Topic.MODIFIERS
    text, small = sentence.reading.text, sentence.reading.small
    matches = list(_MODIFIER.finditer(text, start, end))
    if not matches:
        return []
    ends = [match.end() for match in _WORD.finditer(small, sentence.start, sentence.end)]
    on_claims = about or bool(ends) or bool(_ON_CLAIMS.search(small, start, end))
    found: list[tuple[Code, int]] = []
    for match in matches:
        value = (match["quoted"] or match["bare"]).lstrip("-")
        listed = any(at <= match.start() and _ENUMERATION.fullmatch(small, at, match.start()) for at in ends)
        quoted = match["quoted"] and (about or ends)
        if listed or quoted or _FOLLOWED.match(small, match.end(), end) or (on_claims and _is_known(value)):
            found.append((Code(CodeSystem.MODIFIER, value), match.start()))
            ends.append(match.end())
    return found


def name_of_modifier(sentence: Sentence, at: int, end: int) -> str:
    """What stands in brackets behind a modifier."""
    match = _BRACKET.match(sentence.reading.text, at, end)
    return " ".join(match[1].split()) if match else ""


def _is_known(value: str) -> bool:
    return value in known_modifiers() and value not in _ABBREVIATIONS and not value.isdigit()
