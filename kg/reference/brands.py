"""Brands that releases know, such as the NDC directory: which drug each stands for, where that is certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from kg import lazy_re as re
from kg.model import Concept, Kind, slug
from kg.reference.release import Drug

_SHORTEST = 4
# The four letters of a biosimilar.
_SUFFIX = re.compile(r"-[a-z]{4}$")


class Brand(NamedTuple):
    """A brand as a release spells it, and its drug."""

    name: str
    drug: Concept


def released_brands(known: Mapping[Concept, Drug], released: Iterable[Iterable[Drug]]) -> dict[str, Brand]:
    """The brands that releases know, by their keys.

    A brand counts only where all releases give it to one drug, which is known, or differs from a known one by its four
    letters; and where it is neither the name nor a brand of a known drug, nor a word of any.
    """
    drugs_by_brand: defaultdict[str, dict[Concept, str]] = defaultdict(dict)
    for drug in chain.from_iterable(released):
        for name in drug.brands:
            drugs_by_brand[slug(name)].setdefault(drug.concept, name)
    taken = _names(known.values())
    brands = {}
    for key, names in drugs_by_brand.items():
        if len(names) == 1 and len(key) >= _SHORTEST and key not in taken:
            ((concept, name),) = names.items()
            if concept in known or _base(concept) in known:
                brands[key] = Brand(name, concept)
    return brands


def with_brands(known: Mapping[Concept, Drug], brands: Iterable[Brand]) -> dict[Concept, Drug]:
    """The drugs with these brands besides their own, and biosimilars of known drugs that nobody knew before."""
    drugs = dict(known)
    for brand in sorted(brands):
        drug = drugs.get(brand.drug) or Drug(brand.drug, broader=_base(brand.drug))
        drugs[brand.drug] = replace(drug, brands=(*drug.brands, brand.name))
    return drugs


def _base(drug: Concept) -> Concept:
    """The same name without four letters behind it."""
    return Concept(Kind.DRUG, _SUFFIX.sub("", drug.key))


def _names(drugs: Iterable[Drug]) -> set[str]:
    """Names, brands, and the words of names: "dextrose" is no brand of a drug in dextrose."""
    names: set[str] = set()
    for drug in drugs:
        names.update((drug.concept.key, *drug.concept.key.split("-"), *map(slug, drug.brands)))
    return names
