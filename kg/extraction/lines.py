"""What a line says that begins with a code or a label, be it a row, a list item or a paragraph."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.documents import Span
from kg.extraction import cues, drugs
from kg.extraction.cells import codes_in, read_cell
from kg.extraction.columns import SAYING, Role, roles
from kg.extraction.reading import Citation, Reading
from kg.extraction.relating import Words
from kg.extraction.services import is_drug, service_of
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Concept, Kind, Polarity, Relation, Strength

_DESCRIPTOR = re.compile(r"\s*(?:injection|inj\.?|infusion),\s*([a-z][a-z -]{4,40}?)\s*(?:,|\()", re.IGNORECASE)
_BILLED = re.compile(r"\binjection|\binj\b|\bper\b", re.IGNORECASE)


def read_codes(reading: Reading, codes: Span, words: Words, cite: Citation) -> bool:
    """Billing codes at the head of a line: subjects, their neighbours, or services that go with them.

    The answer is whether anything was said of them.
    """
    before = len(reading.drafts)
    for code, _, _ in codes_in(reading, Role.CODE, codes):
        concept = Concept.of(code, words.name or None)
        subjects = cite.scope.subjects
        if code.system is CodeSystem.HCPCS and (is_drug(code) or concept in reading.primary):
            if cite.scope.topic is not Topic.CODES:
                state_similar(reading, reading.primary, concept, cite)
            reading.known.add(concept)
            describe(reading, (concept,), Span(codes_end(reading, codes), cite.end), cite)
        elif cite.scope.topic is Topic.SIMILAR and subjects and concept not in subjects:
            state_similar(reading, subjects, concept, cite)
        elif concept not in subjects:
            read_cell(reading, Role.PROCEDURE, "", codes, subjects, words, cite)
        elif concept not in reading.primary and service_of(code) is Relation.ADMINISTERED_WITH:
            # A group of administration codes goes with the drugs that the other groups list.
            read_cell(reading, Role.PROCEDURE, "", codes, reading.primary, words, cite)
    return len(reading.drafts) > before


def state_similar(reading: Reading, subjects: tuple[Concept, ...], code: Concept, cite: Citation) -> None:
    """State that a code is set beside the subjects, unless it is what the document is about itself."""
    if code not in reading.primary:
        reading.state(subjects, Relation.SIMILAR_TO, code, cite, "similar")


def describe(reading: Reading, codes: tuple[Concept, ...], name: Span, cite: Citation) -> None:
    """What the descriptor beside codes of HCPCS says of them: the drug, the routes and the unit."""
    billable = tuple(code for code in codes if code.kind is Kind.HCPCS)
    if not billable:
        return
    text = reading.text[name.start : name.end]
    mentions = reading.mentions_in(name.start, name.end, Kind.DRUG)
    if mentions:
        last = max(m.end for m in mentions[:2] if m.start <= mentions[0].end + 3)
        drugs.state_drug(reading, billable, mentions[0].start, last, cite)
    elif match := _DESCRIPTOR.match(text):
        drugs.state_drug(reading, billable, name.start + match.start(1), name.start + match.end(1), cite)
    drugs.state_routes(reading, billable, name.start, name.end, cite)
    drugs.state_unit(reading, billable, name.start, name.end, cite, bare=bool(mentions or _BILLED.search(text)))


def codes_end(reading: Reading, span: Span) -> int:
    """The offset behind the last code of a stretch."""
    tokens = reading.tokens_in(span.start, span.end)
    return tokens[-1].end if tokens else span.start


def read_labelled(reading: Reading, label: str, value: Span, cite: Citation) -> bool:
    """A value behind a label, as in "Route: IV"; the answer is whether it said anything."""
    before = len(reading.drafts)
    role = roles(reading, [label], [[value]], modifiers=False)[0]
    cite = cite._replace(scope=cite.scope._replace(topic=Topic.NONE))
    if role is Role.CODE:
        describe(reading, cite.scope.subjects, Span(codes_end(reading, value), value.end), cite)
    elif role in SAYING:
        words = Words("", _speaking(label))
        read_cell(reading, role, label, value, cite.scope.subjects, words, cite)
    return len(reading.drafts) > before


@lru_cache(maxsize=1024)
def _speaking(label: str) -> str:
    """The label where it says more than what the value is: "Never used", "Modifiers that may be added"."""
    plain = re.sub(r"\b(?:that|which)\b", "", label)
    says = cues.strength(plain) is not Strength.STATED or cues.polarity(plain) is not Polarity.AFFIRMED
    return plain if says else ""
