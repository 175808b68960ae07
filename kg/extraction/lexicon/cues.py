"""Cues, and where they stand in a text: the method is ConText (Chapman), with the cues as data."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from kg import lazy_re as re
from kg import resources
from kg.errors import ResourceError
from kg.extraction.lexicon.finder import PhraseFinder
from kg.model.members import plain_members

_MONTH = re.compile(r"may,? \d")


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
    DOUBT = "doubt"
    """A word by which a clause may mean no in a way that no other cue covers: what it names is left over."""
    QUESTION = "question"
    """What stands behind it in its sentence is a question, and not stated: "check whether …"."""


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


class Lexicon:
    """All cues, and what finds them in a text; made once per process by `lexicon()`."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues
        self._finder = PhraseFinder([cue.phrase for cue in cues])

    def find(self, small: str) -> list[Hit]:
        """The cues that stand in a text in small letters, in order; of those that overlap the longest holds.

        >>> [hit.cue.phrase for hit in lexicon().find("prior authorization is no longer required")]
        ['no longer {be}? {use}', 'no longer {use}']
        """
        found = self._finder.find(small)
        hits = [Hit(start, end, self.cues[number]) for start, end, number in found if not _is_month(small, start, end)]
        return list(_longest(sorted(hits, key=_by_place)))


def _is_month(small: str, start: int, end: int) -> bool:
    """Whether a word is the month of a date: "in May 2025"."""
    return end - start == len("may") and _MONTH.match(small, start) is not None


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    """The hits that lie in no longer one, which means something else: "not only", "no longer required"."""
    reach, longest = -1, (-1, -1)
    same: list[Hit] = []
    for hit in hits:  # Longer ones come first where several begin together.
        span = (hit.start, hit.end)
        if span != longest:
            if hit.end <= reach:
                continue
            reach, longest, same = hit.end, span, []
        if hit not in same:
            same.append(hit)
            yield hit


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
