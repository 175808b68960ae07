"""From which day a document says that something holds: "Effective January 1, 2026: Q5160".

A day counts for the block in which it stands with a word such as "effective"; from a line that introduces a list for
that list, and from a heading for what stands below it. The words are those of the group "takes effect" in
`data/wording/vocabulary.tsv`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import takewhile

from kg import lazy_re as re
from kg.documents import BlockKind, Document
from kg.extraction.wording.vocabulary import phrases
from kg.model import Assertion

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = (
    rf"(?:(?P<month>{'|'.join(_MONTHS)})[a-z]*\.? (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?P<year>\d{{4}})"
    r"|(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})[/.-](?P<y>\d{4})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))\b"
)
# As far as this a date may stand behind the word that says that it is one of effect, and in one sentence with it.
_APART = r"[^.;\n]{0,40}?"


def with_days(days: Days, assertions: Sequence[Assertion]) -> tuple[Assertion, ...]:
    """The same assertions, each with the day from which the document says that it holds, where it says one."""
    return tuple(
        replace(assertion, since=day) if (day := days.at(assertion.evidence.start)) else assertion
        for assertion in assertions
    )


class Days:
    """The days from which a document says that what stands in its blocks holds."""

    def __init__(self, document: Document) -> None:
        self._days = _days_by_block(document)
        self._starts = [block.start for block in document.blocks] if self._days else []

    def at(self, offset: int) -> date | None:
        """The day from which what stands at an offset holds, where the document says one."""
        return self._days.get(bisect_right(self._starts, offset) - 1) if self._days else None


def _days_by_block(document: Document) -> dict[int, date]:
    """The day of each block that has one, by its position."""
    days: dict[int, date] = {}
    blocks = document.blocks
    for position in dict.fromkeys(_positions_of_words(document)):
        block = blocks[position]
        if day := day_of_effect(document.text[block.start : block.end]):
            for below in (position, *_below(document, position)):
                days[below] = day
    return days


def _positions_of_words(document: Document) -> Iterator[int]:
    starts = [block.start for block in document.blocks]
    return (bisect_right(starts, match.start()) - 1 for match in _pattern().finditer(document.text))


def _below(document: Document, position: int) -> Iterable[int]:
    """The blocks that the day of a heading or of the line before a list counts for; that of a title counts for none."""
    block, after = document.blocks[position], enumerate(document.blocks[position + 1 :], position + 1)
    words = document.text[block.start : block.end]
    if block.kind is BlockKind.HEADING:
        section = (*block.section, words)
        section_blocks = takewhile(lambda other: other[1].section[: len(section)] == section, after)
        return (number for number, _ in section_blocks) if block.section else ()
    if words.rstrip().endswith(":"):
        return (number for number, _ in takewhile(lambda other: other[1].kind not in _ENDING_LISTS, after))
    return ()


_ENDING_LISTS = (BlockKind.PARAGRAPH, BlockKind.HEADING)


def day_of_effect(text: str) -> date | None:
    """The first day that a text says to be one of effect.

    >>> day_of_effect("New codes in effect from January 1, 2026:"), day_of_effect("Updated January 2026")
    (datetime.date(2026, 1, 1), None)
    """
    for match in _pattern().finditer(text):
        if day := _day(match):
            return day
    return None


@cache
def _pattern() -> re.Pattern[str]:
    words = "|".join(map(re.escape, phrases("takes effect")))
    return re.compile(rf"\b(?:{words})\b{_APART}\b{_DATE}", re.IGNORECASE)


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["y"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        return date(int(match["year"]), 1 + _MONTHS.index(match["month"].lower()), int(match["day"] or 1))
    except ValueError:
        return None
