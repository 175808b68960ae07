"""What a column of a table, or the value after a label, holds: told by its header and by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache

from kg.documents import Span
from kg.extraction.letters import fold
from kg.extraction.modifiers import known_modifiers
from kg.extraction.reading import Reading
from kg.extraction.tokens import Token
from kg.model.members import plain_members


@plain_members
class Role(Enum):
    """What a column holds."""

    CODE = auto()
    MODIFIER = auto()
    DIAGNOSIS = auto()
    SPECIALTY = auto()
    PROCEDURE = auto()
    DRUG = auto()
    UNIT = auto()
    ROUTE = auto()
    PLACE = auto()
    PAYER = auto()
    REQUIREMENT = auto()
    DOCUMENTATION = auto()
    DENIAL = auto()
    CONDITION = auto()
    SIMILAR = auto()
    USAGE = auto()
    NAME = auto()
    OTHER = auto()


_HEADERS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.USAGE, r"^(?:when|how(?! given| administered)|why)\b|\bverdict\b|\bcoverage$|\bdecision\b|\banswer\b|\bwhen to\b|\buse when\b|\bnotes?\b|\bcomments?\b|\brelevance\b|\brelationship\b|\bremarks?\b|\brationale\b|\bguidance\b|\btypical use\b|\busage\b|\buse case|\bapplication\b|\binstruction|\bcondition of use\b|\brule\b|\brole\b|\bcaveat|\bcontext\b|\breason for use\b|\bhow it (?:is )?used|\bpurpose\b|\bstatus\b|\bappl(?:y|ies|icable)\b|\ballowed\?|\baccepted\?|\bcovered\b|\bpayable\b|\bon-?label|\bsupport(?:ed|s)?\?|^use$"),
        (Role.SIMILAR, r"\bconfus|\bsimilar|\bmistaken|look-?alike|\bnot to be mixed"),
        (Role.REQUIREMENT, r"\bprior auth|\bpre-?auth|\bpre-?cert|\bauthori[sz]ation\b|^pa\b|\bpa (?:req|need)|\bpa\?|\bstep\b|\brequirements?\b|\bcoverage rule|\bquantity limit|\bcriteria\b|\brems\b|\bbiomarker"),
        (Role.MODIFIER, r"\bmodifiers?\b|\bmods?\b\.?"),
        (Role.DIAGNOSIS, r"\bicd\b|icd-?10|\bdx\b|diagnos[ie]s"),
        (Role.SPECIALTY, r"\btaxonomy\b|\bnucc\b|\bspecialty code|\bprovider (?:type|code)"),
        (Role.UNIT, r"\bunits?\b|^per$|\bbill(?:ed|ing)? (?:per|by|unit|increment)|\bincrement|\bper unit|\bhow billed\b|\b1 unit\b|\bdosage\b"),
        (Role.ROUTE, r"\broute\b|\bgiven (?:by|as|how)\b|\badmin(?:istration)?\.? ?(?:method|mode)|^given$|^admin(?:istration)?$|\bhow given\b"),
        (Role.PROCEDURE, r"\bcpt\b|\badmin(?:istration)?\.? ?(?:code|cpt|hcpcs)|\bprocedure\b|\binfusion code|\binjection code|\bservice code|\bgive(?:n)? with\b|\bpaired? (?:code|with)\b|\blab codes?\b|\bvisit codes?\b|\bsupply codes?\b|\badmin\b"),
        (Role.CODE, r"\bhcpcs\b|\bj-?codes?\b|\bdrug code|\bbilling code|^codes?\b|\bproduct code|\bcode$"),
        (Role.DRUG, r"\bdrugs?\b|\bvaccines?\b|\bbrand|\bgeneric|\bmedication|\bproducts?\b|\bagents?\b|\bbiologic|\btrade name|\bmedicine|\bingredient|\btherapy\b|\binn\b|\bmolecule"),
        (Role.PLACE, r"\bplaces?\b|\bsites?\b|\bsettings?\b|\bpos\b|\blocation|\bwhere\b"),
        (Role.PAYER, r"\bpayers?\b|\bplans?\b|\binsurers?\b|\bcarriers?\b|\bhealth plan"),
        (Role.DENIAL, r"\bdenials?\b|\bdenied\b|\breject"),
        (Role.DOCUMENTATION, r"\bdocument(?:ation|s)?\b|\brecords?\b|\bchart\b"),
        (Role.CONDITION, r"\bindications?\b|\bcondition\b|\bdisease\b|\btreats\b|\bused for\b|\blabel(?:ed)? use"),
        (Role.NAME, r"\bdescription|\bdescriptor|\bname\b|\bmeaning\b|\btitle\b|\bwhat it\b|\bdefinition\b|\bspecialty\b|\bspecialties\b|\bterm\b|\bservice\b|\btest\b|\bsupply\b|\bwording\b|\bshort\b"),
    )
)  # fmt: skip
_BY_SHAPE = {
    "hcpcs": Role.CODE,
    "cpt": Role.PROCEDURE,
    "icd10cm": Role.DIAGNOSIS,
    "bare": Role.DIAGNOSIS,
    "nucc": Role.SPECIALTY,
}
# Columns that say something of the code in their row, so that the row has a subject of its own.
SAYING = frozenset({
    Role.MODIFIER, Role.DIAGNOSIS, Role.SPECIALTY, Role.PROCEDURE, Role.DRUG, Role.UNIT, Role.ROUTE, Role.PLACE, Role.PAYER,
    Role.REQUIREMENT, Role.CONDITION, Role.SIMILAR,
})  # fmt: skip
CODE_ROLES = frozenset({Role.CODE, Role.MODIFIER, Role.DIAGNOSIS, Role.SPECIALTY, Role.PROCEDURE})
_MODIFIER = re.compile(r"\s*-?[A-Z0-9]{2}\b(?:\s*(?:,|/|;|and|or|&|\+)\s*-?[A-Z0-9]{2}\b)*(?=\s*$|\s*[(,;]|\s+[a-z-])")
_WORD = re.compile(r"\w")
_TWO = re.compile(r"[A-Z0-9]{2}")
_BLANK = re.compile(r"[\W_]+|\b(?:and|or|with|to|plus)\b")
_NOTHING = re.compile(r"\W*(?:n/?a|none|not applicable|no|tbd)?\W*")
_MONEY = re.compile(r"\b(?:price|cost|amount|payment|fee|charge|limit|asp|wac|\$)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def role_of_header(header: str) -> Role:
    """What a header alone promises.

    >>> role_of_header("When to use").name, role_of_header("ICD-10-CM").name
    ('USAGE', 'DIAGNOSIS')
    """
    small = fold(header)
    return next((role for role, pattern in _HEADERS if pattern.search(small)), Role.OTHER)


def roles(reading: Reading, headers: Sequence[str], columns: Sequence[Sequence[Span]], modifiers: bool) -> list[Role]:
    """The role of each column; `modifiers` tells that two characters may stand for modifiers."""
    found = []
    for number, cells in enumerate(columns):
        header = headers[number] if number < len(headers) else ""
        found.append(_role(reading, header, cells, modifiers and number == 0))
    return found


@lru_cache(maxsize=1024)
def _is_money(header: str) -> bool:
    return _MONEY.search(header) is not None


def _role(reading: Reading, header: str, cells: Sequence[Span], modifiers: bool) -> Role:
    promised = role_of_header(header)
    filled = [cell for cell in cells if not _NOTHING.fullmatch(reading.small, cell.start, cell.end)]
    shape = _shape(reading, filled)
    money = _is_money(header)
    if money or (promised is Role.USAGE and shape is not None and not _mostly_codes(reading, filled)):
        return Role.OTHER if money and promised is not Role.REQUIREMENT else Role.USAGE
    if promised is Role.MODIFIER or (
        modifiers and promised in (Role.CODE, Role.OTHER, Role.NAME) and _all_modifiers(reading, filled)
    ):
        return Role.MODIFIER
    if shape is None and promised is Role.OTHER and _all_modifiers(reading, filled):
        return Role.MODIFIER
    if shape is None:
        return _without_codes(promised, bool(filled))
    role = _BY_SHAPE.get(shape, Role.OTHER)  # NDCs: no relation takes them yet.
    if promised in (Role.DIAGNOSIS, Role.SPECIALTY, Role.SIMILAR) or (promised is Role.PROCEDURE and role is Role.CODE):
        return promised
    if promised is Role.UNIT and role is Role.PROCEDURE:
        return Role.UNIT
    return role


def _without_codes(promised: Role, filled: bool) -> Role:
    """A column that promises codes but holds none holds names, except that G35 and the like have no dot."""
    if promised in (Role.DIAGNOSIS,) or not filled:
        return promised
    if promised in (Role.CODE, Role.SPECIALTY):
        return Role.NAME
    return Role.NAME if promised is Role.PROCEDURE else promised


def _shape(reading: Reading, cells: Sequence[Span]) -> str | None:
    """The shape of code that at least half of the cells begin with or consist of."""
    shapes: Counter[str] = Counter()
    for cell in cells:
        tokens = [token for token in reading.tokens_in(cell.start, cell.end) if token.code]
        if tokens and _is_code_cell(reading, cell, tokens):
            shapes[tokens[0].shape] += 1
    if not shapes or 2 * sum(shapes.values()) < len(cells):
        return None
    return shapes.most_common(1)[0][0]


def _mostly_codes(reading: Reading, cells: Sequence[Span]) -> bool:
    codes = [cell for cell in cells if _is_code_cell(reading, cell, reading.tokens_in(cell.start, cell.end))]
    return 2 * len(codes) >= len(cells)


def _is_code_cell(reading: Reading, cell: Span, tokens: list[Token]) -> bool:
    """Whether a cell begins with a code, or holds little else than codes."""
    if not tokens:
        return False
    if not _WORD.search(reading.text, cell.start, tokens[0].start):
        return True
    words = len(_BLANK.sub("", reading.text[cell.start : cell.end]))
    return 2 * sum(token.end - token.start for token in tokens) >= words


def _all_modifiers(reading: Reading, cells: Sequence[Span]) -> bool:
    """Whether all cells begin with modifiers that are known, and hold no other code."""
    found = [_MODIFIER.match(reading.text, cell.start, cell.end) for cell in cells]
    return bool(cells) and all(match and set(_TWO.findall(match[0])) <= known_modifiers() for match in found)


def is_code_role(role: Role) -> bool:
    """Whether a column of this role holds codes."""
    return role in CODE_ROLES
