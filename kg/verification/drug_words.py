"""Which drug's code a line of a charge list is about, by the words that only drugs have.

Such lines put words before a drug's name and cut it off: "NM TC-99M SESTAMIBI PER DOSE", "METOCLOPRAM 5/ML 10ML INJ".
What else stands in them has to be known: where a longer word is none of a drug, and none that other codes are
described by, nobody knows what it adds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property

from kg import lazy_re as re
from kg import resources, shelf
from kg.collector import no_collection
from kg.model import Code, CodeSystem, Kind
from kg.reference import Reference
from kg.reference.descriptors import ORIGINS, Descriptor, facts_of
from kg.reference.json_values import code as code_of
from kg.verification.drug_names import products_by_code
from kg.verification.hints import AREA
from kg.verification.words import NO_NAMES, SALTS, words

# Shorter words may be abbreviations of anything.
_TELLING, _CUT = 5, 6
# In a word of so many letters one may be another, missing, too many, or in the place of its neighbour.
_MISSPELT = 10
# So many letters may stand for the rest of a word, or be added to it.
_SQUEEZED, _ENDING = 3, 2
# A word with the same first letters may lack so many of those behind.
_FIRST, _LEFT_OUT = 4, 3
# The four letters of a biological may be written together with its name.
_LONG, _LETTERS_BEHIND = 8, 4
_MOST_WORDS = 16
_SHORT, _OWN = 2, 3
_NOW_AND_THEN = 2
# Behind so many other words a word tells little, even where some names begin with it: "matrix".
_OF_FAMILY = 3
_FEW = 8
_LETTERS = re.compile(r"[a-z]{3,}")
_OF_ANOTHER = re.compile(r"\b(?:for|of|with(?:out)?|to|by)\b|\bw/", re.I)
# But these are what it is given as: "Kit for the preparation of …".
_GIVEN_AS = re.compile(r"\b(?:kit|supply|injection|infusion|prep\w*) (?:(?:for|of) )*(?:the )?(?:prep\w* of )?", re.I)
_ASIDE = re.compile(r"\([^()]*\)")
# "Factor VIII, given to people with hemophilia A"
_USED = re.compile(r",? (?:given|used|which|that|who|for)\b", re.I)


class DrugWords:
    """The words of drugs' names and brands, each with the codes that it may stand for, and the words of all else.

    >>> from kg.reference import load
    >>> from kg.reference.bundled import read
    >>> drug_words = DrugWords(load([read]))
    >>> drug_words.code("NM TC-99M SESTAMIBI PER DOSE", Code.parse("J3262")).value
    'A9500'
    >>> drug_words.code("METOCLOPRAM 5/ML 10ML INJ", Code.parse("J2765")) is None
    True
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def code(self, text: str, near: Code) -> Code | None:
        """The code of the drug that a text names, none where it may be that of the code `near`, or is not clear."""
        text_words = spelt_out(text)
        text, codes = next(
            ((part, codes) for part in _parts(text) if (codes := self._codes_in(spelt_out(part)))), ("", set())
        )
        # "Diluent for oxaliplatin" is none.
        if not self._codes_in(spelt_out(_OF_ANOTHER.split(_GIVEN_AS.sub(" ", text))[0])):
            return None
        if near in codes or self.may_be(text, near) or self._has_own(text_words, near):
            return None
        codes = {code for code in codes if self._reference.in_force(code)}
        return min(codes, key=lambda code: self._rank(code, text_words), default=None)

    def may_be(self, text: str, code: Code) -> bool:
        """Whether all words of drugs in a text lead to a code, and one of them to few: "integra", not "tc-99m"."""
        full_words = {full for word in spelt_out(text) if (full := self._full(word))} - self._shared
        leading = [self._codes[word] for word in full_words]
        return all(code.curie in codes for codes in leading) and any(len(codes) <= _FEW for codes in leading)

    def nearly_names(self, text: str, code: Code) -> bool:
        """Whether a text has a word of a code's drug, or one that begins as such: "calcitrol" for calcitriol."""
        return self._has_own(spelt_out(text), code)

    def names_none(self, text: str) -> bool:
        """Whether a text has none but words by which other things than drugs are described."""
        long_words = (word for word in spelt_out(text) if len(word) >= _TELLING and word.isalpha())
        return all(self._is_everyday(word) and word not in self._codes.keys() - self._shared for word in long_words)

    def codes(self, text: str) -> set[Code]:
        """The codes in force that all words of drugs in a text lead to; none where it is not clear."""
        codes = self._codes_in(spelt_out(text))
        return {code for code in codes if self._reference.in_force(code)}

    def _codes_in(self, text_words: Sequence[str]) -> set[Code]:
        """The codes that all words of drugs lead to, where all other words are known."""
        if len(text_words) > _MOST_WORDS:
            return set()
        full_words: set[str] = set()
        unknown = False
        for word in {word for word in text_words if len(word) >= _TELLING and word.isalpha()}:
            full = self._full(word)
            if full is not None:
                full_words.add(full)
            else:
                unknown = unknown or not self._is_everyday(word)
        codes = self._codes_with(full_words)
        return {code for code in codes if self._is_named_whole(code, full_words)} if unknown else codes

    def _is_named_whole(self, code: Code, full_words: set[str]) -> bool:
        """Whether words have all that tells the drug of a code, and that is more than one: "radium dichloride".

        What is billed by area is a product, which one word tells, whatever its maker and its size are called.
        """
        every = filter(None, (facts_of(meaning.entry) for meaning in self._reference.meanings_of(code)))
        drugs = ((facts, set(_telling(facts.drug)) - SALTS) for facts in every)
        return any(
            drug_words <= full_words and (len(drug_words) > 1 or (drug_words and _by_area(facts)))
            for facts, drug_words in drugs
        )

    def _codes_with(self, full_words: set[str]) -> set[Code]:
        """The codes that all of these words may stand for; words that much else has only tell them apart."""
        leading = [{*map(code_of, self._codes[word])} for word in full_words - self._shared]
        codes = set.intersection(*leading) if leading else set()
        for word in sorted(full_words & self._shared - SALTS):
            codes = codes.intersection(map(code_of, self._codes[word])) or codes
        return codes

    def _is_everyday(self, word: str) -> bool:
        """Whether codes are described by a word that are no drugs', or by one that it is the beginning of."""
        at = bisect_left(self._everyday, word)
        return word in NO_NAMES or any(full.startswith(word) for full in self._everyday[at : at + 1])

    def _has_own(self, text_words: Sequence[str], near: Code) -> bool:
        """Whether a text has a word of a code's drug that leads to no code by itself, or nearly such a word.

        "viia" is one, "mycophenolate" nearly "mycophenolic"; of "bilayer" a label may have the beginning alone.
        """
        own_words = {word for word in self._names_of(near) if len(word) >= _OWN and word.isalpha()}
        others = {word for word in text_words if word not in NO_NAMES and word not in own_words & self._codes.keys()}
        entries = (meaning.entry for meaning in self._reference.meanings_of(near))
        beginnings = tuple(word for entry in entries for word in _LETTERS.findall(entry.name.lower()))
        return any(
            (word in own_words and not self._is_everyday(word))
            or any(len(own) >= _CUT and word.startswith(own[:_CUT]) for own in own_words)
            or (word.startswith(beginnings) and self._leads_elsewhere(word, near))
            for word in others
        )

    def _leads_elsewhere(self, word: str, near: Code) -> bool:
        """Whether a word is that of drugs, and not of a code's."""
        return word not in self._shared and near.curie not in self._codes.get(word, [near.curie])

    def _full(self, word: str) -> str | None:
        """The only word of a drug that a word is, or that it is cut or squeezed from, or longer than by an ending."""
        if word in self._codes:
            return word
        at = bisect_left(self._everyday, word)
        if len(word) < _CUT or self._everyday[at : at + 1] == [word]:
            return None
        alike = [*self._beginning_like(word)]
        # "darbepo" is cut within the "oe" that stands as "e" in the words of names.
        beginnings = (word, f"{word[:-1]}e") if word[-1] in "ao" else (word,)
        longer = [full for full in alike if full.startswith(beginnings) or _is_squeezed(word, full)]
        if not longer and len(word) >= _LONG:
            # "enoxaparn" has most letters of one word alone.
            likely = [*self._beginning_like(word, _FIRST)]
            longer = [full for full in likely if len(full) - len(word) <= _LEFT_OUT and _has_letters(full, word)]
        if not longer and len(word) >= _MISSPELT:
            from rapidfuzz.distance import OSA  # Slow to import, and few texts need it.

            longer = [full for full in alike if OSA.distance(word, full, score_cutoff=1) <= 1]
        return longer[0] if len(longer) == 1 else None

    def _beginning_like(self, word: str, letters: int = _CUT) -> Iterator[str]:
        for at in range(bisect_left(self._sorted, word[:letters]), len(self._sorted)):
            if not self._sorted[at].startswith(word[:letters]):
                return
            yield self._sorted[at]

    def _rank(self, code: Code, text_words: Iterable[str]) -> tuple[int, int, date, Code]:
        """The more words of a text a code's names have, also short ones and beginnings, the earlier it stands."""
        names = self._names_of(code)
        short = {word for word in text_words if len(word) >= _SHORT}
        fitting = sum(any(name.startswith(word) for name in names) for word in short)
        first_day = min(meaning.entry.valid_from or date.min for meaning in self._reference.meanings_of(code))
        return -fitting, len(names), first_day, code

    def _names_of(self, code: Code) -> set[str]:
        every = (facts_of(meaning.entry) for meaning in self._reference.meanings_of(code))
        return {word for facts in every if facts for name in (facts.drug, *facts.brands) for word in spelt_out(name)}

    @cached_property
    def _codes(self) -> Mapping[str, list[str]]:
        return self._shelf.table("codes")

    @cached_property
    def _sorted(self) -> list[str]:
        return self._shelf.bytes("sorted").decode().split()

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset(self._shelf.bytes("shared").decode().split())

    @cached_property
    def _everyday(self) -> list[str]:
        return self._shelf.bytes("everyday").decode().split()

    @cached_property
    def _shelf(self) -> shelf.Shelf:
        with no_collection():
            return shelf.kept(self._reference.tables.key, "drug-words", self._columns)

    def _columns(self) -> shelf.Columns:
        codes: defaultdict[str, set[str]] = defaultdict(set)
        behind: defaultdict[str, set[str]] = defaultdict(set)
        first_words: set[str] = set()
        products = products_by_code(self._reference)
        elsewhere, makers = Counter(_words_of_diagnoses(self._reference)), set[str]()
        for code in self._reference.codes(CodeSystem.HCPCS):
            for entry in (meaning.entry for meaning in self._reference.meanings_of(code)):
                facts = facts_of(entry)
                if facts is None or not facts.drug:
                    elsewhere.update(_telling(entry.name))
                    continue
                makers.update(word for maker in facts.makers for word in _telling(maker))
                for name in (facts.drug, *facts.brands, *products.get(code, ())):
                    head, *rest = spelt_out(name) or ("",)
                    first_words.add(head)
                    for word in _telling(name):
                        codes[word].add(code.curie)
                        behind[word].update([head] if word in rest and head not in _elements().values() else ())
        # Services speak of drugs as well, now and then.
        often = {word for word, count in elsewhere.items() if count > _NOW_AND_THEN or word not in first_words}
        everyday = often | makers | {*_words_of_packages(), *_words_of_labelers(self._reference)}
        added = {word for word in codes if len(behind[word]) > (_OF_FAMILY if word in first_words else 1)}
        # "Tc-99m" alone may be any of thirty, "Rb-82" is one.
        added |= {word for word in _elements().values() if len(codes.get(word, ())) > _FEW}
        shared = added | (codes.keys() & (everyday | ORIGINS | SALTS))
        yield from shelf.table("codes", ((word, sorted(codes[word])) for word in sorted(codes)))
        for name, column in (("sorted", codes.keys()), ("shared", shared), ("everyday", everyday)):
            yield name, " ".join(sorted(column)).encode()


