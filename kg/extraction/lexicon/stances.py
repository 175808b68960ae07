"""What the cues of a phrase or of a clause make of what they act on: its polarity and its strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.lexicon.cues import Effect, Hit, Where, lexicon
from kg.extraction.text.folding import fold
from kg.extraction.text.sentences import main_spans
from kg.model import Polarity, Strength


class Stance(NamedTuple):
    """How something is said: `polarity` is None where no cue says yes or no."""

    polarity: Polarity | None = None
    strength: Strength = Strength.STATED
    doubted: bool = False
    """Whether a word stands in it that may turn it around, so that neither yes nor no is sure."""

    @property
    def excludes(self) -> bool:
        """Whether it says no."""
        return self.polarity is Polarity.EXCLUDED

    @property
    def says_something(self) -> bool:
        """Whether any cue stands in it."""
        return self.polarity is not None or self.strength is not Strength.STATED


PLAIN = Stance()
"""That of words in which no cue stands."""

_NOES = frozenset({Effect.NO, Effect.FLAT_NO})
_POLAR = frozenset({*_NOES, Effect.YES, Effect.EXCEPTION})
_BY_EFFECT = (
    (Effect.OFF_LABEL, Strength.OFF_LABEL),
    (Effect.ATYPICAL, Strength.ATYPICAL),
    (Effect.REQUIRED, Strength.REQUIRED),
    (Effect.PERMITTED, Strength.PERMITTED),
)
_PARTS = re.compile(r"[;.]\s|[;.]$|\s[-–—]\s|—|,")
# Between a code and the verb that speaks of it: further codes, and few words.
_WORDS = re.compile(r"[a-z]{3,}")
_RELATIVE = re.compile(r"(?<=[\w,] )(?:that|which|who|whose|so that|to indicate|to show)\b")
# "Diagnoses that clear the scrubber": what no cue says of the codes below is not understood.
_SPEAKS = re.compile(r"\b(?:diagnos[ie]s|icd-?10(?:-cm)?|indications?|conditions?|dx)(?: codes?)? (?:that|which)\b")
_OF_PERSON = re.compile(r"\b(?:who|whom|whose)\b")
# "KX, max 1 a day, cannot bill two kits": behind the comma the cue begins something of its own.
_OF_ITS_OWN = re.compile(r"[^\W\d_]{3,}(?<!\band)(?<!\bnot)(?<!\bmodifier),\s*$")
_BREAK = re.compile(r"[;:—]|^[^(]*\)")
_BESIDE = 16
_JOINS = re.compile(r"(?:,|\b(?:and|but|or|yet))\s*$")


_DENIED = re.compile(
    r"\b(?:no|without(?: any)?|not (?:for|by|in|via|as))\s+(?:\w+\s+){0,2}$|"
    r"\b(?:not|nor|never)\s+(?:(?:an?|the|at|in)\s+){0,2}(?:[a-z-]+\s*(?:\([a-z/]+\)\s*)?(?:,|/|or|nor)\s*(?:or\s+)?){0,3}(?:[a-z-]+\s*\()?$"
)


def is_denied(before: str) -> bool:
    """Whether the words right before a name say no to it, or to a list that it stands in.

    >>> is_denied("under the skin only, not intravenous (iv) or ")
    True
    """
    return _DENIED.search(before) is not None


# Remarks and headings recur from row to row.
@lru_cache(maxsize=8192)
def stance_of(phrase: str, where: Where) -> Stance:
    """What a heading, a header or a cell as a whole says; what stands behind "when" and "if" does not count.

    >>> stance_of("Codes that do not support medical necessity", Where.HEADING).polarity.value
    'excluded'
    >>> stance_of("Use when the review is not complete", Where.CELL).polarity.value
    'affirmed'
    """
    small = fold(phrase)
    hits = [hit for hit in lexicon().find(small) if where in hit.cue.where]
    is_unknown = where is Where.HEADING and _SPEAKS.search(small) is not None
    if not hits:
        return Stance(doubted=is_unknown)
    if any(hit.cue.effect is Effect.FLAT_NO for hit in hits) and where is Where.CELL:
        return Stance(Polarity.EXCLUDED, strength_of(hits, hits))
    spans = main_spans(small)
    if where is Where.HEADING and not spans:
        spans = ((0, len(small)),)  # "When we do not pay" is all that the heading says.
    if where is Where.CELL and (relative := _RELATIVE.search(small)):
        spans = tuple(_outside(spans, relative.start(), small.find(";", relative.start())))
    main = [hit for hit in hits if any(start <= hit.start < end for start, end in spans)]
    polarity = _first_polarity(small, main)
    is_unknown = is_unknown and polarity is None
    doubted = is_unknown or (polarity is not Polarity.EXCLUDED and any(hit.cue.effect is Effect.DOUBT for hit in main))
    return Stance(polarity, strength_of(main, hits), doubted)


def _outside(spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of spans without a clause that begins in one of them, and ends at a semicolon if there is one."""
    for first, last in spans:
        if first < start:
            yield first, min(last, start)
        if 0 <= end < last:
            yield max(first, end), last


