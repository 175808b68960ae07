"""Which drug a code identifies, as releases say it, and which code identifies a drug."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg import shelf
from kg.model import Code, CodeSystem, Concept, Quantity, Relation, slug
from kg.reference import Entry, Reference, Release, Statement
from kg.reference.billing_units import after_per, amounts_of, pieces_of, same_amount
from kg.reference.descriptors import ANY_DRUG, Descriptor, bare_name, facts_of, forms_in
from kg.reference.rows import code as code_of
from kg.verification.names import alike
from kg.verification.words import words

# The four letters that tell biologicals of one name apart: tocilizumab-aazg. Words of names are none.
_SUFFIX = re.compile(r"-(?!acid|alfa|beta|gold|iron|live|oral|zinc)[a-z]{4}$")
_PLAIN = re.compile(r"[a-z0-9]+")
_HCPCS = re.compile(r"\b[A-V][0-9]{4}\b")
# A text longer than this speaks of more than one drug.
_ONE_ITEM = 300
# Codes of hospitals' outpatient departments, given for the time until a drug has a code for all; those of payers.
_TEMPORARY, _OF_PAYERS = "C", "S"
_NOT_FOR_ALL = (_TEMPORARY, _OF_PAYERS)
_SHORT_NAME = 6
# Codes with so many characters alike from the beginning may be one mistyped for the other.
_NEAR = 3
# A biosimilar is told by the brand that it is like.
_LIKENED = re.compile(r"similar|interchangeable|reference|originator|compar|instead|alternative|prefer|switch")
# What may stand beside these words and names no drug either.
_OF_ANY = frozenset(
    "agent antineoplastic biologic biological chemotherapeutic chemotherapy code drug hcpcs injectable injection"
    " medication or other prescription product specialty".split()
)
# Words of names that many drugs share, so that sharing them means little.
_SALTS = frozenset(
    "acetate acid alfa antibody beta besylate bitartrate bromide calcium chloride citrate decanoate disodium factor"
    " fumarate globulin hcl human hydrobromide hydrochloride immune injection iron lactate magnesium maleate mesylate"
    " phosphate potassium sodium succinate sulfate tartrate vaccine".split()
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a release states of a code, and which release."""

    statement: Statement
    release: Release