def _parts(text: str) -> Iterator[str]:
    """A text, and parts of it that may name the drug as well as all of it.

    Of "nesiritide (natrecor)" and "Ethamolin (ethanolamine)" the one is known, and the other is another name of it;
    before a dash stands the group of a charge.

    >>> list(_parts("Radiopharmaceuticals - sestamibi (Cardiolite)"))[1:]
    ['Radiopharmaceuticals - sestamibi  ', 'Cardiolite', 'sestamibi (Cardiolite)']
    """
    yield text
    if (name := _USED.split(text, maxsplit=1)[0]) != text:
        yield name
    if asides := _ASIDE.findall(text):
        yield _ASIDE.sub(" ", text)
        yield from (aside.strip("()") for aside in asides)
    if (group := text.rpartition(" - "))[0]:
        yield group[2]


def spelt_out(text: str) -> tuple[str, ...]:
    """The words of a text in which isotopes are called as descriptors call them, and salts stand apart.

    >>> spelt_out("TC99M HMPAO"), spelt_out("HydroxyzineHCL")
    (('technetium', 'tc', '99m', 'exametazime'), ('hydroxyzine', 'hydrochloride'))

    The number of a clotting factor is what tells it.

    >>> spelt_out("Factor IX, recombinant")
    ('ixfactor', 'recombinant')
    """
    text = _FACTOR.sub(r" \1factor ", _GLUED.sub(" ", text.lower()))
    text, isotopes = _isotope().subn(lambda match: _elements()[match[1]] + f" {match[1]} {match[2]} ", text)
    return words(" ".join(_tracers().get(word, word) for word in text.split()) if isotopes else text)


