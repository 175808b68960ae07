"""Which code a name fits: an index of all names of a code system, and how well each of them fits.

A name fits by the words that both have, each counting for as much as it tells: "arteritis" stands in few names,
"unspecified" in many. Words fit that begin alike ("immunological" and "immune") or are spelt nearly alike, though
for less. A name with the opposite of a word (left and right) or with another number fits badly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from rapidfuzz import fuzz, process

from kg.model import Code
from kg.verification.words import conflict, words

# Words that stand in more names than this lead to no name by themselves; they only help to compare.
_COMMON = 2500
_COMPARED = 80
_SPELT_ALIKE = 84
_ALIKE = 0.8
_OPPOSITE = 0.55
# Of the fit of two names, what the words of the given one count for; the rest is for those of the official one.
_GIVEN = 0.75


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a given name fits an official name of a code.

    `score` is from 0 to 1; `covered` is the share of the given name that the official one holds; `opposed` says
    that the two have opposite words or different numbers.
    """

    code: Code
    name: str
    score: float
    covered: float
    opposed: bool


@dataclass(frozen=True, slots=True)
class _Name:
    code: Code
    text: str
    words: frozenset[str]
    weight: float


@dataclass
class NameIndex:
    """All names of the codes of one system.

    >>> codes = {Code.parse("M31.5"): ["Giant cell arteritis with polymyalgia rheumatica"],
    ...          Code.parse("M31.6"): ["Other giant cell arteritis"]}
    >>> NameIndex.of(codes).search("giant-cell arteritis with polymyalgia")[0].code.value
    'M31.5'
    """

    _names: list[_Name] = field(default_factory=list)
    _by_code: dict[Code, list[int]] = field(default_factory=dict)
    _by_word: dict[str, list[int]] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    _by_words: dict[frozenset[str], list[Code]] = field(default_factory=dict)
    _alike: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, codes: Mapping[Code, Collection[str]]) -> NameIndex:
        """The index of codes with their names."""
        split = [(code, text, frozenset(words(text))) for code, names in codes.items() for text in dict.fromkeys(names)]
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_code: defaultdict[Code, list[int]] = defaultdict(list)
        by_words: defaultdict[frozenset[str], list[Code]] = defaultdict(list)
        for number, (code, _, found) in enumerate(split):
            by_code[code].append(number)
            by_words[found].append(code)
            for word in found:
                by_word[word].append(number)
        weights = {word: log(1 + len(split) / len(numbers)) for word, numbers in by_word.items()}
        names = [_Name(code, text, found, sum(weights[word] for word in found)) for code, text, found in split]
        return cls(names, dict(by_code), dict(by_word), weights, dict(by_words))

    def exactly(self, name: str) -> list[Code]:
        """The codes of which a name has the same words as a given one, in whatever order."""
        return list(dict.fromkeys(self._by_words.get(frozenset(words(name)), ())))

    def fit(self, name: str, code: Code) -> Fit | None:
        """How well a name fits a code, by the best of its names; None for a code that has none."""
        given = self._given(name)
        found = [self._compare(given, self._names[number]) for number in self._by_code.get(code, ())]
        return max(found, key=_by_score, default=None)

    def search(self, name: str, limit: int = 10, near: Code | None = None) -> list[Fit]:
        """The codes that a name fits best, each by its best name; of equals, those nearest to a code first."""
        given = self._given(name)
        found: dict[Code, Fit] = {}
        for number in self._candidates(given):
            fit = self._compare(given, self._names[number])
            if fit.code not in found or found[fit.code].score < fit.score:
                found[fit.code] = fit
        ranked = sorted(found.values(), key=lambda fit: (-round(fit.score + _nearness(fit.code, near), 4), fit.code))
        return ranked[:limit]

    def _given(self, name: str) -> dict[str, float]:
        """The words of a given name with their weights; a word that no name has weighs as the rarest do."""
        rarest = log(1 + len(self._names))
        return {word: self._weights.get(word, rarest) for word in dict.fromkeys(words(name))}

    def _compare(self, given: Mapping[str, float], name: _Name) -> Fit:
        shared, reached = 0.0, 0.0
        for word, weight in given.items():
            best = self._best(word, name.words)
            if best is not None:
                share, other = best
                shared += weight * share
                reached += self._weights[other] * share
        covered = shared / sum(given.values()) if given else 0.0
        filled = min(1.0, reached / name.weight) if name.weight else 0.0
        opposed = conflict(frozenset(given), name.words)
        score = (_GIVEN * covered + (1 - _GIVEN) * filled) * (_OPPOSITE if opposed else 1.0)
        return Fit(name.code, name.text, score, covered, opposed)

    def _best(self, word: str, among: frozenset[str]) -> tuple[float, str] | None:
        if word in among:
            return 1.0, word
        found = [(share, other) for other, share in self._words_like(word).items() if other in among]
        return max(found, default=None)

    def _candidates(self, given: Mapping[str, float]) -> list[int]:
        """The names that share the most of what is told, as far as rare words lead to them."""
        reached: defaultdict[int, float] = defaultdict(float)
        groups = [(weight, {word: 1.0, **self._words_like(word)}) for word, weight in given.items()]
        sizes = [sum(len(self._by_word.get(word, ())) for word in group) for _, group in groups]
        bound = max(_COMMON, min((size for size in sizes if size), default=0))
        for (weight, group), size in zip(groups, sizes, strict=True):
            if size <= bound:
                for word, share in group.items():
                    for number in self._by_word.get(word, ()):
                        reached[number] += weight * share
        ranked = sorted(reached, key=lambda number: (-reached[number], self._names[number].weight, number))
        return ranked[:_COMPARED]

    def _words_like(self, word: str) -> dict[str, float]:
        """Words of names that begin like a word, or else are spelt nearly like it, and what they count for."""
        if word not in self._alike:
            self._alike[word] = self._look_up(word)
        return self._alike[word]

    def _look_up(self, word: str) -> dict[str, float]:
        if len(word) < 4 or word.isdigit():
            return {}
        found = {other: _ALIKE for other in self._beginnings.get(word[:4], ()) if _begin_alike(word, other)}
        if not found and word not in self._by_word:
            close = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE, limit=3)
            found = {other: (score / 100) ** 2 for other, score, _ in close}
        return found

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            if len(word) >= 4:
                found[word[:4]].append(word)
        return found

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [word for word in self._by_word if len(word) >= 4 and not word.isdigit()]


def _begin_alike(one: str, other: str) -> bool:
    """Whether two words have a stem in common: most of the shorter one.

    >>> _begin_alike("immunological", "immune"), _begin_alike("intravenous", "intramuscular")
    (True, False)
    """
    if one == other:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= 4 and same >= 0.7 * min(len(one), len(other))


def _nearness(code: Code, other: Code | None) -> float:
    """A little for each leading character that two codes share: who mistypes a code mistypes its end."""
    if other is None or other.system is not code.system:
        return 0.0
    pairs = zip(code.value, other.value, strict=False)
    return 0.01 * next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(code.value), len(other.value)))


def _by_score(fit: Fit) -> tuple[float, float]:
    return fit.score, fit.covered


def merged(pairs: Iterable[tuple[Code, str]]) -> dict[Code, list[str]]:
    """Codes with all their names."""
    found: defaultdict[Code, list[str]] = defaultdict(list)
    for code, name in pairs:
        found[code].append(name)
    return found
