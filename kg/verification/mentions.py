"""The codes of a document of which nothing that it states could be read, with the names that stand beside them.

A list of codes with descriptions and no word on what they go with states nothing, and its codes and names can be held
against the releases all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from kg.documents import Block, BlockKind, Document, Span
from kg.extraction.account import Leftover
from kg.extraction.extract import Extraction
from kg.model import Assertion, CodeSystem, Concept, Evidence, Kind, Mention, Relation
from kg.reference.descriptors import read_descriptor
from kg.verification.checks import codes_of
from kg.verification.identities import names_any

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
_OF_CODES = re.compile(r"\bcodes?\b|\bhcpcs\b|\bicd", re.I)
# "J2323: natalizumab", "J2323 (natalizumab)", "J2323 is a miscellaneous code for drugs".
_LISTED = re.compile(r"\s*(?:[:–—-]\s+|\()(?P<name>[^\n;)]{4,200})")
_SAID = re.compile(
    r"\s+(?:is|stands for|describes|represents|means)\s+(?:an?|the)\s+"
    r"(?P<name>[a-z][a-z -]{3,60}?)(?= for\b| that\b|[,.;]|$)",
    re.I,
)


def mentions(extraction: Extraction) -> list[Mention]:
    """The codes that stand in no assertion, each where it stands first, under the name beside it if there is one."""
    document = extraction.document
    beside = _Beside(document)
    unread = {block.omitted or "navigation" for block in document.blocks if block.kind is BlockKind.NAVIGATION}
    stated = {concept for assertion in extraction.assertions for concept, _ in codes_of(assertion)}
    found: dict[Concept, Mention] = {}
    for left in extraction.leftovers:
        code = left.code
        if code is None or code in stated or code in found or left.reason in _PASSED_OVER | unread:
            continue
        pattern = _CERTAIN.get(code.code.system)
        if pattern and pattern.fullmatch(left.text):
            name = beside.name(left)
            start, end = (min(left.start, name.start), max(left.end, name.end)) if name else (left.start, left.end)
            evidence = Evidence(document.identifier, start, end, document.text[start:end], left.line)
            called = " ".join(document.text[name.start : name.end].split()) if name else None
            found[code] = Mention(Concept(code.kind, code.key, called), evidence, extraction.days.at(left.start))
    return list(found.values())


def drug_named(mention: Mention) -> Assertion | None:
    """What the name beside a code states, where it names a drug as descriptors do."""
    name = mention.subject.name
    if mention.subject.kind is not Kind.HCPCS or not name:
        return None
    facts = read_descriptor(name)
    if facts is None:
        return None
    return Assertion(mention.subject, Relation.IDENTIFIES_DRUG, Concept.named(Kind.DRUG, facts.drug), mention.evidence)


class _Beside:
    """Finds the name beside a code: in a row the cell under such a header, in a line what follows the code."""

    def __init__(self, document: Document) -> None:
        self._text, self._blocks = document.text, document.blocks
        self._starts = [block.start for block in document.blocks]
        self._headers = {block.table: block for block in document.blocks if block.kind is BlockKind.HEADER}

    def name(self, left: Leftover) -> Span | None:
        """Where the name of a code stands."""
        at = bisect_right(self._starts, left.start) - 1
        block = self._blocks[at] if at >= 0 else None
        if block is None:
            return None
        return self._in_row(block) if block.cells else self._in_line(block, left)

    def _in_line(self, block: Block, left: Leftover) -> Span | None:
        begins = not self._text[block.start : left.start].strip(" *_`#-•")
        if begins and (match := _LISTED.match(self._text, left.end, block.end)):
            return Span(*match.span("name"))
        match = _SAID.match(self._text, left.end, block.end)
        return Span(*match.span("name")) if match and names_any(match["name"]) else None

    def _in_row(self, row: Block) -> Span | None:
        header = self._headers.get(row.table)
        if header is None or len(header.cells) != len(row.cells):
            return None
        called = [cell for cell, head in zip(row.cells, header.cells, strict=True) if self._is_of_names(head)]
        return called[0] if len(called) == 1 and called[0].end > called[0].start else None

    def _is_of_names(self, head: Span) -> bool:
        words = self._text[head.start : head.end]
        return _OF_NAMES.search(words) is not None and _OF_CODES.search(words) is None
