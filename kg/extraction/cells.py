"""What one cell of a table, or the value after a label, states of its subject."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.documents import Span
from kg.extraction import cues, drugs
from kg.extraction.columns import Role
from kg.extraction.conditions import conditions_in
from kg.extraction.reading import Citation, Reading
from kg.extraction.relating import Words, relate
from kg.extraction.services import is_drug
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Relation, Strength

_MODIFIER = re.compile(
    r"(?<![\w.])-?(?P<code>[A-Z][A-Z0-9]|\d{2})(?![\w%.]|\s*(?:mg|units?|mcg|hours?|minutes?|days?)\b)"
)
# Capitals that stand in cells without being modifiers there.
_NOT_MODIFIERS = frozenset(
    [
        "NA",
        "NO",
        "OR",
        "IV",
        "IM",
        "IF",
        "TO",
        "BY",
        "ON",
        "AS",
        "OK",
        "IS",
        "IN",
        "AN",
        "OF",
        "MD",
        "DO",
        "US",
        "VS",
        "ID",
        "PO",
        "UP",
    ]
)
_COMMA = re.compile(r"[\s,/;&+-]*(?:and|or)?[\s-]*")
_LETTERS = re.compile(r"[a-z]{3}")
_JOINING = re.compile(r"(?:and|or|with|plus)\b.{0,3}")
_LONGEST_REMARK = 600
# "96401 - never; not a complex agent", "99213, 99214 (may be billed)": what stands apart from the name is a remark.
_OWN = re.compile(
    r"(?P<name>[^-—;(]*?)\s*(?:\s[-–—]\s|—|;|\()\s*(?P<remark>(?=.*\b(?:may|can|must|never|not|only|if|when|off-label|required|excluded|optional|rarely|for)\b).{4,})$",
    re.DOTALL | re.IGNORECASE,
)
_YES = re.compile(r"\s*(?:y|yes|required|always|x|✓|✔|true|needed|mandatory|must|req)\b|\s*[✓✔☑●xX]\s*$", re.IGNORECASE)
_NO = re.compile(
    r"\s*(?:n|no|none|not (?:required|needed)|never|false|n/a|na|waived)\b|\s*[-–—✗✘☐]?\s*$", re.IGNORECASE
)
_SOMETIMES = re.compile(
    r"\b(?:some(?:times)?|varies|may|depends?|plan[- ]specific|possibl[ey]|case by case)\b", re.IGNORECASE
)
_EXCLUDING = re.compile(
    r"\bnot\s+(?:allowed|covered|used|accepted|payable|supported|valid|applicable|billable|permitted)|\bexcluded|\bnon-?covered|\bnever\b|\bdo not\b|\bavoid|\bdoes not\b|\binvalid\b",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\(([^()]*)\)")

# Header → the requirement that a Yes in the column states.
_REQUIREMENTS = (
    (re.compile(r"(?i:\bprior|\bpre-?(?:auth|cert)|\bauthori[sz])|\bPA\b"), "prior authorization"),
    (re.compile(r"\bstep\b", re.IGNORECASE), "step therapy"),
    (re.compile(r"\bquantity|\bunit limit", re.IGNORECASE), "quantity limit"),
    (re.compile(r"\bbiomarker", re.IGNORECASE), "biomarker testing"),
    (re.compile(r"\bREMS\b"), "REMS enrollment"),
)


# A header is asked about for each cell below it.
@lru_cache(maxsize=1024)
def _is_excluding(header: str) -> bool:
    return _EXCLUDING.search(header) is not None


def read_cell(
    reading: Reading,
    role: Role,
    header: str,
    cell: Span,
    subjects: tuple[Concept, ...],
    words: Words,
    cite: Citation,
) -> bool:
    """State what a cell of the given role says of its subjects; the answer is whether it said anything."""
    before = len(reading.drafts)
    if _is_excluding(header):
        cite = cite._replace(scope=cite.scope._replace(polarity=Polarity.EXCLUDED))
    args = (reading, cell, subjects, cite)
    if role in (Role.MODIFIER, Role.DIAGNOSIS, Role.SPECIALTY, Role.PROCEDURE, Role.CODE):
        _codes(reading, role, header, cell, subjects, words, cite)
    elif role is Role.DRUG:
        drugs.state_drug(reading, subjects, cell.start, cell.end, cite)
    elif role is Role.UNIT:
        drugs.state_unit(reading, subjects, cell.start, cell.end, cite, bare=True)
    elif role is Role.ROUTE:
        _names(*args, Kind.ROUTE, Relation.ROUTE_OF_ADMINISTRATION)
    elif role is Role.PLACE:
        _names(*args, Kind.PLACE, Relation.PLACE_OF_SERVICE)
    elif role is Role.PAYER:
        _names(*args, Kind.PAYER, Relation.HAS_PAYER)
    elif role is Role.REQUIREMENT:
        _requirement(*args, header, words)
    elif role is Role.SIMILAR:
        services = [
            c for c, _, _ in codes_in(reading, Role.CODE, cell) if c.system in (CodeSystem.HCPCS, CodeSystem.CPT)
        ]
        for code in services:
            reading.state(subjects, Relation.SIMILAR_TO, Concept.of(code), cite, "similar")
    elif role is Role.CONDITION:
        for condition in conditions_in(reading.words(cell)):
            reading.state(subjects, Relation.INDICATED_FOR, condition, cite, "condition")
    return len(reading.drafts) > before


def codes_in(reading: Reading, role: Role, cell: Span) -> list[tuple[Code, int, int]]:
    """The codes of a cell, read as the system that its column holds."""
    if role is Role.MODIFIER:
        found = [
            (m["code"], m.start("code"), m.end("code")) for m in _MODIFIER.finditer(reading.text, cell.start, cell.end)
        ]
        alone = len(found) == 1 and len(reading.words(cell).strip(" -")) == 2
        return [
            (Code(CodeSystem.MODIFIER, value), start, end)
            for value, start, end in found
            if alone or (value not in _NOT_MODIFIERS and not _in_prose(reading, cell, start))
        ]
    codes = []
    for token in reading.tokens_in(cell.start, cell.end):
        if token.code is None and token.shape != "hcpcs":
            continue
        surface = reading.text[token.start : token.end]
        if role is Role.DIAGNOSIS and token.shape in ("hcpcs", "bare"):
            readings = [code for code in Code.readings(surface) if code.system is CodeSystem.ICD10CM]
            codes += [(code, token.start, token.end) for code in readings]
        elif token.code and (token.shape != "bare" or role is Role.DIAGNOSIS):
            codes.append((token.code, token.start, token.end))
    return codes


_WORD = re.compile(r"[a-z]{3,}")
_BETWEEN_MODIFIERS = re.compile(r"\([^)]*\)|\band\b|\bor\b|\bmodifiers?\b|\bwith\b|\bplus\b", re.IGNORECASE)


def _in_prose(reading: Reading, cell: Span, start: int) -> bool:
    """Whether two capitals stand far into a cell of words: "JW when part of the vial goes to waste in FL"."""
    before = reading.text[cell.start : start]
    return len(_WORD.findall(_BETWEEN_MODIFIERS.sub("", before))) > 2


def _codes(
    reading: Reading,
    role: Role,
    header: str,
    cell: Span,
    subjects: tuple[Concept, ...],
    words: Words,
    cite: Citation,
) -> None:
    codes = codes_in(reading, role, cell)
    service = _service(header) if role is Role.PROCEDURE else None
    for (code, _, _), (beside, cue) in zip(codes, _words_for(reading, codes, cell.end, words), strict=True):
        billing = code.system in (CodeSystem.HCPCS, CodeSystem.CPT)
        if not billing or not (Concept.of(code) in subjects or (is_drug(code) and role is Role.CODE)):
            relate(reading, subjects, code, beside, cite, service=service, cue=cue)


def _words_for(
    reading: Reading, codes: list[tuple[Code, int, int]], end: int, words: Words
) -> list[tuple[Words, str | None]]:
    """The words for each code of a cell; codes with only a comma between them share what stands behind the last."""
    found: list[tuple[Words, str | None]] = []
    for code, start, after in reversed(codes):
        if not found or not _COMMA.fullmatch(reading.text, after, end):
            found.append(_beside(reading, code, after, end, words, len(codes) == 1))
        else:
            found.append(found[-1])
        end = start
    return found[::-1]


def _beside(reading: Reading, code: Code, start: int, end: int, words: Words, alone: bool) -> tuple[Words, str | None]:
    """The words for one code of a cell: those of the row, or a remark in brackets or after it that is its own."""
    rest = reading.text[start:end]
    if not rest or rest.isspace():
        return (words if alone or words.usage else Words("", words.usage, words.usage_span)), None
    if (remark := _REMARK.match(rest)) and code.system is CodeSystem.MODIFIER:
        return Words(words.name, remark[1].strip(), (start + remark.start(1), start + remark.end(1))), None
    if code.system is not CodeSystem.MODIFIER and len(rest) < _LONGEST_REMARK and (own := _OWN.match(rest)):
        usage = own["remark"].strip(" ()")
        name = words.name or own["name"].strip(" ,;:-(") or words.usage
        return Words(name, usage, (start + own.start("remark"), end)), None
    tail = rest.strip(" ,;:/-()\"'").strip()
    if len(tail) > 3 and _LETTERS.search(tail) and not _JOINING.fullmatch(tail):
        name = words.name or (tail if code.system is not CodeSystem.MODIFIER else "")
        usage = words.usage or tail
        if cues.polarity(tail) is not Polarity.AFFIRMED or cues.strength(tail) is not Strength.STATED:
            return Words(words.name, tail, (start, end)), None
        return Words(
            name, usage, words.usage_span if words.usage else (start, end)
        ), None if code.system is CodeSystem.MODIFIER or words.usage else ""
    return (words if alone or words.usage else Words("", words.usage, words.usage_span)), None


@lru_cache(maxsize=1024)
def _service(header: str) -> Relation | None:
    """What the header of a column of procedures says that they are for."""
    for relation, pattern in (
        (Relation.TESTED_WITH, r"\blab"),
        (Relation.EVALUATED_WITH, r"\bvisit|\bE/?M\b|\bevaluation"),
        (Relation.SUPPLIED_WITH, r"\bsuppl"),
        (Relation.ADMINISTERED_WITH, r"\badmin|\binfusion|\binjection|\bgiven? "),
    ):
        if re.search(pattern, header, re.IGNORECASE):
            return relation
    return None


def _names(
    reading: Reading,
    cell: Span,
    subjects: tuple[Concept, ...],
    cite: Citation,
    kind: Kind,
    relation: Relation,
) -> None:
    for mention in reading.mentions_in(cell.start, cell.end, kind):
        reading.state(subjects, relation, reading.as_written(mention), cite, kind.value)


def _requirement(
    reading: Reading,
    cell: Span,
    subjects: tuple[Concept, ...],
    cite: Citation,
    header: str,
    words: Words,
) -> None:
    text = reading.words(cell)
    name = next((name for pattern, name in _REQUIREMENTS if pattern.search(header)), None)
    if name is None or not (_YES.match(text) or _NO.match(text) or _SOMETIMES.search(text)):
        for mention in reading.mentions_in(cell.start, cell.end, Kind.REQUIREMENT):
            reading.state(
                subjects,
                Relation.COVERAGE_REQUIRES,
                reading.as_written(mention),
                cite,
                "requirement",
            )
        return
    if not text:
        return
    polarity = Polarity.AFFIRMED if _YES.match(text) or _SOMETIMES.search(text) else Polarity.EXCLUDED
    strength = Strength.PERMITTED if _SOMETIMES.search(text) else Strength.STATED
    qualifiers = (
        tuple(pair for pair in reading.qualifiers(*words.usage_span, Concept.named(Kind.REQUIREMENT, name)))
        if words.usage_span[1]
        else ()
    )
    reading.state(
        subjects, Relation.COVERAGE_REQUIRES, Concept.named(Kind.REQUIREMENT, name), cite, "requirement",
        polarity=polarity, strength=strength, condition="" if len(text) < 5 else text, qualifiers=qualifiers,
    )  # fmt: skip
