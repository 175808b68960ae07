"""Finds where phrases stand in a text: all at once, by an automaton of their own first words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kg import lazy_re as re
from kg.extraction.lexicon.phrases import first_words, is_word, pattern_of, require_classes, second_words

# How many letters of the second word decide which phrases may stand there.
_SURE = 3
_LETTERS = re.compile(r"\w{0,3}")
_NEXT = re.compile(r"\w*[\s/-]+(\w{1,3})")


class PhraseMatch(NamedTuple):
    """A phrase that stands in a text, by its number."""

    start: int
    end: int
    number: int


class PhraseFinder:
    """Phrases in the notation of `phrases.py`, and the automaton that finds where one may begin.

    >>> finder = PhraseFinder(["no longer covered", "cover*"])
    >>> [match.number for match in finder.find("it is no longer covered")]
    [0, 1]
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        beginning: dict[str, dict[int, str]] = {}
        stems: set[str] = set()
        for number, phrase in enumerate(phrases):
            require_classes(phrase)
            for first in first_words(phrase):
                word = first.removesuffix("*")
                beginning.setdefault(word, {})[number] = phrase
                if word != first:
                    stems.add(word)
        # The gates are the words of the phrases themselves, so that no phrase can be kept out by a gate.
        self._automaton = AhoCorasick(list(beginning), matchkind=MatchKind.Standard, implementation=Implementation.DFA)
        self._beginning, self._stems = list(beginning.items()), stems
        # Made when the word comes first: most documents hold a few of the words.
        self._gates: list[_Gate | None] = [None] * len(beginning)

    def find(self, small: str) -> Iterator[PhraseMatch]:
        """All phrases that stand in a text in small letters, in no order, those within others among them."""
        gates = self._gates
        for word, start, end in self._automaton.find_matches_as_indexes(small, overlapping=True):
            if start and small[start - 1].isalnum() and small[start].isalnum():
                continue
            gate = gates[word] or self._gate(word)
            if not small[end : end + 1].isalnum():
                for number in gate.alone:
                    yield PhraseMatch(start, end, number)
            elif not gate.stem:
                continue
            for number, phrase in gate.open(small, end):
                # Quotes or brackets may stand before what begins a text.
                if match := _pattern(phrase).match(small, 0 if phrase.startswith("^") else start):
                    yield PhraseMatch(*match.span(), number)

    def _gate(self, number: int) -> _Gate:
        """The gate of the word of this number."""
        word, begun = self._beginning[number]
        gate = self._gates[number] = _Gate.of(word, begun, stem=word in self._stems)
        return gate


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """The compiled pattern of a phrase; most documents need few of them, and compiling all takes half a second."""
    return re.compile(pattern_of(phrase))


def _first_letters(word: str) -> str:
    """The letters by which a second word is looked up; none where too few are fixed, so that any word may follow."""
    match = _LETTERS.match(word)
    letters = match[0] if match else ""
    return "" if word.endswith("*") and len(letters) < _SURE else letters


class _Gate(NamedTuple):
    """The phrases that begin with one word, by the first letters of their second one."""

    stem: bool
    """Whether longer words may begin so."""
    alone: list[int]
    """The phrases that are this one word."""
    always: list[tuple[int, str]]
    by_second: dict[str, list[tuple[int, str]]]

    @classmethod
    def of(cls, word: str, phrases: dict[int, str], *, stem: bool) -> _Gate:
        gate = cls(stem, [], [], {})
        for number, phrase in phrases.items():
            if is_word(phrase, word):
                gate.alone.append(number)
                continue
            seconds = {_first_letters(second) for second in second_words(phrase) or ("",)}
            if "" in seconds:
                gate.always.append((number, phrase))
                continue
            for letters in sorted(seconds):
                gate.by_second.setdefault(letters, []).append((number, phrase))
        return gate

    def open(self, small: str, at: int) -> list[tuple[int, str]]:
        """The phrases that may stand where their first word ends at an offset."""
        if not self.by_second:
            return self.always
        letters = small[at + 1 : at + 4]
        if not (small[at : at + 1] == " " and len(letters) == 3 and letters.isalnum()):  # As most words follow another.
            match = _NEXT.match(small, at)
            if match is None:
                return self.always
            letters = match[1]
        return self.always + self.by_second.get(letters, [])
