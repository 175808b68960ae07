"""Code-like tokens: stretches of text that have the shape of a code, whatever they turn out to be.

Every one of them is accounted for after reading, so the shapes are wide; what a token means is for the rules to
say. Two characters and bare three-character diagnoses are read only where the context calls for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import lazy_re as re
from kg.extraction.text import diagnoses
from kg.extraction.text.folding import fold
from kg.extraction.text.modifiers import all_modifiers
from kg.model import Code, CodeSystem

# In small letters. All shapes but QA0 have a digit in the first or second place: the pattern begins with that digit,
# and looks back at a letter before it, since digits are found many times sooner than a letter or a digit.
_TOKEN = re.compile(
    r"""[0-9](?:
      (?<=[a-z][0-9])(?<![\w.,$€#@&=%][a-z][0-9])(?:
          (?P<icd10cm>[0-9ab]\.[0-9a-z]{1,4})
        | (?P<hcpcs>(?<=[a-v][0-9])\d{3})
        | (?P<bare>[0-9ab](?:[0-9a-z]{1,4})?)
      )
    | (?<![\w.,$€#@&=%][0-9])(?:
          (?P<nucc>\d{2}[0-9a-z]{6}x)
        | (?P<ndc>\d{4}[ ]\d{4}[ ]\d{2}|\d{4}-\d{4}-\d{2}|\d{3}-\d{4}-\d{2}|\d{4}-\d{3}-\d{2}|\d{4}-\d{4}-\d|\d{10})
        | (?P<cpt>\d{3}[0-9f]|(?<=0)\d{3}[tu]|(?<=0)0\d\dm|(?<=0)[01]\d\da)
      )
    )(?![\w%@]|[.,]\d)""",
    re.VERBOSE,
)
_TOKEN_QA = re.compile(r"qa(?<![\w.,$€#@&=%]qa)[0-9ab]\.[0-9a-z]{1,4}(?![\w%@]|[.,]\d)")
_LETTER_FIRST = frozenset(("icd10cm", "hcpcs", "bare"))
_SYSTEMS = {system.value: system for system in CodeSystem}

# Numbers of five digits that the five sections of CPT, and its anesthesia codes, hold.
_CPT_NUMBERS = ((100, 1999), (10004, 69990), (70010, 79999), (80047, 89398), (90281, 99607))
_MEASURE = re.compile(
    r"\s*-?\s*(?:mg|mcg|µg|g|kg|ml|l|iu|units?|usp|mci|patients?|people|members|claims?|dollars?|usd|%|percent|days?|"
    r"hours?|minutes?|years?|months?|cells?|copies|per(?!\s+(?:hour|day|visit|session)))(?![a-z])|\s*(?:[a-z][a-z]+ (?:st|street|ave|"
    r"avenue|road|rd|blvd|boulevard|drive|dr|lane|way|suite)\b)"
)
_NOT_A_CODE_BEFORE = re.compile(
    r"(?:\$|usd|zip(?: code)?|p\.?\s?o\.?\s+box|box|suite|room|phone|tel\.?|fax|call|ext\.?|no\.|number|nos\.|about|over|"
    r"approximately|nearly|of the|than|lcd|ncd|article|(?:patient|member|person|subscriber|beneficiary)s?\s?[(/#]|[,.] [a-z]{2}|(?<!\d)\d{3}-|\d-\d{2}-|"
    r"\b(?:m\.?d|d\.?o|d\.?c|d\.?p\.?m|ph\.?d|n\.?p|esq|inc|llc)\.?,?\s*\()\s*$"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CAPITAL_BEHIND = re.compile(r"\d(?=[A-Z](?:[a-z]{2}|[A-Z0-9](?!\w)))")
_GLUED_BEFORE = re.compile(
    r"(?<![A-Za-z0-9.$-])(?:(?P<hcpcs>[A-V]\d{4})|(?P<icd10cm>[A-Z]\d[0-9AB]\.[0-9A-Z]{1,4}?)|(?P<cpt>\d{5}))"
    r"(?=[A-Z][a-z]{2}|(?P<modifier>[A-Z][A-Z0-9])(?!\w))"
)
_GLUED_BEHIND = re.compile(
    r"(?:(?P<hcpcs>[A-V]\d{4})|(?P<icd10cm>[A-Z]\d[0-9AB]\.[0-9A-Z]{1,4})|(?P<cpt>\d{5}))(?![\w.]\w)"
)
# What is written around the numbers of articles, policies and determinations.
_NUMBERED_THINGS = (
    "rxnorm", "rxcui", "loinc", "snomed", "snomed ct", "snomed-ct", "cvx", "mvx", "umls", "concept id", "article", "articles",
    "lcd", "ncd", "policy", "policies", "guideline", "determination", "mcg", "bulletin", "transmittal", "form", "version",
    "cr", "rev", "revision", "document", "doi", "issn",
)  # fmt: skip
_NUMBERS = ("id", "no", "nos", "number", "numbers", "#")
_NUMBERED = re.compile(
    rf"(?<![a-z])(?<!\d)(?<!\d )(?:{'|'.join(_NUMBERED_THINGS)})(?:\s?(?:{'|'.join(_NUMBERS)}))?"
    r"\.?(?:\s?[:#(]+)?\s?(?:[a-z]?\d[\w.-]*\s*(?:,|and|&)\s*)*$"
)
# "The codes of this policy:" and below it the first of them; but "Policy number:" and below it the number.
_LEADS_IN = re.compile(r"(?<!number)(?<!numbers)(?<!\bno)(?<!\bid)(?<!#):[^\S\n]*\n\s*$")
# How such words end: looked for first, as the pattern is slow to find out that they do not.
_ENDS_OF_NUMBERED = (*_NUMBERED_THINGS, *_NUMBERS, ".", ":", "#", "(", ",", "and", "&")
# The numbers of journals and articles, "S0190-9622", and of terms in LOINC, "18741-9".
_SERIAL = re.compile(r"-\d{3}[\dx](?![\dA-Z])|-\d(?![\d-])", re.IGNORECASE)
# "B20-417": the number of a form.
_NUMBER_BEHIND = re.compile(r"-\d{3}")
_VITAMINS = re.compile(r"[Vv]itamins? ([A-Z]\d{1,2})\b")
_ADDRESS = re.compile(r"\b(?:p\.?\s?o\.? box|mail(?:ing)?(?: address)?:|street|avenue|suite|floor)\b[^.;\n]*$")
# What an address has to hold, and what else than a letter can end the words that come before no code.
_OF_ADDRESSES = ("box", "mail", "street", "avenue", "suite", "floor")
_ENDS_BEFORE = ("$", ".", "-", "(", "/", "#")
# "PH-J0482-11": the number of a policy.
_LETTERS_BEFORE, _DIGITS_BEHIND = re.compile(r"(?<![\w-])[A-Z]{1,3}-$"), re.compile(r"-\d{1,3}(?![\w-])")
# "HCS-0063A": a number that somebody gave to a document, and not "CPT-99213".
_INITIALS = re.compile(r"(?<![\w-])(?P<initials>[A-Z]{2,6})-$")
_NAMES_OF_CODES = frozenset({"CPT", "HCPCS", "CODE", "CODES", "ICD", "DX"})
_LONGER_NUMBER = re.compile(r"-\d{4}(?!\d)|-\d{2,4}-")
_VITAMIN = re.compile(r"(?:vitamins?|vit\.?|factor|type|group|cd|hla[- ]?\w*|interleukin|il|stage|level|grade)[ -]*$")


class Token(NamedTuple):
    """A code-like token of a document."""

    start: int
    end: int
    shape: str
    """The code system whose shape it has; `bare` is a diagnosis without a dot."""
    code: Code | None
    """The likeliest code, or None where what stands around it says that it is something else."""


def find_tokens(text: str, source: str | None = None) -> list[Token]:
    """All code-like tokens of a text, in order; `source` is the same text with its line breaks, where it has none.

    >>> [token.code.curie for token in find_tokens("J3262 with 96413 for M06.9.")]
    ['hcpcs:J3262', 'cpt:96413', 'icd10cm:M06.9']
    """
    if _INVISIBLE.search(text):
        return _find_through(text)
    tokens = []
    small = fold(text)
    vitamins = set(_VITAMINS.findall(text)) if "itamin" in text else ()
    addressed = any(word in small for word in _OF_ADDRESSES)
    for start, end, shape in _shapes(small):
        surface = text[start:end]
        if shape == "bare" and not surface.isupper():
            continue  # "a1c", "b12": words, not codes.
        is_other = surface in vitamins or _is_numbered(text, small, source or text, start, end, shape)
        code = None if is_other else _code(text, small, start, end, shape, addressed)
        tokens.append(Token(start, end, shape, code))
    if glued := _find_glued(text, tokens):
        starts = {token.start for token in glued}
        tokens = sorted([*(token for token in tokens if token.start not in starts), *glued])
    return tokens


def _find_through(text: str) -> list[Token]:
    """The tokens of a text with marks in it that nobody sees, such as a soft hyphen within a code."""
    places = [at for at, character in enumerate(text) if not _INVISIBLE.match(character)]
    tokens = find_tokens(_INVISIBLE.sub("", text))
    return [token._replace(start=places[token.start], end=places[token.end - 1] + 1) for token in tokens]


def _find_glued(text: str, tokens: list[Token]) -> list[Token]:
    """Codes that a lost blank glued to a word or a modifier: "HCPCSJ3262", "M06.9Rheumatoid", "J7304U1"."""
    starts = {token.start for token in tokens if token.code}
    glued = []
    for match in _glued_matches(text):
        groups = match.groupdict()
        shape = next(name for name in ("hcpcs", "icd10cm", "cpt") if groups.get(name))
        if (modifier := groups.get("modifier")) and (shape == "icd10cm" or modifier not in all_modifiers()):
            continue
        if match.start() not in starts and (shape != "icd10cm" or diagnoses.exists(match[0])):
            code = _code_of_shape(shape, match[0])
            glued.append(Token(*match.span(), shape, code))
    return glued


def _glued_matches(text: str) -> Iterator[re.Match[str]]:
    """Where a code and a word may be one: a capital behind a digit, or a digit behind a word such as "HCPCS"."""
    for near in _CAPITAL_BEHIND.finditer(text):
        at = near.start()
        begin = max(0, at - 7)
        for match in _GLUED_BEFORE.finditer(text, begin, min(len(text), at + 5)):
            if match.end() == at + 1:
                yield match
    for _, _, end in _glue().find_matches_as_indexes(text):
        if behind := _GLUED_BEHIND.match(text, end):
            yield behind


@cache
def _glue() -> AhoCorasick:
    words = ("HCPCS", "CPT", "ICD10", "ICD-10", "ICD-10-CM", "code", "Code", "codes", "Codes", "Dx", "dx")
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)


def _shapes(small: str) -> list[tuple[int, int, str]]:
    """Where a text has the shape of a code, and of which."""
    shapes = []
    for match in _TOKEN.finditer(small):
        shape = match.lastgroup or ""
        start, end = match.span()
        shapes.append((start - 1 if shape in _LETTER_FIRST else start, end, shape))
    if "qa" in small:
        shapes += [(*match.span(), "icd10cm") for match in _TOKEN_QA.finditer(small)]
        shapes.sort()
    return shapes


def _code(text: str, small: str, start: int, end: int, shape: str, addressed: bool) -> Code | None:
    """The likeliest code of a token, or None where it is something else."""
    surface = text[start:end]
    if shape == "cpt":
        return (
            _code_of_shape(shape, surface)
            if not surface.isdigit() or _may_be_cpt(small, start, end, addressed)
            else None
        )
    if shape == "bare":
        code = None if _VITAMIN.search(small, max(0, start - 24), start) else _undotted(surface)
        return code if code and diagnoses.exists(code.value) else None
    if shape == "hcpcs" and surface[0] in "Mm" and surface[1] not in "01":
        return _undotted(surface)  # HCPCS holds nothing under M2 to M9.
    if shape == "ndc":
        return Code.parse(surface, CodeSystem.NDC)
    return _code_of_shape(shape, surface)


def _is_numbered(text: str, small: str, source: str, start: int, end: int, shape: str) -> bool:
    """Whether a token is the number of an article or a policy, or a part of one: "09-J1000-78"."""
    if text[start - 1 : start] == "-" and text[max(0, start - 2) : start - 1].isdigit() and text[end : end + 1] == "-":
        return True
    if shape not in ("bare", "hcpcs", "cpt"):
        return False
    if _DIGITS_BEHIND.match(text, end) and _LETTERS_BEFORE.search(text[max(0, start - 5) : start]):
        return True
    if shape == "bare" and _NUMBER_BEHIND.match(text, end):
        return True
    if text[start - 1 : start] == "-" and (letters := _INITIALS.search(text[max(0, start - 8) : start])):
        return letters["initials"] not in _NAMES_OF_CODES
    if shape != "bare" and text.startswith("-", end) and _SERIAL.match(text, end):
        return True
    before = small[max(0, start - 60) : start]
    if not before.rstrip().endswith(_ENDS_OF_NUMBERED) or not _NUMBERED.search(before):
        return False
    return not _LEADS_IN.search(source[max(0, start - 60) : start].lower())


# The same codes stand in a guide, and in guides, again and again.
@lru_cache(maxsize=2**15)
def _code_of_shape(shape: str, surface: str) -> Code:
    return Code(_SYSTEMS[shape], surface.upper())


@lru_cache(maxsize=2**15)
def _undotted(text: str) -> Code:
    text = text.upper()
    return Code(CodeSystem.ICD10CM, f"{text[:3]}.{text[3:]}" if len(text) > 3 else text)


@lru_cache(maxsize=2**15)
def _is_of_cpt(surface: str) -> bool:
    number = int(surface)
    return any(low <= number <= high for low, high in _CPT_NUMBERS)


def _may_be_cpt(small: str, start: int, end: int, addressed: bool) -> bool:
    """Whether a number of five digits may be a code of CPT; `addressed` if the text may hold addresses."""
    if not _is_of_cpt(small[start:end]) or _MEASURE.match(small, end) or _LONGER_NUMBER.match(small, end):
        return False
    before = small[max(0, start - 60) : start]
    last = before.rstrip()[-1:]
    if (last.isalpha() or last in _ENDS_BEFORE) and _NOT_A_CODE_BEFORE.search(before[-24:]):
        return False
    return not (addressed and _ADDRESS.search(before))
