"""Concepts: what a node of the graph stands for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from kg.errors import MalformedCode
from kg.model.codes import Code, CodeSystem
from kg.model.members import plain_members


@plain_members
class Kind(StrEnum):
    """The kinds of concept: a code of one of the systems, or a thing known by name.

    The value is the CURIE prefix.
    """

    HCPCS = "hcpcs"
    CPT = "cpt"
    ICD10CM = "icd10cm"
    NUCC = "nucc"
    MODIFIER = "modifier"
    NDC = "ndc"
    POS = "pos"
    CARC = "carc"
    RARC = "rarc"
    DRUG = "drug"
    PAYER = "payer"
    PLACE = "place"
    ROUTE = "route"
    CONDITION = "condition"
    DOCUMENTATION = "documentation"
    DENIAL = "denial"
    REQUIREMENT = "requirement"
    QUANTITY = "quantity"
    STATUS = "status"

    @property
    def is_code(self) -> bool:
        """Whether concepts of this kind are codes of a code system."""
        return self in _SYSTEMS

    @property
    def noun(self) -> str:
        """The kind in words, as a heading for people.

        >>> Kind.PLACE.noun
        'place of service'
        """
        return CodeSystem(self.value).noun if self.is_code else _NOUNS.get(self, self.value)


_KINDS = {system: Kind(system.value) for system in CodeSystem}
_SYSTEMS = {kind: system for system, kind in _KINDS.items()}
_CODE_PREFIXES = frozenset(system.value for system in CodeSystem)
_NAME_PREFIXES = frozenset(kind.value for kind in Kind) - _CODE_PREFIXES
_NOUNS = {
    Kind.PLACE: "place of service",
    Kind.ROUTE: "route of administration",
    Kind.DOCUMENTATION: "documentation item",
    Kind.DENIAL: "denial reason",
    Kind.REQUIREMENT: "coverage requirement",
    Kind.QUANTITY: "billing unit",
    Kind.STATUS: "payment status",
}


@dataclass(frozen=True, slots=True, order=True)
class Concept:
    """What a node of the graph stands for: a code, or a thing known by name.

    `kind` and `key` tell it apart; `name` is how people call it, kept but not compared.

    >>> Concept.named(Kind.DRUG, "Ferric carboxymaltose")
    Concept(kind=<Kind.DRUG: 'drug'>, key='ferric-carboxymaltose', name='Ferric carboxymaltose')
    """

    kind: Kind
    key: str
    name: str | None = field(default=None, compare=False)

    @property
    def curie(self) -> str:
        """Kind and key as one string: `hcpcs:J3262`, `drug:tocilizumab`."""
        return ":".join((self.kind, self.key))

    @property
    def code(self) -> Code:
        """The code that the concept stands for; raises `ValueError` where it is no code.

        >>> Concept.parse("icd10cm:M06.9").code.value
        'M06.9'
        """
        return _code(self.kind, self.key)

    @property
    def label(self) -> str:
        """What to show a person: the code, with its name where one is known."""
        if not self.kind.is_code:
            return self.name or self.key.replace("-", " ")
        return f"{self.key} {self.name}" if self.name else self.key

    @property
    def in_words(self) -> str:
        """The concept within a sentence: the code with its name, or what kind of thing it is and its name.

        >>> Concept.parse("payer:medicare").in_words
        'payer “medicare”'
        """
        return self.label if self.kind.is_code else f"{self.kind.noun} “{self.label}”"

    @classmethod
    def of(cls, code: Code, name: str | None = None) -> Concept:
        """The concept that a code stands for."""
        return _of_code(_KINDS[code.system], code.value, name)

    @classmethod
    def named(cls, kind: Kind, name: str) -> Concept:
        """A thing known by its name; names that differ in case, accents or punctuation are one concept."""
        return _named(kind, name)

    @classmethod
    def parse(cls, curie: str, name: str | None = None) -> Concept:
        """Read a CURIE, or a bare code; raises `MalformedCode` with the value.

        >>> Concept.parse("payer:medicare").kind
        <Kind.PAYER: 'payer'>
        """
        prefix, colon, rest = curie.strip().partition(":")
        prefix = prefix.lower()
        if colon and prefix in _NAME_PREFIXES:
            key = slug(rest)
            if not key:
                raise MalformedCode(f"nothing after the prefix: {curie!r}")
            return cls(Kind(prefix), key, name)
        return cls.of(Code.parse(curie), name)


@dataclass(frozen=True, slots=True)
class Match:
    """One concept that a search found, with the number of its connections.

    `near` is true where it is only spelt nearly like what was searched.
    """

    concept: Concept
    connections: int
    near: bool = False


@lru_cache(maxsize=2**14)
def _code(kind: Kind, key: str) -> Code:
    system = _SYSTEMS.get(kind)
    if system is None:
        raise ValueError(f"a {kind.noun} is no code: {key!r}")
    return Code(system, key)


# Guides speak of the same things again and again; a concept cannot change, so one does for all of them.
@lru_cache(maxsize=2**15)
def _of_code(kind: Kind, key: str, name: str | None) -> Concept:
    return Concept(kind, key, name)


@lru_cache(maxsize=2**15)
def _named(kind: Kind, name: str) -> Concept:
    key = slug(name)
    if not key:
        raise MalformedCode(f"not a name of a {kind.noun}: {name!r}")
    return Concept(kind, key, " ".join(name.split()))


_BETWEEN_WORDS = re.compile(r"[^a-z0-9.]+")


def slug(text: str) -> str:
    """Lower-case words joined by hyphens: the key of a thing known by name.

    >>> slug("Sjögren’s  syndrome (primary)")
    'sjogrens-syndrome-primary'
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _BETWEEN_WORDS.sub("-", plain.lower().replace("'", "")).strip("-.")


