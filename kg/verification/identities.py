"""Which drug a code identifies, as releases say it, and which code identifies a drug."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.model import Code, CodeSystem, Concept, Relation
from kg.reference import Reference, Release, Statement
from kg.verification.words import words

# The four letters that tell biologicals of one name apart: tocilizumab-aazg.
_SUFFIX = re.compile(r"-[a-z]{4}$")
# Codes that take any drug have no identity that a document could mistake.
_ANY_DRUG = re.compile(r"\b(?:unclassified|unlisted|not otherwise (?:classified|specified)|miscellaneous|noc)\b", re.I)
# Words of names that many drugs share, so that sharing them means little.
_SALTS = frozenset(
    "acetate acid alfa antibody beta calcium citrate globulin hcl human hydrochloride immune injection iron magnesium"
    " phosphate potassium sodium succinate sulfate vaccine".split()
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

    def named_in(self, drug: Concept, code: Code) -> bool:
        """Whether the names of a code hold all that tells a drug: "octreotide" in "octreotide, depot form"."""
        entry = self._reference.entry(code)
        if entry is None:
            return False
        known = self._reference.drug(drug)
        called = {word for name in (entry.name, *entry.names) for word in words(name)}
        names = [drug.label, _SUFFIX.sub("", drug.key), *(known.brands if known else ())]
        return any(told <= called for name in names if (told := set(words(name))))

    def akin(self, drug: Concept, other: Concept) -> bool:
        """Whether two names of drugs share a word that tells something: salts, forms and mixtures of one drug."""
        return bool(_telling(drug) & _telling(other))

    def takes_any(self, code: Code) -> bool:
        """Whether a code stands for drugs without a code of their own."""
        entry = self._reference.entry(code)
        return entry is not None and bool(_ANY_DRUG.search(entry.name))

    def codes_for(self, drug: Concept) -> list[Code]:
        """The codes that identify a drug, by its own name, else by that of the drug that it is a biosimilar of."""
        for key in (drug.key, *sorted(self._bases(drug) - {drug.key})):
            if found := self._codes.get(key):
                return found
        return []

    def best_code(self, drug: Concept, near: Code, unit: str = "") -> Code | None:
        """Of the codes that identify a drug, the one in force that is billed by a unit, and spelt like another."""

        def rank(code: Code) -> tuple[bool, bool, bool, str]:
            entry = self._reference.entry(code)
            ended = entry is None or entry.valid_through is not None
            units = {said.statement.object.key for said in self.of(Concept.of(code), Relation.BILLING_UNIT)}
            return ended, bool(unit) and unit not in units, code.value[0] != near.value[0], code.value

        codes = [code for code in self.codes_for(drug) if code != near]
        return min(codes, key=rank, default=None)

    def _bases(self, drug: Concept) -> set[str]:
        known = self._reference.drug(drug)
        return {drug.key, _SUFFIX.sub("", drug.key)} | ({known.broader.key} if known and known.broader else set())

    @cached_property
    def _said(self) -> dict[tuple[Concept, Relation], list[Stated]]:
        found: defaultdict[tuple[Concept, Relation], list[Stated]] = defaultdict(list)
        for release, statement in self._reference.statements:
            if statement.relation in (Relation.IDENTIFIES_DRUG, Relation.BILLING_UNIT):
                found[statement.subject, statement.relation].append(Stated(statement, release))
        return dict(found)

    @cached_property
    def _codes(self) -> dict[str, list[Code]]:
        """Codes by the key of the drug, with the four letters and without them."""
        found: defaultdict[str, list[Code]] = defaultdict(list)
        for (subject, relation), said in self._said.items():
            if relation is Relation.IDENTIFIES_DRUG:
                code = Code(CodeSystem(subject.kind.value), subject.key)
                for key in {key for stated in said for key in self._bases(stated.statement.object)}:
                    found[key].append(code)
        return {key: sorted(codes) for key, codes in found.items()}


def _telling(drug: Concept) -> set[str]:
    return {word for word in words(_SUFFIX.sub("", drug.key)) if len(word) > 3 and word not in _SALTS}