def _first_polarity(small: str, hits: Sequence[Hit]) -> Polarity | None:
    """Of the first part of a phrase that says yes or no: "Not covered, unless …", "Covered; no form needed"."""
    ends = [match.start() for match in _PARTS.finditer(small)] + [len(small)]
    begin = 0
    for end in ends:
        effects = [hit.cue.effect for hit in hits if begin <= hit.start < end]
        if Effect.ATYPICAL in effects:
            return Polarity.AFFIRMED
        if _NOES.intersection(effects):
            return Polarity.EXCLUDED
        if Effect.YES in effects:
            return Polarity.AFFIRMED
        begin = end
    return None


def strength_of(main: Iterable[Hit], hits: Iterable[Hit]) -> Strength:
    """The strength that cues give; those of the label count wherever they stand."""
    effects = {hit.cue.effect for hit in main} | {hit.cue.effect for hit in hits if hit.cue.effect is Effect.OFF_LABEL}
    return next((strength for effect, strength in _BY_EFFECT if effect in effects), Strength.STATED)


def stance_at(small: str, hits: Sequence[Hit], start: int, end: int) -> Stance:
    """What the cues of a clause say of the thing between two offsets of it.

    `hits` are the cues of the main part of the clause, `small` is the text that all offsets count in.
    """
    strength = strength_of(hits, hits)
    before = [hit for hit in hits if hit.cue.effect in _POLAR and hit.cue.after and hit.end <= start]
    person = _OF_PERSON.search(small, end, hits[-1].end) if hits else None
    limit = person.start() if person else len(small)  # "… in patients whose laxatives did not help": no no of it.
    after = [hit for hit in hits if hit.cue.effect in _POLAR and hit.cue.before and end <= hit.start < limit]
    after = after if after and not _OF_ITS_OWN.search(small, end, after[0].start) else []
    around = [hit for hit in hits if hit.cue.effect in _POLAR and hit.start <= start and hit.end >= end]
    nearest = around[0] if around else _nearest(small, before, after, end)  # "neither M06.9 nor M05.79 is covered"
    doubts = [hit for hit in hits if hit.cue.effect is Effect.DOUBT]
    if nearest is None:
        return Stance(None, strength, bool(doubts))
    if nearest.cue.effect is Effect.EXCEPTION:
        earlier = [hit for hit in before if hit.end <= nearest.start]
        is_denied_before = bool(earlier) and earlier[-1].cue.effect in _NOES
        return Stance(Polarity.AFFIRMED if is_denied_before else Polarity.EXCLUDED, strength, bool(doubts))
    if nearest.cue.effect in _NOES:
        # "The claim denies without M06.9": a no that the word right beside the thing takes back.
        return Stance(Polarity.EXCLUDED, strength, any(_adjoins(small, hit, start, end) for hit in doubts))
    return Stance(Polarity.AFFIRMED, strength, bool(doubts))


def _adjoins(small: str, hit: Hit, start: int, end: int) -> bool:
    """Whether no word of weight stands between a cue and a thing."""
    between = small[hit.end : start] if hit.end <= start else small[end : hit.start]
    return len(between) <= _BESIDE and len(_WORDS.findall(between)) <= 1


def _nearest(small: str, before: Sequence[Hit], after: Sequence[Hit], end: int) -> Hit | None:
    """The cue that acts on a thing: the last one before it, or one that follows it as its verb does."""
    following = after[0] if after else None
    if before and before[-1].cue.effect is Effect.FLAT_NO:
        return before[-1]  # "Neither M79.7 nor R53.83 supports it": the verb is that of the no.
    if following and before and before[-1].cue.effect is not Effect.EXCEPTION:
        return following if _is_verb_of(small, end, following.start) else before[-1]
    return before[-1] if before else following


def _is_verb_of(small: str, end: int, start: int) -> bool:
    between = small[end:start]
    if _JOINS.search(between):
        return False  # "with 96372, not with 96401", "supported by M06.9 and not covered for …": something of its own.
    return len(_WORDS.findall(between)) <= 3 and not _BREAK.search(between)
