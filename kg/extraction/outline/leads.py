"""Lead-ins: what a paragraph such as "The following support J3262:" says of the list below it."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.lexicon import Stance, Topic, Where, stance_of, topic_of
from kg.extraction.outline.entries import first_codes
from kg.extraction.outline.subjects import subjects_of_lead
from kg.extraction.outline.walk import LISTED, Lead, Walk, names_kind
from kg.extraction.text.text import Text
from kg.model import Kind

_POINTS = re.compile(r"\b(?:following|below|listed here|these (?:codes|diagnoses|conditions)|codes that|support)\b")
# "Group 2 Paragraph: These may be added to J0885" speaks of the list below it.
_THESE = re.compile(r"^(?:Group \d+ Paragraph: )?(?:These|They)\b")
_BELOW = re.compile(r"\bfollowing\b|\bbelow\b")
_OF_CRITERIA = re.compile(
    r"\b(?:following|these) (?:\w+ ){0,2}criteria\b|\bof the following\b[^.]{0,40}\b(?:met|satisfied)\b"
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_LONGEST_TITLE = 50
_LONGEST_LINE = 90
# "ICD-10-CM Codes that DO NOT Support Medical Necessity", where nothing but its words makes it a heading.
_SUPPORTING = re.compile(
    r"\W*(?:group \d+\W+)?(?:icd-?10(?:-?cm)?|diagnosis) (?:diagnosis )?codes? (?:that|which) (?:do not |don't )?support (?:the )?medical necessity\W*"
)
_LABEL = re.compile(r"\W{0,3}[A-Z][^.;:\n]{2,50}:?\W{0,3}$")


def lead_of(walk: Walk, block: Block) -> Lead | None:
    """What a paragraph says of a list below it; None where it leads in none."""
    text = walk.text
    small = text.small[block.start : block.end].rstrip()
    if titled := _title_of_table(walk, block, small):
        return titled
    points = small.endswith(":") or _POINTS.search(small) is not None
    if points and len(small) < _LONGEST_LINE and _SUPPORTING.fullmatch(small):
        return Lead(block, Topic.DIAGNOSES, stance_of(text.words(block), Where.HEADING))
    if not points and len(small) < _LONGEST_TITLE and small[-1:].isalpha() and not first_codes(text, block):
        topic = topic_of(text.words(block))  # A line that stands alone as a title does.
        if topic is Topic.NONE:
            return None
        own = stance_of(text.words(block), Where.HEADING)
        denial = walk.denial_above() if names_kind(small, topic) else None
        return Lead(block, topic, own if own.says_something else denial or Stance())
    if not points and not (walk.group and walk.topic() is not Topic.NONE):
        return None
    pointing = _SENTENCES.split(text.words(block))[-1]
    if not (pointing.endswith(":") or _BELOW.search(pointing)):
        stance = stance_of(pointing, Where.HEADING) if _THESE.search(pointing) else Stance()
        return Lead(block, Topic.NONE, stance, subjects_of_lead(text, walk.about, block))
    topic = topic_of(pointing) if pointing.endswith(":") else Topic.NONE
    if pointing.endswith(":") and _OF_CRITERIA.search(pointing.lower()):
        topic = Topic.REQUIREMENTS  # "CPT 29881 is covered when all of the following criteria are met:"
    return Lead(block, topic, stance_of(pointing, Where.HEADING), subjects_of_lead(text, walk.about, block))


def _title_of_table(walk: Walk, block: Block, small: str) -> Lead | None:
    """What a line right above a table says of its rows, where it names their topic as a heading does; else None."""
    below = walk.next
    if below is None or len(below.cells) < 2 or len(small) > _LONGEST_LINE or "\n" in small or small[-1:] in ".:;?!":
        return None
    words = walk.text.words(block)
    topic, stance = topic_of(words), stance_of(words, Where.HEADING)
    if topic not in LISTED or first_codes(walk.text, block):
        return None
    return Lead(block, topic, stance, subjects_of_lead(walk.text, walk.about, block))


def heads_list(walk: Walk, block: Block) -> bool:
    """Whether a list item is a label of what follows it: it ends with a colon, or items below it are deeper."""
    if not _LABEL.match(walk.text.plain, block.start, block.end):
        return False
    return _has_items_below(walk, block) or walk.text.ends_with(":", block)


def lead_of_item(walk: Walk, block: Block) -> Lead | None:
    """What an item that is a label says of the items below it: their topic, a yes or no, or the product; else None."""
    words = walk.text.words(block)
    topic, stance = topic_of(words), stance_of(words, Where.HEADING)
    if topic is not Topic.NONE:
        return Lead(block, topic, stance)
    if stance.polarity is not None:
        if _has_items_below(walk, block):
            return Lead(block, Topic.NONE, stance, depth=depth_of(walk.text, block), outer=walk.lead)
        return Lead(block, Topic.NONE, stance)
    if (walk.lead is None or walk.lead.product) and walk.text.mentions_in(block.start, block.end, Kind.DRUG):
        return Lead(block, Topic.NONE, Stance(), product=True)
    return None


def _has_items_below(walk: Walk, block: Block) -> bool:
    next_block = walk.next
    if next_block is None or next_block.kind is not BlockKind.ITEM:
        return False
    return depth_of(walk.text, next_block) > depth_of(walk.text, block)


def depth_of(text: Text, block: Block) -> tuple[int, int]:
    """How deep an item stands in its list: its level where the format has them, else how far it is indented."""
    return block.level, block.start - text.document.text.rfind("\n", 0, block.start)
