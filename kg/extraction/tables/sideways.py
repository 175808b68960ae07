"""Tables on their side: a label before each row, and behind it one value, or one for each drug."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.documents import Block, BlockKind
from kg.extraction.draft import Citation, Outcome, Scope, Unread
from kg.extraction.lexicon import Column, column_of
from kg.extraction.outline.about import About
from kg.extraction.outline.payers import payer_alone
from kg.extraction.outline.subjects import subjects_named
from kg.extraction.relations.services import is_of_drug
from kg.extraction.tables.codes import describe
from kg.extraction.tables.columns import holds_codes
from kg.extraction.tables.labels import read_labelled
from kg.extraction.tables.structure import FEWEST_COLUMNS
from kg.extraction.text.text import BILLING, Text


def row_of_codes(text: Text, rows: Sequence[Block]) -> int | None:
    """The row of codes of a table that has a column for each drug and a label before each row; None where it is none."""
    width = len(rows[0].cells)
    if width <= FEWEST_COLUMNS or len(rows) < 3 or any(len(row.cells) != width for row in rows):
        return None
    labels = _labels_of(text, rows[1:])
    known_columns = [column for column in labels if column is not Column.OTHER]
    if (
        len(known_columns) * 3 < len(labels) * 2
        or len(set(known_columns)) < FEWEST_COLUMNS
        or Column.CODE not in known_columns
    ):
        return None
    at = 1 + labels.index(Column.CODE)
    codes = [text.codes_in(cell.start, cell.end) for cell in rows[at].cells[1:]]
    return at if all(len(spans) == 1 and spans[0].system in BILLING for spans in codes) else None


def read_turned(text: Text, rows: Sequence[Block], at: int, scope: Scope) -> Iterator[Outcome]:
    """A table with a column for each drug: what each cell says, its label says, and its code is in the row of codes."""
    first = rows[0]
    for number, cell in enumerate(rows[at].cells[1:], 1):
        code = text.codes_in(cell.start, cell.end)[0]
        own_scope = scope.of_own(code.concepts)
        yield from describe(
            text, code.concepts, first.cells[number], Citation(first.start, first.end, first, scope.section, "table")
        )
        for row in rows[1:]:
            cite = Citation(row.start, row.end, row, scope.section, "table")
            if row is not rows[at] and row.cells[number].end > row.cells[number].start:
                yield from read_labelled(text, text.words(row.cells[0]), row.cells[number], own_scope, cite)
    yield from (Unread(row.start, row.end, "no relation fits") for row in rows)


def _labels_of(text: Text, rows: Sequence[Block]) -> list[Column]:
    """What kind of column the first cell of each row is the label of."""
    return [column_of(text.words(row.cells[0])) for row in rows]


def is_sideways(text: Text, header: Block | None, rows: Sequence[Block], *, of_subject: bool) -> bool:
    """Whether a table of two columns has a label and a value in each row; `of_subject` if its section has a subject."""
    if any(len(row.cells) != 2 for row in rows):
        return False
    if of_subject and len(rows) > 1 and (header is None or header.kind is not BlockKind.HEADER):
        columns = _labels_of(text, rows)
        known = len(rows) - columns.count(Column.OTHER)
        if not _OF_VALUES.isdisjoint(columns) and (known == len(rows) or (known > 1 and 2 * known >= len(rows))):
            return True
    if len(rows) < 3:
        return False
    if header is not None:
        header_columns = [column_of(text.words(cell)) for cell in header.cells]
        if (
            any(map(holds_codes, header_columns))
            or Column.OTHER not in header_columns
            or Column.DENIAL in header_columns
        ):
            return False
    labels = _labels_of(text, rows)
    known_columns = [column for column in labels if column is not Column.OTHER]
    enough = 1 if any(_is_code(text, row) for row in rows) else 2
    values = len(rows) - (header is not None)
    return len(known_columns) * 3 >= values * 2 and len(set(known_columns)) > enough


def _is_code(text: Text, row: Block) -> bool:
    """Whether a row is the label of a code, and behind it a code and nothing else."""
    value = row.cells[1]
    is_labelled = column_of(text.words(row.cells[0])) is Column.CODE
    return is_labelled and [(span.start, span.end) for span in text.codes_in(*value)] == [tuple(value)]


# Kinds of column whose values say what they are without a code.
_OF_VALUES = frozenset({Column.UNIT, Column.ROUTE, Column.PLACE, Column.MODIFIER, Column.DIAGNOSIS, Column.PROCEDURE})


def read_sideways(text: Text, about: About, rows: Sequence[Block], scope: Scope) -> Iterator[Outcome]:
    """A table on its side: each row a label and a value, one of them naming the subject."""
    for row in rows:
        if column_of(text.words(row.cells[0])) is Column.CODE:
            codes = subjects_named(text, about, row.cells[1].start, row.cells[1].end)
            if subjects := tuple(code for code in codes if is_of_drug(code)) or codes:
                scope = scope.of_own(subjects)
                break
    payers = [
        payer
        for row in rows
        if column_of(text.words(row.cells[0])) is Column.PAYER and (payer := payer_alone(text, row.cells[-1]))
    ]
    if len(payers) == 1:
        scope = scope.for_payer(payers[0])
    for row in rows:
        cite = Citation(row.start, row.end, row, scope.section, "table")
        yield from read_labelled(text, text.words(row.cells[0]), row.cells[-1], scope, cite)
        yield Unread(row.start, row.end, "no relation fits")
