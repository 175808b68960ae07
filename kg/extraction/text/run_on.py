"""Lists of codes and names that ran together in one paragraph, as copies of tables and of slides do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Document
from kg.model import CodeSystem

if TYPE_CHECKING:
    from kg.extraction.text.text import CodeSpan

_LISTS = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_LONGEST = 20_000
_FEWEST_DIAGNOSES = 2
_FEWEST_OTHERS = 3
JOINED = re.compile(r"\s*(?:,|;|/|&|\band\b|\bor\b)\s*(?:and\s+|or\s+)?")
"""What stands between two codes that are listed together."""
_BEFORE = re.compile(r"\W*")
# The name between a code and the next one: no small word such as "with" or "see" leads on to that.
_NAME = re.compile(
    r"[\s:–-]+[A-Z][^;]{3,}(?<!\bwith)(?<!\bwithout)(?<!\band)(?<!\bor)(?<!\bsee)(?<!\bnot)(?<!\bto)(?<!\bof)(?<!\bin)(?<!\bfor)(?<!\bcode)(?<!\bcodes)(?<!\bby)(?<![,(/–-])\s+"
)
_LAST_NAME = re.compile(r"[\s:–-]+[A-Z][A-Za-z]{2}")
# What a name does not have and a sentence has.
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|may|must|can|should|will|does|do|has|have|requires?|covers?|supports?)\b|[a-z]{3,}\.\s+[A-Z]"
)


def taken_apart(document: Document, plain: str, codes: Sequence[CodeSpan]) -> Document:
    """The document with each entry of a list that ran together as a block of its own."""
    parts: list[Block] = []
    at = 0
    for block in document.blocks:
        while at < len(codes) and codes[at].start < block.start:
            at += 1
        end = at
        while end < len(codes) and codes[end].end <= block.end:
            end += 1
        is_list = block.kind in _LISTS and end - at > 1 and block.end - block.start <= _LONGEST
        starts = _entries(plain, block, codes[at:end]) if is_list else []
        parts += _cut(block, document.text, starts) if starts else [block]
        at = end
    return replace(document, blocks=tuple(parts)) if len(parts) > len(document.blocks) else document


def _entries(plain: str, block: Block, spans: Sequence[CodeSpan]) -> list[int]:
    """Where the entries of a block begin; nowhere if it is no list of codes, each with its name."""
    if not _BEFORE.fullmatch(plain, block.start, spans[0].start):
        return []
    heads = [
        (before, span)
        for before, span in pairwise((None, *spans))
        if span and (before is None or not JOINED.fullmatch(plain, before.end, span.start))
    ]
    systems = {span.system for span in spans}
    fewest = _FEWEST_DIAGNOSES if systems == {CodeSystem.ICD10CM} else _FEWEST_OTHERS
    if len(heads) < fewest or (CodeSystem.ICD10CM in systems and len(systems) > 1):
        return []
    names = [plain[before.end : span.start] for before, span in heads if before]
    # Names without a blank behind them are seen to be none at once, which takes the pattern long.
    if not all(name[-1:].isspace() and _NAME.fullmatch(name) and name.count("(") == name.count(")") for name in names):
        return []
    rest = plain[spans[-1].end : block.end]
    if not _LAST_NAME.match(rest) or any(map(_SENTENCE.search, (*names, rest))):
        return []
    return [block.start, *(span.start for before, span in heads if before)]


def _cut(block: Block, text: str, starts: Sequence[int]) -> Iterator[Block]:
    for start, end in pairwise((*starts, block.end)):
        line = block.line + text.count("\n", block.start, start)
        yield block._replace(start=start, end=start + len(text[start:end].rstrip()), line=line)
