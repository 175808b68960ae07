"""A cell of a table, and the words for each code in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Scope
from kg.extraction.lexicon import PLAIN, Stance, Where, stance_of
from kg.extraction.relations.relating import Words
from kg.extraction.text.folding import fold
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Code, CodeSystem, Kind, Polarity

_COMMA = re.compile(r"[\s,/;&+-]*(?:and|or)?[\s-]*")
_LETTERS = re.compile(r"[a-z]{3}")
_JOINING = re.compile(r"(?:and|or|with|plus)\b.{0,3}")
_LONGEST_REMARK = 600
# "96401 - never; not a complex agent", "99213, 99214 (may be billed)": what stands apart from the name is a remark.
_OWN = re.compile(
    r"(?P<name>[^-—;(]*?)\s*(?:\s[-–—]\s|—|;|\()\s*(?P<remark>(?=.*\b(?:may|can|must|never|not|only|if|when|off-label|required|excluded|optional|rarely|for)\b).{4,})$",
    re.DOTALL | re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
# What stands before a code in a cell and is said of it: "96365 (not 96372)", "Covered: L40.0; not covered: L40.59".
_LEAD = re.compile(r"[\s;,.|(/]{0,6}(?P<lead>\b(?:not|never|no)\s+|\b[A-Za-z][A-Za-z -]{1,40}:\s*)$", re.IGNORECASE)
# How a bracket begins that says no to its modifier: "JW (not required)". Another tells what that means.
_NO_TO_IT = re.compile(
    r"\W*(?:(?:is|are|it|this|may|must|should|can|usually|modifiers?|separately)\W+){0,3}(?:no|not|never|non|cannot|can't|don't|do|does|den|reject|invalid|exclu|prohibit|unless|except)"
)


class Cell(NamedTuple):
    """A cell with all that is needed to read it."""

    text: Text
    span: Span
    header: str
    scope: Scope
    words: Words
    """The name and the remark that the row gives."""
    stance: Stance
    """What the row says by its remarks and its columns of yes and no."""
    cite: Citation

    @property
    def content(self) -> str:
        """The words of the cell."""
        return self.text.words(self.span)


class NamedCode(NamedTuple):
    """Codes that one stretch of a cell stands for."""

    start: int
    end: int
    codes: tuple[Code, ...]


def words_for(cell: Cell, spans: Sequence[NamedCode | CodeSpan]) -> list[tuple[Words, Stance, str]]:
    """The words for each code of a cell; codes with only a comma between them share what stands behind the last."""
    if len(spans) == 1:
        return [_beside(cell, spans[0], cell.span.end, alone=True)]
    results: list[tuple[Words, Stance, str]] = []
    end, is_led = cell.span.end, False
    for number in range(len(spans) - 1, -1, -1):
        span = spans[number]
        if results and not is_led and _COMMA.fullmatch(cell.text.plain, span.end, end):
            results.append(results[-1])
        else:
            results.append(_beside(cell, span, end, alone=False))
        end = span.start
        lead = _LEAD.search(cell.text.plain, spans[number - 1].end if number else cell.span.start, end)
        is_led = lead is not None and _led(results, lead["lead"])
        end = lead.start() if lead and is_led else end
    return results[::-1]


def _led(results: list[tuple[Words, Stance, str]], lead: str) -> bool:
    """Give the last code, and those that share its words, the yes or no of the words before it, if these say so."""
    label = lead.strip().rstrip(":")
    stance = stance_of(label, Where.CELL) if lead.rstrip().endswith(":") else Stance(Polarity.EXCLUDED)
    if stance.polarity is None:
        return False
    shared = results[-1]
    for at in range(len(results) - 1, -1, -1):
        if results[at] is not shared:
            break
        results[at] = (shared[0], stance, shared[2])
    return True


def _beside(cell: Cell, span: NamedCode | CodeSpan, end: int, *, alone: bool) -> tuple[Words, Stance, str]:
    """The words for one code: those of the row, or a remark in brackets or behind it that is its own."""
    rest, words = cell.text.plain[span.end : end], cell.words
    modifier = bool(span.codes) and span.codes[0].system is CodeSystem.MODIFIER
    if words.usage_span == (span.start, span.end) and not modifier:
        words = Words(words.name, words.usage)  # A cell that is a code and nothing else holds no condition of it.
    shared = (words if alone or words.usage else Words("", words.usage, words.usage_span)), cell.stance, words.usage
    if not rest or rest.isspace():
        return shared
    if modifier and (bracket := _BRACKET.match(rest)):
        return _meaning(words.name, bracket[1].strip(), (span.end + bracket.start(1), span.end + bracket.end(1)))
    if not modifier and len(rest) < _LONGEST_REMARK and (own_remark := _OWN.match(rest)):
        name = words.name or own_remark["name"].strip(" ,;:-(") or words.usage
        return _own(name, own_remark["remark"].strip(" ()"), (span.end + own_remark.start("remark"), end))
    tail = rest.strip(" ,;:/-()\"'").strip()
    if not cell.text.mentions_in(span.end, end, Kind.ROUTE) and (
        len(tail) <= 3 or not _LETTERS.search(tail) or _JOINING.fullmatch(tail)
    ):
        return shared
    if stance_of(tail, Where.CELL).says_something:
        return _own(words.name, tail, (span.end, end))
    name = words.name or ("" if modifier else tail)
    if words.usage:
        return Words(name, words.usage, words.usage_span), cell.stance, words.usage
    return Words(name, tail, (span.end, end)), cell.stance, tail if modifier else ""


def _meaning(name: str, usage: str, span: tuple[int, int]) -> tuple[Words, Stance, str]:
    """What stands in brackets behind a modifier: a rule, or what it means, such as "rest of the vial not given"."""
    words, stance, condition = _own(name, usage, span)
    return words, (stance if not stance.excludes or _NO_TO_IT.match(fold(usage)) else PLAIN), condition


def _own(name: str, usage: str, span: tuple[int, int]) -> tuple[Words, Stance, str]:
    return Words(name, usage, span), stance_of(usage, Where.CELL), usage
