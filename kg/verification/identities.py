"""Which drug a code identifies, as releases say it, and which code identifies a drug."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.model import Code, CodeSystem, Concept, Relation
from kg.reference import Reference, Release, Statement
from kg.reference.descriptors import read_descriptor
from kg.verification.names import alike
from kg.verification.words import words

# The four letters that tell biologicals of one name apart: tocilizumab-aazg. Words of names are none.
_SUFFIX = re.compile(r"-(?!acid|alfa|beta|gold|iron|live|oral|zinc)[a-z]{4}$")
_PLAIN = re.compile(r"[a-z0-9]+")
_HCPCS = re.compile(r"\b[A-V][0-9]{4}\b")
# A text longer than this speaks of more than one drug.
_ONE_ITEM = 300
# Codes that take any drug have no identity that a document could mistake.
_ANY_DRUG = re.compile(r"\b(?:unclassified|unlisted|not otherwise (?:classified|specified)|miscellaneous|noc)\b", re.I)
# Words of names that many drugs share, so that sharing them means little.
_SALTS = frozenset(
    "acetate acid alfa antibody beta besylate bitartrate bromide calcium chloride citrate decanoate disodium fumarate"
    " globulin hcl human hydrobromide hydrochloride immune injection iron lactate magnesium maleate mesylate phosphate"
    " potassium sodium succinate sulfate tartrate vaccine".split()
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a release states of a code, and which release."""

    statement: Statement
    release: Release


class Identities:
    """The drugs and billing units that releases state of codes."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def of(self, code: Concept, relation: Relation) -> list[Stated]:
        """What releases state of a code in a relation, the newest first."""
        return self._said.get((code, relation), [])

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
        own = self._brands.get(code, ())
        if not own or len(text) > _ONE_ITEM or set(_HCPCS.findall(text)) - {code.value}:
            return None
        in_force = [other for other in self.codes_for(drug) if self._in_force(other)]
        codes = {brand: other for other in in_force for brand in self._brands.get(other, ())}
        said = _brands_in(text, {*codes, *own})
        return min((codes[brand] for brand in said & codes.keys()), default=None) if said.isdisjoint(own) else None

    def named_in(self, drug: Concept, code: Code) -> bool:
        """Whether the names of a code hold all that tells a drug: "octreotide" in "octreotide, depot form"."""
        entry = self._reference.entry(code)
        if entry is None:
            return False
        known = self._reference.drug(drug)
        called = {word for name in (entry.name, *entry.names) for word in words(name)}
        names = [drug.label, _SUFFIX.sub("", drug.key), *(known.brands if known else ())]
        return any(told <= called for name in names if (told := set(words(name))))

    def akin(self, drug: Concept, code: Code) -> bool:
        """Whether the name of a drug shares a word that tells something with a code: salts, forms, mixtures, brands."""
        telling = {word for other in self.drugs_of(code) for word in _telling(other.key)}
        telling |= {word for brand in self._brands.get(code, ()) for word in _telling(brand)}
        return not telling.isdisjoint(_telling(drug.key))

    def takes_any(self, code: Code) -> bool:
        """Whether a code stands for drugs without a code of their own."""
        entry = self._reference.entry(code)
        return entry is not None and bool(_ANY_DRUG.search(entry.name))

    def codes_for(self, drug: Concept) -> list[Code]:
        """The codes that identify a drug: by its name, else by that without its four letters, else without its salt."""
        for key in (drug.key, *sorted(self._bases(drug) - {drug.key})):
            if found := self._codes.get(key):
                return found
        return self._codes_by_words.get(frozenset(_telling(drug.key)), [])

    def best_code(self, drug: Concept, near: Code, text: str = "") -> Code | None:
        """Of the codes that identify a drug, one in force, of no brand but those of a text, and spelt like another."""
        codes = [code for code in self.codes_for(drug) if code != near]
        said = _brands_in(text[:_ONE_ITEM], {brand for code in codes for brand in self._brands.get(code, ())})

        def rank(code: Code) -> tuple[bool, bool, bool, int, int, str]:
            brands, entry = self._brands.get(code, ()), self._reference.entry(code)
            name = entry.name if entry else ""
            branded = not said.isdisjoint(brands)
            # Parentheses hold a brand or a maker.
            certain = branded or "(" not in name
            return (
                not self._in_force(code),
                bool(brands) and not branded,
                not certain,
                -alike(code, near),
                len(name),
                code.value,
            )

        return min(codes, key=rank, default=None)

    def _in_force(self, code: Code) -> bool:
        entry = self._reference.entry(code)
        return entry is not None and entry.valid_through is None

    @cached_property
    def _brands(self) -> dict[Code, tuple[str, ...]]:
        """The brands in the descriptors of codes, in plain words; the name of a drug is none."""
        found = {}
        for entry in self._reference.entries:
            if entry.code.system is CodeSystem.HCPCS and (said := read_descriptor(entry.name)) and said.brands:
                drugs = {drug.label.casefold() for drug in self.drugs_of(entry.code)} | {said.drug}
                brands = (" ".join(_PLAIN.findall(brand.lower())) for brand in said.brands if brand not in drugs)
                found[entry.code] = tuple(brand for brand in brands if len(brand) > 3)
        return found

    def _bases(self, drug: Concept) -> set[str]:
        known = self._reference.drug(drug)
        return {drug.key, _SUFFIX.sub("", drug.key)} | ({known.broader.key} if known and known.broader else set())

    @cached_property
    def _said(self) -> dict[tuple[Concept, Relation], list[Stated]]:
        found: defaultdict[tuple[Concept, Relation], list[Stated]] = defaultdict(list)
        for release, statement in self._reference.statements_of(CodeSystem.HCPCS, CodeSystem.NDC):
            if statement.relation in (Relation.IDENTIFIES_DRUG, Relation.BILLING_UNIT):
                found[statement.subject, statement.relation].append(Stated(statement, release))
        return dict(found)

    @cached_property
    def _codes(self) -> dict[str, list[Code]]:
        """Codes by the key of the drug, with the four letters and without them."""
        found: defaultdict[str, list[Code]] = defaultdict(list)
        for (subject, relation), said in self._said.items():
            if relation is Relation.IDENTIFIES_DRUG:
                code = subject.code
                for key in {key for stated in said for key in self._bases(stated.statement.object)}:
                    found[key].append(code)
        return {key: sorted(codes) for key, codes in found.items()}

    @cached_property
    def _codes_by_words(self) -> dict[frozenset[str], list[Code]]:
        """Codes by the words of the drug that tell something, so that "dolasetron" finds "dolasetron mesylate"."""
        found: defaultdict[frozenset[str], set[Code]] = defaultdict(set)
        for key, codes in self._codes.items():
            if told := frozenset(_telling(key)):
                found[told].update(codes)
        return {told: sorted(codes) for told, codes in found.items()}


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
