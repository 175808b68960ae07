"""A criterion that is a diagnosis: what the drug or service is for, and nothing else that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import BlockKind
from kg.extraction.draft import Draft
from kg.extraction.lexicon import Topic
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.conditions import conditions_named
from kg.extraction.relations.spelled_out import spelled_out
from kg.model import Concept, Relation

# "Diagnosis of …", "Patient has a confirmed diagnosis of …", "Member is diagnosed with …", "Diagnosis: …".
_DIAGNOSED = re.compile(
    r"\W*(?:(?:either|or|and)\b\W*)?(?:\w{1,4}[.)]\s+)?(?:the |an? |this )?(?:(?:documentation|documented evidence) (?:of|that|supports?) (?:the |an? )?)?"
    r"(?:(?:patient|member|individual|beneficiary|recipient|enrollee|child|adult)s? )?(?:must |should )?"
    r"(?:(?:has|have|had|is|are|be|been|with|a|an|the|confirmed|documented|established|definitive|definite|clinical|current|primary|known|histologically|clinically) )*"
    r"(?:diagnosis (?:of|is)|diagnosed with|diagnosis:|dx of|dx:)\s+(?:either |the |an? |any )*(?!the following|one of|any of|following)"
)
# Another disease, one that is not there, one that somebody had: none of them is what the drug is for.
_NOT_HERE = re.compile(
    r"\b(?:no|not|never|without|other than|exclud\w+|ruled out|rule out|except|unless|differential|family|prior|past|history|suspected|contraindicat\w+|absence|concomitant|comorbid\w*|co-?existing|concurrent|secondary)\b"
)

# What stands behind these is asked for besides.
_NEXT = re.compile(r"\s(?:AND|OR)\b|;")


_TOPICS = frozenset({Topic.REQUIREMENTS, Topic.DIAGNOSES})


def read_diagnosed(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Draft]:
    """The condition that an item of a list of criteria asks to be diagnosed."""
    if sentence.topic not in _TOPICS or sentence.scope.stance.excludes or sentence.cite.kind != "prose":
        return
    if not sentence.is_item and sentence.start - sentence.block.start > 1:
        return  # In a paragraph it may be one of the things that others ask for.
    words = spelled_out(sentence.plain, sentence.text.short_forms)
    if sentence.is_item and _is_led_as_diagnosis(sentence) and not _NOT_HERE.search(words.lower()[:_NEAR]):
        for condition in conditions_named(_NUMBER.sub("", _NEXT.split(words)[0])):
            yield Draft(subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition")
        return
    begin = _DIAGNOSED.match(words.lower())
    if begin is None or _NOT_HERE.search(words.lower(), 0, begin.end()):
        return
    for condition in conditions_named(_NEXT.split(words[begin.end() :])[0]):
        if not _NOT_HERE.search((condition.name or "").lower()):
            yield Draft(subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition")


# "The individual has a diagnosis of ONE (1) of the following:", and below it the diseases, with "or" between them.
_LEADS_DIAGNOSES = re.compile(
    r"\bdiagnos(?:is|es|ed)\b(?! of the following (?:criteria|require))[^.;:]{0,40}\bfollowing(?: (?:conditions|indications|diagnoses|diseases))?\s*:?\s*$"
)
_JOINED = re.compile(r"\bor\W*$")
_NUMBER = re.compile(r"^\W*(?:\w{1,4}[.)]\s+)?")
_NEAR = 30
_MOST_BESIDE = 12


def _is_led_as_diagnosis(sentence: Sentence) -> bool:
    """Whether an item is one of the diseases that the one above them promises."""
    blocks, small = sentence.text.document.blocks, sentence.text.small
    number = sentence.text.block_number(sentence.block.start)
    for block in reversed(blocks[max(0, number - _MOST_BESIDE) : number]):
        if _LEADS_DIAGNOSES.search(small, max(block.start, block.end - 120), block.end):
            return not _NOT_HERE.search(small, block.start, block.end)
        if block.kind is not BlockKind.ITEM or not _JOINED.search(small, block.start, block.end):
            return False
    return False


_OF_DIAGNOSIS = re.compile(r"(?:[a-z]+ )*?diagnos(?:is of|ed with)\b")


def is_diagnosis(requirement: Concept) -> bool:
    """Whether what is asked for is a diagnosis, which says what the drug is for.

    >>> from kg.model import Kind
    >>> is_diagnosis(Concept.named(Kind.REQUIREMENT, "confirmed diagnosis of asthma"))
    True
    """
    return _OF_DIAGNOSIS.match((requirement.name or "").lower()) is not None
