"""Which code a name fits: an index of all names of a code system, and how well each of them fits.

A name fits by the words that both have, each counting for as much as it tells: "arteritis" stands in few names,
"unspecified" in many. Words fit that begin alike ("immunological" and "immune") or are spelt nearly alike, though
for less. A name with the opposite of a word (left and right) or with another number fits badly.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest, nsmallest
from itertools import accumulate, chain, repeat
from math import log

from kg import shelf
from kg.model import Code
from kg.reference.json_values import code as code_of
from kg.shelf import Columns, Shelf
from kg.verification.words import NameWords, opposed

# Words that stand in more names than this lead to no name by themselves; they only help to compare.
_COMMON = 2500
_REACHED, _COMPARED = 4000, 80
_NO_WORD = -1
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
_GIVEN_SHARE = 0.75


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
class _Query:
    """The words of a given name, with what each of them counts for."""

    weights: Mapping[str, float]
    words: frozenset[str]
    denied: frozenset[str]
    weight: float


class NameIndex:
    """All names of the codes of one system, numbered; their words are numbered in the order of the alphabet.

    >>> codes = {Code.parse("M31.5"): ["Giant cell arteritis with polymyalgia rheumatica"],
    ...          Code.parse("M31.6"): ["Other giant cell arteritis"]}
    >>> NameIndex.of(codes).search("giant-cell arteritis with polymyalgia")[0].code.value
    'M31.5'
    """

    def __init__(self, index: Shelf) -> None:
        self._texts = index.texts("texts")
        self._codes = index.texts("codes")
        self._code_of = index.numbers("code_of")
        self._words_of = _Lists(index, "words_of")
        self._denied_of = _Lists(index, "denied_of")
        self._weight_of = index.weights("weight_of")
        self._names_with = _Lists(index, "names_with")
        self._vocabulary = index.bytes("vocabulary").decode().split()
        self._numbers = {word: number for number, word in enumerate(self._vocabulary)}
        self._first_of = index.numbers("first_of")
        self._by_code = index.numbers("by_code")
        self._alike: dict[str, dict[str, float]] = {}

    @classmethod
    def of(cls, codes: Mapping[Code, Collection[str]]) -> NameIndex:
        """The index of codes with their names."""
        return cls(Shelf(dict(columns(codes))))

    def exactly(self, name: str) -> list[Fit]:
        """The codes of which a name has the same words as a given one, in whatever order."""
        query = self._query(name)
        if not query.words <= self._numbers.keys():
            return []
        words = sorted(self._numbers[word] for word in query.words)
        rarest = self._with(min(query.words, key=self._count, default=""))
        same = [number for number in rarest if self._words_of[number] == words]
        return [
            Fit(self._code(number), self._texts[number], 1.0, 1.0, 1.0, 1.0, False)
            for number in same
            if self._denied(number) == query.denied
        ]

    def fit(self, name: str, code: Code) -> Fit | None:
        """How well a name fits a code, by the best of its names; None for a code that has none."""
        query = self._query(name)
        fits = [self._compare(query, number) for number in self._names(code)]
        return max(fits, key=_by_score, default=None)

    def search(self, name: str, limit: int = 10, near: Code | None = None) -> list[Fit]:
        """The codes that a name fits best, each by its best name; of equals, those nearest to a code first."""
        query = self._query(name)
        best_fits: dict[Code, Fit] = {}
        for number in self._candidates(query):
            fit = self._compare(query, number)
            if fit.code not in best_fits or best_fits[fit.code].score < fit.score:
                best_fits[fit.code] = fit

        def rank(fit: Fit) -> tuple[float, Code]:
            return -round(fit.score + (_NEAR * alike(fit.code, near) if near else 0.0), 4), fit.code

        return sorted(best_fits.values(), key=rank)[:limit]

    def _query(self, name: str) -> _Query:
        """A given name, as far as a name goes; a word that no name has weighs as the rarest do."""
        name_words = NameWords.of(name[:_LONGEST])
        weights = {word: self._weight(word) for word in list(dict.fromkeys(name_words.words))[:_WORDS]}
        return _Query(weights, frozenset(weights), name_words.denied & weights.keys(), sum(weights.values()))

    def _compare(self, query: _Query, number: int) -> Fit:
        shared, literally, official_weight = 0.0, 0.0, 0.0
        words, whole_weight = self._words(number), self._weight_of[number]
        for word, weight in query.weights.items():
            best = self._best(word, words)
            if best is not None:
                share, other = best
                shared += weight * share
                literally += weight if other == word or _is_slip(word, share) or share == _SHORTENED else 0.0
                official_weight += self._weight(other) * share
        covered = shared / query.weight if query.weight else 0.0
        filled = min(1.0, official_weight / whole_weight) if whole_weight else 0.0
        against = opposed(query.words, query.denied, words, self._denied(number))
        score = (_GIVEN_SHARE * covered + (1 - _GIVEN_SHARE) * filled) * (_OPPOSITE if against else 1.0)
        literal = literally / query.weight if query.weight else 0.0
        return Fit(self._code(number), self._texts[number], score, covered, literal, filled, against)

    def _best(self, word: str, words: frozenset[str]) -> tuple[float, str] | None:
        if word in words:
            return 1.0, word
        candidates = [(share, other) for other, share in self._words_like(word).items() if other in words]
        if not candidates and word not in self._numbers:
            candidates = [(_SHORTENED, other) for other in words if _shortens(word, other)]
        return max(candidates, default=None)

    def _candidates(self, query: _Query) -> list[int]:
        """The names that share the most weight with a query, of those that have one of its rare words."""
        scores: defaultdict[int, float] = defaultdict(float)
        groups = [(word, weight, {word: 1.0, **self._words_like(word)}) for word, weight in query.weights.items()]
        sizes = [sum(map(self._count, group)) for _, _, group in groups]
        most_names = max(_COMMON, min((size for size in sizes if size), default=0))
        common = []
        for (word, weight, group), size in zip(groups, sizes, strict=True):
            if size > most_names:
                common.append((self._numbers.get(word, _NO_WORD), weight))
                continue
            for like, share in group.items():
                for number in self._with(like):
                    scores[number] += weight * share

        ranked = []
        for number in nlargest(_REACHED, scores, key=scores.__getitem__):
            score, words = scores[number], self._words_of[number]
            for word_number, weight in common:
                if word_number in words:
                    score += weight
            ranked.append((-score, self._weight_of[number], number))
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
        shares = {other: _ALIKE for other in self._beginning_with(word[:4]) if _begin_alike(word, other)}
        if word not in self._numbers:
            # Hardly anybody mistypes the first letter.
            like_it = [other for other in self._beginning_with(word[0]) if len(other) >= 4 and not other.isdigit()]
            from rapidfuzz import fuzz, process  # Which takes time to import, and few names need it.

            close = process.extract(word, like_it, scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE, limit=3)
            shares |= {other: max((score / 100) ** 2, shares.get(other, 0.0)) for other, score, _ in close}
        return shares

    def _beginning_with(self, letters: str) -> list[str]:
        beyond = letters[:-1] + chr(ord(letters[-1]) + 1)
        return self._vocabulary[bisect_left(self._vocabulary, letters) : bisect_left(self._vocabulary, beyond)]

    def _with(self, word: str) -> list[int]:
        """The names that have a word."""
        number = self._numbers.get(word)
        return [] if number is None else self._names_with[number]

    def _weight(self, word: str) -> float:
        """What a word counts for: the more, the fewer names have it."""
        return log(1 + len(self._texts) / max(1, self._count(word)))

    def _count(self, word: str) -> int:
        """How many names have a word."""
        number = self._numbers.get(word)
        return 0 if number is None else self._names_with.size(number)

    def _words(self, number: int) -> frozenset[str]:
        return frozenset(self._vocabulary[word] for word in self._words_of[number])

    def _denied(self, number: int) -> frozenset[str]:
        return frozenset(self._vocabulary[word] for word in self._denied_of[number])

    def _code(self, number: int) -> Code:
        return code_of(self._codes[self._code_of[number]])

    def names(self, code: Code) -> list[str]:
        """The names of a code."""
        return [self._texts[number] for number in self._names(code)]

    def _names(self, code: Code) -> range:
        """The numbers of the names of a code."""
        curie = code.curie
        at = bisect_left(self._by_code, curie, key=self._codes.__getitem__)
        if at == len(self._by_code) or self._codes[self._by_code[at]] != curie:
            return range(0)
        number = self._by_code[at]
        end = self._first_of[number + 1] if number + 1 < len(self._first_of) else len(self._texts)
        return range(self._first_of[number], end)


class _Lists:
    """Lists of numbers by number, one after another in one column."""

    def __init__(self, index: Shelf, name: str) -> None:
        self._ends, self._all = index.numbers(f"{name}.ends"), index.numbers(name)

    def __getitem__(self, number: int) -> list[int]:
        return self._all[self._ends[number - 1] if number else 0 : self._ends[number]].tolist()

    def size(self, number: int) -> int:
        """How long a list is."""
        return self._ends[number] - (self._ends[number - 1] if number else 0)


def _lists(name: str, lists: Iterable[Sequence[int]]) -> Columns:
    all_lists = list(lists)
    yield shelf.numbers(f"{name}.ends", accumulate(map(len, all_lists)))
    yield shelf.numbers(name, chain.from_iterable(all_lists))


def columns(codes: Mapping[Code, Collection[str]]) -> Columns:
    """What an index is made of: the names of each code stand one after another."""
    split = [(text, NameWords.of(text)) for names in codes.values() for text in dict.fromkeys(names)]
    counts = [len(dict.fromkeys(names)) for names in codes.values()]
    sets = [frozenset(name_words.words) for _, name_words in split]
    vocabulary = sorted(frozenset().union(*sets))
    numbers = {word: number for number, word in enumerate(vocabulary)}
    words_of = [sorted(numbers[word] for word in words) for words in sets]
    names_with: list[array[int]] = [array("I") for _ in vocabulary]
    for name, word_numbers in enumerate(words_of):
        for word in word_numbers:
            names_with[word].append(name)
    weights = [log(1 + len(split) / len(names)) for names in names_with]
    curies = [code.curie for code in codes]
    yield from shelf.texts("texts", (text for text, _ in split))
    yield from shelf.texts("codes", curies)
    yield shelf.numbers("by_code", sorted(range(len(curies)), key=curies.__getitem__))
    yield shelf.numbers("first_of", accumulate(counts[:-1], initial=0) if counts else ())
    yield shelf.numbers("code_of", chain.from_iterable(repeat(n, count) for n, count in enumerate(counts)))
    yield "vocabulary", " ".join(vocabulary).encode()
    yield from _lists("names_with", names_with)
    yield from _lists("words_of", words_of)
    yield from _lists("denied_of", (sorted(numbers[word] for word in name_words.denied) for _, name_words in split))
    yield shelf.weights("weight_of", (sum(weights[word] for word in word_numbers) for word_numbers in words_of))


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
