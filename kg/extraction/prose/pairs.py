"""Two drugs and two codes in one breath: "respectively", and "the former … the latter"."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.extraction.draft import Draft, Outcome
from kg.extraction.prose.sentence import Sentence
from kg.model import Kind, Relation

_RESPECTIVELY = re.compile(r"\brespectively\b|\bin (?:that|this|the same|the given) order\b")
_FORMER = re.compile(
    r"\bthe (?:former|first)\b(?P<first>[^.;]*?)[,;]?\s*(?:and |while |whereas |but )?\bthe (?:latter|second|other)\b"
)


def is_of_pairs(sentence: Sentence) -> bool:
    """Whether a sentence says which of several codes is which drug's by their order."""
    return _RESPECTIVELY.search(sentence.small) is not None


def read_pairs(sentence: Sentence) -> Iterator[Outcome]:
    """ "J0517 and J2182 stand for benralizumab and mepolizumab, respectively": the first with the first, and so on."""
    drugs = [mention for mention in sentence.mentions if mention.concept.kind is Kind.DRUG]
    if len(drugs) != len(sentence.drugs):
        return
    for (_, code), mention in zip(sentence.drugs, drugs, strict=True):
        yield Draft((code,), Relation.IDENTIFIES_DRUG, sentence.text.as_written(mention), sentence.cite, "drug")


def read_former(sentence: Sentence) -> Iterator[Outcome]:
    """ "Caspofungin and micafungin. The former is billed as J0637, the latter as J2248." """
    match = _FORMER.search(sentence.text.small, sentence.start, sentence.end) if len(sentence.drugs) == 2 else None
    if match is None:
        return
    text = sentence.text
    named = {m.concept: m for m in text.mentions_in(sentence.block.start, match.start(), Kind.DRUG)}
    (first, first_code), (second, second_code) = sentence.drugs
    if len(named) != 2 or not match.start("first") <= first.start < match.end() <= second.start:
        return
    for code, mention in zip((first_code, second_code), named.values(), strict=True):
        yield Draft((code,), Relation.IDENTIFIES_DRUG, text.as_written(mention), sentence.cite, "drug")
