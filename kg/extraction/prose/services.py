"""What a sentence says of services: how they are given, and by what time they are billed."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Draft, Outcome
from kg.extraction.lexicon import Effect
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.descriptions import describe_service
from kg.extraction.relations.durations import time_unit_in
from kg.extraction.relations.services import is_administration, is_of_drug
from kg.model import Concept, Kind, Relation

_BRACKET = re.compile(r"\s*\(([^()]{3,120})\)")
_BILLED_BY = re.compile(
    r"\b(?:billed|reported|paid|reimbursed|measured|charged)\s+(?:in\s+|by\s+|at\s+|once\s+)?(?:units? of\s+)?(?:each|per|every)\b"
    r"|\b(?:defined as|described as|descriptor|reads|stands for)\b[^.]{3,120}\b(?:each|per) (?:additional )?\d+ min"
    r"|\bunits?\b[^.;]{0,20}\b(?:is|are|represents?|equals?|of)\b"
)
# "96413 (chemotherapy) is used for the first hour"
_IS_FOR = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:is|are)\s+)?(?:used\s+|reported\s+|billed\s+)?(?:for|describes?|represents?|covers?|to\s+(?:report|bill))\s"
)
# "Subcutaneous injections use CPT 96372"
_USES = re.compile(
    r"(?P<what>[^.;,:()]{4,60}?)\s+(?:uses?|takes?|(?:is|are) (?:billed|reported|coded) (?:with|under|as|by|using))\s+(?:the\s+)?(?:cpt\s+)?(?:codes?\s+)?$"
)


def read_time(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """The time by which a service is billed: "97110 is billed per 15 minutes"."""
    is_of_service = len(subjects) == 1 and not is_of_drug(subjects[0])
    if is_of_service and _BILLED_BY.search(sentence.small):
        unit = time_unit_in(sentence.text, sentence.start, sentence.end)
        yield from (Draft(subjects, Relation.BILLING_UNIT, unit, sentence.cite, "unit"),) if unit else ()


def read_services(sentence: Sentence) -> Iterator[Outcome]:
    """How a service is given and by what time it is billed: "96372 is for subcutaneous injections"."""
    if sentence.has(Effect.NO) or sentence.has(Effect.FLAT_NO):
        return
    text = sentence.text
    for number, (span, concept) in enumerate(sentence.billing):
        following = sentence.billing[number + 1 :]
        limit = following[0][0].start if following else sentence.end
        if not is_administration(concept):
            continue
        if bracket := _BRACKET.match(text.plain, span.end, limit):
            yield from describe_service(text, (concept,), Span(*bracket.span(1)), sentence.cite)
        elif match := _IS_FOR.match(text.small, span.end, limit):
            yield from describe_service(text, (concept,), Span(match.end(), limit), sentence.cite)
        begin = sentence.billing[number - 1][0].end if number else sentence.start
        if lead := _USES.search(text.small, begin, span.start):
            for mention in text.mentions_in(*lead.span("what"), Kind.ROUTE)[:1]:
                route = text.as_written(mention)
                yield Draft((concept,), Relation.ROUTE_OF_ADMINISTRATION, route, sentence.cite, "route")
