"""How the code in a row, a list or a sentence is related to its subject."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.draft import Citation, Draft, Qualifiers, Scope
from kg.extraction.lexicon import Stance, Topic
from kg.extraction.relations.services import is_of_drug, service_of
from kg.extraction.text.folding import fold
from kg.extraction.text.text import Text
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Qualifier, Relation, Strength

_COMPLICATION = re.compile(
    r"\badverse (?:effects?|events?|reactions?)\b|\b(?:infusion|injection|transfusion|allergic|hypersensitivity|administration)[- ](?:site )?(?:related )?reactions?\b|"
    r"\binfusion-related\b|\breaction to (?:the )?(?:drug|infusion|injection|medication|agent|product)\b|\bcomplication(?:s)? (?:of|from|following|after) (?:the )?"
    r"(?:infusion|injection|treatment|therapy|drug|administration|procedure|service)|\b(?:following|after|during) (?:the )?(?:infusion|injection)\b|"
    r"\bextravasation\b|\banaphyla\w+|\bif (?:a )?(?:reaction|complication)s? (?:occurs?|develops?)|\bwhen (?:a )?(?:reaction|complication)s? (?:occurs?|develops?|happens?)|"
    r"\bcomplications? only\b|\bto (?:record|report|document|capture) (?:a |an |the )?(?:\w+ )?(?:reaction|complication)"
)
_ON_SERVICE = re.compile(
    r"\W*(?:only |always |appended |goes )?on the (?:infusion|injection|administration|procedure|service|push)(?:'s)? (?:codes?|lines?)\b(?!.*\bdrug\b)"
)
# Chapter 19 of ICD-10-CM: T80–T88 are complications of care, but for T86 and T87, which are treated themselves, as the
# rejection of a transplant is; T36–T50 with a sixth character 5 are adverse effects.
_COMPLICATION_CODE = re.compile(r"T8[0-58](?:\..*)?|T(?:3[6-9]|4\d|50)\.[0-9A-Z]{2}5.?")
_SYSTEM_OF = {
    Topic.DIAGNOSES: CodeSystem.ICD10CM,
    Topic.MODIFIERS: CodeSystem.MODIFIER,
    Topic.SPECIALTIES: CodeSystem.NUCC,
    Topic.CLINICAL: CodeSystem.ICD10CM,
}
_RULE_OF = {CodeSystem.MODIFIER: "modifier", CodeSystem.NUCC: "specialty", CodeSystem.ICD10CM: "diagnosis"}
_WITH_MODIFIER = re.compile(r"\bmodifiers?\s+\"?([A-Z][A-Z0-9]|\d{2})\b")
_QUALIFIERS = {qualifier.object_kind: qualifier for qualifier in Qualifier}
# What a plan or a section that speaks for one payer states for that payer alone.
_OF_PAYERS = frozenset({
    Relation.SUPPORTED_BY_DIAGNOSIS, Relation.COVERAGE_REQUIRES, Relation.DENIED_FOR, Relation.REQUIRES_DOCUMENTATION,
    Relation.ACCEPTS_MODIFIER, Relation.PLACE_OF_SERVICE,
})  # fmt: skip


class Words(NamedTuple):
    """The words that stand beside a code: its name, and what is said of its use; both may be empty."""

    name: str = ""
    usage: str = ""
    usage_span: tuple[int, int] = (0, 0)


# A row says the same of each code in it.
@lru_cache(maxsize=1024)
def _is_of_complication(usage: str) -> bool:
    return _COMPLICATION.search(fold(usage)) is not None


def goes_on_service(usage: str) -> bool:
    """Whether a remark puts a modifier on the code of the service alone, and not on that of the drug.

    >>> goes_on_service("On the infusion code only"), goes_on_service("On the infusion code and the drug")
    (True, False)
    """
    return _ON_SERVICE.match(fold(usage)) is not None


def relation_of(code: Code, words: Words, service: Relation | None = None) -> Relation:
    """The relation of a billing code to another code.

    >>> relation_of(Code.parse("T80.90XA"), Words()).value, relation_of(Code.parse("M06.9"), Words()).value
    ('complicationDiagnosis', 'supportedByDiagnosis')
    """
    if code.system is CodeSystem.MODIFIER:
        return Relation.ACCEPTS_MODIFIER
    if code.system is CodeSystem.NUCC:
        return Relation.BILLED_BY_SPECIALTY
    if code.system is CodeSystem.ICD10CM:
        complication = _COMPLICATION_CODE.fullmatch(code.value) or _is_of_complication(words.usage)
        return Relation.COMPLICATION_DIAGNOSIS if complication else Relation.SUPPORTED_BY_DIAGNOSIS
    return service or service_of(code, words.name, words.usage)


def relate(
    text: Text,
    scope: Scope,
    code: Code,
    words: Words,
    cite: Citation,
    stance: Stance,
    *,
    service: Relation | None = None,
    condition: str = "",
) -> Draft:
    """How the subjects of a scope are related to a code; `stance` is that of the code's own words."""
    if code.system is CodeSystem.NDC:
        return _billed_as(scope, code, cite, stance)
    concept = Concept.of(code, words.name or None)
    relation = relation_of(code, words, service)
    polarity, strength = _in_scope(scope, code.system, stance)
    if strength is Strength.OFF_LABEL and code.system is not CodeSystem.ICD10CM:
        strength = Strength.STATED  # A use is off-label, not the procedure or the modifier in its row.
    qualifiers = qualifiers_in(text, *words.usage_span, concept.kind) if words.usage_span[1] else ()
    return Draft(
        scope.subjects, relation, concept, cite, _rule_of(code, relation), polarity, strength, condition,
        with_payers(relation, qualifiers, scope.qualifiers), stance.doubted or _is_doubted(scope, code.system, stance),
    )  # fmt: skip