class Identities:
    """The drugs and billing units that releases state of codes.

    Only a code that is in force on the day of the reference owns the name of a drug; without a day, one without an end.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._said: dict[tuple[Concept, Relation], list[Stated]] = {}
        self._found: dict[Concept, list[Code]] = {}

    def of(self, code: Concept, relation: Relation) -> list[Stated]:
        """What releases state of a code in a relation, the newest first."""
        if (code, relation) not in self._said:
            said = (Stated(each, release) for release, each in self._reference.stated_of(code))
            self._said[code, relation] = [each for each in said if each.statement.relation is relation]
        return self._said[code, relation]

    def drugs_of(self, code: Code) -> list[Concept]:
        """The drugs that releases say a code identifies."""
        return [stated.statement.object for stated in self.of(Concept.of(code), Relation.IDENTIFIES_DRUG)]

    def same(self, one: Concept, other: Concept) -> bool:
        """Whether two names stand for one drug, or one of them for the drug that the other is a biosimilar of."""
        if one == other or self._bases(one) & self._bases(other):
            return True
        known = [found for drug in (one, other) if (found := self._reference.drug(drug))]
        brands = {brand.casefold() for drug in known for brand in drug.brands}
        return bool({one.label.casefold(), other.label.casefold()} & brands)

    def other_letters(self, drug: Concept, code: Code) -> bool:
        """Whether a drug and that of a code are known to differ in their four letters: two biosimilars of one drug."""
        said = [other for other in self.drugs_of(code) if _SUFFIX.search(other.key)]
        if not said or not _SUFFIX.search(drug.key) or self._reference.drug(drug) is None:
            return False
        return all(other != drug and _SUFFIX.sub("", other.key) == _SUFFIX.sub("", drug.key) for other in said)

    def other_brand(self, code: Code, drug: Concept, text: str) -> Code | None:
        """The code of the brand that a text gives to a code of another brand of the same drug."""
        if not self._brands(code) or len(text) > _ONE_ITEM or set(_HCPCS.findall(text)) - {code.value}:
            return None
        related = {other for name in (drug, *self.drugs_of(code)) for other in self.codes_for(name)}
        others = sorted((other for other in related - {code} if self._reference.in_force(other)), reverse=True)
        called = _with_short({other: self._brands(other) for other in (code, *others)})
        own = called.pop(code)
        owners = {brand: other for other, brands in called.items() for brand in brands}
        if drug not in self.drugs_of(code) and not _LIKENED.search(text.lower()):
            owners = self._originators(drug) | owners
        said = _brands_in(text, {*owners, *own})
        return min((owners[brand] for brand in said - own), default=None) if said.isdisjoint(own) else None

    def _originators(self, drug: Concept) -> dict[str, Code]:
        """The only code of a drug by each of its brands, where no descriptor has the brand: Remicade is J1745."""
        codes = [
            code for code in self.codes_for(drug) if drug in self.drugs_of(code) and self._reference.in_force(code)
        ]
        known = self._reference.drug(drug)
        if len(codes) != 1 or known is None:
            return {}
        return {" ".join(_PLAIN.findall(brand.lower())): codes[0] for brand in known.brands}

    def named_in(self, drug: Concept, code: Code) -> bool:
        """Whether the names of a code hold all that tells a drug: "octreotide" in "octreotide, depot form"."""
        entry = self._reference.entry(code)
        if entry is None:
            return False
        known = self._reference.drug(drug)
        facts = entry.facts or _NOTHING
        called = {word for name in (entry.name, *entry.names, facts.drug, *facts.brands) for word in words(name)}
        names = [drug.label, _SUFFIX.sub("", drug.key), *(known.brands if known else ())]
        return any(told <= called for name in names if (told := set(words(name))))

    def akin(self, drug: Concept, code: Code) -> bool:
        """Whether the name of a drug shares a word that tells something with a code: salts, forms, mixtures, brands.

        Where no word of a code's drug tells anything, as of "factor X (human)", all of them are to be shared.
        """
        names = [other.key for other in self.drugs_of(code)]
        telling = {word for name in (*names, *self._brands(code)) for word in _telling(name)}
        if not telling.isdisjoint(_telling(drug.key)):
            return True
        given = set(words(drug.key))
        return any(given.issuperset(said) for name in names if (said := words(name)) and not _telling(name))

    def successor(self, drug: Concept, code: Code, text: str) -> Code | None:
        """The best code for a drug instead of one that is not in force; no biosimilar has that of another product."""
        better = self.best_code(drug, code, text)
        is_own = better is not None and (drug in self.drugs_of(better) or not _SUFFIX.search(drug.key))
        return better if is_own else None

    def takes_any(self, code: Code) -> bool:
        """Whether a code stands for drugs without a code of their own."""
        entry = self._reference.entry(code)
        if entry is None or self._descriptor(code):
            return False
        return entry.facts.takes_any if entry.facts else ANY_DRUG.search(entry.name) is not None

    def is_of_one(self, code: Code) -> bool:
        """Whether a code stands for a drug by name, so that "unclassified drug" is a mistake about it."""
        return not self.takes_any(code) and bool(self.drugs_of(code))

    def own_code(self, drug: Concept, code: Code, text: str) -> Code | None:
        """The code that a drug has of its own, where a text names it under one for drugs that have none.

        In another form, of another brand or maker than that code is for, a drug may well have none; nor is there a
        mistake where the text speaks of both codes. Hospitals and payers have codes that others cannot use.
        """
        entry = self._reference.entry(code)
        if entry is None or _forms_of(entry) or set(_HCPCS.findall(text)) - {code.value}:
            return None
        said = forms_in(text.lower())
        for other in self.codes_for(drug):
            descriptor = self._descriptor(other) or _NOTHING
            plain = descriptor.forms == said and not descriptor.brands and not descriptor.makers
            if (
                plain
                and drug in self.drugs_of(other)
                and self._reference.in_force(other)
                and other.value[0] not in _NOT_FOR_ALL
            ):
                return other
        return None

    def codes_for(self, drug: Concept) -> list[Code]:
        """The codes that identify a drug: by its name, else by that without its four letters, else without its salt."""
        if drug not in self._found:
            self._found[drug] = self._find(drug)
        return self._found[drug]

    def _find(self, drug: Concept) -> list[Code]:
        for key in (drug.key, *sorted(self._bases(drug) - {drug.key})):
            if found := [code for code in self._leads("key", key) if key in self._keys(code)]:
                return found
        # "dolasetron" finds "dolasetron mesylate".
        if not (told := _telling(drug.key)):
            return []
        leads = self._leads("telling", _joined(told))
        return [code for code in leads if any(_telling(key) == told for key in self._keys(code))]

    def _leads(self, kind: str, text: str) -> list[Code]:
        """The codes that on some day have a drug of a key, of telling words or with a word, in order."""
        return [*map(code_of, self._index.get(f"{kind} {text}", ()))]

    @cached_property
    def _index(self) -> Mapping[str, list[str]]:
        return shelf.kept(self._reference.tables.key, "drugs", self._columns).table("leads")

    def _columns(self) -> shelf.Columns:
        """The leads to each code, from what it is called and said to be on all days."""
        found: defaultdict[str, set[Code]] = defaultdict(set)
        always = Identities(self._reference.on(None))
        for subject in filter(_is_code, self._reference.subjects):
            code = subject.code
            keys = always._keys(code)
            for meaning in self._reference.meanings_of(code):
                said = _drug_of(meaning.entry)
                keys |= _called(said) if said else set()
            for key in keys:
                found[f"key {key}"].add(code)
                found[f"telling {_joined(_telling(key))}"].add(code)
        for code in self._reference.codes(CodeSystem.HCPCS):
            for said in filter(None, (_drug_of(meaning.entry) for meaning in self._reference.meanings_of(code))):
                for word in ("", *words(said.drug)):
                    found[f"word {word}"].add(code)
        return shelf.table("leads", ((lead, [code.curie for code in sorted(codes)]) for lead, codes in found.items()))

    def best_code(self, drug: Concept, near: Code, text: str = "") -> Code | None:
        """Of the codes in force that identify a drug, the one that a text tells: by brand, maker, form and amount.

        What the text leaves open goes to the plainest code, and then to the one that is spelt like `near`.
        """
        text = text[:_ONE_ITEM]
        found = {*self.codes_for(drug), *self._longer_names(drug, text)}
        codes = sorted(code for code in found if code != near and self._reference.in_force(code))
        brands = _with_short({code: self._brands(code) for code in codes})
        exactly = any(drug.key in self._keys(code) for code in self._leads("key", drug.key))
        lettered = _SUFFIX.search(drug.key) is not None and exactly
        here = self._descriptor(near) or _NOTHING
        told = _Words.of(text, {brand for called in brands.values() for brand in called}, here, lettered=lettered)

        def rank(code: Code) -> tuple[object, ...]:
            entry, descriptor = self._reference.entry(code), self._descriptor(code) or _NOTHING
            name = entry.name if entry else ""
            misfit = told.misfit(descriptor, brands[code])
            other = drug not in self.drugs_of(code), code.value.startswith(_TEMPORARY)
            mistyped = alike(code, near)
            return *misfit, *other, -mistyped if mistyped >= _NEAR else 0, len(name), code.value

        return min(codes, key=rank, default=None)

    def _longer_names(self, drug: Concept, text: str) -> list[Code]:
        """The codes whose drug has a longer name that stands in a text, or any such where the drug has no code.

        "Certolizumab" is certolizumab pegol, and "ampicillin" in "ampicillin with sulbactam" the two together.
        """
        told, here = set(words(_SUFFIX.sub("", drug.label.lower()))), {*words(text), *_SALTS}
        leads = min((self._leads("word", word) for word in told or {""}), key=len)
        called = {code: set(words(said.drug)) for code in leads if (said := self._descriptor(code))}
        longer = {code: names for code, names in called.items() if told <= names}
        if not self.codes_for(drug):
            return list(longer) if told - _SALTS else []
        return [code for code, called in longer.items() if called <= here]

    def knows(self, drug: Concept) -> bool:
        """Whether the name of a drug is that of a known one, or of one that has a code."""
        return self._reference.drug(drug) is not None or bool(self.codes_for(drug))

    def _descriptor(self, code: Code) -> Descriptor | None:
        """What the descriptor of a drug's code says."""
        entry = self._reference.entry(code) if code.system is CodeSystem.HCPCS else None
        return _drug_of(entry) if entry else None

    def _brands(self, code: Code) -> tuple[str, ...]:
        """The brands in the descriptor of a code, in plain words; the name of a drug is none."""
        said = self._descriptor(code)
        if said is None:
            return ()
        drugs = {drug.label.casefold() for drug in self.drugs_of(code)} | {said.drug}
        brands = (" ".join(_PLAIN.findall(brand.lower())) for brand in said.brands if brand not in drugs)
        return tuple(brand for brand in brands if len(brand) > 3)

    def _bases(self, drug: Concept) -> set[str]:
        known = self._reference.drug(drug)
        return {drug.key, _SUFFIX.sub("", drug.key)} | ({known.broader.key} if known and known.broader else set())

    def _keys(self, code: Code) -> set[str]:
        """The names by which a code is found: of its drugs, with the four letters and without them.

        What its descriptor itself calls the drug counts as well: so a product of immune globulin is found by that.
        """
        keys = {key for drug in self.drugs_of(code) for key in self._bases(drug)}
        said = self._descriptor(code) if keys else None
        return keys | _called(said) if said else keys


