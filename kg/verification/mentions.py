"""The codes that no statement of a document is about, or none that says which drug they are, and the names beside them.

A list of codes with descriptions and no word on what they go with states nothing, but its codes and names can still be
checked against the releases.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Document, Span
from kg.extraction.extract import Extraction
from kg.extraction.miswritten import UNKNOWN_DIAGNOSIS, WRITTEN_AS_NONE
from kg.model import Assertion, CodeSystem, Concept, Evidence, Kind, Mention, Relation
from kg.reference.descriptors import ANY_DRUG
from kg.verification.checks import codes_of
from kg.verification.hints import names_any
from kg.verification.orders import is_called_diagnosis, start_of_order, tells_to_bill
from kg.verification.over import told_as_over

# What is written so is a code wherever it stands: two characters or five digits may be anything.
_CERTAIN = {
    CodeSystem.HCPCS: re.compile(r"[A-Z][0-9]{4}"),
    CodeSystem.ICD10CM: re.compile(r"[A-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}"),
    CodeSystem.NUCC: re.compile(r"[0-9A-Z]{10}"),
}
# What nobody reads as a statement of the document.
_PASSED_OVER = frozenset({"reference", "program text", "not a table that people read", "a running head or foot"})
_OF_NAMES = re.compile(
    r"\b(?:description|descriptor|descriptions|name|names|meaning|drug|diagnosis|specialty|title)\b", re.I
)
# Where no column is called so: "| hcpcs | text |", "| HCPCS | What it is |".
_OF_TEXTS = re.compile(
    r"\W*(?:hcpcs )?(?:text|wording|label|meaning|medication|product|what it (?:is|means)|stands for)\W*", re.I
)
_OF_CODES = re.compile(r"\bcodes?\b|\bhcpcs\b|\bicd", re.I)
# "J2323: natalizumab", "J2323 (natalizumab)", "J2323 is a miscellaneous code for drugs".
_LISTED = re.compile(r"\s*(?:[:–—-]\s+|\()(?P<name>[^\n;)]{4,200})")
# "M06.9 Rheumatoid arthritis, unspecified" as a line of its own, and no sentence about the code.
_ALONE = re.compile(r"\s+(?P<name>[A-Z][a-z][^\n;.:]{2,150}?)\W*\Z")
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|may|must|can|should|will|does|do|has|have|requires?|covers?|covered|supports?|billed?|see|only|not)\b",
    re.I,
)
_DEFINED = re.compile(
    r"\s+(?:(?:identifies|corresponds to|stands for|describes|represents|means)|is(?=\s+(?P<is>an?|the)\b))"
    r"\s+(?:(?:an?|the)\s+)?(?P<name>[A-Za-z][\w-]*(?: [\w-]+){0,4}?)(?= for\b| that\b| which\b| per\b|[,.;]|$)",
)

# "Meaning: metoclopramide for nausea" some lines below "Code: J2469", and "Denotes a shot of …" right below a code.
_LABELLED = re.compile(
    r"[\s*_•-]*(?:(?:short|long|official|full) )?(?:description|descriptor|meaning|name|drug|definition|what it is)"
    r"[\s*_]*(?:[:=]|\s[–—-])[\s*_]*(?P<name>[^\n;]{4,200})",
    re.I,
)
_BEGUN = re.compile(
    r"\s*(?:denotes|identifies|stands for|describes|represents|means|corresponds to)\s+(?P<name>[^\n;.]{4,200})", re.I
)
_GIVEN = re.compile(r"(?:(?:an?|the|each|one)\s+)?(?:(?:shot|dose|injection|infusion|unit|vial)s?\s+of\s+)?", re.I)
_LINES_BELOW, _ANOTHER = 4, re.compile(r"\b(?:[A-Z]\d{4}|[A-Z]\d[0-9A-Z]\.\w{1,4})\b")

# Charge lists put the package before the name: "00049-3190-01 - voriconazole 200 mg".
_PACKAGE = re.compile(r"\d{4,5}-\d{3,4}-\d{1,2}\b\W+(?=\w)")


def mentions(extraction: Extraction) -> list[Mention]:
    """The codes that no statement is about, or none that says which drug they are, each where it stands first.

    A code may stand in the words of a statement that is not about it, and is mentioned as well.

    Each carries the name beside it if there is one; under another name it is mentioned again. A code about which
    something else is stated, such as its unit, is mentioned only where a name stands beside it.
    """
    document = extraction.document
    names = _NamesBeside(document)
    unread = {block.omitted or "navigation" for block in document.blocks if block.kind is BlockKind.NAVIGATION}
    concepts = {concept for assertion in extraction.assertions for concept, _ in codes_of(assertion)}
    by_name: dict[tuple[Concept, str], Mention] = {}
    for leftover in (*extraction.leftovers, *extraction.unnamed):
        is_certain = leftover.reason in (WRITTEN_AS_NONE, UNKNOWN_DIAGNOSIS)
        code = Concept(Kind.HCPCS, leftover.text) if leftover.reason == WRITTEN_AS_NONE else leftover.code
        if code is None or code in concepts or leftover.reason in _PASSED_OVER | unread:
            continue
        pattern, at = _CERTAIN.get(code.code.system), Span(leftover.start, leftover.end)
        if code.kind is Kind.ICD10CM and is_called_diagnosis(document.text, at):
            is_certain = True  # "ICD-10 code: M06" has three characters, of which many a word is.
        if is_certain or (pattern and pattern.fullmatch(leftover.text)):
            mention = _mention(code, at, names.name(at), leftover.line, extraction)
            key = (code, mention.subject.name or "")
            if key not in by_name or _says_more(mention, by_name[key]):
                by_name[key] = mention
    by_name = _with_names(by_name)
    mentioned = {code for code, _ in by_name}
    for code, assertion in _of_no_drug(extraction.assertions):
        quote = assertion.evidence.quote
        if code not in mentioned and (match := re.search(rf"\b{code.key}\b", quote)):
            start = assertion.evidence.start + match.start()
            at = Span(start, start + len(code.key))
            if name := names.name(at):
                by_name[code, ""] = _mention(code, at, name, assertion.evidence.line, extraction)
                mentioned.add(code)
    return list(by_name.values())


def _says_more(mention: Mention, other: Mention) -> bool:
    """Whether more is to be checked where a code is named again: it is to be billed, or not said to be over."""
    return tells_to_bill(mention) > tells_to_bill(other) or mention.is_over < other.is_over


def _with_names(by_name: dict[tuple[Concept, str], Mention]) -> dict[tuple[Concept, str], Mention]:
    """Without the mentions of a code without a name, where others of it have one, unless one tells to bill it."""
    named_codes = {code for code, name in by_name if name}
    return {
        (code, name): mention
        for (code, name), mention in by_name.items()
        if name or code not in named_codes or tells_to_bill(mention)
    }


def _of_no_drug(assertions: Iterable[Assertion]) -> list[tuple[Concept, Assertion]]:
    """The codes of HCPCS Level II for which the document gives neither a name nor a drug, with what is said of them."""
    about = [(_code_in(assertion), assertion) for assertion in assertions]
    named_codes = {code for code, assertion in about if assertion.relation is Relation.IDENTIFIES_DRUG or code.name}
    return [(code, assertion) for code, assertion in about if code.kind is Kind.HCPCS and code not in named_codes]


def _code_in(assertion: Assertion) -> Concept:
    """The code that an assertion is about; of a package it says only as which one it is billed."""
    return assertion.object if assertion.relation is Relation.BILLED_AS else assertion.subject


def _mention(code: Concept, at: Span, name: Span | None, line: int, extraction: Extraction) -> Mention:
    text = extraction.document.text
    start, end = (min(at.start, name.start), max(at.end, name.end)) if name else at
    if code.kind is Kind.ICD10CM:
        start = min(start, start_of_order(text, at))
    evidence = Evidence(extraction.document.identifier, start, end, text[start:end], line)
    label = " ".join(text[name.start : name.end].split()) if name else None
    return Mention(
        Concept(code.kind, code.key, label), evidence, extraction.days.at(at.start), is_over=told_as_over(text, at)
    )


class _NamesBeside:
    """Finds the name beside a code: in a row the cell under such a header, in a line what follows the code."""

    def __init__(self, document: Document) -> None:
        self._text, self._blocks = document.text, document.blocks
        self._starts = [block.start for block in document.blocks]
        self._headers = {block.table: block for block in document.blocks if block.kind is BlockKind.HEADER}

    def name(self, code: Span) -> Span | None:
        """Where the name of a code stands."""
        at = bisect_right(self._starts, code.start) - 1
        block = self._blocks[at] if at >= 0 else None
        if block is None:
            return None
        if block.cells:
            name = self._in_row(block, code) or self._in_cell(block, code)
        else:
            name = self._in_line(block, code) or self._below(at, code)
        package = _PACKAGE.match(self._text, name.start, name.end) if name else None
        return Span(package.end(), name.end) if package and name else name

    def _in_line(self, block: Block, code: Span) -> Span | None:
        begins = not self._text[block.start : code.start].strip(" *_`#-•")
        if begins and (match := _LISTED.match(self._text, code.end, block.end)):
            return Span(*match.span("name"))
        alone = _ALONE.match(self._text, code.end, block.end) if begins else None
        if alone and not _SENTENCE.search(ANY_DRUG.sub("", alone["name"])):
            return Span(*alone.span("name"))
        return self._defined(code, block.end)

    def _defined(self, code: Span, end: int) -> Span | None:
        match = _DEFINED.match(self._text, code.end, end)
        # Behind "is" stand descriptions of all kinds.
        return Span(*match.span("name")) if match and (not match["is"] or names_any(match["name"])) else None

    def _in_cell(self, row: Block, code: Span) -> Span | None:
        """What a sentence in a cell says of the code."""
        return next((self._defined(code, cell.end) for cell in row.cells if cell.start <= code.start < cell.end), None)

    def _below(self, at: int, code: Span) -> Span | None:
        """The name in the lines below one that ends with the code, in a line with such a label or right below."""
        if self._text[code.end : self._blocks[at].end].strip(" *_`#:.)]"):
            return None
        for number, block in enumerate(self._blocks[at + 1 : at + 1 + _LINES_BELOW]):
            line = self._text[block.start : block.end]
            if block.cells or block.kind is BlockKind.HEADING or _ANOTHER.search(line):
                return None
            if match := _LABELLED.match(line) or (None if number else _BEGUN.match(line)):
                start, end = match.span("name")
                skipped = _GIVEN.match(match["name"])
                return Span(block.start + start + (skipped.end() if skipped else 0), block.start + end)
        return None

    def _in_row(self, row: Block, code: Span) -> Span | None:
        header = self._headers.get(row.table)
        if header is None or len(header.cells) != len(row.cells):
            return None
        heads = [self._text[head.start : head.end] for head in header.cells]
        numbers = [number for number, head in enumerate(heads) if _OF_NAMES.search(head) and not _OF_CODES.search(head)]
        numbers = numbers or [number for number, head in enumerate(heads) if _OF_TEXTS.fullmatch(head)]
        name = row.cells[numbers[0]] if len(numbers) == 1 else None
        if name is None or name.end == name.start or self._names_another(row.cells, numbers[0], code):
            return None
        return name

    def _names_another(self, cells: Sequence[Span], number: int, code: Span) -> bool:
        """Whether a name stands right behind another code of its row, and so is that one's."""
        before = cells[number - 1] if number else None
        if before is None or before.start <= code.start < before.end:
            return False
        return _ANOTHER.search(self._text, before.start, before.end) is not None