def _billed_as(scope: Scope, package: Code, cite: Citation, stance: Stance) -> Draft:
    """A package of the one drug that a scope is about; of several drugs, or of a service, it states nothing."""
    owners = scope.subjects if len(scope.subjects) == 1 and is_of_drug(scope.subjects[0]) else ()
    ndc = Concept.of(package)
    polarity = Polarity.EXCLUDED if stance.excludes else Polarity.AFFIRMED
    return Draft((ndc,) if owners else (), Relation.BILLED_AS, owners[0] if owners else ndc, cite, "ndc", polarity)


def require(
    subjects: tuple[Concept, ...],
    requirement: Concept,
    scope: Scope,
    cite: Citation,
    polarity: Polarity = Polarity.AFFIRMED,
    strength: Strength = Strength.STATED,
    condition: str = "",
) -> Draft:
    """A requirement of coverage, for the payers for whom the section speaks."""
    relation = Relation.COVERAGE_REQUIRES
    payers = with_payers(relation, (), scope.qualifiers)
    return Draft(subjects, relation, requirement, cite, "requirement", polarity, strength, condition, payers)


def _in_scope(scope: Scope, system: CodeSystem, stance: Stance) -> tuple[Polarity, Strength]:
    if scope.topic is Topic.DENIALS:
        return Polarity.AFFIRMED, Strength.STATED
    if excludes(scope, system):
        return Polarity.EXCLUDED, stance.strength
    strength = scope.stance.strength if stance.strength is Strength.STATED else stance.strength
    return stance.polarity or Polarity.AFFIRMED, strength


def excludes(scope: Scope, system: CodeSystem) -> bool:
    """Whether the heading above excludes codes of a system: one about diagnoses says nothing of modifiers."""
    return scope.stance.polarity is Polarity.EXCLUDED and _SYSTEM_OF.get(scope.topic, system) is system


def _is_doubted(scope: Scope, system: CodeSystem, stance: Stance) -> bool:
    """Whether the heading above diagnoses says something of them that nobody understands, and their own words nothing."""
    of_diagnoses = system is CodeSystem.ICD10CM and scope.topic is Topic.DIAGNOSES
    return of_diagnoses and scope.stance.doubted and stance.polarity is None


def _rule_of(code: Code, relation: Relation) -> str:
    if relation is Relation.COMPLICATION_DIAGNOSIS:
        return "complication"
    return _RULE_OF.get(code.system, "procedure")


def with_payers(relation: Relation, own: Qualifiers, scope: Qualifiers) -> Qualifiers:
    """The qualifiers of a statement: its own, and the payer for whom its section speaks if it names none itself."""
    if not scope or relation not in _OF_PAYERS:
        return own
    kinds = {qualifier for qualifier, _ in own}
    return (*own, *(pair for pair in scope if pair[0] not in kinds))


def qualifiers_in(text: Text, start: int, end: int, besides: Kind) -> Qualifiers:
    """What can be named in a condition: routes, places, payers, diagnoses and modifiers.

    What is of the kind of the object itself stands beside it, and is no condition of it.
    """
    concepts = [mention.concept for mention in text.mentions_in(start, end)]
    concepts += [code.concept for code in text.codes_in(start, end) if code.codes]
    if text.plain.find("modifier", start, end) >= 0:
        concepts += [Concept(Kind.MODIFIER, match[1]) for match in _WITH_MODIFIER.finditer(text.plain, start, end)]
    if not concepts:
        return ()
    unique = {
        (_QUALIFIERS[concept.kind], concept): None
        for concept in concepts
        if concept.kind in _QUALIFIERS and concept.kind is not besides
    }
    if len(unique) < 2:
        return tuple(unique)
    return tuple(sorted(unique, key=lambda pair: (pair[0], pair[1].curie)))
