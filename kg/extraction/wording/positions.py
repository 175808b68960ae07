"""Where a sentence names what is to be documented, what claims are denied for, or what coverage requires.

The patterns stand in `data/wording/positions.tsv`; their groups of words in `vocabulary.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from kg import lazy_re as re
from kg import resources
from kg.extraction.text.folding import fold
from kg.extraction.wording.vocabulary import group, phrases, words_of
from kg.model import Kind

# At most six words, with commas and quotes between them but no end of a clause.
_GAP = r"(?:[^\s;:—]+\s+){0,6}?"
_CLAUSE_START = re.compile(r"[.;:—]\s|,\s+(?:but|so|while|whereas)\s(?=[^,]{3,80}$)")
# "Reported when a reaction has to be recorded": what is to be recorded stands behind the "when".
_SUBORDINATE = re.compile(r"[.;:—]\s|,\s+(?:but|so|while|whereas)\s(?=[^,]{3,80}$)|\b(?:when|if|because|that|where)\s")
# "… must document the weight; if criteria are not met, payment is that of another": another case is none of the things.
_OTHER_CASE = re.compile(r";\s+(?:if|otherwise|unless)\b")
_WORD = re.compile(r"\w+")
# Elements that are no words.
_SIGNS = frozenset({"..", "X", "^", "$", ":"})
_LONGEST_BEFORE = 400
# Of two patterns that name the same stretch the one that takes more decides.
_BREADTH = ("from", "listed", "criterion", "any")
_LONGEST_VERB = 16


class Position(NamedTuple):
    """A stretch of a sentence that names things, and which of them count there."""

    start: int
    end: int
    takes: str
    """`any`, `listed` (those of the kept lists), `criterion` (also what begins as criteria do), `from` (the first)."""


@dataclass(frozen=True)
class _Pattern:
    """A row of the table."""

    words: tuple[str, ...]
    side: str
    opening: re.Pattern[str]
    in_section: bool
    takes: str

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Of each element that may not lack the words that its choices begin with: one of them is in a text that fits."""
        return tuple(firsts for word in self.words if (firsts := _first_words(word)))

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern for small letters, compiled when a text first has its words: most documents need few of them."""
        return re.compile(
            "".join(
                _element(word, last=number == len(self.words) - 1)
                for number, word in enumerate(self.words)
                if word != "X" or self.side == "between"
            )
        )

    def may_stand_among(self, words: frozenset[str]) -> bool:
        """Whether a text with these words may fit."""
        return not any(firsts.isdisjoint(words) for firsts in self.needs)


def positions_in(kind: Kind, text: str, *, about: bool) -> list[Position]:
    """The stretches of a sentence that name things of a kind.

    >>> positions_in(Kind.DENIAL, "Denied for a missing NDC.", about=False)
    [Position(start=11, end=25, takes='any')]
    """
    small = fold(text)
    words = frozenset(_WORD.findall(small))
    positions: dict[tuple[int, int], Position] = {}
    for pattern in _patterns(kind):
        if (about or not pattern.in_section) and pattern.may_stand_among(words):
            for start, end in _stretches(pattern, small):
                earlier = positions.get((start, end))
                if earlier is None or _BREADTH.index(pattern.takes) > _BREADTH.index(earlier.takes):
                    positions[start, end] = Position(start, end, pattern.takes)
    return sorted(positions.values())


def _stretches(pattern: _Pattern, small: str) -> Iterator[tuple[int, int]]:
    matches = list(pattern.expression.finditer(small))
    for number, match in enumerate(matches):
        until = matches[number + 1].start() if number + 1 < len(matches) else len(small)
        if pattern.side == "after":
            other = _OTHER_CASE.search(small, match.end(), until)
            until = other.start() if other else until
            if not _goes_on(small, match.end()):
                yield match.end(), until
        elif pattern.side == "from":
            yield match.start(), len(small)
        elif pattern.side == "between":
            yield match.span("x")
        else:
            yield _clause_start(small, match.start(), pattern.opening), match.start()


def _goes_on(small: str, at: int) -> bool:
    """Whether a verb stands at an offset: "the need may be …" asks for nothing."""
    next_words = words_of(small, at, at + _LONGEST_VERB)
    return bool(next_words) and next_words[0].small in group("finite")


def _clause_start(small: str, at: int, opening: re.Pattern[str]) -> int:
    """Where the clause that ends at an offset begins; behind an aside, what stands before the aside."""
    begin = max(0, at - _LONGEST_BEFORE)
    starts = [begin, *(match.end() for match in opening.finditer(small, begin, at))]
    last = starts.pop()
    return starts[max(0, len(starts) - 2)] if starts and len(small[last:at].split()) < 2 else last


@cache
def _patterns(kind: Kind) -> tuple[_Pattern, ...]:
    rows = resources.table("data", "wording", "positions.tsv")
    return tuple(_pattern(row) for row in rows if row["kind"] == kind.value)


def _pattern(row: dict[str, str]) -> _Pattern:
    words = re.findall(r"<[^>]+>\??|\S+", row["pattern"])
    side = "before" if words[0] == "X" else "after" if words[-1] == "X" else "between"
    if row["takes"] == "from":
        side, words = "from", words[:-1]
    opening = _CLAUSE_START if row["kind"] == Kind.DENIAL.value else _SUBORDINATE
    return _Pattern(tuple(words), side, opening, row["where"] == "section", row["takes"])


def _first_words(element: str) -> frozenset[str]:
    """The words that the choices of an element begin with; none where it may lack or is no word."""
    if element.endswith("?") or element in _SIGNS:
        return frozenset()
    beginnings = [_WORD.match(choice) for choice in _choices(element)]
    return frozenset(match[0] for match in beginnings if match) if all(beginnings) else frozenset()


def _element(word: str, *, last: bool) -> str:
    """One element of a pattern, with the blank behind it."""
    optional = word.endswith("?")
    word = word.removesuffix("?")
    blank = r"\b" if last else r"\b[\s,]*"
    if word == "..":
        return _GAP
    if word == "X":
        return r"(?P<x>[^.;]{3,200}?)\s+"
    if word == "^":
        return r"^\W*"
    if word == "$":
        return r"\W*$"
    if word == ":":
        return r"(?:\s*:\s*)?" if optional else r"\s*:\s*"
    # "… is essential to show necessity" says why, not what.
    before = r"(?<!\bto )" if word == "<show>" else ""
    body = rf"{before}\b(?:{'|'.join(map(re.escape, _choices(word)))}){blank}"
    return f"(?:{body})*" if optional else body


def _choices(element: str) -> tuple[str, ...]:
    return phrases(element[1:-1]) if element.startswith("<") else tuple(element.split("|"))