# "HydroxyzineHCL", "DIHYDROERGOTAM PER1MGIJ"
_FACTOR = re.compile(r"\bfactor[ -](x?i{1,3}a?|i[xv]a?|vi{0,3}a?|xi?a?)\b")
_GLUED = re.compile(r"(?<=[a-z]{5})(?=hcl\b|\d)")


@cache
def _elements() -> dict[str, str]:
    return {row["symbol"]: row["element"] for row in resources.table("data", "names", "isotopes.tsv")}


@cache
def _tracers() -> dict[str, str]:
    """What carries an isotope, by what is written for it."""
    return {row["short"]: row["words"] for row in resources.table("data", "names", "tracers.tsv")}


@cache
def _isotope() -> re.Pattern[str]:
    """An isotope by its symbol, after the name of its element or without it."""
    rows = list(resources.table("data", "names", "isotopes.tsv"))
    elements = "|".join(row["element"] for row in rows)
    # The longer number first: "99m" before "99".
    numbers = "|".join(sorted({number for row in rows for number in row["numbers"].split("; ")}, key=len, reverse=True))
    symbols = "|".join(row["symbol"] for row in rows)
    return re.compile(rf"(?:\b(?:{elements})[ (]+)?(?<![a-z])({symbols})[- ]?({numbers})(?![0-9a-z])")


