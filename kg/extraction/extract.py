"""Reads a document: `Document` in, assertions out, with every row and every code accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.documents import Block, BlockKind, Document, Span
from kg.extraction.account import Leftover, Tally, account, settle
from kg.extraction.draft import Citation, Draft, Found, Left, Scope
from kg.extraction.lexicon import Stance, Topic, Where, stance_of
from kg.extraction.outline.scopes import Outline, outline
from kg.extraction.prose.prose import is_citation, is_question, read_prose
from kg.extraction.relations.drugs import drug_of, unit_in
from kg.extraction.tables.labels import read_label
from kg.extraction.tables.lines import read_entry, read_running
from kg.extraction.tables.table import Setting, read_table
from kg.extraction.text.sentences import sentences
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Assertion, Concept, Relation

# What is longer is no label with its value and no entry of a list.
_LONGEST_LINE = 20_000
_FOOTNOTE = re.compile(r"\s*\\?(?P<mark>[*†‡§¶]{1,3}|\[\d\]|[¹²³⁴])\s*(?P<said>\w.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in a document: its assertions, what was left over and why, and the two counts."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: tuple[Leftover, ...]
    rows: Tally
    tokens: Tally


def extract(document: Document) -> Extraction:
    """All assertions of a document, in its order, and the account of its rows and code-like tokens.

    >>> from kg.documents import parse
    >>> found = extract(parse(b"# HCPCS Code J3262\\n## Common Modifiers\\nAppend modifier JW for waste.", "a.md"))
    >>> found.assertions[0].object.curie
    'modifier:JW'
    """
    text = Text(document)
    found = list(_read(text, outline(text)))
    assertions, repeated = settle(text, (one for one in found if isinstance(one, Draft)))
    left = [one for one in found if isinstance(one, Left)]
    leftovers, rows, tokens = account(text, assertions, repeated, left)
    return Extraction(document, assertions, leftovers, rows, tokens)


def _read(text: Text, outlined: Outline) -> Iterator[Found]:
    """What all blocks state, one after the other; the rows of a table go together."""
    blocks, scopes = text.document.blocks, outlined.scopes
    setting = Setting(text, outlined.about, outlined.about.drug_codes, dict(_footnotes(text, blocks)))
    position = 0
    asked: tuple[int, int] | None = None
    while position < len(blocks):
        block, scope = blocks[position], scopes[position]
        if block.table:
            last = position
            while last + 1 < len(blocks) and blocks[last + 1].table == block.table:
                last += 1
            rows = [row for row in blocks[position : last + 1] if row.kind is not BlockKind.NAVIGATION]
            yield from read_table(setting, rows, scope) if rows else ()
            position = last + 1
            continue
        yield from _read_block(setting, block, scope, outlined.groups, asked)
        asked = _question_at_end(text, block)
        position += 1


def _footnotes(text: Text, blocks: Sequence[Block]) -> Iterator[tuple[str, Stance]]:
    """What the notes that begin with a mark say of whatever bears the mark."""
    for block in blocks:
        if block.cells or block.kind is BlockKind.HEADING:
            continue
        line = text.document.text.rfind("\n", 0, block.start) + 1
        if match := _FOOTNOTE.match(text.document.text, line, block.end):
            yield match["mark"], stance_of(match["said"][:400], Where.CELL)


def _question_at_end(text: Text, block: Block) -> tuple[int, int] | None:
    if block.end - block.start > _LONGEST_LINE:
        return None
    spans = sentences(text.plain, block.start, block.end)
    return spans[-1] if spans and is_question(text, *spans[-1]) else None


def _read_block(
    setting: Setting, block: Block, scope: Scope, groups: Mapping[int, tuple[Concept, ...]], asked: tuple[int, int] | None
) -> Iterator[Found]:
    text, about, codes = setting.text, setting.about, setting.codes
    if block.kind is BlockKind.NAVIGATION:
        yield Left(block.start, block.end, "navigation")
        return
    if block.kind is BlockKind.HEADING:
        yield from _read_heading(text, codes, block, scope)
        return
    if scope.topic is Topic.ASIDE or is_citation(text, block):
        yield Left(block.start, block.end, "reference")
        return
    if block.end - block.start <= _LONGEST_LINE:
        for found in (
            read_label(text, about, codes, block, scope),
            read_entry(text, about, block, scope),
            read_running(text, about, codes, block, scope),
        ):
            if found is not None:
                yield from found
                yield Left(block.start, block.end, "no relation fits" if scope.subjects else "no subject")
                return
    yield from read_prose(text, about, codes, block, scope, groups=groups, asked=asked)
    yield Left(block.start, block.end, "no relation fits" if scope.subjects else "no subject")


def _read_heading(text: Text, codes: Mapping[int, CodeSpan], block: Block, scope: Scope) -> Iterator[Found]:
    """A heading may say which drug its code identifies, and in which unit."""
    cite = Citation(block.start, block.end, block, scope.section, "heading")
    inside = [span for span in text.codes_in(block.start, block.end) if span.start in codes]
    for number, span in enumerate(inside):
        limit = inside[number + 1].start if number + 1 < len(inside) else block.end
        code = (Concept.of(span.code),)
        if drug := drug_of(text, span, block.start, limit):
            yield Draft(code, Relation.IDENTIFIES_DRUG, Concept(drug[0].kind, drug[0].key, drug[1]), cite, "drug")
        if len(inside) == 1 and (unit := unit_in(text, block.start, block.end)):
            yield Draft(code, Relation.BILLING_UNIT, unit, cite, "unit")
    yield Left(block.start, block.end, "heading")


__all__ = ["Extraction", "Leftover", "Span", "Tally", "Topic", "extract"]
