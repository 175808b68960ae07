"""Relations: the properties between two concepts, as `ontology/billing.ttl` defines them."""

from __future__ import annotations

from enum import StrEnum

from kg.model.concepts import Kind
from kg.model.members import plain_members


@plain_members
class Relation(StrEnum):
    """The property between two concepts; the value is its local name in the ontology."""

    IDENTIFIES_DRUG = "identifiesDrug"
    BILLING_UNIT = "billingUnit"
    ACCEPTS_MODIFIER = "acceptsModifier"
    BILLED_BY_SPECIALTY = "billedBySpecialty"
    SUPPORTED_BY_DIAGNOSIS = "supportedByDiagnosis"
    COMPLICATION_DIAGNOSIS = "complicationDiagnosis"
    RELATES_TO_DIAGNOSIS = "relatesToDiagnosis"
    INDICATED_FOR = "indicatedFor"
    ADMINISTERED_WITH = "administeredWith"
    EVALUATED_WITH = "evaluatedWith"
    SUPPLIED_WITH = "suppliedWith"
    TESTED_WITH = "testedWith"
    RELATED_PROCEDURE = "relatedProcedure"
    SIMILAR_TO = "similarTo"
    HAS_PAYER = "hasPayer"
    PLACE_OF_SERVICE = "placeOfService"
    ROUTE_OF_ADMINISTRATION = "routeOfAdministration"
    REQUIRES_DOCUMENTATION = "requiresDocumentation"
    DENIED_FOR = "deniedFor"
    COVERAGE_REQUIRES = "coverageRequires"
    # Only releases state these.
    BILLED_AS = "billedAs"
    REPLACED_BY = "replacedBy"
    BUNDLED_WITH = "bundledWith"
    ADD_ON_TO = "addOnTo"
    HAS_STATUS = "hasStatus"
    UNITS_LIMIT = "unitsLimit"
    PAYMENT_LIMIT = "paymentLimit"
    CONTAINS_DRUG = "containsDrug"
    STANDS_FOR_PLACE = "standsForPlace"
    GIVES_REASON = "givesReason"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "codeFirst"
    USE_ADDITIONAL_CODE = "useAdditionalCode"

    @property
    def label(self) -> str:
        """The relation in plain words, to be read between subject and object.

        >>> Relation.SUPPORTED_BY_DIAGNOSIS.label
        'supported by diagnosis'
        """
        return "".join(f" {c.lower()}" if c.isupper() else c for c in self.value)

    @property
    def parent(self) -> Relation | None:
        """The more general relation, if there is one."""
        return _PARENTS.get(self)

    @property
    def only_released(self) -> bool:
        """Whether only releases state it, and no document does.

        >>> [relation.value for relation in Relation if relation.only_released][:2]
        ['replacedBy', 'bundledWith']
        """
        return self in _ONLY_RELEASED

    @property
    def in_bulk(self) -> bool:
        """Whether releases state so much of it that a graph holds only what touches a code that a document speaks of.

        >>> [relation.value for relation in Relation if relation.in_bulk]
        ['acceptsModifier', 'bundledWith', 'addOnTo', 'hasStatus', 'containsDrug']
        """
        return self in _IN_BULK

    @property
    def joins(self) -> bool:
        """Whether it joins concepts in networks, paths and pages.

        What releases keep apart (edits, excludes) and how much they allow is shown with a code, but leads nowhere.

        >>> [relation.value for relation in Relation if relation.only_released and relation.joins]
        ['replacedBy']
        """
        return self not in _ONLY_RELEASED or self is Relation.REPLACED_BY

    @property
    def subject_kinds(self) -> frozenset[Kind]:
        """The kinds of concept that may stand as its subject: those of billing codes, or of packages and diagnoses."""
        return _SUBJECTS.get(self, _SERVICE)

    @property
    def object_kinds(self) -> frozenset[Kind]:
        """The kinds of concept that may stand as its object."""
        return _OBJECTS[self]


_DIAGNOSIS = frozenset({Kind.ICD10CM})
_SERVICE = frozenset({Kind.CPT, Kind.HCPCS})
_ANY_CODE = frozenset(kind for kind in Kind if kind.is_code)

_ONLY_RELEASED = frozenset(
    {
        Relation.REPLACED_BY, Relation.BUNDLED_WITH, Relation.ADD_ON_TO, Relation.HAS_STATUS, Relation.UNITS_LIMIT,
        Relation.PAYMENT_LIMIT, Relation.CONTAINS_DRUG, Relation.STANDS_FOR_PLACE, Relation.GIVES_REASON,
        Relation.EXCLUDES1, Relation.EXCLUDES2, Relation.CODE_FIRST, Relation.USE_ADDITIONAL_CODE,
    }
)  # fmt: skip

_IN_BULK = frozenset(
    {
        Relation.ACCEPTS_MODIFIER, Relation.BUNDLED_WITH, Relation.ADD_ON_TO, Relation.HAS_STATUS,
        Relation.CONTAINS_DRUG,
    }
)  # fmt: skip

