"""Cues, and where they stand in a text: the method is ConText (Chapman), with the cues as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import resources
from kg.errors import ResourceError
from kg.extraction.lexicon.phrases import first_words, pattern_of, second_words
from kg.model.members import plain_members


@plain_members
class Effect(StrEnum):
    """What a cue does to what it acts on."""

    NO = "no"
    FLAT_NO = "flatNo"
    """A no wherever it stands in a remark, also behind "when"."""
    YES = "yes"
    EXCEPTION = "exception"
    REQUIRED = "required"
    PERMITTED = "permitted"
    OFF_LABEL = "offLabel"
    ATYPICAL = "atypical"
    ENDED = "ended"
    BESIDE = "beside"
    TOGETHER = "together"
    EXAMPLE = "example"


@plain_members
class Where(StrEnum):
    """The places in which a cue may stand."""

    HEADING = "heading"
    HEADER = "header"
    CELL = "cell"
    PROSE = "prose"


class Cue(NamedTuple):
    """One line of `data/cues/cues.tsv`."""

    phrase: str
    effect: Effect
    before: bool
    """Whether it acts on what stands before it."""
    after: bool
    """Whether it acts on what stands after it."""
    where: frozenset[Where]


class Hit(NamedTuple):
    """A cue that stands in a text."""

    start: int
    end: int
    cue: Cue


# How many letters of the second word tell which cues may stand there.
_LETTERS = re.compile(r"\w{0,3}")
_NEXT = re.compile(r"\w*[\s/-]+(\w{1,3})")


class Lexicon:
    """All cues, and the automaton that finds where one may begin; made once per process by `lexicon()`."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues
        beginning: dict[str, list[Cue]] = {}
        for cue in cues:
            for word in first_words(cue.phrase):
                beginning.setdefault(word, []).append(cue)
        # The gates are the words of the cues themselves, so that no cue can be kept out by a gate.
        self._automaton = AhoCorasick(list(beginning), matchkind=MatchKind.Standard)
        self._gates = [_Gate.of(found) for found in beginning.values()]

    def find(self, small: str) -> list[Hit]:
        """The cues that stand in a text in small letters, in order; of those that overlap the longest holds.

        >>> [hit.cue.phrase for hit in lexicon().find("prior authorization is no longer required")]
        ['no longer {be}? {use}', 'no longer {use}']
        """
        found: list[Hit] = []
        for number, start, end in self._automaton.find_matches_as_indexes(small, overlapping=True):
            if start and small[start - 1].isalnum() and small[start].isalnum():
                continue
            opened = self._gates[number].open(small, end)
            found += [Hit(*m.span(), cue) for cue in opened if (m := _match(cue.phrase, small, start))]
        return list(_longest(sorted(found, key=_by_place)))


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _match(phrase: str, small: str, start: int) -> re.Match[str] | None:
    """A phrase whose first word stands at an offset; marks may stand before one that begins the text."""
    return _pattern(phrase).match(small, 0 if phrase.startswith("^") else start)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """The compiled pattern of a phrase; most documents need few of them, and compiling all takes half a second."""
    return re.compile(pattern_of(phrase))


class _Gate(NamedTuple):
    """The cues that begin with one word, by the first letters of their second one."""

    always: list[Cue]
    by_second: dict[str, list[Cue]]

    @classmethod
    def of(cls, cues: list[Cue]) -> _Gate:
        gate = cls([], {})
        for cue in cues:
            seconds = {m[0] if (m := _LETTERS.match(word)) else "" for word in second_words(cue.phrase) or ("",)}
            if not all(seconds):
                gate.always.append(cue)
                continue
            for letters in sorted(seconds):
                gate.by_second.setdefault(letters, []).append(cue)
        return gate

    def open(self, small: str, at: int) -> list[Cue]:
        """The cues that may stand where their first word ends at an offset."""
        if not self.by_second or (match := _NEXT.match(small, at)) is None:
            return self.always
        return self.always + self.by_second.get(match[1], [])


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    """The hits that lie in no longer one, which means something else: "not only", "no longer required"."""
    kept: list[Hit] = []
    for hit in hits:  # Longer ones come first where several begin together.
        inside = any(other.end >= hit.end and other[:2] != hit[:2] for other in kept[-8:] if other.start <= hit.start)
        if not inside and all(other != hit for other in kept[-8:]):
            kept.append(hit)
    yield from kept


@cache
def lexicon() -> Lexicon:
    """The lexicon of this process; raises `ResourceError` for a line that cannot be read."""
    return Lexicon(tuple(_read_cues()))


_ACTS = {"before": (True, False), "after": (False, True), "both": (True, True)}


def _read_cues() -> Iterator[Cue]:
    for row in resources.table("data", "cues", "cues.tsv"):
        try:
            before, after = _ACTS[row["acts"]]
            where = frozenset(Where) if row["where"] == "any" else frozenset(map(Where, row["where"].split(", ")))
            yield Cue(row["cue"], Effect(row["effect"]), before, after, where)
        except (KeyError, ValueError) as exc:
            raise ResourceError(f"data/cues/cues.tsv: not an effect, direction or place: {row}") from exc
