"""Codes that a line adds up, as coders write what goes on one claim: "99213-25 + 11900"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from kg import lazy_re as re
from kg.extraction.draft import Draft
from kg.extraction.lexicon import Effect
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.services import is_of_drug, is_told, is_visit, service_of
from kg.extraction.text.modifiers import all_modifiers
from kg.extraction.text.text import CodeSpan
from kg.model import Code, CodeSystem, Concept, Relation

_SUFFIXES = re.compile(r"(?:-[A-Z0-9]{2}\b)+")
# What may stand between two codes that are added up: modifiers, a remark in brackets, a count, and a drug without its code.
_PLUS = re.compile(
    r"(?:-[A-Z0-9]{2}\b)*\s*(?:\([^()]*\)\s*)?(?:[x×*]\s*\d+\s*)?\+\s*(?:(?:J-?code|drug|CPT|HCPCS)\s*\+?\s*)?",
    re.IGNORECASE,
)


def summands(sentence: Sentence) -> list[tuple[CodeSpan, Concept]]:
    """The codes of HCPCS and CPT that a sentence adds up; none where it does not, or says no."""
    if "+" not in sentence.plain or sentence.has(Effect.NO) or sentence.has(Effect.FLAT_NO):
        return []
    plain = sentence.text.plain
    added: list[tuple[CodeSpan, Concept]] = []
    for before, after in pairwise(sentence.billing):
        if _PLUS.fullmatch(plain, before[0].end, after[0].start):
            added += [after] if added and added[-1] == before else [before, after]
    return added


def read_sum(sentence: Sentence, added: Sequence[tuple[CodeSpan, Concept]]) -> Iterator[Draft]:
    """The modifiers of each code, and how the drugs and services go with the visits and the ways of giving beside them."""
    for span, concept in added:
        for modifier in _modifiers(sentence, span):
            yield Draft((concept,), Relation.ACCEPTS_MODIFIER, modifier, sentence.cite, "modifier")
    codes = {concept: span.code for span, concept in added}
    for subject, other in product(codes, codes):
        relation = _relation(subject, other, codes[other])
        if relation is not None:
            yield Draft((subject,), relation, other, sentence.cite, "procedure")


def _modifiers(sentence: Sentence, span: CodeSpan) -> Iterator[Concept]:
    suffixes = _SUFFIXES.match(sentence.text.plain, span.end, sentence.end)
    for value in suffixes[0].split("-")[1:] if suffixes else ():
        if value in all_modifiers():
            yield Concept.of(Code(CodeSystem.MODIFIER, value))


def _relation(subject: Concept, other: Concept, code: Code) -> Relation | None:
    """What one code of a sum is to another: the visit to all else, the way of giving to a drug."""
    if subject == other or is_visit(subject) or is_of_drug(other) or not is_told(code):
        return None
    relation = service_of(code)
    if relation is Relation.EVALUATED_WITH:
        return relation if is_visit(other) else None
    return relation if is_of_drug(subject) else None
