"""Modifiers in prose: two characters that are a modifier only where the words around them say so."""

from __future__ import annotations

import re
from functools import cache

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
_WORD = re.compile(r"\bmodifiers?\b|\btakes? no\b|\bappend(?:s|ed|ing)?\b", re.IGNORECASE)
_ENUMERATION = re.compile(r"(?:[\s\",/&]|and|or|either|both|modifiers?|-|nor|\([^()]{0,40}\))*", re.IGNORECASE)
_FOLLOWED = re.compile(
    r'"?\s+(?:modifiers?\b|(?:is|are|must be|may be|can be|should be) (?:\w+ )?append)', re.IGNORECASE
)
_ON_CLAIMS = re.compile(
    r"\b(?:carr(?:y|ies)|append|report|bill|claims?|lines?|required|must|may|takes?|adds?|added|use[sd]?|applies|"
    r"present|needs?)\w*\b",
    re.IGNORECASE,
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
    """Whether anything in a sentence has the shape of a modifier."""
    return _MODIFIER.search(sentence.reading.text, sentence.start, sentence.end) is not None


def modifiers_in(sentence: Sentence, start: int, end: int) -> list[tuple[Code, int]]:
    """The modifiers that a clause names, each with its offset."""
    about = sentence.topic is Topic.MODIFIERS
    if not about and not sentence.triggers & Trigger.MODIFIER:
        return []
    text = sentence.reading.text
    matches = list(_MODIFIER.finditer(text, start, end))
    if not matches:
        return []
    ends = [match.end() for match in _WORD.finditer(text, sentence.start, sentence.end)]
    on_claims = about or bool(ends) or bool(_ON_CLAIMS.search(text, start, end))
    found: list[tuple[Code, int]] = []
    for match in matches:
        value = (match["quoted"] or match["bare"]).lstrip("-")
        listed = any(at <= match.start() and _ENUMERATION.fullmatch(text, at, match.start()) for at in ends)
        quoted = match["quoted"] and (about or ends)
        if listed or quoted or _FOLLOWED.match(text, match.end(), end) or (on_claims and _is_known(value)):
            found.append((Code(CodeSystem.MODIFIER, value), match.start()))
            ends.append(match.end())
    return found


def name_of_modifier(sentence: Sentence, at: int, end: int) -> str:
    """What stands in brackets behind a modifier."""
    match = _BRACKET.match(sentence.reading.text, at, end)
    return " ".join(match[1].split()) if match else ""


def _is_known(value: str) -> bool:
    return value in known_modifiers() and value not in _ABBREVIATIONS and not value.isdigit()
