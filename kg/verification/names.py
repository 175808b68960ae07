"""Which code a name fits: an index of all names of a code system, and how well each of them fits.

A name fits by the words that both have, each counting for as much as it tells: "arteritis" stands in few names,
"unspecified" in many. Words fit that begin alike ("immunological" and "immune") or are spelt nearly alike, though
for less. A name with the opposite of a word (left and right) or with another number fits badly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import nlargest, nsmallest
from math import log

from rapidfuzz import fuzz, process

from kg.model import Code
from kg.verification.words import Said, opposed

# Words that stand in more names than this lead to no name by themselves; they only help to compare.
_COMMON = 2500
_REACHED, _COMPARED = 4000, 80
# What each leading character that two codes share counts for, where a code is looked for that was mistyped.
_NEAR = 0.01
_REMEMBERED = 2**16
# Of a name that goes on and on, as of prose that was taken for one, the beginning is looked at.
_LONGEST = 1000
_WORDS = 60
_SPELT_ALIKE = 84
_ALIKE = 0.8
_SHORTENED = 0.7
_LONG_WORD = 8
_OPPOSITE = 0.55
# Of the fit of two names, what the words of the given one count for; the rest is for those of the official one.
_GIVEN = 0.75


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a given name fits an official name of a code.

    `score` is from 0 to 1; `covered` is the share of the given name that the official one holds, `literally` that
    which it holds in the same words or in words that these are short for, `filled` the share of the official name
    that the given one holds; `opposed` says that the two have opposite words or different numbers.
    """

    code: Code
    name: str
    score: float
    covered: float
    literally: float
    filled: float
    opposed: bool


