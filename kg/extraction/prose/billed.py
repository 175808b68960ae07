"""Which drug each billing code of a sentence identifies, and the unit that it is billed by."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.extraction.draft import Draft, Outcome
from kg.extraction.lexicon import Topic
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.drugs import (
    as_named,
    drug_behind,
    drug_of,
    drug_of_its_code,
    other_brand_of,
    stood_for,
)
from kg.extraction.relations.units import unit_in
from kg.extraction.text.text import CodeSpan
from kg.model import Concept, Kind, Relation

_AMOUNT = re.compile(r"\d|\bper\b|\b(?:one|two|five|ten|twenty|fifty)\b")
_BRACKET = re.compile(r"\s*\(([^()]{3,120})\)")


def read_drugs_and_units(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """Which drug each billing code identifies, and the unit that it is billed by."""
    text, cite, about = sentence.text, sentence.cite, sentence.about
    yield from _read_pronoun(sentence, subjects)
    pairs = [
        (s, c)
        for s, c in sentence.billing
        if (s.start in sentence.about.drug_codes or (c in about.primary and c.kind is Kind.HCPCS))
        and not _is_compared(sentence, s)
    ]
    if (not pairs and not _AMOUNT.search(sentence.small)) or _tells_of_mistake(sentence):
        return
    edges = [span.start for span, _ in pairs]
    for number, (span, concept) in enumerate(pairs):
        limit = edges[number + 1] if number + 1 < len(pairs) else sentence.end
        if bracket := _BRACKET.match(text.plain, span.end, limit):
            yield from _read_bracket(sentence, concept, *bracket.span(1))
        begin = pairs[number - 1][0].end if number else sentence.start
        if _NOT_BILLED.search(sentence.before(span.start)):
            continue  # "Never bill Prolia under J3489" says which code it is not.
        if drug := drug_of(text, span, begin, limit) or drug_of_its_code(text, span, sentence.block.start):
            yield Draft((concept,), Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")
            if other := other_brand_of(text, span, limit):
                yield Draft((concept,), Relation.IDENTIFIES_DRUG, as_named(other), cite, "drug")
        if len(pairs) > 1 and (unit := unit_in(text, span.start, limit)):
            yield Draft((concept,), Relation.BILLING_UNIT, unit, cite, "unit")
    billed = tuple(c for _, c in pairs)
    if not pairs and not sentence.billing:  # A code out of use has its own unit, and so has a service.
        billed = tuple(s for s in subjects if s.kind is Kind.HCPCS and _is_sure(sentence, s))
    aside = sentence.topic in (Topic.SIMILAR, Topic.DENIALS) and bool(set(billed) & set(about.primary))
    begin = sentence.start if not pairs or _OF_OTHERS.search(sentence.small) is None else pairs[0][0].start
    if len(billed) == 1 and (pairs or not aside) and (unit := unit_in(text, begin, sentence.end)):
        yield Draft(billed, Relation.BILLING_UNIT, unit, cite, "unit")
    elif len(subjects) > 1 and not pairs and _OF_ALL.match(text.small, sentence.start, sentence.end):
        unit = unit_in(text, sentence.start, sentence.end)
        yield from (Draft(subjects, Relation.BILLING_UNIT, unit, cite, "unit"),) if unit else ()


# "This is different from most codes, which are in 10 mg, and from J0177 (1 mg)."
_OF_OTHERS = re.compile(r"\b(?:different from|unlike|differs? from|than) (?:most|other|many|all other)\b")
# "A common error is treating J2778 as a 1 mg code."
_MISTAKEN = re.compile(
    r"\b(?:errors?|mistakes?|mistaken\w*|mixed up|confus\w+)\b[^.;]*\b(?:treat|bill|us|report|cod|read|tak)ing\b"
)


_OF_MISTAKES = ("error", "mistak", "mixed up", "confus")


def _tells_of_mistake(sentence: Sentence) -> bool:
    """Whether a sentence tells of a unit that somebody took for that of a code."""
    return sentence.text.has_any(_OF_MISTAKES) and _MISTAKEN.search(sentence.small) is not None


def _read_pronoun(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """The drug of the one subject, where the sentence says it of "it" or "this code"."""
    text = sentence.text
    is_one_code = len(subjects) == 1 and subjects[0].kind is Kind.HCPCS
    pronoun = ITS_CODE.match(text.small, sentence.start, sentence.end) if is_one_code else None
    if pronoun and (
        drug := drug_behind(text, pronoun.end(), sentence.end) or stood_for(text, pronoun.end(), sentence.end)
    ):
        yield Draft(subjects, Relation.IDENTIFIES_DRUG, as_named(drug), sentence.cite, "drug")


_NOT_BILLED = re.compile(
    r"\b(?:do not|don['’]t|never|not|cannot|can['’]t)\s+(?:to\s+|be\s+)?(?:report|bill|code|use|submit|charge)(?:ed|d)?\b[^;:]*"
    r"\b(?:with|under|as|by|using|on)\s+(?:hcpcs\s+|code\s+|codes\s+)*$"
)
_OF_ALL = re.compile(r"\W*(?:both|all|each|every one)(?: of (?:these|those|them|the))?(?: codes?)? (?:is|are)\b")
ITS_CODE = re.compile(r"\s*(?:it|this code|the code|this hcpcs code)\b")
"""What stands for the one code that a text is about."""


def _is_compared(sentence: Sentence, span: CodeSpan) -> bool:
    """Whether a code is named only as what another is not equivalent to."""
    return "equivalent to" in sentence.before(span.start, 40)


def _is_sure(sentence: Sentence, subject: Concept) -> bool:
    """Whether a sentence without a code can only speak of one: that of the document, or that of its own row."""
    about = sentence.about
    is_named = any(subject in about.codes_called(m.concept) for m in sentence.mentions if m.concept.kind is Kind.DRUG)
    return is_named or len(about.known) < 2 or subject in about.primary or sentence.cite.kind != "prose"


def _read_bracket(sentence: Sentence, code: Concept, start: int, end: int) -> Iterator[Outcome]:
    """A unit and a route in brackets right behind a code."""
    text = sentence.text
    if unit := unit_in(text, start, end, bare=True):
        yield Draft((code,), Relation.BILLING_UNIT, unit, sentence.cite, "unit")
    for mention in text.mentions_in(start, end, Kind.ROUTE):
        yield Draft((code,), Relation.ROUTE_OF_ADMINISTRATION, text.as_written(mention), sentence.cite, "route")