@dataclass(frozen=True, slots=True)
class _Words:
    """What a text says that tells the codes of one drug apart."""

    plain: str
    words: set[str]
    brands: set[str]
    biosimilar: bool
    forms: frozenset[str]
    likely: frozenset[str]
    """The same, or where a text names none, those of the code that it gives."""
    amounts: list[Quantity]

    @classmethod
    def of(cls, text: str, brands: set[str], given: Descriptor, *, lettered: bool) -> _Words:
        small = text.lower()
        biosimilar = "biosimilar" in small or lettered
        amounts = [amount.quantity for amount in amounts_of(small)]
        if per := after_per(pieces_of(small)):
            amounts.append(per)
        plain = f" {' '.join(_PLAIN.findall(small))} "
        forms = forms_in(small)
        likely = forms or given.forms
        return cls(plain, set(words(text)), _brands_in(text, brands), biosimilar, forms, likely, amounts)

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
        named = (" ".join(maker) for maker in (*makers, *(maker[:1] for maker in makers)))
        return 0 if any(f" {name} " in self.plain for name in named) else 1 + bool(makers)


_NOTHING = Descriptor("")


def _drug_of(entry: Entry) -> Descriptor | None:
    """What a descriptor says, where it is that of a drug."""
    said = facts_of(entry)
    return said if said and said.drug else None