@dataclass(frozen=True, slots=True)
class _Name:
    code: Code
    text: str
    words: frozenset[str]
    denied: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Given:
    """The words of a given name, with what each of them counts for."""

    weights: Mapping[str, float]
    words: frozenset[str]
    denied: frozenset[str]
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
    _by_words: dict[frozenset[str], list[int]] = field(default_factory=dict)
    _alike: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, codes: Mapping[Code, Collection[str]]) -> NameIndex:
        """The index of codes with their names."""
        split = [(code, text, Said.of(text)) for code, names in codes.items() for text in dict.fromkeys(names)]
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_code: defaultdict[Code, list[int]] = defaultdict(list)
        by_words: defaultdict[frozenset[str], list[int]] = defaultdict(list)
        sets = [frozenset(said.words) for _, _, said in split]
        for number, ((code, _, _), found) in enumerate(zip(split, sets, strict=True)):
            by_code[code].append(number)
            by_words[found].append(number)
            for word in found:
                by_word[word].append(number)
        weights = {word: log(1 + len(split) / len(numbers)) for word, numbers in by_word.items()}
        names = [
            _Name(code, text, found, said.denied, sum(weights[word] for word in found))
            for (code, text, said), found in zip(split, sets, strict=True)
        ]
        return cls(names, dict(by_code), dict(by_word), weights, dict(by_words))

    def exactly(self, name: str) -> list[Fit]:
        """The codes of which a name has the same words as a given one, in whatever order."""
        given = self._given(name)
        found = [self._names[number] for number in self._by_words.get(given.words, ())]
        return [Fit(same.code, same.text, 1.0, 1.0, 1.0, 1.0, False) for same in found if same.denied == given.denied]

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

        def rank(fit: Fit) -> tuple[float, Code]:
            return -round(fit.score + (_NEAR * alike(fit.code, near) if near else 0.0), 4), fit.code

        return sorted(found.values(), key=rank)[:limit]

    def _given(self, name: str) -> _Given:
        """A given name, as far as a name goes; a word that no name has weighs as the rarest do."""
        said = Said.of(name[:_LONGEST])
        rarest = log(1 + len(self._names))
        weights = {word: self._weights.get(word, rarest) for word in list(dict.fromkeys(said.words))[:_WORDS]}
        return _Given(weights, frozenset(weights), said.denied & weights.keys(), sum(weights.values()))

    def _compare(self, given: _Given, name: _Name) -> Fit:
        shared, literally, reached = 0.0, 0.0, 0.0
        for word, weight in given.weights.items():
            best = self._best(word, name.words)
            if best is not None:
                share, other = best
                shared += weight * share
                literally += weight if other == word or _is_slip(word, share) or share == _SHORTENED else 0.0
                reached += self._weights[other] * share
        covered = shared / given.weight if given.weight else 0.0
        filled = min(1.0, reached / name.weight) if name.weight else 0.0
        against = opposed(given.words, given.denied, name.words, name.denied)
        score = (_GIVEN * covered + (1 - _GIVEN) * filled) * (_OPPOSITE if against else 1.0)
        literal = literally / given.weight if given.weight else 0.0
        return Fit(name.code, name.text, score, covered, literal, filled, against)

    def _best(self, word: str, among: frozenset[str]) -> tuple[float, str] | None:
        if word in among:
            return 1.0, word
        found = [(share, other) for other, share in self._words_like(word).items() if other in among]
        if not found and word not in self._by_word:
            found = [(_SHORTENED, other) for other in among if _shortens(word, other)]
        return max(found, default=None)

    def _candidates(self, given: _Given) -> list[int]:
        """The names that share the most of what is told, of those to which rare words lead."""
        reached: defaultdict[int, float] = defaultdict(float)
        groups = [(word, weight, {word: 1.0, **self._words_like(word)}) for word, weight in given.weights.items()]
        sizes = [sum(len(self._by_word.get(word, ())) for word in group) for _, _, group in groups]
        bound = max(_COMMON, min((size for size in sizes if size), default=0))
        common = []
        for (word, weight, group), size in zip(groups, sizes, strict=True):
            if size > bound:
                common.append((word, weight))
                continue
            for like, share in group.items():
                for number in self._by_word.get(like, ()):
                    reached[number] += weight * share

        ranked = []
        for number in nlargest(_REACHED, reached, key=reached.__getitem__):
            name, held = self._names[number], reached[number]
            for word, weight in common:
                if word in name.words:
                    held += weight
            ranked.append((-held, name.weight, number))
        return [number for _, _, number in nsmallest(_COMPARED, ranked)]

    def _words_like(self, word: str) -> dict[str, float]:
        """Words of names that begin like a word, or are spelt nearly like an unknown one, and what they count for."""
        if word not in self._alike:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            self._alike[word] = self._look_up(word)
        return self._alike[word]

    def _look_up(self, word: str) -> dict[str, float]:
        if len(word) < 4 or word.isdigit():
            return {}
        found = {other: _ALIKE for other in self._beginnings.get(word[:4], ()) if _begin_alike(word, other)}
        if word not in self._by_word:
            like_it = self._vocabulary.get(word[0], ())
            close = process.extract(word, like_it, scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE, limit=3)
            found |= {other: max((score / 100) ** 2, found.get(other, 0.0)) for other, score, _ in close}
        return found

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            if len(word) >= 4:
                found[word[:4]].append(word)
        return found

    @cached_property
    def _vocabulary(self) -> dict[str, list[str]]:
        """Words by their first letter, in which hardly anybody errs."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            if len(word) >= 4 and not word.isdigit():
                found[word[0]].append(word)
        return found


def _begin_alike(one: str, other: str) -> bool:
    """Whether two words have a stem in common: most of the shorter one.

    >>> _begin_alike("immunological", "immune"), _begin_alike("intravenous", "intramuscular")
    (True, False)
    """
    if one == other:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= 4 and same >= 0.7 * min(len(one), len(other))


def _is_slip(word: str, share: float) -> bool:
    """Whether a word that is spelt nearly like another is that word, misspelt: a long one, in a letter."""
    return share > _ALIKE and len(word) >= _LONG_WORD


@lru_cache(maxsize=_REMEMBERED)
def _shortens(short: str, word: str) -> bool:
    """Whether a word may be short for another: letters of it in their order, from the first.

    >>> _shortens("fngr", "finger"), _shortens("fngr", "foreign")
    (True, False)
    """
    if not 3 <= len(short) < len(word) or short[0] != word[0]:
        return False
    letters = iter(word)
    return all(letter in letters for letter in short)


def alike(one: Code, other: Code) -> int:
    """How many characters two codes of one system have alike from the beginning: who mistypes, mistypes the end.

    >>> alike(Code.parse("M31.5"), Code.parse("M31.6"))
    4
    """
    if one.system is not other.system:
        return 0
    pairs = zip(one.value, other.value, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one.value), len(other.value)))


def _by_score(fit: Fit) -> tuple[float, float]:
    return fit.score, fit.covered


def merged(pairs: Iterable[tuple[Code, str]]) -> dict[Code, list[str]]:
    """Codes with all their names."""
    found: defaultdict[Code, list[str]] = defaultdict(list)
    for code, name in pairs:
        found[code].append(name)
    return found