def _telling(name: str) -> list[str]:
    return [word for word in spelt_out(name) if len(word) >= _TELLING and word.isalpha()]


def _words_of_diagnoses(reference: Reference) -> Iterator[str]:
    """What the names of diagnoses say, but those of poisonings and histories, which speak of drugs."""
    for code in reference.codes(CodeSystem.ICD10CM):
        if code.value[0] not in "TZ" and (entry := reference.entry(code)):
            yield from _telling(entry.name)


def _words_of_packages() -> Iterator[str]:
    """What charge lists say of forms, routes and packages."""
    for table in ("forms.tsv", "routes.tsv", "package-words.tsv"):
        for row in resources.table("data", "names", table):
            yield from _telling(" ".join(row.values()))


def _words_of_labelers(reference: Reference) -> Iterator[str]:
    for ndc in (subject for subject in reference.subjects if subject.kind is Kind.NDC):
        entry = reference.entry(ndc.code)
        yield from _telling(dict(entry.notes).get("labeler", "")) if entry else ()


def _by_area(facts: Descriptor) -> bool:
    return facts.unit is not None and facts.unit.ucum == AREA


def _is_squeezed(word: str, full: str) -> bool:
    """Whether a word goes on as another one, and then has a few of its letters: "succinylchl", or an ending.

    >>> _is_squeezed("prochlorperazn", "prochlorperazine"), _is_squeezed("aminophylline", "aminophyllin")
    (True, True)
    >>> _is_squeezed("hydroxychloroquine", "hydroxyprogesterone")
    False
    """
    alike = next((at for at, pair in enumerate(zip(word, full, strict=False)) if len(set(pair)) > 1), len(word))
    alike = min(alike, len(full))
    rest, left_out = word[alike:], full[alike:]
    if not left_out:
        return len(rest) <= (_LETTERS_BEHIND if len(full) >= _LONG else _ENDING)
    return len(rest) <= _SQUEEZED and _has_letters(left_out, rest)


def _has_letters(full: str, letters: str) -> bool:
    """Whether a word has some letters one after the other."""
    left = iter(full)
    return all(letter in left for letter in letters)
