"""Prose: what sentences state of their subjects, clause by clause."""

from __future__ import annotations

import re

from kg.documents import Block
from kg.extraction import cues, drugs
from kg.extraction.clauses import read_codes_in_clause, read_modifiers_in_clause
from kg.extraction.gazetteer import Mention
from kg.extraction.modifiers import may_hold_modifiers
from kg.extraction.outline import subject_codes
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.sentence import Sentence
from kg.extraction.sentences import clauses, sentences
from kg.extraction.services import is_drug
from kg.extraction.subjects import has_own_subject, sets_beside, subjects_of
from kg.extraction.tokens import Token
from kg.extraction.topics import Topic
from kg.extraction.triggers import Trigger
from kg.extraction.worded import read_conditions, read_denials, read_documentation, read_requirements
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Relation, Strength

_JUST_GONE = re.compile(r"\b(?:replac(?:ed|es)|formerly|previously|superseded)\s+(?:the\s+)?(?:code\s+)?$")
_UNLISTED = re.compile(r"\b(?:unclassified|unlisted|not otherwise classified|noc|miscellaneous)\b[^.;]*$")
_BRACKET = re.compile(r"\s*\(([^()]{3,120})\)")
# "Oral iron" and "inhaled steroids" are other drugs, not routes of this one.
_OTHER_DRUG = re.compile(
    r"(?:oral|inhaled|topical|subcutaneous|intravenous|intramuscular|intravitreal)\s+(?:[\w-]+\s+)?(?:irons?|"
    r"steroids?|corticosteroids?|glucocorticoids?|bisphosphonates?|antihistamines?|biologics?|methotrexate|"
    r"medications?|medicines?|nsaids?|antibiotics?|retinoids?|alternatives?)\b"
)
_NO_PLACE = re.compile(r"\s+(?:benefit|claim|record)")
_NO_BEFORE = re.compile(r"\b(?:no|without(?: any)?|not (?:for|by|in|via|as))\s+(?:\w+\s+){0,2}$")
_GIVEN = re.compile(r"\b(?:given|administered|infused|injected)\b")
_RELATIONS = {
    Kind.ROUTE: Relation.ROUTE_OF_ADMINISTRATION,
    Kind.PLACE: Relation.PLACE_OF_SERVICE,
    Kind.PAYER: Relation.HAS_PAYER,
    Kind.REQUIREMENT: Relation.COVERAGE_REQUIRES,
}

_WORDED = Trigger.UNIT | Trigger.DISEASE | Trigger.RECORD | Trigger.DENIAL
_ABOUT_WORDS = frozenset({Topic.DOCUMENTATION, Topic.DENIALS, Topic.REQUIREMENTS, Topic.PAYERS})


def read_prose(reading: Reading, block: Block, scope: Scope, cite: Citation | None = None) -> None:
    """State what each sentence of a block says; `cite` is what to cite instead of the sentence itself."""
    for start, end in sentences(reading.text, block.start, block.end):
        _read(Sentence(reading, block, start, end, cite or Citation(start, end, scope, "prose")))


def _read(sentence: Sentence) -> None:
    """State everything that a sentence says; rules whose words are not in it are not tried."""
    tokens, triggers, topic = sentence.tokens, sentence.triggers, sentence.topic
    mentions = sentence.mentions
    named = bool(mentions) and any(mention.concept.kind in _RELATIONS for mention in mentions)
    modified = bool(tokens or mentions or triggers & Trigger.MODIFIER) and may_hold_modifiers(sentence)
    if not (tokens or modified or named or triggers & _WORDED or topic in _ABOUT_WORDS):
        return  # Nothing is asked of most sentences, not even whom they speak of.
    subjects = subjects_of(sentence, sentence.start, sentence.end)
    if tokens:
        _read_neighbours(sentence)
    if tokens or triggers & Trigger.UNIT:
        _read_drugs_and_units(sentence, subjects)
    if tokens or modified or named:
        _read_clauses(sentence, subjects, modified=modified, named=named)
    if triggers & Trigger.DISEASE:
        read_conditions(sentence, subjects)
    if triggers & Trigger.RECORD or topic is Topic.DOCUMENTATION:
        read_documentation(sentence, subjects)
    if triggers & Trigger.DENIAL or topic is Topic.DENIALS:
        read_denials(sentence, subjects)
    if topic in (Topic.REQUIREMENTS, Topic.PAYERS):
        read_requirements(sentence, subjects)


def _read_clauses(sentence: Sentence, subjects: tuple[Concept, ...], *, modified: bool, named: bool) -> None:
    """What each clause names by code or by name; one without a subject speaks of that of the one before."""
    previous: tuple[Concept, ...] = ()
    for begin, until in clauses(sentence.small):
        start, end = sentence.start + begin, sentence.start + until
        if has_own_subject(sentence, start, end):
            previous = subjects_of(sentence, start, end, previous)
        own = previous or subjects
        if sentence.tokens:
            read_codes_in_clause(sentence, start, end, own)
        if modified:
            read_modifiers_in_clause(sentence, start, end, own)
        if named:
            _read_names(sentence, start, end, own)


