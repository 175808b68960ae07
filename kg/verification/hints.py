"""What a text says by which the codes of one drug differ: brand, maker, form and amount."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import Code, Quantity
from kg.reference.billing_units import after_per, amounts_of, pieces_of, same_amount
from kg.reference.descriptors import Descriptor, forms_in
from kg.verification.words import words

_PLAIN = re.compile(r"[a-z0-9]+")
_SHORT_NAME = 6

NO_BIOSIMILAR = re.compile(r"\b(?:exclud(?:es|ing)|not a|non-?)\s*biosimilars?\b", re.I)
"""By these words a text says that a code is for no biosimilar."""


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

    @classmethod
    def of(cls, text: str, brands: set[str], descriptor: Descriptor, *, lettered: bool) -> Hints:
        """Read a text that may name `brands`; `descriptor` is what the code that it gives is for."""
        small = text.lower()
        biosimilar = lettered or ("biosimilar" in small and not NO_BIOSIMILAR.search(small))
        amounts = [amount.quantity for amount in amounts_of(small)]
        if per := after_per(pieces_of(small)):
            amounts.append(per)
        forms = forms_in(small)
        likely = forms or descriptor.forms
        return cls(f" {plain(text)} ", set(words(text)), brands_in(text, brands), biosimilar, forms, likely, amounts)

    def misfit(self, descriptor: Descriptor, brands: set[str]) -> tuple[int, ...]:
        """How far a descriptor is from what is said, by brand, maker, form and amount; the less the better."""
        unit = descriptor.unit
        return (
            bool(self.brands) and self.brands.isdisjoint(brands),
            descriptor.biosimilar is not self.biosimilar,
            self._misfit_of_makers(descriptor),
            -len(self.words.intersection(words(descriptor.drug))),
            not self.brands and bool(brands),
            -len(self.forms & descriptor.forms),
            unit is None or not any(same_amount(unit, amount) for amount in self.amounts),
            len(descriptor.forms ^ self.likely),
        )

    def _misfit_of_makers(self, descriptor: Descriptor) -> int:
        """A code for the maker that is named goes first, and one for another maker last."""
        makers = [_PLAIN.findall(maker) for maker in descriptor.makers]
        names = (" ".join(maker) for maker in (*makers, *(maker[:1] for maker in makers)))
        return 0 if any(f" {name} " in self.plain for name in names) else 1 + bool(makers)


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
