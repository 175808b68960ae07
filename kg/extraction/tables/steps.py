"""Tables of steps: the products of one column have to be tried before those of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope, Unread
from kg.extraction.outline.about import About
from kg.extraction.outline.subjects import subjects_named
from kg.extraction.relations.drugs import as_named, drug_of
from kg.extraction.relations.relating import require
from kg.extraction.tables.structure import Row, Table
from kg.extraction.text.text import Text
from kg.model import Concept, Kind, Relation, Strength

_FIRST = re.compile(
    r"\W*(?:step (?:1|one)\b|first[- ](?:step|line|choice)\b|(?:must )?try first\b|preferred\b)", re.IGNORECASE
)
_LATER = re.compile(
    r"\W*(?:step (?:[23]|two|three)\b|(?:second|third)[- ](?:step|line|choice)\b|then\b|non[- ]?preferred\b|not preferred\b)",
    re.IGNORECASE,
)
_STEP = Concept.named(Kind.REQUIREMENT, "step therapy")


def step_columns(text: Text, about: About, headers: Sequence[str], rows: Sequence[Row]) -> tuple[int, int] | None:
    """Where the products stand that come first, and those that come after them; None for any other table."""
    columns = _columns(tuple(headers))
    if columns is None:
        return None
    later = [row.cells[columns[1]] for row in rows if columns[1] < len(row.cells)]
    # "HCPCS | Preferred | Non-preferred" with a tick in each row has no products below.
    return columns if any(_codes_of(text, about, cell) for cell in later) else None


@lru_cache(maxsize=256)
def _columns(headers: tuple[str, ...]) -> tuple[int, int] | None:
    """The numbers of the columns that are headed as first and as later products.

    >>> _columns(("Class", "Step 1", "Step 2")), _columns(("Drug", "Preferred"))
    ((1, 2), None)
    """
    first = [n for n, header in enumerate(headers) if _FIRST.match(header)]
    later = [n for n, header in enumerate(headers) if _LATER.match(header)]
    return (first[0], later[0]) if len(first) == len(later) == 1 else None


def read_steps(
    text: Text, about: About, table: Table, columns: tuple[int, int], rows: Sequence[Row], scope: Scope
) -> Iterator[Outcome]:
    """What each row says: its later products require a trial of its first ones."""
    for row in rows:
        cite = Citation(row.start, row.end, row.block, scope.section, "table")
        cells = [row.cells[n] for n in columns if n < len(row.cells)]
        for cell in cells:
            yield from _names(text, about, cell, cite)
        if len(cells) == len(columns) and all(cell.end > cell.start for cell in cells):
            first, later = cells
            tried_first = _codes_of(text, about, first)
            if codes := tuple(code for code in _codes_of(text, about, later) if code not in tried_first):
                condition = f"{table.headers[columns[0]]}: {text.words(first)}"
                yield require(codes, _STEP, scope, cite, strength=Strength.REQUIRED, condition=condition)
        yield Unread(row.start, row.end, "no relation fits")


def _codes_of(text: Text, about: About, cell: Span) -> tuple[Concept, ...]:
    """The products of a cell: by their codes, else by their names."""
    return about.drug_codes_in(text, cell) or subjects_named(text, about, *cell)


def _names(text: Text, about: About, cell: Span, cite: Citation) -> Iterator[Draft]:
    """The drugs whose names stand beside their codes in a cell."""
    spans = about.drug_spans_in(text, *cell)
    for number, span in enumerate(spans):
        begin = spans[number - 1].end if number else cell.start
        limit = spans[number + 1].start if number + 1 < len(spans) else cell.end
        if drug := drug_of(text, span, begin, limit):
            yield Draft(span.concepts, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")
