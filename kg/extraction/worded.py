"""What a sentence says in words alone: conditions, documentation, denials and requirements."""

from __future__ import annotations

import re

from kg.extraction import cues
from kg.extraction.conditions import conditions_after_cues, conditions_in
from kg.extraction.items import denial_items, documentation_items, requirement_items
from kg.extraction.sentence import Sentence
from kg.extraction.sentences import clauses
from kg.extraction.topics import Topic
from kg.model import Concept, Kind, Relation, Strength

_MUST = re.compile(r"\b(?:must|requires?|required|shall|mandatory|needs? to|has to|have to)\b")
_INDICATIONS = re.compile(r"indication|used for|treats")
# Sections in which a condition is named for another reason than that the drug is given for it.
_NOT_INDICATIONS = frozenset({
    Topic.SIMILAR, Topic.DENIALS, Topic.DOCUMENTATION, Topic.MODIFIERS, Topic.SPECIALTIES, Topic.PROCEDURES,
})  # fmt: skip


def read_conditions(sentence: Sentence, subjects: tuple[Concept, ...]) -> None:
    """State what the subjects are given for, or must not be."""
    if sentence.topic in _NOT_INDICATIONS:
        return
    found = conditions_after_cues(sentence.text)
    if not found and sentence.is_item and _INDICATIONS.search(sentence.scope.section.lower()):
        found = tuple((condition, 0) for condition in conditions_in(sentence.text))
    for condition, offset in found:
        clause = _clause_at(sentence, offset)
        sentence.reading.state(
            subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition",
            polarity=cues.polarity(clause), strength=cues.strength(clause),
        )  # fmt: skip


def read_documentation(sentence: Sentence, subjects: tuple[Concept, ...]) -> None:
    """State what the record has to hold."""
    about = sentence.topic is Topic.DOCUMENTATION
    strength = Strength.REQUIRED if _MUST.search(sentence.small) else Strength.STATED
    for item in documentation_items(sentence.text, about=about, item=sentence.is_item):
        concept = Concept.named(Kind.DOCUMENTATION, item)
        sentence.reading.state(
            subjects,
            Relation.REQUIRES_DOCUMENTATION,
            concept,
            sentence.cite,
            "documentation",
            strength=strength,
        )


def read_denials(sentence: Sentence, subjects: tuple[Concept, ...]) -> None:
    """State what claims are denied for."""
    about = sentence.topic is Topic.DENIALS
    for item in denial_items(sentence.text, about=about, item=sentence.is_item):
        concept = Concept.named(Kind.DENIAL, item)
        sentence.reading.state(subjects, Relation.DENIED_FOR, concept, sentence.cite, "denial")


def read_requirements(sentence: Sentence, subjects: tuple[Concept, ...]) -> None:
    """State what coverage asks for, beyond the names that the gazetteer knows."""
    known = any(mention.concept.kind is Kind.REQUIREMENT for mention in sentence.mentions)
    listed = sentence.is_item and sentence.topic is Topic.REQUIREMENTS and not known and not sentence.tokens
    for item in requirement_items(sentence.text, item=listed):
        concept, strength = Concept.named(Kind.REQUIREMENT, item), cues.strength(sentence.text)
        sentence.reading.state(
            subjects, Relation.COVERAGE_REQUIRES, concept, sentence.cite, "requirement", strength=strength
        )


def _clause_at(sentence: Sentence, offset: int) -> str:
    text = sentence.text
    return next((text[start:end] for start, end in clauses(sentence.small) if start <= offset < end), text)