def _called(said: Descriptor) -> set[str]:
    return {slug(said.drug), slug(bare_name(said.drug))}


def _joined(told: Iterable[str]) -> str:
    return " ".join(sorted(told))


def _is_code(concept: Concept) -> bool:
    return concept.kind.is_code


def _forms_of(entry: Entry) -> frozenset[str]:
    """The routes and forms that the descriptor of any code names."""
    return entry.facts.forms if entry.facts else forms_in(entry.name.lower())


def _with_short(brands: Mapping[Code, Iterable[str]]) -> dict[Code, set[str]]:
    """Brands of codes, with the first words of longer ones that no other has: "Gammagard" for "Gammagard liquid"."""
    firsts = {code: {name.split()[0] for name in names} for code, names in brands.items()}
    owners = Counter(first for found in firsts.values() for first in found)
    taken = {name for names in brands.values() for name in names}
    return {
        code: {*names, *(first for first in firsts[code] - taken if owners[first] == 1 and len(first) >= _SHORT_NAME)}
        for code, names in brands.items()
    }


def names_any(name: str) -> bool:
    """Whether a name is that of no drug in particular.

    >>> names_any("Unclassified biologics"), names_any("tocilizumab, not otherwise specified")
    (True, False)
    """
    rest = words(ANY_DRUG.sub(" ", name))
    return ANY_DRUG.search(name) is not None and _OF_ANY.issuperset(rest)


def _telling(name: str) -> set[str]:
    return {word for word in words(_SUFFIX.sub("", name)) if len(word) > 3 and word not in _SALTS}


def _brands_in(text: str, brands: set[str]) -> set[str]:
    """The brands that a text names, the longer ones first: "Aristada Initio" does not name "Aristada".

    >>> _brands_in("Aristada Initio, 1 mg", {"aristada", "aristada initio"})
    {'aristada initio'}
    """
    plain = f" {' '.join(_PLAIN.findall(text.lower()))} "
    found = set()
    for brand in sorted(brands, key=len, reverse=True):
        if f" {brand} " in plain:
            found.add(brand)
            plain = plain.replace(f" {brand} ", " ; ")
    return found
