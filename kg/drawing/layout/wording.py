"""About how wide words are, in sizes of the letters, and how much of them a room takes.

The page measures and cuts exactly, in whatever font it finds; here it is only weighed which arrangement cuts least.
The widths are those of a wide sans-serif: better a little too wide than cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from kg.model import Concept

SPACE = 0.32
_WIDTHS = {
    **dict.fromkeys("ijlI|!'.,:;·\xa0", 0.3),
    **dict.fromkeys("tfr()[]-/", 0.4),
    **dict.fromkeys("mwMW@%—…", 0.95),
}
_SMALL, _DIGIT, _CAPITAL, _FULL = 0.6, 0.64, 0.7, 1.0
_BOLD = 1.1
# From here on letters are as wide as they are high.
_IDEOGRAPHS = 0x2E80
# Rooms are looked at in quarters.
_STEPS = 4
# A label that does not even begin its name is worth so many lost letters more.
_NAMELESS, _BEGUN = 30, 4


class Word(NamedTuple):
    """A word: its letters, its width, and whether it is a code."""

    text: str
    width: float
    code: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The words of a label, which remembers how many letters it loses in which room."""

    words: tuple[Word, ...]
    _lost: dict[tuple[int, int], int] = field(default_factory=dict, init=False, repr=False)

    @property
    def width(self) -> float:
        """How wide the label is in one line."""
        return sum(word.width + SPACE for word in self.words)

    def lost(self, room: float, most: int) -> int:
        """About how many letters are cut off in so many lines; a name not even begun, or part of a code, is worse.

        >>> label = wording("supported by diagnosis")
        >>> label.lost(8, 2), label.lost(8, 1)
        (0, 9)
        """
        # What is asked again and again is worked out for steps of the room only.
        key = int(room * _STEPS), most
        if key not in self._lost:
            self._lost[key] = self._cut(key[0] / _STEPS, most)
        return self._lost[key]

    def _cut(self, room: float, most: int) -> int:
        cut = sum(_cut(line, room) for line in flow(self.words, room, most))
        name = [word for word in self.words if not word.code]
        if not cut or len(name) == len(self.words):
            return cut
        begun = sum(len(word.text) for word in name) - cut
        is_bad = begun < min(_BEGUN, len(name[0].text) if name else 0) or self.words[0].width > room
        return cut + _NAMELESS if is_bad else cut


def wording(text: str, *, bold: bool = False) -> Wording:
    """The words of a text.

    >>> [(word.text, round(word.width, 1)) for word in wording("an ill wind").words]
    [('an', 1.2), ('ill', 0.9), ('wind', 2.5)]
    """
    return Wording(_words(text, bold=bold))


@lru_cache(maxsize=1000)
def heading(text: str, count: str) -> Wording:
    """The words of a heading, with the count that the page puts at their end, in no line of its own."""
    return wording(f"{text}\u00a0·\u00a0{count}" if count else text, bold=True)


def label(concept: Concept) -> Wording:
    """The words of a label: the code in bold, then the name."""
    if not concept.kind.is_code:
        return wording(concept.name or concept.label)
    code = tuple(word._replace(code=True) for word in _words(concept.key, bold=True))
    return Wording(code + _words(concept.name if concept.name and concept.name != concept.key else ""))


def _words(text: str, *, bold: bool = False) -> tuple[Word, ...]:
    # Not at no-break spaces.
    return tuple(Word(word, _width(word) * (_BOLD if bold else 1)) for word in re.split(r"[ \t\n]+", text) if word)


@cache
def _width(word: str) -> float:
    return sum(_WIDTHS.get(letter) or _width_of(letter) for letter in word)


def _width_of(letter: str) -> float:
    if ord(letter) >= _IDEOGRAPHS:
        return _FULL
    if letter.isdigit():
        return _DIGIT
    return _CAPITAL if letter.isupper() else _SMALL


def flow(words: Sequence[Word], room: float, most: int) -> list[list[Word]]:
    """The words in lines no wider than the room, where a word is not; the last of `most` lines takes what is left.

    >>> [[word.text for word in line] for line in flow(wording("supported by diagnosis").words, 8, 3)]
    [['supported', 'by'], ['diagnosis']]
    """
    lines: list[list[Word]] = []
    used = 0.0
    for word in words:
        if lines and (used + SPACE + word.width <= room or len(lines) == most):
            lines[-1].append(word)
            used += SPACE + word.width
        else:
            lines.append([word])
            used = word.width
    return lines


def _cut(line: Iterable[Word], room: float) -> int:
    """How many letters of a line stand beyond the room, with those that give way to the ellipsis."""
    cut, used = 0, 0.0
    for word in line:
        beyond = used + word.width - room
        if beyond > 0:
            cut += min(len(word.text), round(len(word.text) * (beyond + _WIDTHS["…"]) / word.width))
        used += word.width + SPACE
    return cut
