"""Whom a stretch of text, a heading or a lead-in names as its subjects."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Block
from kg.extraction.lexicon import Topic
from kg.extraction.outline.about import About
from kg.extraction.outline.titles import billing_codes
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.text.sentences import sentences
from kg.extraction.text.text import Text
from kg.model import Concept, Kind

_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&|to|through|-)\s*\d{1,3})*)(?!\s*(?:codes?|paragraph)\b)")
_EVERYTHING = re.compile(
    r"\b(?:all|any|every|each)\b[^.]{0,25}\b(?:drugs?|codes?|products?)\b[^.]{0,20}\b(?:article|policy|above|listed|list|document|guide|page)\b"
)


def subjects_named(text: Text, about: About, start: int, end: int) -> tuple[Concept, ...]:
    """The codes that a stretch of text names as those it speaks of, by code or by the name of their drug."""
    spans = billing_codes(text.codes_in(start, end))
    concepts = dict.fromkeys(span.concept for span in spans if span.start in about.drug_codes or not is_drug(span.code))
    known_codes = [concept for concept in concepts if concept in about.known]
    if known_codes:
        return tuple([concept for concept in known_codes if is_of_drug(concept)] or known_codes)
    codes_of_drugs: dict[Concept, None] = {}
    for mention in text.mentions_in(start, end, Kind.DRUG):
        codes_of_drugs.update(dict.fromkeys(about.codes_called(mention.concept)))
    return tuple(codes_of_drugs)


def subjects_of_heading(
    text: Text, about: About, block: Block, topic: Topic, above: Block | None
) -> tuple[Concept, ...]:
    """The codes that a heading names, by code or by drug; none where it sets them beside the document's own.

    `above` is the block before it.
    """
    # What a question names is asked about, and no subject.
    if (topic is Topic.SIMILAR or text.ends_with("?", block)) and about.primary:
        return ()
    spans = text.codes_in(block.start, block.end)
    concepts = [span.concept for span in spans if span.start in about.drug_codes]
    if not concepts and not (topic in (Topic.MODIFIERS, Topic.DIAGNOSES) and about.primary):
        billing = [span.concept for span in billing_codes(spans)]
        concepts = [concept for concept in billing if not is_of_drug(concept)]
    if concepts:
        return tuple(dict.fromkeys(concepts))
    # "Xgeva, Aukelso, Wyost," is the beginning of a heading of two lines.
    start = above.start if above and text.ends_with(",", above) else block.start
    drugs = dict.fromkeys(m.concept for m in text.mentions_in(start, block.end, Kind.DRUG))
    codes_of_drugs = dict.fromkeys(code for drug in drugs for code in about.codes_called(drug))
    is_of_products = text.ends_with(":", block) or (len(drugs) > 1 and codes_of_drugs.keys() <= set(about.primary))
    if is_of_products and len(about.primary) > 1:
        return tuple(code for code in codes_of_drugs if code in about.primary)  # The caption of a group of a policy.
    return tuple(codes_of_drugs) if len(drugs) == 1 and len(codes_of_drugs) == 1 else ()


def is_foreign(text: Text, about: About, block: Block) -> bool:
    """Whether a heading names drugs, and none that the document is about."""
    drugs = text.mentions_in(block.start, block.end, Kind.DRUG)
    return bool(drugs) and not any(about.is_own(mention.concept) for mention in drugs)


def subjects_of_lead(text: Text, about: About, block: Block) -> tuple[Concept, ...]:
    """Subjects that a lead-in names: by code, by drug, by the number of their group, or as "all codes of this article"."""
    last = sentences(text.plain, block.start, block.end)[-1]
    if last[0] > block.start and (own := subjects_named(text, about, *last)):
        # "J3488 (Reclast) is not billed with J3487 (Zometa). Reclast is indicated for:" leads in for the first of the two.
        return own if len(own) == 1 or text.codes_in(*last) else _named_beside(text, block, last) or own
    if subjects := subjects_named(text, about, block.start, block.end):
        return subjects
    small = text.small[block.start : block.end]
    numbers = [int(n) for match in _GROUPS.finditer(small) for n in _numbers(match[1])]
    grouped = tuple(dict.fromkeys(concept for number in numbers for concept in about.groups.get(number, ())))
    return grouped or (about.primary if _EVERYTHING.search(small) else ())


def _named_beside(text: Text, block: Block, last: tuple[int, int]) -> tuple[Concept, ...]:
    """The one code of a paragraph beside which the name stands that its last sentence has, as it is written there."""
    mentions = text.mentions_in(*last, Kind.DRUG)
    name = text.small[mentions[0].start : mentions[0].end]
    spans = billing_codes(text.codes_in(block.start, last[0]))
    ends = [*(span.start for span in spans[1:]), last[0]]
    beside = [span.concept for span, end in zip(spans, ends, strict=True) if name in text.small[span.end : end]]
    return tuple(beside) if len(beside) == 1 else ()


def _numbers(text: str) -> list[int]:
    """The numbers of an enumeration or a range: "1, 3 to 5"."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if re.search(r"to|through|-", text) and len(numbers) == 2 and 0 < numbers[1] - numbers[0] < 100:
        return list(range(numbers[0], numbers[1] + 1))
    return numbers