_PARENTS = {
    Relation.SUPPORTED_BY_DIAGNOSIS: Relation.RELATES_TO_DIAGNOSIS,
    Relation.COMPLICATION_DIAGNOSIS: Relation.RELATES_TO_DIAGNOSIS,
    Relation.ADMINISTERED_WITH: Relation.RELATED_PROCEDURE,
    Relation.EVALUATED_WITH: Relation.RELATED_PROCEDURE,
    Relation.SUPPLIED_WITH: Relation.RELATED_PROCEDURE,
    Relation.TESTED_WITH: Relation.RELATED_PROCEDURE,
}

_SUBJECTS: dict[Relation, frozenset[Kind]] = {
    Relation.BILLED_AS: frozenset({Kind.NDC}),
    Relation.REPLACED_BY: _ANY_CODE,
    Relation.CONTAINS_DRUG: frozenset({Kind.NDC}),
    Relation.STANDS_FOR_PLACE: frozenset({Kind.POS}),
    Relation.GIVES_REASON: frozenset({Kind.CARC}),
    Relation.EXCLUDES1: _DIAGNOSIS,
    Relation.EXCLUDES2: _DIAGNOSIS,
    Relation.CODE_FIRST: _DIAGNOSIS,
    Relation.USE_ADDITIONAL_CODE: _DIAGNOSIS,
}

_OBJECTS: dict[Relation, frozenset[Kind]] = {
    Relation.IDENTIFIES_DRUG: frozenset({Kind.DRUG}),
    Relation.BILLING_UNIT: frozenset({Kind.QUANTITY}),
    Relation.ACCEPTS_MODIFIER: frozenset({Kind.MODIFIER}),
    Relation.BILLED_BY_SPECIALTY: frozenset({Kind.NUCC}),
    Relation.SUPPORTED_BY_DIAGNOSIS: _DIAGNOSIS,
    Relation.COMPLICATION_DIAGNOSIS: _DIAGNOSIS,
    Relation.RELATES_TO_DIAGNOSIS: _DIAGNOSIS,
    Relation.INDICATED_FOR: frozenset({Kind.CONDITION}),
    Relation.ADMINISTERED_WITH: _SERVICE,
    Relation.EVALUATED_WITH: _SERVICE,
    Relation.SUPPLIED_WITH: _SERVICE,
    Relation.TESTED_WITH: _SERVICE,
    Relation.RELATED_PROCEDURE: _SERVICE,
    Relation.SIMILAR_TO: _SERVICE,
    Relation.HAS_PAYER: frozenset({Kind.PAYER}),
    Relation.PLACE_OF_SERVICE: frozenset({Kind.PLACE}),
    Relation.ROUTE_OF_ADMINISTRATION: frozenset({Kind.ROUTE}),
    Relation.REQUIRES_DOCUMENTATION: frozenset({Kind.DOCUMENTATION}),
    Relation.DENIED_FOR: frozenset({Kind.DENIAL}),
    Relation.COVERAGE_REQUIRES: frozenset({Kind.REQUIREMENT}),
    Relation.BILLED_AS: _SERVICE,
    Relation.REPLACED_BY: _ANY_CODE,
    Relation.BUNDLED_WITH: _SERVICE,
    Relation.ADD_ON_TO: _SERVICE,
    Relation.HAS_STATUS: frozenset({Kind.STATUS}),
    Relation.UNITS_LIMIT: frozenset({Kind.QUANTITY}),
    Relation.PAYMENT_LIMIT: frozenset({Kind.QUANTITY}),
    Relation.CONTAINS_DRUG: frozenset({Kind.DRUG}),
    Relation.STANDS_FOR_PLACE: frozenset({Kind.PLACE}),
    Relation.GIVES_REASON: frozenset({Kind.DENIAL}),
    Relation.EXCLUDES1: _DIAGNOSIS,
    Relation.EXCLUDES2: _DIAGNOSIS,
    Relation.CODE_FIRST: _DIAGNOSIS,
    Relation.USE_ADDITIONAL_CODE: _DIAGNOSIS,
}

TO_DIAGNOSIS = (
    Relation.SUPPORTED_BY_DIAGNOSIS,
    Relation.COMPLICATION_DIAGNOSIS,
    Relation.RELATES_TO_DIAGNOSIS,
    Relation.INDICATED_FOR,
)
"""What connects a billing code to a diagnosis, or to a condition known by name."""

OF_A_PAYER = frozenset(
    {
        Relation.HAS_PAYER,
        Relation.COVERAGE_REQUIRES,
        Relation.REQUIRES_DOCUMENTATION,
        Relation.DENIED_FOR,
        Relation.PLACE_OF_SERVICE,
    }
)
"""What payers ask for and pay: it differs between them, so that documents may differ in it and both be right."""

RELEASED = (
    Relation.IDENTIFIES_DRUG, Relation.REPLACED_BY, Relation.BILLING_UNIT, Relation.ACCEPTS_MODIFIER, Relation.BILLED_AS
)  # fmt: skip
"""What both documents and releases state, and what releases alone state and yet joins things."""

WITHOUT_PACKAGES = tuple(relation for relation in RELEASED if relation is not Relation.BILLED_AS)
"""The same without packages: of a generic drug releases bill dozens, which nobody wants who has not asked for one."""
