"""Grids in plain text: below a line of codes, rows with a tick under each of those that they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.outline.entries import first_codes
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Concept

_TICK = re.compile(r"(?<=\s\s)[xX✓✔•●](?=\s|$)")
_TICK_ALONE = re.compile(r"\W*(?:[xX✓✔•●]|[Yy](?:es)?|[Nn]o?)\W*")
# So many letters may a tick stand beside the middle of its column.
_NEAR = 6


class _Column(NamedTuple):
    """A column of a grid: its code, and where on a line its middle is."""

    concept: Concept
    middle: float


def ticked_subjects(
    text: Text, blocks: Sequence[Block], drug_codes: Mapping[int, CodeSpan]
) -> dict[int, tuple[Concept, ...]]:
    """By their numbers the blocks that stand in grids, each with the codes whose columns it has ticks in.

    Where a tick stands under none of them, or alone on the line below, it is not clear whom a row is for, and it is for
    nobody.
    """
    subjects: dict[int, tuple[Concept, ...]] = dict.fromkeys(_ticked_below(text, blocks), ())
    columns: tuple[_Column, ...] = ()
    for number, block in enumerate(blocks):
        if block.cells:
            continue
        columns = tuple(_columns(text, block, drug_codes)) or columns
        if columns and first_codes(text, block) and (ticks := list(_ticks(text, block))):
            subjects[number] = _under(ticks, columns)
    return subjects


def _ticked_below(text: Text, blocks: Sequence[Block]) -> set[int]:
    """The lines of codes with a tick alone on the line below: which of several subjects it is for, is not clear."""
    positions: set[int] = set()
    code: int | None = None
    for number, block in enumerate(blocks):
        if block.cells or block.kind is BlockKind.HEADING:
            code = None
        elif first_codes(text, block):
            code = number
        elif code is not None and _TICK_ALONE.fullmatch(text.plain, block.start, block.end):
            positions.add(code)
            code = None
    return positions


def _under(ticks: Sequence[float], columns: Sequence[_Column]) -> tuple[Concept, ...]:
    """The codes that some ticks stand under, each under one of its own; nobody where that is not clear."""
    if len(ticks) == len(columns):
        return tuple(column.concept for column in columns)
    own_columns = [_column_of(tick, columns) for tick in ticks]
    concepts = tuple(dict.fromkeys(column.concept for column in own_columns if column))
    return concepts if len(concepts) == len(ticks) else ()


def _columns(text: Text, block: Block, drug_codes: Mapping[int, CodeSpan]) -> Iterator[_Column]:
    """The columns that a line has, if it names several codes of drugs and has no tick."""
    spans = [span for span in text.codes_in(block.start, block.end) if span.start in drug_codes]
    if len(spans) < 2 or any(_ticks(text, block)):
        return
    source = text.document.text
    lines = {source.rfind("\n", 0, span.start) + 1 for span in spans}
    gaps = [source[before.end : after.start] for before, after in pairwise(spans)]
    if len(lines) == 1 and all(gap.isspace() for gap in gaps):
        begin = next(iter(lines))
        yield from (_Column(span.concept, (span.start + span.end) / 2 - begin) for span in spans)


def _ticks(text: Text, block: Block) -> Iterator[float]:
    """Where on their lines the ticks of a block stand."""
    source = text.document.text
    for match in _TICK.finditer(source, block.start, block.end):
        yield match.start() + 0.5 - (source.rfind("\n", 0, match.start()) + 1)


def _column_of(tick: float, columns: Sequence[_Column]) -> _Column | None:
    """The column that a tick stands in; None where it stands in none, or between two."""
    near = [column for column in columns if abs(column.middle - tick) <= _NEAR]
    nearest = min(near, key=lambda column: abs(column.middle - tick), default=None)
    rivals = [column for column in near if column is not nearest and nearest and abs(column.middle - tick) < _NEAR / 2]
    return None if rivals else nearest