# What documents and descriptors write → UCUM. Countable things without a unit of their own are {annotations}.
_UCUM = {
    "mg": "mg", "milligram": "mg", "mgs": "mg", "g": "g", "gm": "g", "gram": "g", "mcg": "ug", "ug": "ug", "µg": "ug",
    "μg": "ug", "microgram": "ug", "ng": "ng", "ml": "mL", "milliliter": "mL", "cc": "mL", "l": "L", "liter": "L",
    "unit": "[U]", "u": "[U]", "usp unit": "[USP'U]", "iu": "[iU]", "i.u": "[iU]", "i.u.": "[iU]",
    "international unit": "[iU]", "meq": "meq", "mci": "mCi", "millicurie": "mCi", "uci": "uCi", "microcurie": "uCi",
    "cm2": "cm2", "sq cm": "cm2", "square centimeter": "cm2", "sq. cm": "cm2", "pfu": "[PFU]", "cfu": "[CFU]",
    "dose": "{dose}", "vial": "{vial}", "study dose": "{dose}", "treatment": "{treatment}", "treatment dose": "{dose}",
    "tablet": "{tablet}", "capsule": "{capsule}", "mmol": "mmol", "kg": "kg", "gauge": "{gauge}", "minute": "min",
    "hour": "h", "day": "d", "month": "mo", "week": "wk", "syringe": "{syringe}", "implant": "{implant}",
    "billion vector genomes": "10*9{vg}", "million units": "10*6.[U]", "million unit": "10*6.[U]",
    "billion vector genome": "10*9{vg}", "million plaque forming units": "10*6.[PFU]",
    "million plaque forming unit": "10*6.[PFU]", "plaque forming unit": "[PFU]", "therapeutic dose": "{dose}",
    "kiu": "{KIU}", "infusion": "{infusion}", "instillation": "{instillation}", "patch": "{patch}",
    "cubic centimeter": "mL",
}  # fmt: skip
_QUANTITY = re.compile(
    r"\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)\s*-?\s*(?P<unit>[A-Za-zµμ][A-Za-zµμ0-9. ]*)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its UCUM unit, as in "per 1 mg".

    >>> Quantity.parse("1,000 units")
    Quantity(number=Decimal('1000'), ucum='[U]', text='1,000 units')
    """

    number: Decimal
    ucum: str
    text: str

    @classmethod
    def parse(cls, text: str) -> Quantity | None:
        """The quantity that a text states, or None where it states none or its unit is unknown."""
        match = _QUANTITY.fullmatch(text.strip())
        if match is None:
            return None
        unit = " ".join(match["unit"].lower().split())
        ucum = _UCUM.get(unit) or _UCUM.get(unit.rstrip(".")) or _UCUM.get(unit.removesuffix("s"))
        if ucum is None:
            return None
        number = Decimal(match["number"].replace(",", ""))
        return cls(number, ucum, " ".join(text.split()))

    @property
    def concept(self) -> Concept:
        """The quantity as the object of `billingUnit`: "1 mg" and "1 milligram" are one concept."""
        unit = next((unit for unit, ucum in _UCUM.items() if ucum == self.ucum), self.ucum)
        plural = "s" if unit in ("unit", "usp unit", "iu") and self.number != 1 else ""
        return Concept(Kind.QUANTITY, slug(f"{self.number:f} {unit}{plural}"), self.text)
