"""Modifiers in prose: two characters that are a modifier only where the words around them say so."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from kg import lazy_re as re
from kg import resources
from kg.model import Code, CodeSystem

_MODIFIER = re.compile(
    r'"(?P<quoted>-?[A-Z][A-Z0-9]|-?\d{2})[,.]?"|'
    r"(?<![\w.$-])-?(?P<bare>[A-Z][A-Z0-9]|\d{2})(?![\w%$°]|[.,:/-]\d|"
    r"\s*(?:mg|mcg|kg|units?|days?|weeks?|months?|years?|hours?|minutes?|percent|patients?)\b)"
)
# "RE: Claim denial", "Atlanta, GA 30374": the subject of a letter and a state.
_IN_LETTER = re.compile(r"(?<=\bRE):|\s+\d{5}(?:-\d{4})?\b(?!\s*(?:and|or|,|/))")
# What every modifier has, and most sentences have not: looked for before the pattern, which is slow to fail.
_TWO = re.compile(r"[A-Z\d][A-Z\d]")
_WORD = re.compile(r"\bmodifiers?\b|\btakes? no\b|\bappend(?:s|ed|ing)?\b")
_ENUMERATION = re.compile(r"(?:[\s\",/&]|and|or|either|both|modifiers?|-|nor|\([^()]{0,40}\))*")
_FOLLOWED = re.compile(r'"?\s+(?:modifiers?\b|(?:is|are|must be|may be|can be|should be) (?:\w+ )?append)')
_ON_CLAIMS = re.compile(
    r"\b(?:carr(?:y|ies)|append|put|report|bill|claims?|lines?|required|must|may|takes?|adds?|added|use[sd]?|applies|"
    r"present|needs?|accept|allow|pay|paid|cover|den(?:y|ied|ies)|reject)\w*\b"
)
# The numbers of places of service are no modifiers: "POS 11, POS 22 and POS 24".
_OF_PLACE = re.compile(r"\b(?:pos|place of service|places of service|bill types?|revenue codes?)\b[^.;]*$")
_IN_CELL = re.compile(
    r"(?<![\w.])-?(?P<code>[A-Z][A-Z0-9]|\d{2})(?![\w%]|\.\w|\s*(?:mg|units?|mcg|hours?|minutes?|days?)\b)"
)
# Capitals that stand in cells without being modifiers there.
_NOT_MODIFIERS = frozenset("NA NO OR IV IM IF TO BY ON AS OK IS IN AN OF MD DO US VS ID PO UP SC SQ".split())
_LONG_WORD = re.compile(r"[a-z]{3,}")
_BETWEEN = re.compile(r"\([^)]*\)|\band\b|\bor\b|\bmodifiers?\b|\bwith\b|\bplus\b", re.IGNORECASE)
_BRACKET = re.compile(r'"?-?[A-Z0-9]{2}"?\s*\(([^()]{4,80})\)')
# What stands in two capitals for something else: routes, states, degrees, diseases.
_ABBREVIATIONS = frozenset(
    "IV SC IM OR NO US MD NP PA RN FL TX CA NY IL PO ID VS AM PM OK MA UC CD RA MS GI ER UK EU TB HR".split()
)


# What two capitals in a text hardly ever mean but the modifier.
UNMISTAKABLE = frozenset(
    "JA JB JC JE JG JK JL JW JZ KX GA GX GY GZ RT LT EA EB EC EJ KD KO KP KQ XE XP XS XU E1 E2 E3 E4".split()
)
_LONGEST_WORDS = 60


@cache
def known_modifiers() -> frozenset[str]:
    """The codes of the bundled table of modifiers."""
    return frozenset(row["code"] for row in resources.table("data", "reference", "modifiers.tsv"))


@cache
def all_modifiers() -> frozenset[str]:
    """The same, and all that CMS maintains: for places where two characters can hardly be anything else."""
    return known_modifiers() | {row["code"] for row in resources.table("data", "reference", "hcpcs-modifiers.tsv")}


class NamedModifier(NamedTuple):
    """A modifier that a text names, and where."""

    start: int
    end: int
    code: Code


_ACRONYM = re.compile(r"\b(?!HCPCS|CPT|CMS|USE|NOT|AND)[A-Z]{3,} $")


def modifiers_in_prose(
    plain: str, small: str, sentence: tuple[int, int], clause: tuple[int, int], *, about: bool
) -> list[NamedModifier]:
    """The modifiers that a clause names; `about` if its section is about them."""
    start, end = clause
    if not _TWO.search(plain, start, end):
        return []
    matches = list(_MODIFIER.finditer(plain, start, end))
    if not matches:
        return []
    ends = [match.end() for match in _WORD.finditer(small, *sentence)]
    verb = sentence if small.startswith("not ", start) else clause  # "Use JW, not JZ": the verb stands before.
    says_modifier = about or bool(ends)
    on_claims = says_modifier or bool(_ON_CLAIMS.search(small, *verb))
    modifiers: list[NamedModifier] = []
    for match in matches:
        if _OF_PLACE.search(small, max(sentence[0], match.start() - 60), match.start()):
            continue
        value = (match["quoted"] or match["bare"]).lstrip("-")
        is_listed = any(at <= match.start() and _ENUMERATION.fullmatch(small, at, match.start()) for at in ends)
        quoted = match["quoted"] and (about or ends)
        if not is_listed and _ACRONYM.search(plain, max(start, match.start() - 12), match.start()):
            continue  # "ECOG PS" is a name of two words.
        if value in _NOT_MODIFIERS and value not in all_modifiers() and not match["quoted"]:
            continue  # "When modifier 25 IS on the visit"
        if _IN_LETTER.match(plain, match.end(), end) or (not is_listed and _is_short_for(plain, match)):
            continue
        if (
            is_listed
            or quoted
            or _FOLLOWED.match(small, match.end(), end)
            or (on_claims and _is_known(value) and (says_modifier or value in UNMISTAKABLE))
            # What begins a line is the first cell of a row, which has a name of its own beside it.
            or (about and match.start() > start and _is_of_cms(value))
        ):
            modifiers.append(NamedModifier(match.start(), match.end(), Code(CodeSystem.MODIFIER, value)))
            ends.append(match.end())
    return modifiers


def modifiers_in_cell(plain: str, start: int, end: int) -> list[NamedModifier]:
    """The modifiers of a cell or a value that holds modifiers."""
    matches = list(_IN_CELL.finditer(plain, start, end))
    alone = len(matches) == 1 and len(plain[start:end].strip(" -")) == 2
    return [
        NamedModifier(*match.span("code"), Code(CodeSystem.MODIFIER, match["code"]))
        for match in matches
        if alone
        or (
            match["code"] not in _NOT_MODIFIERS and not _is_in_words(_LAST_PART.split(plain[start : match.start()])[-1])
        )
    ]


_LAST_PART = re.compile(r"[;\n]")


def _is_in_words(before: str) -> bool:
    """Whether two capitals stand far into a cell of words: "JW when part of the vial goes to waste in FL"."""
    return len(_LONG_WORD.findall(_BETWEEN.sub("", before))) > 2


def name_of_modifier(plain: str, at: int, end: int) -> str:
    """What stands in brackets behind a modifier."""
    match = _BRACKET.match(plain, at, end)
    return " ".join(match[1].split()) if match else ""


def _is_short_for(plain: str, match: re.Match[str]) -> bool:
    """Whether two capitals in brackets shorten the words before them: "prurigo nodularis (PN)"."""
    words = plain[max(0, match.start() - _LONGEST_WORDS) : match.start()]
    if not words.endswith("("):
        return False
    initials = "".join(word[0] for word in words[:-1].replace("-", " ").split()[-2:]).upper()
    return initials == match[0]


def _is_of_cms(value: str) -> bool:
    """Whether two letters are a modifier that CMS maintains and no usual abbreviation."""
    return value.isalpha() and value in all_modifiers() and value not in _ABBREVIATIONS | _NOT_MODIFIERS


def _is_known(value: str) -> bool:
    return value in known_modifiers() and value not in _ABBREVIATIONS and not value.isdigit()