def _read_neighbours(sentence: Sentence) -> None:
    """Codes that the section or a cue sets beside the subject."""
    reading = sentence.reading
    cued = sets_beside(sentence)
    if sentence.topic is not Topic.SIMILAR and not cued:
        return
    if not cued and cues.polarity(sentence.text) is Polarity.EXCLUDED:
        return
    subjects = sentence.scope.subjects or reading.primary
    named = subject_codes(reading, sentence.start, sentence.end)
    if cued and not set(subjects) & set(named) and len(reading.primary) != 1:
        subjects = tuple(code for code in named if code in reading.known)[:1]
    for token, concept in sentence.billing:
        before = sentence.before(token.start)
        if concept in subjects or concept in reading.primary or _UNLISTED.search(before) or _JUST_GONE.search(before):
            continue
        if _is_drug(token) or any(subject.kind is concept.kind for subject in subjects):
            reading.state(subjects, Relation.SIMILAR_TO, concept, sentence.cite, "similar")


def _read_drugs_and_units(sentence: Sentence, subjects: tuple[Concept, ...]) -> None:
    """Which drug each billing code identifies, and the unit that it is billed by."""
    reading, cite = sentence.reading, sentence.cite
    found = [(t, c) for t, c in sentence.billing if _is_drug(t) or (c in reading.known and c.kind is Kind.HCPCS)]
    for token, concept in found:
        limit = min((t.start for t, _ in sentence.billing if t.start > token.start), default=sentence.end)
        if bracket := _BRACKET.match(reading.text, token.end, limit):
            drugs.state_unit(reading, (concept,), bracket.start(1), bracket.end(1), cite, bare=True)
            drugs.state_routes(reading, (concept,), bracket.start(1), bracket.end(1), cite)
        drugs.identify(reading, concept, token, cite, limit)
    billed = tuple(concept for _, concept in found[:1]) or tuple(s for s in subjects if s.kind is Kind.HCPCS)
    aside = sentence.topic in (Topic.SIMILAR, Topic.DENIALS) and bool(set(billed) & set(reading.primary))
    if found or (len(billed) == 1 and not aside):
        limit = found[1][0].start if len(found) > 1 else sentence.end
        drugs.state_unit(reading, billed, sentence.start, limit, cite)


def _is_drug(token: Token) -> bool:
    return token.code is not None and is_drug(token.code)


def _read_names(sentence: Sentence, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
    """Routes, places, payers and requirements that a clause names."""
    reading = sentence.reading
    if sentence.topic is Topic.SIMILAR and not set(subjects) - set(reading.primary):
        return
    mentions = [m for m in reading.mentions_in(start, end) if m.concept.kind in _RELATIONS]
    if not mentions:
        return
    clause = reading.text[start:end]
    stance = cues.polarity(clause), cues.strength(clause)
    for mention in mentions:
        kind = mention.concept.kind
        if _speaks_of_other(sentence, mention, start, end):
            continue
        polarity, strength = _stance(sentence, mention, stance)
        condition = cues.condition(clause) if kind is Kind.REQUIREMENT else ""
        reading.state(
            subjects, _RELATIONS[kind], reading.as_written(mention), sentence.cite, kind.value,
            polarity=polarity, strength=strength, condition=condition,
        )  # fmt: skip


def _stance(sentence: Sentence, mention: Mention, stance: tuple[Polarity, Strength]) -> tuple[Polarity, Strength]:
    """Polarity and strength for a name: those of its clause, unless a "no" stands right before it."""
    if mention.concept.kind is Kind.PAYER:
        return Polarity.AFFIRMED, Strength.STATED
    if sentence.topic is Topic.DENIALS:
        return Polarity.AFFIRMED, stance[1]
    return (Polarity.EXCLUDED if _NO_BEFORE.search(sentence.before(mention.start)) else stance[0]), stance[1]


def _speaks_of_other(sentence: Sentence, mention: Mention, start: int, end: int) -> bool:
    """Whether a route or place is that of another drug, of a procedure, or none at all."""
    kind, text, small = mention.concept.kind, sentence.reading.text, sentence.reading.small
    if kind is Kind.ROUTE and _OTHER_DRUG.match(small, mention.start, end):
        return True
    if kind is Kind.PLACE and (sentence.topic is Topic.DENIALS or _NO_PLACE.match(small, mention.end, end)):
        return True
    if kind not in (Kind.ROUTE, Kind.PLACE) or _GIVEN.search(text, start, mention.start):
        return False
    services = (t for t in sentence.reading.tokens_in(start, end) if t.code and _is_service(sentence, t.code))
    return any("," not in text[min(mention.end, t.end) : max(mention.start, t.start)] for t in services)


def _is_service(sentence: Sentence, code: Code) -> bool:
    return code.system is CodeSystem.CPT and Concept.of(code) not in sentence.reading.known
