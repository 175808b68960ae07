"""Code-like tokens: stretches of text that have the shape of a code, whatever they turn out to be.

Every one of them is accounted for after reading, so the shapes are wide; what a token means is for the rules to
say. Two characters and bare three-character diagnoses are read only where the context calls for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Code, CodeSystem

_TOKEN = re.compile(
    # All shapes but QA0 have a digit in the second place: looked at first, as it rules out nearly every position.
    r"""(?=[0-9A-Z][0-9A])(?<![\w.,$€#@&=%+])(?:
        (?P<nucc>\d{3}[0-9A-Z]{6}X)
      | (?P<ndc>\d{5}-\d{4}-\d{2}|\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d|\d{11})
      | (?P<icd10cm>(?:[A-Z]\d|QA)[0-9AB]\.[0-9A-Z]{1,4})
      | (?P<hcpcs>[A-V]\d{4})
      | (?P<cpt>\d{4}[0-9FTUM])
      | (?P<bare>[A-Z]\d[0-9AB](?:[0-9A-Z]{1,4})?)
    )(?![\w%@]|[.,]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_SYSTEMS = {system.value: system for system in CodeSystem}

# Numbers of five digits that the five sections of CPT, and its anesthesia codes, hold.
_CPT_NUMBERS = ((100, 1999), (10004, 69990), (70010, 79999), (80047, 89398), (90281, 99607))
_MEASURE = re.compile(
    r"\s*-?\s*(?:mg|mcg|µg|g|kg|ml|l|iu|units?|usp|mci|patients?|people|members|claims?|dollars?|usd|%|percent|days?|"
    r"hours?|minutes?|years?|months?|cells?|copies|per\b(?!\s+(?:hour|day|visit|session))|[A-Z][a-z]+ (?:st|street|ave|"
    r"avenue|road|rd|blvd|boulevard|drive|dr|lane|way|suite)\b)",
    re.IGNORECASE,
)
_NOT_A_CODE_BEFORE = re.compile(
    r"(?:\$|usd|zip(?: code)?|p\.?\s?o\.?\s+box|box|suite|room|phone|tel\.?|fax|call|ext\.?|no\.|number|nos\.|about|over|"
    r"approximately|nearly|of the|than|lcd|ncd|article|[,.] [A-Z]{2}|(?<!\d)\d{3}-)\s*$",
    re.IGNORECASE,
)
_VITAMINS = re.compile(r"[Vv]itamins? ([A-Z]\d{1,2})\b")
_ADDRESS = re.compile(
    r"\b(?:p\.?\s?o\.? box|mail(?:ing)?(?: address)?:|street|avenue|suite|floor)\b[^.;\n]*$", re.IGNORECASE
)
_LONGER_NUMBER = re.compile(r"-\d{4}(?!\d)|-\d{2,4}-")
_VITAMIN = re.compile(
    r"(?:vitamins?|vit\.?|factor|type|group|cd|hla[- ]?\w*|interleukin|il|stage|level|grade)[ -]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A code-like token of a document."""

    start: int
    end: int
    shape: str
    """The code system whose shape it has; `bare` is a diagnosis without a dot."""
    code: Code | None
    """The likeliest code, or None where what stands around it says that it is something else."""


def find_tokens(text: str) -> list[Token]:
    """All code-like tokens of a text, in order.

    >>> [token.code.curie for token in find_tokens("J3262 with 96413 for M06.9.")]
    ['hcpcs:J3262', 'cpt:96413', 'icd10cm:M06.9']
    """
    tokens = []
    vitamins = set(_VITAMINS.findall(text))
    for match in _TOKEN.finditer(text):
        shape = match.lastgroup or ""
        surface = match[0]
        if shape == "bare" and not surface.isupper():
            continue  # "a1c", "b12": words, not codes.
        if surface in vitamins:
            tokens.append(Token(match.start(), match.end(), shape, None))
            continue
        if shape == "ndc" and len(surface) == 11 and not surface.isdigit() and "-" not in surface:
            continue
        tokens.append(Token(match.start(), match.end(), shape, _code(text, match, shape)))
    return tokens


def _code(text: str, match: re.Match[str], shape: str) -> Code | None:
    if shape == "cpt" and match[0].isdigit() and not _may_be_cpt(text, match):
        return None
    if shape == "bare":
        if _VITAMIN.search(text, max(0, match.start() - 24), match.start()):
            return None
        return _undotted(match[0])
    if shape == "hcpcs" and match[0][0] in "Mm" and match[0][1] not in "01":
        return _undotted(match[0])  # HCPCS holds nothing under M2 to M9.
    if shape == "ndc":
        return Code.parse(match[0], CodeSystem.NDC)
    return Code(_SYSTEMS[shape], match[0].upper())


def _undotted(text: str) -> Code:
    text = text.upper()
    return Code(CodeSystem.ICD10CM, f"{text[:3]}.{text[3:]}" if len(text) > 3 else text)


def _may_be_cpt(text: str, match: re.Match[str]) -> bool:
    number = int(match[0])
    if not any(low <= number <= high for low, high in _CPT_NUMBERS):
        return False
    if _MEASURE.match(text, match.end()) or _LONGER_NUMBER.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 60) : match.start()]
    return not (_NOT_A_CODE_BEFORE.search(before[-24:]) or _ADDRESS.search(before))
