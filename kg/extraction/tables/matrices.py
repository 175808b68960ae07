"""Tables with codes in their head, and a yes or no for each in every row: of a payer, or of a drug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kg.documents import Block, Span
from kg.extraction.draft import Citation, Outcome, Scope, Unread
from kg.extraction.lexicon import PLAIN, Stance, Where, stance_of
from kg.extraction.outline.about import About
from kg.extraction.relations.relating import Words, relate
from kg.extraction.tables.columns import is_verdict_column
from kg.extraction.tables.structure import Row
from kg.extraction.text.text import CodeSpan, Text
from kg.model import CodeSystem, Kind

_FEWEST_CODES = 2


def codes_of_head(text: Text, header: Block | None, rows: Sequence[Row]) -> Mapping[int, CodeSpan]:
    """The diagnosis or the service that each column of yes and no is headed by; empty for any other table."""
    if header is None or len(header.cells) <= _FEWEST_CODES:
        return {}
    heads = {n: text.codes_in(*cell) for n, cell in enumerate(header.cells) if n}
    codes = {n: spans[0] for n, spans in heads.items() if len(spans) == 1 and len(spans[0].codes) == 1}
    is_whole = len(codes) == len(heads) >= _FEWEST_CODES and not text.codes_in(*header.cells[0])
    if not is_whole or any(len(row.cells) != len(header.cells) for row in rows):
        return {}
    verdicts = all(is_verdict_column(text, [row.cells[n] for row in rows]) for n in codes)
    systems = {span.system for span in codes.values()}
    return codes if verdicts and len(systems) == 1 and systems != {CodeSystem.NDC} else {}


def read_matrix(
    text: Text, about: About, codes: Mapping[int, CodeSpan], rows: Sequence[Row], scope: Scope
) -> Iterator[Outcome]:
    """What each row says of the codes in the head, for the payer or of the drugs that it begins with."""
    for row in rows:
        own_scope = _scope_of(text, about, row.cells[0], scope)
        cite = Citation(row.start, row.end, row.block, scope.section, "table")
        for number, span in codes.items() if own_scope else ():
            cell = row.cells[number]
            stance = stance_of(text.words(cell), Where.CELL) if cell.end > cell.start else PLAIN
            if own_scope and stance.polarity:
                own = own_scope._replace(stance=Stance())
                yield relate(text, own, span.code, Words(), cite, Stance(stance.polarity, stance.strength))
        yield Unread(row.start, row.end, "no relation fits" if own_scope else "no subject")


def _scope_of(text: Text, about: About, head: Span, scope: Scope) -> Scope | None:
    """Whom a row speaks of or for; None where it begins with neither a payer nor a drug."""
    if codes := about.drug_codes_in(text, head):
        return scope.of_own(codes)
    payers = text.mentions_in(*head, Kind.PAYER)
    if len(payers) != 1 or not scope.subjects:
        return None
    return scope.for_payer(payers[0].concept)
