"""Which drug's code a name fits: by CMS's label of the code, or nearly by the name of the drug or its brand.

Fee schedules copy labels ("Inj aval alfa-nqpt 4mg"), and people misspell ("incobotulinumtoxin a"): neither is the name
of a drug as descriptors give it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from kg import shelf
from kg.collector import no_collection
from kg.model import Code, CodeSystem, Kind, Relation
from kg.reference import Reference
from kg.reference.descriptors import facts_of
from kg.reference.json_values import code as code_of
from kg.reference.meanings import Meaning
from kg.verification.hints import plain
from kg.verification.names import Fit, NameIndex, alike, columns
from kg.verification.words import words

# So much of what is given another code's name has to hold, and in the very words so much of it.
_MEANT, _LITERALLY = 0.85, 0.5
# And it must not say much more: "drug" is no debridement with a drug delivery device.
_FILLED = 0.4
# Where the code's own names hold so much of it, it is that code's.
_OWN = 0.5
_CLEARLY_BETTER = 0.2
_SHORTEST_BRAND, _LONGEST_BRAND = 4, 5


class DrugNames:
    """The labels of drugs' codes, the drugs and brands that descriptors name, and the products that are billed as them.

    The index holds on all days.

    >>> from kg.reference import load
    >>> from kg.reference.bundled import read
    >>> names = DrugNames(load([read]))
    >>> names.code("Inj aval alfa-nqpt 4mg", Code.parse("J0256")).value
    'J0219'
    >>> names.code("Alpha 1 proteinase inhibitor", Code.parse("J0256")) is None
    True
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def code(self, name: str, near: Code) -> Code | None:
        """The code whose drug a name is, none where it may be that of the code `near`."""
        exactly = self._exactly(name)
        own_fit = self._index.fit(name, near)
        own_fit = own_fit if own_fit and self._is_of_the_day(own_fit.code, own_fit.name) else None
        if any(fit.code == near for fit in exactly) or (own_fit is not None and own_fit.covered >= _OWN):
            return None
        fits = exactly or list(self._fitting(name, near, own_fit))
        return min(fits, key=lambda fit: self._rank(fit, near)).code if fits else None

    def fits(self, name: str, code: Code) -> bool:
        """Whether most of a name stands in the names of a code, spelt nearly so."""
        fit = self._index.fit(name, code)
        return fit is not None and fit.covered >= _MEANT and self._is_of_the_day(fit.code, fit.name)

    def labelled(self, name: str) -> frozenset[Code]:
        """The codes of which a label has the very words of a name."""
        return frozenset(fit.code for fit in self._exactly(name) if self._is_label(fit))

    def called(self, name: str) -> frozenset[Code]:
        """The codes of which a label, a drug, a brand or a product has the very words of a name."""
        return frozenset(fit.code for fit in self._exactly(name))

    def brands(self, code: Code, drug: str) -> set[str]:
        """The names of a code, in plain words, that have no word of its drug: brands, and labels that have one."""
        drug_words = set(words(drug))
        return {plain(name) for name in self._names_of(code) if drug_words.isdisjoint(words(name))}

    def labelers(self, code: Code) -> list[str]:
        """The companies whose packages are billed as a code."""
        labelers: list[str] = self._labelers.get(code.curie, [])
        return labelers

    def standing_in(self, text: str, code: Code) -> list[str]:
        """The names of a code that a text has, in plain words."""
        spaced = f" {plain(text)} "
        return [name for name in map(plain, self._names_of(code)) if f" {name} " in spaced]

    def sold(self, text: str) -> dict[str, frozenset[Code]]:
        """The brands that a text names, longer ones instead of those in them, with the codes that their products are.

        Brands are known from descriptors and products; they have no word of the drug of their code, and are no other.
        """
        pieces, codes_by_brand, at = plain(text).split(), {}, 0
        while at < len(pieces):
            for length in range(min(_LONGEST_BRAND, len(pieces) - at), 0, -1):
                brand = " ".join(pieces[at : at + length])
                if codes := self._sellers.get(brand):
                    codes_by_brand[brand] = frozenset(map(code_of, codes))
                    break
            else:
                length = 1
            at += length
        return codes_by_brand

    def _exactly(self, name: str) -> list[Fit]:
        return [fit for fit in self._index.exactly(name) if self._is_of_the_day(fit.code, fit.name)]

    def _names_of(self, code: Code) -> list[str]:
        """What a code is called on the day."""
        return [name for name in self._index.names(code) if self._is_of_the_day(code, name)]

    def _is_of_the_day(self, code: Code, name: str) -> bool:
        """Whether a name is not that of another meaning which a code had, or has by now."""
        meanings = self._reference.meanings_of(code)
        if len(meanings) == 1:
            return True
        entry = self._reference.entry(code)
        bearing = [meaning.entry for meaning in meanings if name in _names(meaning)]
        return not bearing or any(one.valid_from == entry.valid_from for one in bearing if entry)

    def _is_label(self, fit: Fit) -> bool:
        return any(fit.name in _labels(meaning) for meaning in self._reference.meanings_of(fit.code))

    def _fitting(self, name: str, near: Code, own_fit: Fit | None) -> Iterator[Fit]:
        least = (own_fit.score if own_fit else 0.0) + _CLEARLY_BETTER
        for fit in self._index.search(name, near=near):
            is_it = fit.covered >= _MEANT and fit.literally >= _LITERALLY and fit.filled >= _FILLED
            if is_it and fit.score >= least and not fit.opposed and self._is_of_the_day(fit.code, fit.name):
                yield fit

    def _rank(self, fit: Fit, near: Code) -> tuple[bool, float, int, Code]:
        return not self._reference.in_force(fit.code), -fit.score, -alike(fit.code, near), fit.code

    @cached_property
    def _sellers(self) -> Mapping[str, list[str]]:
        return self._shelf.table("sold")

    @cached_property
    def _labelers(self) -> Mapping[str, list[str]]:
        return self._shelf.table("labelers")

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self._shelf)

    @cached_property
    def _shelf(self) -> shelf.Shelf:
        with no_collection():
            return shelf.kept(self._reference.tables.key, "drug-names", self._columns)

    def _columns(self) -> shelf.Columns:
        names_by_code: dict[Code, list[str]] = {}
        sold: defaultdict[str, list[str]] = defaultdict(list)
        drugs: set[str] = set()
        products = products_by_code(self._reference)
        for code in self._reference.codes(CodeSystem.HCPCS):
            meanings = self._reference.meanings_of(code)
            if names := [name for meaning in meanings for name in _names(meaning)]:
                names_by_code[code] = [*names, *products.get(code, ())]
                descriptors = [facts for meaning in meanings if (facts := facts_of(meaning.entry))]
                drug_words = {word for facts in descriptors for word in words(facts.drug)}
                drugs |= drug_words
                telling = {word for word in drug_words if len(word) >= _SHORTEST_BRAND}
                for name in (*products.get(code, ()), *(brand for facts in descriptors for brand in facts.brands)):
                    if telling.isdisjoint(words(name)):
                        sold[plain(name)].append(code.curie)
        yield from columns(names_by_code)
        labelers = _labelers_by_code(self._reference).items()
        yield from shelf.table("labelers", ((code.curie, sorted(names)) for code, names in labelers))
        # "Dextrose" is sold as well, and names a drug.
        brands = (name for name in sold if len(name) >= _SHORTEST_BRAND and not drugs.issuperset(words(name)))
        yield from shelf.table("sold", ((name, sorted(set(sold[name]))) for name in brands))


