"""What a clause says by code: procedures, diagnoses, specialties and modifiers."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extraction import cues
from kg.extraction.letters import fold
from kg.extraction.modifiers import modifiers_in, name_of_modifier
from kg.extraction.relating import Words, relate, relation_of
from kg.extraction.sentence import BILLING, Sentence
from kg.extraction.sentences import main_spans
from kg.extraction.services import is_drug, service_of
from kg.extraction.subjects import GONE
from kg.extraction.tokens import Token
from kg.extraction.topics import Topic
from kg.model import Code, CodeSystem, Concept, Relation

_WHEN = re.compile(r"\b(?:when(?:ever)?|if|unless|once|where|because|since)\b")
_TOGETHER = re.compile(
    r"\b(?:together|along) with\b|\bin addition to\b|\bpaired?\b|\baccompan|\brelated\b|\bgoes with\b|\bbilled with\b"
)
_INSTEAD_OF = re.compile(r"\b(?:instead|in place|rather)\b")
_INSTEAD = re.compile(r"\b(?:instead of|in place of|rather than)\s+(?:cpt\s+)?$")
_ICD = re.compile(r"\bicd\b|icd-?10|\bdiagnos[ie]s\b|\bcodes?\b")
_BRACKET = re.compile(r"\s*\((?P<name>[^()]{3,90})\)")
_NUMBER = re.compile(r"\d{4}")
_NONE_OF_IT = re.compile(r"\b(?:no|not|never|without|neither)\s+(?:modifiers?\s+)?\"?$")
# A later clause without codes of its own that takes back what this one names: "… but do not bill it".
_TAKEN_BACK = re.compile(
    r"\W*(?:but\s+|and\s+)?(?:(?:do|does|should|must|may|can|will)\s*not\b[^.;]*\b(?:it|them|this|the code|the drug)\b|"
    r"(?:it|this|that)\s+(?:is|must|may|should|can)\s+(?:not|never)\b[^.;]*)"
)
_NEGATION = re.compile(r"(?:never|not|do not|don't|without)\b")
_MODAL_HEAD = re.compile(r"\W*(?:[A-Za-z]+\s){0,3}(?:must|may|can|never|do not)\b")
_OWN_VERB = re.compile(r"\b(?:is|are|may|must|can|do|does|applies|use)\b")


class _Clause(NamedTuple):
    """A clause with what holds for all that it names: its condition, and the text whose cues count."""

    start: int
    end: int
    text: str
    condition: str
    condition_span: tuple[int, int]
    cue: str

    @classmethod
    def of(cls, sentence: Sentence, start: int, end: int) -> _Clause:
        text = sentence.reading.text[start:end]
        when = _WHEN.search(sentence.reading.small[start:end])
        span = (start + when.start() if when else start, end)
        return cls(start, end, text, cues.condition(text), span, _cue(sentence, start, end))


def read_codes_in_clause(sentence: Sentence, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
    """State how the subjects are related to the codes that a clause names."""
    reading = sentence.reading
    tokens = [t for t in reading.tokens_in(start, end) if t.code and _is_object(sentence, t, t.code, subjects)]
    if not tokens:
        return
    clause = _Clause.of(sentence, start, end)
    main = {t for s, e in main_spans(reading.text[start:end]) for t in tokens if start + s <= t.start < start + e}
    systems = {t.code.system for t in main if t.code}
    for token in tokens:
        code = token.code
        if code is None or GONE.search(sentence.before(token.start)):
            continue
        if token not in main and code.system in systems:
            continue  # It is only the condition of another of its kind: "96375 when 96365 is billed".
        words = _words(sentence, token, code, clause)
        service = _replaced_service(sentence, token, code, end)
        if service or not _is_loose(code, words, clause.text):
            relate(reading, subjects, code, words, sentence.cite, service=service, cue=clause.cue)


def read_modifiers_in_clause(sentence: Sentence, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
    """State which modifiers a clause says that the subjects take."""
    found = modifiers_in(sentence, start, end)
    if not found:
        return
    clause = _Clause.of(sentence, start, end)
    for code, at in found:
        before = sentence.before(at, 30)
        if not GONE.search(before):
            words = Words(name_of_modifier(sentence, at, end), clause.condition, clause.condition_span)
            cue = "never" if _NONE_OF_IT.search(before) else clause.cue
            relate(sentence.reading, subjects, code, words, sentence.cite, cue=cue)


def _is_object(sentence: Sentence, token: Token, code: Code, subjects: tuple[Concept, ...]) -> bool:
    """Whether a code stands for something that goes with the subjects, rather than for one of them."""
    reading, concept = sentence.reading, Concept.of(code)
    of_primary = bool(set(subjects) & set(reading.primary))
    if concept in subjects or (concept in reading.primary and (is_drug(code) or of_primary)):
        return False
    if token.shape == "bare":
        return sentence.topic is Topic.DIAGNOSES or bool(_ICD.search(sentence.small))
    if code.system not in BILLING:
        return code.system in (CodeSystem.ICD10CM, CodeSystem.NUCC)
    if is_drug(code) or (sentence.topic is Topic.SIMILAR and any(s.kind is concept.kind for s in subjects)):
        return False
    return concept not in reading.known or not set(subjects) <= set(reading.primary)


def _words(sentence: Sentence, token: Token, code: Code, clause: _Clause) -> Words:
    """The name in brackets behind a code, and the condition; without a name the clause tells what a service is."""
    match = _BRACKET.match(sentence.reading.text, token.end, clause.end)
    name = " ".join(match["name"].split()) if match and not _NUMBER.search(match["name"]) else ""
    usage = clause.condition or (clause.text if code.system in BILLING and not name else "")
    return Words(name, usage, clause.condition_span)


def _replaced_service(sentence: Sentence, token: Token, code: Code, end: int) -> Relation | None:
    """What a procedure is for that stands "instead of" another: the same as that one."""
    text = sentence.reading.small
    if code.system not in BILLING or not _INSTEAD_OF.search(text, token.end, end):
        return None
    for other in sentence.reading.tokens_in(token.end, end):
        if other.code and other.code.system is CodeSystem.CPT and _INSTEAD.search(text[token.end : other.start]):
            return service_of(other.code)
    return None


def _is_loose(code: Code, words: Words, clause: str) -> bool:
    """Whether nothing says that a procedure goes with the drug: the sentence may be about something else."""
    return relation_of(code, words) is Relation.RELATED_PROCEDURE and not _TOGETHER.search(fold(clause))


def _cue(sentence: Sentence, start: int, end: int) -> str:
    """The text whose cues hold for what a clause names: the clause, unless its sentence carries them."""
    text, small = sentence.reading.text, sentence.reading.small
    clause = text[start:end]
    later = [
        t for t in sentence.tokens if t.start >= end and t.code and Concept.of(t.code) not in sentence.scope.subjects
    ]
    if not later and (back := _TAKEN_BACK.match(small, end, sentence.end)):
        return text[end : back.end()]
    if start > sentence.start and not _NEGATION.match(small, start, end):
        head = text[sentence.start : start]
        if _MODAL_HEAD.match(head) and not _OWN_VERB.search(clause):
            return head
    return clause
