"""How the code in a row, a list or a sentence is related to its subject."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.extraction import cues
from kg.extraction.letters import fold
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.services import service_of
from kg.extraction.topics import Topic
from kg.model import Code, CodeSystem, Concept, Polarity, Relation, Strength

_COMPLICATION = re.compile(
    r"\badverse (?:effects?|events?|reactions?)\b|\b(?:infusion|injection|transfusion|allergic|hypersensitivity|administration)[- ](?:site )?(?:related )?reactions?\b|"
    r"\binfusion-related\b|\breaction to (?:the )?(?:drug|infusion|injection|medication|agent|product)\b|\bcomplication(?:s)? (?:of|from|following|after) (?:the )?"
    r"(?:infusion|injection|treatment|therapy|drug|administration|procedure|service)|\b(?:following|after|during) (?:the )?(?:infusion|injection)\b|"
    r"\bextravasation\b|\banaphyla\w+|\bif (?:a )?(?:reaction|complication)s? (?:occurs?|develops?)|\bwhen (?:a )?(?:reaction|complication)s? (?:occurs?|develops?|happens?)|"
    r"\bcomplications? only\b|\bto (?:record|report|document|capture) (?:a |an |the )?(?:\w+ )?(?:reaction|complication)"
)
# Chapter 19 of ICD-10-CM: T80–T88 are complications of medical care, and T36–T50 with a sixth character 5 adverse effects.
_COMPLICATION_CODE = re.compile(r"T8[0-8](?:\..*)?|T(?:3[6-9]|4\d|50)\.[0-9A-Z]{2}5.?")
_SYSTEM_OF = {
    Topic.DIAGNOSES: CodeSystem.ICD10CM,
    Topic.MODIFIERS: CodeSystem.MODIFIER,
    Topic.SPECIALTIES: CodeSystem.NUCC,
}
_RULE_OF = {CodeSystem.MODIFIER: "modifier", CodeSystem.NUCC: "specialty", CodeSystem.ICD10CM: "diagnosis"}


class Words(NamedTuple):
    """The words that stand beside a code: its name, and what is said of its use; both may be empty."""

    name: str = ""
    usage: str = ""
    usage_span: tuple[int, int] = (0, 0)


# A row says the same of each code in it.
@lru_cache(maxsize=1024)
def _is_of_complication(usage: str) -> bool:
    return _COMPLICATION.search(fold(usage)) is not None


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
    reading: Reading,
    subjects: tuple[Concept, ...],
    code: Code,
    words: Words,
    cite: Citation,
    *,
    service: Relation | None = None,
    cue: str | None = None,
) -> None:
    """State that the subjects are related to a code; `cue` is the text whose cues count, if not the usage."""
    if not subjects:
        return
    concept = Concept.of(code, words.name or None)
    relation = relation_of(code, words, service)
    text = words.usage if cue is None else cue
    polarity = Polarity.EXCLUDED if excludes(cite.scope, code.system) else cues.polarity(text)
    if cite.scope.topic is Topic.DENIALS:
        polarity, strength = Polarity.AFFIRMED, Strength.STATED
    else:
        strength = cues.strength(text)
    if strength is Strength.OFF_LABEL and code.system is not CodeSystem.ICD10CM:
        strength = Strength.STATED  # A use is off-label, not the procedure or the modifier in its row.
    qualifiers = reading.qualifiers(*words.usage_span, concept) if words.usage_span[1] else ()
    condition = words.usage if cue is None else cues.condition(words.usage)
    reading.state(
        subjects, relation, concept, cite, _rule_name(code, relation),
        polarity=polarity, strength=strength, condition=condition, qualifiers=qualifiers,
    )  # fmt: skip


def excludes(scope: Scope, system: CodeSystem) -> bool:
    """Whether the heading above excludes codes of a system: one about diagnoses says nothing of modifiers."""
    return scope.polarity is Polarity.EXCLUDED and _SYSTEM_OF.get(scope.topic, system) is system


def _rule_name(code: Code, relation: Relation) -> str:
    if relation is Relation.COMPLICATION_DIAGNOSIS:
        return "complication"
    return _RULE_OF.get(code.system, "procedure")
