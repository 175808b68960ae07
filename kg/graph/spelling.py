"""Words as they were meant: with typos forgiven, and with blanks or hyphens where an index has none, or has them.

A word with a digit is never taken for another one: a code that differs in a digit is another code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

_SHORTEST = 4
"""A word with fewer letters is near too many others."""
_LONG = 7
"""From so many letters on, two typos are forgiven, else one."""
_AS_NEAR = 0.03
"""Words whose likeness is so much less than that of the likeliest are meant just as well."""
_MOST = 8
_MOST_WORDS, _LONGEST = 12, 60
"""More words, and longer ones, are no name that somebody misspelt, and would take long."""
_LETTERS = re.compile(r"[^\W\d_]+")

Meanings = list[str]
"""What one word may mean: words of the index, or several in a row."""


class Spelling:
    """The words of an index, and which of them others come near to."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)
        self._all = frozenset(self._words)
        self._spelt = [word for word in self._words if len(word) >= _SHORTEST and _LETTERS.fullmatch(word)]

    def meant(self, words: Sequence[str], *, split: bool = True) -> list[Meanings]:
        """What words, already folded, may mean, one by one; empty where one of them means nothing.

        Without `split` no word is taken for two that stand together.

        >>> Spelling(["arteritis", "cell", "giant"]).meant(["giantcell", "artritis"])
        [['giant cell'], ['arteritis']]
        """
        if len(words) > _MOST_WORDS or any(len(word) > _LONGEST for word in words):
            return []
        meanings = [self._meanings(word, split) for word in self._joined(words)]
        return meanings if all(meanings) else []

    def _joined(self, words: Sequence[str]) -> list[str]:
        """The same words, two of them as one where the index knows them only so."""
        joined: list[str] = []
        for word in words:
            if joined and joined[-1] + word in self._all and not (self._begins(word) and self._begins(joined[-1])):
                joined[-1] += word
            else:
                joined.append(word)
        return joined

    def _meanings(self, word: str, split: bool) -> Meanings:
        if self._begins(word):
            return [word]
        parts = ((word[:at], word[at:]) for at in range(1, len(word) if split else 1))
        apart = [f"{first} {second}" for first, second in parts if first in self._all and second in self._all]
        return apart[:_MOST] or self._near(word)

    def _begins(self, word: str) -> bool:
        """Whether a word of the index begins so."""
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at].startswith(word)

    def _near(self, word: str) -> Meanings:
        from rapidfuzz import process  # Which takes time to import, and few searches need it.
        from rapidfuzz.distance import OSA

        if len(word) < _SHORTEST or not _LETTERS.fullmatch(word):
            return []
        least = 1 - (2 if len(word) >= _LONG else 1) / len(word)
        close = process.extract(
            word, self._spelt, scorer=OSA.normalized_similarity, processor=None, score_cutoff=least - 1e-9, limit=_MOST
        )
        return [other for other, likeness, _ in close if likeness >= close[0][1] - _AS_NEAR]
