"""Lines and rows that begin with codes."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Block
from kg.extraction.outline.about import About
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Kind

# The name of a drug and its code stand so near the beginning of a line, which is no shorter than that.
_NEAR = 80
_SHORTEST = 24
_ENTRY_GAP = re.compile(r"\W*(?:\[x\]\W*)?(?:(?:hcpcs|cpt|icd-10(?:-cm)?|j-?)\W*)?(?:codes?\W*)?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|/|;|and|or|&|\+)?\s*")
# Between the name of a drug and its code at the head of a line, and behind the code.
_BESIDE_NAME = re.compile(r"[\s,;(/®™–—-]*(?:\([^()]{1,40}\)[\s,–—-]*)?(?:HCPCS |code |\()*", re.IGNORECASE)
_COLON = re.compile(r"\)?\s*(?::|\s[–—-]\s)")
# What a line of a code list has behind its code: a separator, or a descriptor; not a verb.
VERBS = r"(?:is|are|was|were|has|have|had|may|must|can|cannot|could|might|should|shall|will|would|does|do|did|never|not|isn|aren|don|doesn|won|replaced|represents|identifies|refers|requires?|needs|pays|goes|covers|supports?|bills?|applies|stands|describes|reports|corresponds|pertains|means)\b"


def first_codes(text: Text, block: Block) -> list[CodeSpan]:
    """The codes that a line or a row begins with, joined by commas alone; none where other words come first."""
    end = block.end
    start = block.start
    if block.cells:
        start, end = next(((c.start, c.end) for c in block.cells if c.end > c.start), (start, end))
    spans = text.codes_in(start, end)
    if not spans or not _ENTRY_GAP.fullmatch(text.plain, start, spans[0].start):
        return []
    last = 1
    billing = spans[0].system in BILLING
    while (
        last < len(spans)
        and (spans[last].system in BILLING) == billing
        and _AND.fullmatch(text.plain, spans[last - 1].end, spans[last].start)
    ):
        last += 1
    return spans[:last]


def code_behind_name(text: Text, about: About, block: Block) -> list[CodeSpan]:
    """The code of a drug that its name stands before at the head of a line: "Xiaflex, J0775: …"."""
    if block.cells or block.end - block.start < _SHORTEST:
        return []
    near = min(block.end, block.start + _NEAR)
    names = text.mentions_in(block.start, near, Kind.DRUG)
    spans = about.drug_spans_in(text, block.start, near)
    if not names or not spans or not _ENTRY_GAP.fullmatch(text.plain, block.start, names[0].start):
        return []
    last = [name for name in names if name.end <= spans[0].start][-1:]
    is_beside = last and _BESIDE_NAME.fullmatch(text.plain, last[0].end, spans[0].start)
    return spans[:1] if is_beside and _COLON.match(text.plain, spans[0].end, block.end) else []
