"""Words of a text, their stems, and the groups of words that `data/wording` keeps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import NamedTuple

from kg import lazy_re as re
from kg import resources
from kg.extraction.text.folding import fold

_WORD = re.compile(r"[a-z0-9µ]+(?:['.][a-z0-9]+)*")
_VOWEL = re.compile(r"[aeiouy]")
_SHORTEST = 3


class Word(NamedTuple):
    """A word of a text: where it stands, in small letters, and its stem."""

    start: int
    end: int
    small: str
    stem: str


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words between two offsets of a text.

    >>> [word.stem for word in words_of("Infusions billed twice")]
    ['infusion', 'bill', 'twic']
    """
    words = _all_words(text)
    if start == 0 and (end is None or end >= len(text)):
        return list(words)
    first = bisect_left(words, start, key=attrgetter("start"))
    last = bisect_right(words, len(text) if end is None else end, lo=first, key=attrgetter("end"))
    return list(words[first:last])


# A text is asked for its words once for each part of it.
@lru_cache(maxsize=512)
def _all_words(text: str) -> tuple[Word, ...]:
    return tuple(Word(m.start(), m.end(), m[0], stem(m[0])) for m in _WORD.finditer(fold(text)))


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without their places.

    >>> plain_words("Infusions billed twice")
    ['infusions', 'billed', 'twice']
    """
    return _WORD.findall(fold(text))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without the endings of plural, participle and possession.

    >>> stem("therapies"), stem("documented"), stem("dosing"), stem("status")
    ('therapy', 'document', 'dose', 'status')
    """
    if word.endswith("n't"):
        return "not"
    word = word.removesuffix("'s").removesuffix("'")
    if word in group("unstemmed") or any(character.isdigit() for character in word):
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and _VOWEL.search(rest) and not word.endswith("eed"):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lszd" else rest
            # "dosing" is of "dose", as no verb of so few letters goes without its "e".
            return word + "e" if len(rest) == _SHORTEST and rest[-1] != rest[-2] else word.removesuffix("e")
    return word.removesuffix("e") if len(word) > _SHORTEST + 1 else word


def _singular(word: str) -> str:
    if len(word) <= _SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


@cache
def group(name: str) -> frozenset[str]:
    """The words of a group of the vocabulary, in small letters."""
    return frozenset(phrases(name))


@cache
def stems(name: str) -> frozenset[str]:
    """The stems of the single words of a group."""
    return frozenset(stem(word) for word in phrases(name) if " " not in word)


@cache
def phrases(name: str) -> tuple[str, ...]:
    """The words of a group, the longest first; several words stand in that order."""
    return tuple(sorted(_groups()[name], key=len, reverse=True))


@cache
def sequences(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The words of a group by the first of them, each as a sequence, the longest first."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases(name):
        parts = tuple(plain_words(phrase))
        if parts:
            by_first.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(all_parts, key=len, reverse=True)) for first, all_parts in by_first.items()}


def length_at(words: Sequence[Word], at: int, name: str) -> int:
    """How many words of a group stand at a place of a list of words, or 0.

    >>> length_at(words_of("as needed by the payer"), 0, "ending")
    2
    """
    for parts in sequences(name).get(words[at].small, ()):
        if tuple(word.small for word in words[at : at + len(parts)]) == parts:
            return len(parts)
    return 0


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    rows = resources.table("data", "wording", "vocabulary.tsv")
    return {row["group"]: tuple(word.strip() for word in row["words"].split(";")) for row in rows}
