"""What a text says by which the codes of one drug differ: brand, maker, form and amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg import lazy_re as re
from kg import resources
from kg.model import Code, Quantity
from kg.reference.billing_units import after_per, amounts_of, pieces_of, quantities_of, same_amount, scale_of
from kg.reference.descriptors import ANY_DRUG, Descriptor, forms_in
from kg.verification.words import SALTS, words

_PLAIN = re.compile(r"[a-z0-9]+")
_SHORT_NAME, _BEGINNING, _FIRST_LETTERS = 6, 3, 4
_LONG, _ENDING = 8, 2
_MUCH = Decimal(10**12)
_STRENGTHS = re.compile(r"\b(\d+) ?- ?(\d+) ?mg/ml")
_AT_LEAST = re.compile(r">= ?(?P<least>\d+) ?mg/ml|\b(?P<or_more>\d+) or greater mg/ml")
_STRENGTH, _NO_STRENGTH = re.compile(r"\b\d{2,3}\b"), 999
# What is injected has no form of its own in descriptors.
_INJECTED = re.compile(r"\b(?:inj|injection|injectable|ij)\b")
_NOT_INJECTED = frozenset({"implant", "inhalation", "nasal", "oral", "rectal", "topical", "transdermal"})
# How large a graft is, in words or as length and width.
_SIZE = re.compile(r"\d ?x ?\d|(?<![/a-z])\d+ ?(?:mm|cm|sq ?cm)(?![a-z])|\bsq(?:uare)?\.? ?c|/sq?c\b")
# What labels of all kinds of drugs say.
_OF_LABELS = frozenset(words("inj injection ml mg mcg microgram milligram gm unit per dose solution vial use"))

AREA = "cm2"
"""The unit by which grafts are billed."""

NO_BIOSIMILAR = re.compile(r"\b(?:exclud(?:es|ing)|not a|non-?)\s*biosimilars?\b", re.I)
"""By these words a text says that a code is for no biosimilar."""

# What such a drug is for.
_FOR_USE = re.compile(r"\s+for\b")

OF_ANY = frozenset(
    "agent antineoplastic biologic biological chemotherapeutic chemotherapy code drug hcpcs injectable injection"
    " medication or other prescription product specialty".split()
)
"""Words beside which nothing in particular is named: "unclassified biologics"."""


def plain(text: str) -> str:
    """A text in small letters without its marks.

    >>> plain("Gamunex-C/Gammaked")
    'gamunex c gammaked'
    """
    return " ".join(_PLAIN.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Hints:
    """What a text says by which the codes of one drug differ."""

    plain: str
    words: set[str]
    brands: set[str]
    biosimilar: bool
    forms: frozenset[str]
    likely: frozenset[str]
    """The same, or where a text names none, those of the code that it gives."""
    amounts: list[Quantity]
    loose: list[Quantity]
    """All quantities in it, concentrations among them."""
    sized: bool
    """Whether it tells how large something is, as of a graft."""

    @classmethod
    def of(cls, text: str, brands: set[str], descriptor: Descriptor, *, lettered: bool) -> Hints:
        """Read a text that may name `brands`; `descriptor` is what the code that it gives is for."""
        small = text.lower()
        biosimilar = lettered or ("biosimil" in small and not NO_BIOSIMILAR.search(small))
        amounts = [amount.quantity for amount in amounts_of(small)]
        if per := after_per(pieces_of(small)):
            amounts.append(per)
        forms = forms_in(small) | packed_forms_in(small)
        likely = forms or (frozenset() if _INJECTED.search(small) else descriptor.forms)
        named = brands_in(text, brands)
        loose = [amount.quantity for amount in quantities_of(small)]
        sized = _SIZE.search(small) is not None
        return cls(f" {plain(text)} ", set(words(text)), named, biosimilar, forms, likely, amounts, loose, sized)

    def misfit(
        self, descriptor: Descriptor, brands: set[str], labelers: Iterable[str] = (), labels: Iterable[str] = ()
    ) -> tuple[int, ...]:
        """How far a code is from what is said, by brand, maker, form and amount; the less the better.

        `labelers` are those whose packages are billed as the code, `labels` are what it is called.
        """
        unit = descriptor.unit
        label_words = {word for label in labels for word in words(label) if word.isalpha() and len(word) > 1}
        own_words = (word for word in self.words & label_words - SALTS - _OF_LABELS)
        drug_words = set(words(descriptor.drug))
        return (
            bool(self.brands) and self.brands.isdisjoint(brands),
            descriptor.biosimilar is not self.biosimilar,
            self._misfit_of_makers(descriptor, labelers),
            -len(self.forms & descriptor.forms),
            -sum(map(self._has, filter(str.isalpha, drug_words - SALTS - _OF_LABELS))),
            -sum(map(self._has, drug_words & SALTS)),
            -sum(not any(name.startswith(word) for name in drug_words) for word in own_words),
            self.sized and not (unit and unit.ucum == AREA),
            unit is None or not any(same_amount(unit, amount) for amount in self.amounts),
            not self.brands and bool(brands),
            not self.forms and bool(descriptor.forms - self.likely),
            len(descriptor.forms ^ self.likely),
        )

    def times(self, unit: Quantity | None) -> Decimal:
        """How many units the amount of a text is that comes nearest to one; what is no unit, or unknown, is much."""
        if unit is None:
            return _MUCH
        return min((ratio for amount in self.loose if (ratio := _ratio(amount, unit)) and ratio >= 1), default=_MUCH)

    def out_of_range(self, name: str) -> int:
        """Whether no number of a text lies within the strengths that a code's name gives, -1 where one does.

        "Omnipaque 350" is contrast of 300-399 mg/ml. Of a name without such strengths it is nothing.
        """
        label = name.lower()
        if between := _STRENGTHS.search(label):
            least, most = int(between[1]), int(between[2])
        elif above := _AT_LEAST.search(label):
            least, most = int(above["least"] or above["or_more"]), _NO_STRENGTH
        else:
            return 0
        return -1 if any(least <= int(number) <= most for number in _STRENGTH.findall(self.plain)) else 1

    def _has(self, word: str) -> bool:
        return has_all(self.words, [word])

    def _misfit_of_makers(self, descriptor: Descriptor, labelers: Iterable[str]) -> int:
        """A code for the maker that is named goes first, then one as which it sells, and one for another maker last."""
        makers = [_PLAIN.findall(maker) for maker in descriptor.makers]
        if any(map(self._names_maker, (*makers, *(maker[:1] for maker in makers)))):
            return 0
        if makers:
            return 3
        return 1 if any(self._names_maker(leading_words(labeler)) for labeler in labelers) else 2

    def _names_maker(self, maker_words: Sequence[str]) -> bool:
        """Whether a text has the words of a name one behind the other, of longer ones the beginning: "wg crit care"."""
        text_words, number = self.plain.split(), len(maker_words)
        return any(
            all(
                given == word or (len(given) >= _BEGINNING and word.startswith(given))
                for given, word in zip(text_words[at : at + number], maker_words, strict=True)
            )
            for at in range(len(text_words) - number + 1)
        )


def is_injected(text: str) -> bool:
    """Whether a text says that something is injected."""
    return _INJECTED.search(text.lower()) is not None


def may_be_injected(descriptor: Descriptor) -> bool:
    """Whether what a descriptor says may be injected: it names no other form."""
    return descriptor.forms.isdisjoint(_NOT_INJECTED)


def has_all(text_words: Collection[str], names: Iterable[str]) -> bool:
    """Whether a text has words, or the beginnings of them, or long ones that end otherwise: "liposomal" for "liposome".

    >>> has_all({"piperacillin", "tazo"}, ["piperacillin", "tazobactam"])
    True
    """
    beginnings = {word for word in text_words if len(word) >= _BEGINNING and word.isalpha()}
    beginnings |= {word[:-_ENDING] for word in beginnings if len(word) >= _LONG}
    return all(name in text_words or any(map(name.startswith, beginnings)) for name in names)


def leading_words(name: str) -> list[str]:
    """The first words of a company's name, so many that they tell it.

    >>> leading_words("WG CRITICAL CARE, LLC"), leading_words("CIPLA USA INC.")
    (['wg', 'critical'], ['cipla'])
    """
    pieces = plain(name).split()
    telling = next((at for at, piece in enumerate(pieces) if len(piece) > _BEGINNING), len(pieces))
    return pieces[: telling + 1]


def _ratio(amount: Quantity, unit: Quantity) -> Decimal | None:
    scale = scale_of(amount.ucum, unit.ucum)
    return amount.number * scale[0] / (unit.number * scale[1]) if scale and unit.number else None


def packed_forms_in(text: str) -> frozenset[str]:
    """The forms that words for packages in a text in small letters tell.

    >>> packed_forms_in("promethazine 25 mg tabs")
    frozenset({'oral'})
    """
    return frozenset(_forms_by_word()[words] for words in _packed().findall(text))


@cache
def _forms_by_word() -> dict[str, str]:
    rows = resources.table("data", "names", "package-words.tsv")
    return {words: row["form"] for row in rows if row["form"] != "-" for words in row["words"].split("; ")}


@cache
def _packed() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _forms_by_word()))})(?![\w-])")


def with_short(brands: Mapping[Code, Iterable[str]]) -> dict[Code, set[str]]:
    """Brands of codes, with the first words of longer ones that no other has: "Gammagard" for "Gammagard liquid"."""
    firsts = {code: {name.split()[0] for name in names} for code, names in brands.items()}
    owners = Counter(first for names in firsts.values() for first in names)
    full_names = {name for names in brands.values() for name in names}
    return {
        code: {
            *names,
            *(first for first in firsts[code] - full_names if owners[first] == 1 and len(first) >= _SHORT_NAME),
        }
        for code, names in brands.items()
    }


def brands_in(text: str, brands: set[str]) -> set[str]:
    """The brands that a text names, the longer ones first: "Aristada Initio" does not name "Aristada".

    >>> brands_in("Aristada Initio, 1 mg", {"aristada", "aristada initio"})
    {'aristada initio'}
    """
    spaced = f" {plain(text)} "
    matches = set()
    for brand in sorted(brands, key=len, reverse=True):
        if f" {brand} " in spaced:
            matches.add(brand)
            spaced = spaced.replace(f" {brand} ", " ; ")
    return matches


def names_any(name: str) -> bool:
    """Whether a name is that of no drug in particular.

    >>> names_any("Unclassified biologics"), names_any("tocilizumab, not otherwise specified")
    (True, False)
    >>> names_any("unclassified drug for angioedema")
    True
    """
    before = _FOR_USE.split(name, maxsplit=1)[0]
    name = before if ANY_DRUG.search(before) else name
    return ANY_DRUG.search(name) is not None and OF_ANY.issuperset(words(ANY_DRUG.sub(" ", name)))


def cut_in(text: str, brand: str, longer: Iterable[str]) -> bool:
    """Whether a text has, behind a brand, the beginning of what a longer brand goes on with.

    >>> cut_in("Multihance multipk, 1 ml", "multihance", ["multihance multipack"])
    True
    """
    after = plain(text).partition(brand)[2].split()
    goes_on = (name.removeprefix(f"{brand} ").split()[0] for name in longer if name.startswith(f"{brand} "))
    return any(word[:_FIRST_LETTERS] == rest[:_FIRST_LETTERS] for rest in goes_on for word in after[:1])
