"""Tables of code pairs of which the second is not paid beside the first, as in the edits of NCCI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.extraction.draft import Citation, Draft, Outcome, Scope, Unread
from kg.extraction.lexicon import Where, stance_of
from kg.extraction.relations.services import service_of
from kg.extraction.tables.structure import Row, Table
from kg.extraction.text.text import BILLING, Text
from kg.model import Concept, Polarity

_FIRST = re.compile(r"col(?:umn)?\s*(?:1|one|i)\b(?!.*\b(?:desc|name))", re.IGNORECASE)
_SECOND = re.compile(r"col(?:umn)?\s*(?:2|two|ii)\b(?!.*\b(?:desc|name))", re.IGNORECASE)
_MODIFIER = re.compile(r"\bmodifiers?\b", re.IGNORECASE)
_ALLOWED = re.compile(r"\s*1\b")
UNLESS = "unless a modifier is allowed"


def edit_columns(headers: Sequence[str]) -> tuple[int, int] | None:
    """Where the first and the second code of each pair stand; None for any other table.

    >>> edit_columns(["Column 1", "Column 2", "Modifier"]), edit_columns(["Code", "Column 2"])
    ((0, 1), None)
    """
    first = next((n for n, header in enumerate(headers) if _FIRST.match(header)), None)
    second = next((n for n, header in enumerate(headers) if _SECOND.match(header)), None)
    return None if first is None or second is None else (first, second)


def read_edits(
    text: Text, table: Table, columns: tuple[int, int], rows: Sequence[Row], scope: Scope
) -> Iterator[Outcome]:
    """What each row says: that its second code is not billed with its first one, or only with a modifier."""
    modifier = next((n for n, header in enumerate(table.headers) if _MODIFIER.search(header)), None)
    for row in rows:
        first, second = (row.codes[n] if n < len(row.cells) else () for n in columns)
        if len(first) == len(second) == 1 and first[0].system in BILLING and second[0].system in BILLING:
            allowed = (
                modifier is not None and modifier < len(row.cells) and _is_allowed(text.words(row.cells[modifier]))
            )
            cite = Citation(row.start, row.end, row.block, scope.section, "table")
            for code in second[0].codes:
                yield Draft(
                    first[0].concepts, service_of(code), Concept.of(code), cite, "procedure", Polarity.EXCLUDED,
                    condition=UNLESS if allowed else "",
                )  # fmt: skip
        else:
            yield Unread(row.start, row.end, "no relation fits")


def _is_allowed(words: str) -> bool:
    """Whether a modifier sets a pair apart: indicator 1, or a yes."""
    return _ALLOWED.fullmatch(words) is not None or stance_of(words, Where.CELL).polarity is Polarity.AFFIRMED
