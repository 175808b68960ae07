"""Which drug a code identifies, as releases say it, and which code identifies a drug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg import lazy_re as re
from kg import shelf
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference import Reference, Release
from kg.reference.descriptors import ANY_DRUG, Descriptor, forms_in
from kg.reference.json_values import code as code_of
from kg.verification import drug_leads
from kg.verification.described import NO_DRUG, drug_keys, drug_of, forms_of
from kg.verification.drug_leads import LETTERS, SUFFIX, joined, telling_words
from kg.verification.drug_names import DrugNames
from kg.verification.drug_words import DrugWords
from kg.verification.hints import (
    NO_BIOSIMILAR,
    OF_ANY,
    Hints,
    brands_in,
    has_all,
    is_injected,
    may_be_injected,
    names_any,
    packed_forms_in,
    plain,
    with_short,
)
from kg.verification.names import alike
from kg.verification.words import NO_NAMES, SALTS, words

_LETTERED = re.compile(rf"\b[a-z]{{5,}}{LETTERS}\b")
HCPCS = re.compile(r"\b[A-V][0-9]{4}\b")
"""A code of HCPCS Level II in a text."""

ONE_ITEM = 300
"""A text longer than this speaks of more than one drug."""

LIKENED = re.compile(r"similar|interchangeable|reference|originator|compar|instead|alternative|prefer|switch")
"""Words by which a text describes a biosimilar by the brand that it is like."""

SET_ASIDE = re.compile(rf"{LIKENED.pattern}|\b(?:except|exclud|like\b|no\b|not\b|other than|than\b|unlike|versus|vs\b)")
"""Behind these words stand brands of which a text does not speak."""

# Codes of hospitals' outpatient departments, given for the time until a drug has a code for all; those of payers.
_TEMPORARY, _OF_PAYERS = "C", "S"
_NOT_FOR_ALL = (_TEMPORARY, _OF_PAYERS)
# Codes with so many characters alike from the beginning may be one mistyped for the other.
_NEAR = 3
# A drug that so many companies sell as a code is meant rather than one of few.
_SEVERAL = 4
# A code for all of a class that have none of their own.
_OF_CLASS = re.compile(r"\bnos\b|not otherwise specified", re.I)


@dataclass(frozen=True, slots=True)
class ReleaseStatement:
    """What a release states of a code, and which release."""

    statement: Statement
    release: Release


class Identities:
    """The drugs and billing units that releases state of codes.

    Only a code that is in force on the day of the reference owns the name of a drug; without a day, one without an end.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.names, self._words = DrugNames(reference), DrugWords(reference)
        self._statements: dict[tuple[Concept, Relation], list[ReleaseStatement]] = {}
        self._codes_by_drug: dict[Concept, list[Code]] = {}

    def of(self, code: Concept, relation: Relation) -> list[ReleaseStatement]:
        """What releases state of a code in a relation, the newest first."""
        if (code, relation) not in self._statements:
            self._statements[code, relation] = [
                ReleaseStatement(statement, release)
                for release, statement in self.reference.stated_of(code)
                if statement.relation is relation
            ]
        return self._statements[code, relation]

    def drugs_of(self, code: Code) -> list[Concept]:
        """The drugs that releases say a code identifies."""
        return [statement.statement.object for statement in self.of(Concept.of(code), Relation.IDENTIFIES_DRUG)]

    def same(self, one: Concept, other: Concept) -> bool:
        """Whether two names stand for one drug, or one of them for the drug that the other is a biosimilar of."""
        if one == other or self._bases(one) & self._bases(other):
            return True
        entries = [entry for drug in (one, other) if (entry := self.reference.drug(drug))]
        brands = {brand.casefold() for drug in entries for brand in drug.brands}
        return bool({one.label.casefold(), other.label.casefold()} & brands)

    def other_letters(self, drug: Concept, code: Code) -> bool:
        """Whether a drug and that of a code are known to differ in their four letters: two biosimilars of one drug."""
        drugs = [other for other in self.drugs_of(code) if SUFFIX.search(other.key)]
        if not drugs or not SUFFIX.search(drug.key) or self.reference.drug(drug) is None:
            return False
        return all(other != drug and SUFFIX.sub("", other.key) == SUFFIX.sub("", drug.key) for other in drugs)

    def originator(self, code: Code, drug: Concept, text: str) -> Code | None:
        """The code of the drug that a biosimilar is like, where a text says that the biosimilar's is for no such."""
        descriptor = self.descriptor(code) or NO_DRUG
        if not descriptor.biosimilar or not NO_BIOSIMILAR.search(text) or set(HCPCS.findall(text)) - {code.value}:
            return None
        return self.best_code(drug, code, text)

    def is_sold_as(self, code: Code, drug: Concept, text: str) -> bool:
        """Whether a text about one code has a name of it that holds a drug's: J7195 is BeneFIX, J2700 in dextrose."""
        if self.descriptor(code) is None or len(text) > ONE_ITEM or set(HCPCS.findall(text)) - {code.value}:
            return False
        entry = self.reference.drug(drug)
        drug_names = [f" {plain(name)} " for name in (drug.label, *(entry.brands if entry else ()))]
        names = (f" {name} " for name in self.names.standing_in(text, code))
        return any(name in name_in_text for name_in_text in names for name in drug_names)

    def names_own(self, code: Code, text: str) -> bool:
        """Whether a text about one code names its drug, whatever else it names: "dextran 70 in dextrose"."""
        if self.descriptor(code) is None or len(text) > ONE_ITEM or set(HCPCS.findall(text)) - {code.value}:
            return False
        text_words, lettered = set(words(text)), set(_LETTERED.findall(text.lower()))
        return any(
            (own & text_words and has_all(text_words, own)) and (not lettered or drug.key in lettered)
            for drug in self.drugs_of(code)
            if (own := telling_words(drug.key) - NO_NAMES)
        )

    def named_in(self, drug: Concept, code: Code) -> bool:
        """Whether the names of a code hold all words that identify a drug: "octreotide" in "octreotide, depot form"."""
        entry = self.reference.entry(code)
        if entry is None:
            return False
        drug_entry = self.reference.drug(drug)
        facts = entry.facts or NO_DRUG
        code_words = {word for name in (entry.name, *entry.names, facts.drug, *facts.brands) for word in words(name)}
        names = [drug.label, SUFFIX.sub("", drug.key), *(drug_entry.brands if drug_entry else ())]
        return any(drug_words <= code_words for name in names if (drug_words := set(words(name))))

    def akin(self, drug: Concept, code: Code) -> bool:
        """Whether the name of a drug shares a distinctive word with a code: salts, forms, mixtures, brands.

        Where no word of a code's drug tells anything, as of "factor X (human)", all of them are to be shared.
        """
        names = [other.key for other in self.drugs_of(code)]
        telling = {word for name in (*names, *self.brands(code)) for word in telling_words(name)}
        if not telling.isdisjoint(telling_words(drug.key)):
            return True
        drug_words = set(words(drug.key))
        return any(drug_words.issuperset(parts) for name in names if (parts := words(name)) and not telling_words(name))

    def may_be(self, drug: Concept, code: Code) -> bool:
        """Whether a name may be the drug of a code: nearly spelt so, or one of a class of drugs.

        Where both are known, two that are spelt nearly alike are two; but codes of payers alone know none.
        """
        own_codes = self.codes_for(drug)
        if own_codes and all(other.value.startswith(_OF_PAYERS) for other in own_codes):
            return self.names.fits(drug.label, code) or self._words.nearly_names(drug.label, code)
        if self.knows(drug) and any(map(self.reference.drug, self.drugs_of(code))):
            return False
        entry = self.reference.entry(code)
        return self.names.fits(drug.label, code) or (entry is not None and _OF_CLASS.search(entry.name) is not None)

    def drug_called(self, name: str, code: Code) -> Concept | None:
        """The drug that a name stands for beside the code of another one: as CMS's label, or spelt nearly so."""
        if not self.is_of_one(code) or not telling_words(name) - OF_ANY - NO_NAMES or code in self.names.labelled(name):
            return None
        fitting = None if self._words.may_be(name, code) else self.names.code(name, code)
        other = fitting or self._words.code(name, code)
        return next(iter(self.drugs_of(other)), None) if other else None

    def successor(self, drug: Concept, code: Code, text: str) -> Code | None:
        """The best code for a drug instead of one that is not in force; no biosimilar has that of another product."""
        better = self.best_code(drug, code, text)
        is_own = better is not None and (drug in self.drugs_of(better) or not SUFFIX.search(drug.key))
        return better if is_own else None

    def takes_any(self, code: Code) -> bool:
        """Whether a code stands for drugs without a code of their own."""
        entry = self.reference.entry(code)
        if entry is None or self.descriptor(code):
            return False
        return entry.facts.takes_any if entry.facts else ANY_DRUG.search(entry.name) is not None

    def is_of_one(self, code: Code) -> bool:
        """Whether a code stands for a drug by name, so that "unclassified drug" is a mistake about it."""
        return not self.takes_any(code) and bool(self.drugs_of(code))

    def is_any(self, name: str) -> bool:
        """Whether a name is that of drugs without a code of their own: "immunosuppressive drug, unclassified"."""
        return names_any(name) or (
            ANY_DRUG.search(name) is not None and self._words.names_none(ANY_DRUG.sub(" ", name))
        )

    def own_code(self, drug: Concept, code: Code, text: str) -> Code | None:
        """The code that a drug has of its own, where a text names it under one for drugs that have none.

        In another form, of another brand or maker than that code is for, a drug may well have none; nor is there a
        mistake where the text speaks of both codes. Hospitals and payers have codes that others cannot use.
        """
        entry = self.reference.entry(code)
        if entry is None or forms_of(entry) or set(HCPCS.findall(text)) - {code.value}:
            return None
        forms = forms_in(text.lower())
        for other in self.codes_for(drug):
            descriptor = self.descriptor(other) or NO_DRUG
            is_plain = descriptor.forms == forms and not descriptor.brands and not descriptor.makers
            if (
                is_plain
                and drug in self.drugs_of(other)
                and self.reference.in_force(other)
                and other.value[0] not in _NOT_FOR_ALL
            ):
                return other
        return None

    def codes_for(self, drug: Concept) -> list[Code]:
        """The codes that identify a drug: by its name, else by that without its four letters, else without its salt."""
        if drug not in self._codes_by_drug:
            self._codes_by_drug[drug] = self._find(drug)
        return self._codes_by_drug[drug]

    def _find(self, drug: Concept) -> list[Code]:
        for key in (drug.key, *sorted(self._bases(drug) - {drug.key})):
            if codes := [code for code in self._leads("key", key) if key in self._keys(code)]:
                return codes
        # "dolasetron" finds "dolasetron mesylate".
        if not (telling := telling_words(drug.key)):
            return []
        leads = self._leads("telling", joined(telling))
        return [code for code in leads if any(telling_words(key) == telling for key in self._keys(code))]

    def _leads(self, kind: str, text: str) -> list[Code]:
        """The codes that on some day have a drug of a key, of telling words or with a word, in order."""
        return [*map(code_of, self._index.get(f"{kind} {text}", ()))]

    @cached_property
    def _index(self) -> Mapping[str, list[str]]:
        return shelf.kept(self.reference.tables.key, "drugs", self._columns).table("leads")

    def _columns(self) -> shelf.Columns:
        return drug_leads.columns(self.reference, Identities(self.reference.on(None))._keys)

    def best_code(self, drug: Concept, near: Code, text: str = "") -> Code | None:
        """Of the codes in force that identify a drug, the one that a text points to: by brand, maker, form and amount.

        What the text leaves open goes to the plainest code, and then to the one that is spelt like `near`.
        """
        text = text[:ONE_ITEM]
        labelled = self.names.labelled(HCPCS.sub(" ", text))
        leading = self._leading(drug, near, text) | labelled
        codes = sorted(code for code in leading if code != near and self.reference.in_force(code))
        brands = with_short({code: self.brands(code) for code in codes})
        exactly = any(drug.key in self._keys(code) for code in self._leads("key", drug.key))
        lettered = SUFFIX.search(drug.key) is not None and exactly
        facts = self.descriptor(near) or NO_DRUG
        hints = Hints.of(text, {brand for names in brands.values() for brand in names}, facts, lettered=lettered)
        text_codes = () if SET_ASIDE.search(text.lower()) else HCPCS.findall(text)

        def rank(code: Code) -> tuple[object, ...]:
            entry, descriptor = self.reference.entry(code), self.descriptor(code) or NO_DRUG
            if entry and not descriptor.forms:
                descriptor = replace(descriptor, forms=packed_forms_in(entry.name.lower()))
            labelers = self.names.labelers(code)
            labels = (entry.name, *entry.names) if entry else ()
            misfit = hints.misfit(descriptor, brands[code], labelers, labels)
            of_payers = code.value.startswith(_OF_PAYERS)
            other = drug not in self.drugs_of(code), code.value.startswith(_NOT_FOR_ALL)
            unsaid = len({*words(descriptor.drug)} - hints.words)
            mistyped = alike(code, near) if alike(code, near) >= _NEAR else 0
            name = entry.name if entry else ""
            # A label that says the drug alone may leave out a brand.
            by_label = code in labelled and (not brands[code] or bool(hints.forms or hints.brands & brands[code]))
            sold = brands_in(text, self.names.brands(code, descriptor.drug))
            # What stands in lists for long is meant rather than what is new.
            since = (entry and entry.valid_from) or date.min
            by_code = code.value in text_codes
            by_text = (
                not by_code,
                not by_label,
                of_payers,
                hints.out_of_range(name),
                not sold,
                *misfit,
                *other,
                unsaid,
                hints.times(descriptor.unit),
            )
            return *by_text, -mistyped, -min(len(labelers) // _SEVERAL, _SEVERAL), since, len(name), code.value

        return min(codes, key=rank, default=None)

    def _leading(self, drug: Concept, near: Code, text: str) -> set[Code]:
        """The codes that may identify a drug: by its name or a longer one in a text, else by one spelt nearly so."""
        sold = (code for code in self.names.called(drug.label) if self.akin(drug, code))
        codes = {*self.codes_for(drug), *self._longer_names(drug, text), *sold}
        if codes and (word_codes := self._words.codes(HCPCS.sub(" ", text))).isdisjoint(codes):
            # "ferric carboxymaltos" says more than "ferric", of which the one code is that of another salt.
            return word_codes or codes
        if codes or not telling_words(drug.key) or (nearly := self.names.code(drug.label, near)) is None:
            return codes
        return {nearly, *(code for other in self.drugs_of(nearly) for code in self.codes_for(other))}

    def _longer_names(self, drug: Concept, text: str) -> list[Code]:
        """The codes whose drug has a longer name, more of which a text has, or any such where the drug has no code.

        "Certolizumab" is certolizumab pegol, "ampicillin" in "ampicillin with sulbactam" the two together, and
        "trastuzumab" in "ado-trastuzumab" ado-trastuzumab emtansine.
        """
        drug_words, text_words = set(words(SUFFIX.sub("", drug.label.lower()))), {*words(text), *SALTS}
        leads = min((self._leads("word", word) for word in drug_words or {""}), key=len)
        words_by_code = {code: set(words(descriptor.drug)) for code in leads if (descriptor := self.descriptor(code))}
        longer = {code: names for code, names in words_by_code.items() if drug_words <= names}
        if not self._codes_as_given(drug, text):
            return list(longer) if drug_words - SALTS else []
        return [
            code
            for code, names in longer.items()
            if names <= text_words or any(has_all(text_words, [name]) for name in names - drug_words - SALTS)
        ]

    def _codes_as_given(self, drug: Concept, text: str) -> list[Code]:
        """The codes of a drug, without those of other forms where a text says that it is injected.

        "Triamcinolone injection" is triamcinolone acetonide, as triamcinolone by itself is inhaled.
        """
        codes = self.codes_for(drug)
        if not is_injected(text):
            return codes
        codes = [code for code in codes if self.reference.in_force(code)]
        return [code for code in codes if may_be_injected(self.descriptor(code) or NO_DRUG)]

    def knows(self, drug: Concept) -> bool:
        """Whether the name of a drug is that of a known one, or of one that has a code, or the telling part of one."""
        if self.reference.drug(drug) is not None or self.codes_for(drug) or self._leads("key", drug.key):
            return True
        return bool(telling_words(drug.key) - OF_ANY - NO_NAMES) and bool(self._longer_names(drug, ""))

    def descriptor(self, code: Code) -> Descriptor | None:
        """What the descriptor of a drug's code says."""
        entry = self.reference.entry(code) if code.system is CodeSystem.HCPCS else None
        return drug_of(entry) if entry else None

    def brands(self, code: Code) -> tuple[str, ...]:
        """The brands in the descriptor of a code, in plain words; the name of a drug is none."""
        descriptor = self.descriptor(code)
        if descriptor is None:
            return ()
        drugs = {drug.label.casefold() for drug in self.drugs_of(code)} | {descriptor.drug}
        brands = (plain(brand) for brand in descriptor.brands if brand not in drugs)
        return tuple(brand for brand in brands if len(brand) > 3)

    def _bases(self, drug: Concept) -> set[str]:
        entry = self.reference.drug(drug)
        return {drug.key, SUFFIX.sub("", drug.key)} | ({entry.broader.key} if entry and entry.broader else set())

    def _keys(self, code: Code) -> set[str]:
        """The names by which a code is found: of its drugs, with the four letters and without them.

        What its descriptor itself calls the drug counts as well: so a product of immune globulin is found by that.
        """
        keys = {key for drug in self.drugs_of(code) for key in self._bases(drug)}
        descriptor = self.descriptor(code) if keys else None
        return keys | drug_keys(descriptor) if descriptor else keys
