"""Two drugs and two codes in one breath: "respectively", "the former … the latter", and services that are kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg import lazy_re as re
from kg.extraction.draft import Draft, Outcome
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.services import is_another_visit, is_of_drug, service_of
from kg.extraction.text.text import CodeSpan
from kg.model import Concept, Kind, Polarity, Relation

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


# "Do not report 20610 with 20611", "11042 and 97597 should not be billed together".
_KEPT_APART = re.compile(
    r"\b(?:do not|don['’]t|never|(?:should|must|may|can|shall|will) ?not|cannot|not)\s+(?:be\s+)?(?:ever\s+|also\s+|separately\s+)?(?:bill|report|cod|us|submit|charg|combin|pair|perform)\w*"
)
_WITH = re.compile(
    r"[\s,]*(?:\([^()]*\)\s*)?(?:together |in conjunction |in combination |in addition |concurrently |along |separately )?(?:with|alongside|to|from)\s+(?:the |either |cpt |hcpcs |codes? |procedures? )*"
)
_AND = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?(?:and|or|&|/|,|and/or|,\s*(?:and|or))\s*(?:cpt |hcpcs |codes? )*")
_TOGETHER = re.compile(
    r"[\s,]*(?:\([^()]*\)\s*)?(?P<when>together|in (?:conjunction|combination)(?: with (?:each other|one another))?|(?:on|for|during|in|at) the same (?:\w+ ){0,2}(?:day|date|dos|claim|session|encounter|visit|site|joint|lesion|level)\b[\w\s()]{0,20})"
)
_BEHIND = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?$")
_MOST_APART = 8


def read_apart(sentence: Sentence) -> Iterator[Draft]:
    """Services that are not billed with one another: the first with each of the others."""
    inside = [(span, concept) for span, concept in sentence.billing if not is_of_drug(concept)]
    if not 2 <= len(inside) <= _MOST_APART or len(inside) != len(sentence.codes):
        return
    match = _KEPT_APART.search(sentence.text.small, sentence.start, sentence.end)
    if match is None:
        return
    before = [pair for pair in inside if pair[0].end <= match.start()]
    behind = [pair for pair in inside if pair[0].start >= match.end()]
    if before and not behind:
        yield from _apart_before(sentence, before, match)
    elif behind and not before and behind[0][0].start - match.end() < _NEAR:
        yield from _apart_behind(sentence, behind)


_NEAR = 30
_BESIDE = re.compile(r"\b(?:with|alongside|in addition to)\b")


def keeps_apart(sentence: Sentence, clause: tuple[int, int]) -> bool:
    """Whether a clause says that services are not billed with another service, which says no to none of them alone."""
    services = [span for span, concept in sentence.billing_in(*clause) if not is_of_drug(concept)]
    match = _KEPT_APART.search(sentence.text.small, *clause) if len(services) > 1 else None
    if match is None:
        return False
    services = [span for span in services if span.start > match.end()]
    return any(_BESIDE.search(sentence.text.small, a.end, b.start) for a, b in pairwise(services))


def _apart_before(sentence: Sentence, pairs: list[tuple[CodeSpan, Concept]], match: re.Match[str]) -> Iterator[Draft]:
    """ "11042 and 97597 should not be billed together": all that stand before the no."""
    small = sentence.text.small
    when = _TOGETHER.match(small, match.end(), sentence.end)
    if when is None or not _BEHIND.match(small, pairs[-1][0].end, match.start()) or not _in_one_row(sentence, pairs):
        return
    yield from _drafts(sentence, pairs[0], pairs[1:], when["when"])


def _apart_behind(sentence: Sentence, pairs: list[tuple[CodeSpan, Concept]]) -> Iterator[Draft]:
    """ "Do not report 20610 with 20611", "do not bill 95115 and 95117 on the same day"."""
    small = sentence.text.small
    first, others = pairs[0], pairs[1:]
    if _WITH.fullmatch(small, first[0].end, others[0][0].start) and _in_one_row(sentence, others):
        yield from _drafts(sentence, first, others, "")
        return
    when = _TOGETHER.match(small, pairs[-1][0].end, sentence.end)
    if when and _in_one_row(sentence, pairs):
        yield from _drafts(sentence, first, others, when["when"])


def _in_one_row(sentence: Sentence, pairs: list[tuple[CodeSpan, Concept]]) -> bool:
    """Whether codes stand in one enumeration."""
    small = sentence.text.small
    return all(_AND.fullmatch(small, a.end, b.start) for (a, _), (b, _) in pairwise(pairs))


def _drafts(
    sentence: Sentence, first: tuple[CodeSpan, Concept], others: list[tuple[CodeSpan, Concept]], when: str
) -> Iterator[Draft]:
    span = (sentence.start, sentence.end)
    for other, concept in others:
        relation = service_of(other.code)
        if concept != first[1] and not is_another_visit(concept, (first[1],)):
            yield Draft(
                (first[1],), relation, concept, sentence.cite, "procedure", Polarity.EXCLUDED,
                condition="" if when == "together" else " ".join(when.split()), qualifiers=sentence.qualified(relation, span),
            )  # fmt: skip
