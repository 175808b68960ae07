"""What a heading says about the blocks below it."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from kg.extraction.letters import fold
from kg.model import Polarity
from kg.model.members import plain_members


@plain_members
class Topic(Enum):
    """What a section is about."""

    NONE = auto()
    SIMILAR = auto()
    DENIALS = auto()
    DOCUMENTATION = auto()
    MODIFIERS = auto()
    SPECIALTIES = auto()
    DIAGNOSES = auto()
    CODES = auto()
    PROCEDURES = auto()
    PAYERS = auto()
    REQUIREMENTS = auto()
    CLINICAL = auto()


# For small letters, in the order in which they are tried: "CPT/HCPCS Codes" lists the subjects, "Related CPT Codes" what goes with them.
_HEADINGS: tuple[tuple[Topic, re.Pattern[str]], ...] = tuple(
    (topic, re.compile(pattern))
    for topic, pattern in (
        (Topic.DENIALS, r"\bden(?:ial|ied|y)|\breject"),
        (Topic.MODIFIERS, r"\bmodifiers?\b"),
        (Topic.SPECIALTIES, r"taxonom|\bspecialt(?:y|ies)(?! pharmac)|provider types?|who (?:bills|may bill|can bill|administers)|\bnucc\b|billing providers?|rendering|prescribers?"),
        (Topic.DIAGNOSES, r"\bdiagnos[ie]s|\bicd\b|icd-?10|\bdx\b|medical necessity codes?"),
        (Topic.SIMILAR, r"\bsimilar\b|confus|look-?alike|related (?:hcpcs|j-?codes?|drug codes?|drugs)|\balternative|other codes|other (?:drug|j-?|hcpcs)|\bcompar|distinguish|\bneighbou?r|not the same|do not mix|mix(?:ed)? up|adjacent codes|sibling"),
        (Topic.DOCUMENTATION, r"documentation|\brecords?\b|\bchart"),
        (Topic.CODES, r"cpt\s*/\s*hcpcs|hcpcs\s*/\s*cpt|\bhcpcs codes?\b|^codes?$|drug codes?|billing codes?$|covered codes?|codes? (?:in this|addressed|covered)|procedure codes? and drug"),
        (Topic.PROCEDURES, r"\bcpt\b|procedures?\b|administration|related services|service codes?|companion|goes? with it|given with"),
        (Topic.REQUIREMENTS, r"\brequirements?\b|\bcriteria\b|prior authorization$|before (?:the first|treatment|approval)"),
        (Topic.PAYERS, r"payer|insur|commercial|coverage|authoriz|medicare|\bplans?\b|reimbursement"),
        (Topic.CLINICAL, r"clinical|indication|\buses?\b|overview|definition|description|summary|background|about|what it is|dosing|purpose"),
    )
)  # fmt: skip
_EXCLUDING = re.compile(
    r"\b(?:do(?:es)?|will|may|should|must|can) ?not\b|\bnot (?:be )?(?:support|cover|pay|allow|accept|used|billed|append)|\bnon-?(?:covered|supporting|payable)|"
    r"\bexclu|\bnot covered\b|\bcontraindicat|\bnever\b|\bunsupported\b|\bavoid",
    re.IGNORECASE,
)
# Headings that only number or carry on what stands above them.
_TRANSPARENT = re.compile(r"^(?:group \d+|codes?:?$|paragraph|table \d+|list\b|part \d+|continued)", re.IGNORECASE)


def topic_of(section: tuple[str, ...]) -> tuple[Topic, Polarity]:
    """The topic of the innermost heading that has one, and whether it lists what is excluded.

    >>> topic_of(("Policy", "ICD-10 Codes that DO NOT Support Medical Necessity", "Group 1 Codes:"))[0].name
    'DIAGNOSES'
    """
    for heading in reversed(section):
        topic, polarity = _topic_of_heading(heading)
        if topic is not Topic.NONE:
            return topic, polarity
    return Topic.NONE, Polarity.AFFIRMED


# Headings recur, from document to document and in every block below them.
@lru_cache(maxsize=4096)
def _topic_of_heading(heading: str) -> tuple[Topic, Polarity]:
    if _TRANSPARENT.match(heading):
        return Topic.NONE, Polarity.AFFIRMED
    topic = label_topic(heading)
    excluded = topic not in (Topic.NONE, Topic.DENIALS) and _EXCLUDING.search(heading)
    return topic, Polarity.EXCLUDED if excluded else Polarity.AFFIRMED


@lru_cache(maxsize=4096)
def label_topic(label: str) -> Topic:
    """The topic that a label before a colon names, as in "Modifiers: JW, JZ"."""
    small = fold(label)
    return next((topic for topic, pattern in _HEADINGS if pattern.search(small)), Topic.NONE)
