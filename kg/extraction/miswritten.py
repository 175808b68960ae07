"""Miswritten codes: what the words or the column around it call a code, and what is written as no code is.

"HCPCS J99999" and "billed under J999" leave no trace otherwise, since a letter with five digits or with three may be the
number of anything. So it has to be said, in so many words, by a column, or by the codes that it is listed with.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Span
from kg.extraction.text.run_on import JOINED
from kg.extraction.text.text import Text
from kg.extraction.text.tokens import Token
from kg.model import Code, CodeSystem, Concept, Kind

WRITTEN_AS_NONE = "called a code, and written as none"
"""The reason of a leftover that stands for a code of a procedure or a drug and has not its form."""
UNKNOWN_DIAGNOSIS = "called a diagnosis code, and none"
"""The reason of one that stands for a diagnosis and has the form of its codes without the dot."""

# Articles and policies of Medicare's contractors are A and L with five digits.
_FORM = re.compile(r"[B-KM-V]\d{5}|[A-V]\d{3}")
_OF_BILLS = (
    r"(?:(?:hcpcs|cpt)(?:\s*/\s*(?:hcpcs|cpt))?(?:\s+level\s+(?:ii|2))?(?:\s+(?:procedure\s+)?codes?)?|"
    r"[cgjq]-?codes?|(?:procedure|billing|drug|injection)\s+codes?)"
)
_DIAGNOSIS = r"(?P<diagnosis>icd-?\s?10(?:-?cm)?(?:\s+diagnosis)?(?:\s+codes?)?|(?:diagnosis|dx)\s+codes?)"
_BILLED = (
    r"(?:(?:the|its)\s+code\s+(?:for\s+[\w\s-]{3,60}?\s+)?is|"
    r"(?:bill|billed|billing|report|reported)\s+(?:it\s+)?(?:(?:with|under|as|using)\s+)?(?:codes?\s+)?)"
)
_LISTED = r"(?:[a-z]?\d[\w.]{2,9}(?:\s*\([^()]{1,60}\))?\s*(?:[,;/&]|and\b|or\b)\s*(?:(?:and|or)\s+)?){0,20}"
# The words right before a code, or before the list in which it stands.
_CALLED = re.compile(
    rf"(?<![\w-])(?:{_DIAGNOSIS}|{_OF_BILLS}|{_BILLED})[\s:=#(|,\"']*(?:(?:is|are)\s+)?[\s\"'(]*{_LISTED}$"
)
# What one of these words is in; the pattern takes long to find out that none is there.
_WORDS = ("code", "hcpcs", "cpt", "icd", "bill", "report")
_LEAD_IN = re.compile(rf"(?<![\w-])(?:{_DIAGNOSIS}|{_OF_BILLS})\W*$")
_HEAD = re.compile(rf"\W*(?:{_DIAGNOSIS}|{_OF_BILLS}|(?P<bare>codes?))\W*")
_FARTHEST = 400
_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"[\w.-]$"), re.compile(r"[-.]\w")
_MARKS = re.compile(r"[^\w\n]*")
_CODE_BEGINS = re.compile(r"[^\w\n]*(?:(?P<bills>[A-V]\d{4}|\d{5})|[A-Z]\d[\w.]{1,6})(?!\w)")
_BRACKET_BEHIND_NAME = re.compile(r"\s*\(\s*$")
_SYSTEMS_OF_BILLS = frozenset({CodeSystem.HCPCS, CodeSystem.CPT})
_LINES, _LINE, _SHORT = 30, 200, 20


def miswritten(text: Text) -> dict[int, Concept | None]:
    """Where such tokens begin, with the diagnosis that one is said to be; None for codes of procedures and drugs.

    >>> from kg.documents import parse
    >>> miswritten(Text(parse(b"Billed under HCPCS J99999, see article J12345.", "a.md")))
    {19: None}
    """
    tokens = [token for token in text.tokens if token.code is None and _is_candidate(text, token)]
    places = _Places(text) if tokens else None
    found: dict[int, Concept | None] = {}
    for token in tokens:
        system = places.said_to_be(token) if places else None
        if system is CodeSystem.ICD10CM:
            found[token.start] = Concept.of(Code.parse(text.plain[token.start : token.end], system))
        elif system:
            found[token.start] = None
    return found


def _is_candidate(text: Text, token: Token) -> bool:
    start, end = token.start, token.end
    return (
        _FORM.fullmatch(text.plain, start, end) is not None
        and not _JOINED_BEFORE.search(text.plain, max(0, start - 1), start)
        and not _JOINED_BEHIND.match(text.plain, end)
    )


def _system(match: re.Match[str] | None) -> CodeSystem | None:
    """Of which system the words say that a code is: HCPCS stands for all by which services are billed."""
    return None if match is None else CodeSystem.ICD10CM if match["diagnosis"] else CodeSystem.HCPCS


class _Places:
    """What is said of a place: of which code system a code stands there, if of any."""

    def __init__(self, text: Text) -> None:
        self._token_starts = [token.start for token in text.tokens]
        self._text, self._small = text, text.small
        self._lines = text.document.text
        self._blocks = [block for block in text.document.blocks if block.kind is not BlockKind.NAVIGATION]
        self._starts = [block.start for block in self._blocks]
        self._led: dict[int, CodeSystem | None] = {}
        self._of_codes: dict[tuple[int, int], bool] = {}
        self._rows: defaultdict[int, list[Block]] = defaultdict(list)
        for block in self._blocks:
            if block.cells:
                self._rows[block.table].append(block)

    def said_to_be(self, token: Token) -> CodeSystem | None:
        at = bisect_right(self._starts, token.start) - 1
        block = self._blocks[at] if at >= 0 else None
        if block is None or block.end < token.end:
            return None
        begin = max(block.start, token.start - _FARTHEST)
        before = self._small[begin : token.start]
        if any(word in before for word in _WORDS) and (system := _system(_CALLED.search(before))):
            return system
        if block.cells:
            return self._by_column(block, token)
        is_code = self._is_listed(token) or self._is_drug_of(token, begin)
        return CodeSystem.HCPCS if is_code else self._by_lines(token)

    def _by_column(self, row: Block, token: Token) -> CodeSystem | None:
        """What the head of the column says, or, where it says only "code", most of its other cells."""
        rows = self._rows[row.table]
        number, cell = next((n, cell) for n, cell in enumerate(row.cells) if cell.end >= token.end)
        head = rows[0] if rows[0].kind is BlockKind.HEADER else None
        if head is None or len(head.cells) != len(row.cells) or not self._is_cell_of(cell, token):
            return None
        match = _HEAD.fullmatch(self._small, *head.cells[number])
        if match is None or not match["bare"]:
            return _system(match)
        key = row.table, number
        if key not in self._of_codes:
            self._of_codes[key] = self._holds_codes(rows[1 : 1 + _LINES], number)
        return CodeSystem.HCPCS if self._of_codes[key] else None

    def _is_cell_of(self, cell: Span, token: Token) -> bool:
        """Whether a cell is that code, or begins with it as one of a list."""
        words = self._text.plain[cell.start : cell.end].strip()
        return words == self._text.plain[token.start : token.end] or self._is_listed(token)

    def _holds_codes(self, rows: Sequence[Block], number: int) -> bool:
        cells = [row.cells[number] for row in rows if len(row.cells) > number]
        codes = [_CODE_BEGINS.match(self._text.plain, *cell) for cell in cells]
        return 2 * sum(bool(match and match["bills"]) for match in codes) >= len(cells)

    def _is_listed(self, token: Token) -> bool:
        """Whether it is joined to a code by which services are billed: "J3262, J99999"."""
        tokens, at = self._text.tokens, bisect_left(self._token_starts, token.start)
        for first, second, other in ((at - 1, at, at - 1), (at, at + 1, at + 1)):
            if first >= 0 and second < len(tokens):
                code = tokens[other].code
                between = self._small[tokens[first].end : tokens[second].start]
                if code and code.system in _SYSTEMS_OF_BILLS and len(between) < _SHORT and JOINED.fullmatch(between):
                    return True
        return False

    def _is_drug_of(self, token: Token, begin: int) -> bool:
        """Whether it stands in brackets behind the name of a drug, with the letter of drugs: "tocilizumab (J99999)"."""
        bracket = _BRACKET_BEHIND_NAME.search(self._small, begin, token.start)
        if bracket is None or self._small[token.start] != "j":
            return False
        names = self._text.mentions_in(begin, bracket.start(), Kind.DRUG)
        return bool(names) and names[-1].end == bracket.start()

    def _by_lines(self, token: Token) -> CodeSystem | None:
        """What the line above says, of the entries of a list that begin with codes, or the entries beside it."""
        begin = self._lines.rfind("\n", max(0, token.start - _SHORT), token.start) + 1
        if not _MARKS.fullmatch(self._lines, begin, token.start) or (not begin and token.start > _SHORT):
            return None
        below = self._lines.find("\n", token.end, token.end + _LINE) + 1
        if below and (match := _CODE_BEGINS.match(self._lines, below)) and match["bills"]:
            return CodeSystem.HCPCS
        above = _CODE_BEGINS.match(self._line_above(begin))
        return CodeSystem.HCPCS if above and above["bills"] else self._lead_in(begin)

    def _lead_in(self, begin: int) -> CodeSystem | None:
        """What the line says that leads in the list of which a line is an entry; each line is looked at once."""
        entries: list[int] = []
        while begin > 0 and begin not in self._led:
            entries.append(begin)
            line = self._line_above(begin)
            if line.strip() and not _CODE_BEGINS.match(line):
                self._led[begin] = _system(_LEAD_IN.search(line.lower()))
                break
            begin = self._lines.rfind("\n", 0, begin - 1) + 1
        said = self._led.get(begin)
        self._led.update(dict.fromkeys(entries, said))
        return said

    def _line_above(self, begin: int) -> str:
        """The end of the line above one that begins here."""
        return self._lines[
            max(self._lines.rfind("\n", 0, max(0, begin - 1)) + 1, begin - 1 - _LINE) : max(0, begin - 1)
        ]