def products_by_code(reference: Reference) -> dict[Code, dict[str, None]]:
    """The names of the products that are billed as each code."""
    names_by_code: defaultdict[Code, dict[str, None]] = defaultdict(dict)
    for ndc in (subject for subject in reference.subjects if subject.kind is Kind.NDC):
        for _, statement in reference.stated_of(ndc):
            if statement.relation is Relation.BILLED_AS and statement.subject.name:
                names_by_code[statement.object.code][statement.subject.name] = None
    return names_by_code


def _labelers_by_code(reference: Reference) -> dict[Code, set[str]]:
    """The companies whose packages are billed as each code."""
    labelers: defaultdict[Code, set[str]] = defaultdict(set)
    for ndc in (subject for subject in reference.subjects if subject.kind is Kind.NDC):
        entry = reference.entry(ndc.code)
        labeler = dict(entry.notes).get("labeler") if entry else None
        for _, statement in reference.stated_of(ndc) if labeler else ():
            if statement.relation is Relation.BILLED_AS:
                labelers[statement.object.code].add(str(labeler))
    return labelers


def _names(meaning: Meaning) -> Iterator[str]:
    """What a code of a drug is called: its labels, the drug and its brands."""
    facts = facts_of(meaning.entry)
    if facts is not None and facts.drug:
        yield from (*_labels(meaning), facts.drug, *facts.brands)


def _labels(meaning: Meaning) -> Iterator[str]:
    entry = meaning.entry
    return filter(None, (entry.name, *entry.names, *(name for name, _ in meaning.names)))
