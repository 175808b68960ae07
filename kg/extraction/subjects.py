"""Whom a stretch of prose speaks of: the codes in it, or its drugs, or whom its section is about."""

from __future__ import annotations

import re

from kg.extraction.outline import named_subjects, subject_codes
from kg.extraction.reading import Reading
from kg.extraction.sentence import BILLING, Sentence
from kg.extraction.sentences import main_spans
from kg.extraction.tokens import find_tokens
from kg.extraction.topics import Topic
from kg.extraction.triggers import Trigger
from kg.model import Concept, Kind

_BESIDE = re.compile(
    r"\b(?:similar|confus\w+|distinguish\w*|distinct from|not (?:to )?be mistaken|mistaken for|differs? from|"
    r"different from|unlike|mix(?:ed|ing)? up|look-?alike|other (?:codes|biosimilars?|products?|agents)|interchang\w+|"
    r"versus|vs\.?|easily taken for|compare[ds]?|neither can take the place)(?!\w)"
)
GONE = re.compile(
    r"\b(?:replac\w+|formerly|previously|instead of|rather than|in place of|no longer|superseded?|deleted|retired|"
    r"discontinued|old code|until (?:19|20)\d\d|before (?:19|20)\d\d|crosswalk(?:ed|s)? from|used to be|"
    r"was reported (?:with|under))\b"
)
"""Words before a code that is not to be used, or not any more."""

_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
_ALL = re.compile(
    rf"\ball {_NUMBER}\b|\b(?:all|every|each|both|these|any) (?:of (?:these|the|them) )?(?:\w+ ){{0,2}}"
    rf"(?:codes?|drugs?|lines?|products?|agents?|rows?|of them|listed|above|{_NUMBER}|biologics?)\b"
)
_ALL_BUT = re.compile(
    r"\b(?:all|every|each|any)\b[^.;]{0,40}?\b(?:but|except(?: for)?|apart from|other than)\b(?P<codes>[^.;]*)"
)
_OF_ALL_BUT = ("but", "except", "apart from", "other than")
_OTHERS = re.compile(r"\bthe other (?:\w+ )?(?:codes?|drugs?|products?|lines?)\b|\b(?:all|the) others\b")
_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&)\s*\d{1,3})*)")
_DRUG_LINES = re.compile(r"\bdrug (?:lines?|codes?)\b")
_TO_PROCEDURE = re.compile(r"\bto the procedures?(?: codes?)?\b")


def sets_beside(sentence: Sentence) -> bool:
    """Whether the words of a sentence set one code beside another."""
    return bool(sentence.triggers & Trigger.BESIDE) and _BESIDE.search(sentence.small) is not None


def subjects_of(sentence: Sentence, start: int, end: int, inherited: tuple[Concept, ...] = ()) -> tuple[Concept, ...]:
    """Whom the words between two offsets speak of; `inherited` is whom the clause before spoke of."""
    reading, scope = sentence.reading, sentence.scope
    if sentence.of_one:
        return scope.subjects or tuple(reading.known)
    if meant := _stand_ins(sentence, start, end):
        return meant
    if not sentence.names_any:
        found = scope.subjects or inherited
        return found or (tuple(sorted(reading.known)) if _ALL.search(sentence.small) else ())
    named = _named(reading, start, end)
    if named and (len(reading.known) > 1 or not set(named) <= set(scope.subjects)):
        return _of_named(sentence, named, start, end)
    codes = subject_codes(reading, start, end)
    strange = codes and not set(codes) & set(scope.subjects)
    if strange and not sets_beside(sentence) and not GONE.search(sentence.small):
        return codes
    found = scope.subjects or codes or inherited
    if found:
        return found
    return tuple(sorted(reading.known)) if _ALL.search(sentence.small) else ()


def has_own_subject(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a clause names whom it speaks of, unlike the rest of its sentence."""
    if (start, end) == (sentence.start, sentence.end) or sentence.of_one:
        return False
    return bool(_stand_ins(sentence, start, end) or named_subjects(sentence.reading, start, end))


def _named(reading: Reading, start: int, end: int) -> tuple[Concept, ...]:
    """Known subjects that the main clause names, or else any other."""
    inside = (named_subjects(reading, start + s, start + e) for s, e in main_spans(reading.text[start:end]))
    return tuple(dict.fromkeys(c for found in inside for c in found)) or named_subjects(reading, start, end)


def _of_named(sentence: Sentence, named: tuple[Concept, ...], start: int, end: int) -> tuple[Concept, ...]:
    """In a document about one code the others are asides, unless a section is about them."""
    primary = sentence.reading.primary
    if len(primary) == 1 and primary[0] in named and sentence.topic is not Topic.SIMILAR:
        return primary
    return tuple(c for c in named if not _is_gone(sentence, c, start, end)) or sentence.scope.subjects


def _is_gone(sentence: Sentence, concept: Concept, start: int, end: int) -> bool:
    """Whether a code is mentioned only as one that another has replaced."""
    spots = [token for token, found in sentence.billing if found == concept and start <= token.start < end]
    return bool(spots) and all(GONE.search(sentence.before(token.start)) for token in spots)


def _stand_ins(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """The codes that "all five", "the others", "Group 2" or "the drug lines" stand for."""
    if not sentence.triggers & Trigger.ALL:
        return ()
    reading, clause = sentence.reading, sentence.reading.small[start:end]
    if reading.groups and "group" in clause and (match := _GROUPS.search(clause)):
        numbers = map(int, re.findall(r"\d+", match[1]))
        return tuple(dict.fromkeys(c for n in numbers for c in reading.groups.get(n, ())))
    if any(word in clause for word in _OF_ALL_BUT) and (match := _ALL_BUT.search(clause)):
        spared = {
            Concept.of(token.code)
            for token in find_tokens(reading.text[start + match.start("codes") : start + match.end("codes")])
            if token.code
        }
        return _without(reading, spared) if spared & reading.known else ()
    if len(reading.known) > 1 and _ALL.search(clause) and not _names_code(sentence, start, end):
        return reading.primary or tuple(sorted(reading.known))
    if "other" in clause and _OTHERS.search(clause):
        return _without(reading, set(named_subjects(reading, sentence.start, sentence.end)))
    return _lines(reading, clause)


def _without(reading: Reading, spared: set[Concept]) -> tuple[Concept, ...]:
    return tuple(sorted(concept for concept in reading.known if concept not in spared))


def _names_code(sentence: Sentence, start: int, end: int) -> bool:
    tokens = sentence.reading.tokens_in(start, end)
    return any(token.code and token.code.system in BILLING for token in tokens)


def _lines(reading: Reading, clause: str) -> tuple[Concept, ...]:
    """The drugs or the procedures, in a document whose codes are both."""
    services = tuple(sorted(concept for concept in reading.known if concept.kind is Kind.CPT))
    if not services or not reading.primary or set(services) & set(reading.primary):
        return ()
    if "drug " in clause and _DRUG_LINES.search(clause):
        return reading.primary
    return services if "procedure" in clause and _TO_PROCEDURE.search(clause) else ()
