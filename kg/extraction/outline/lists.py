"""The lists of codes of a document, and the groups, numbered or captioned, in which they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.lexicon import Topic, Where, stance_of, topic_of
from kg.extraction.outline.entries import first_codes
from kg.extraction.outline.titles import is_titled_policy
from kg.extraction.relations.services import is_drug
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Concept

_HEADERS = re.compile(r"\s*(?P<code>[\w/ -]{2,30}\bcodes?)\s+(?:long |short )?descriptions?\s*")
_LONGEST_HEADERS = 60
# A row with more cells says much of its code, which is then the subject of that row alone.
_WIDEST = 5
_LONGEST_LEAD = 200
# How many headings stand above one that is in a section of its own: the title, and that of the section.
_BELOW_TITLE = 2
_CODE_LISTS = frozenset({Topic.CODES, Topic.PROCEDURES, Topic.NONE, Topic.SIMILAR})
GROUP = re.compile(r"\s*\W*group\s+(\d{1,3})\b")


def codes_by_group(
    text: Text, blocks: Sequence[Block], codes: Mapping[int, CodeSpan], captions: Sequence[int]
) -> dict[int, tuple[Concept, ...]]:
    """The codes of each group under headings such as "CPT/HCPCS Codes"; group 0 is the list without a number."""
    of_services = not codes and is_titled_policy(text)  # A policy without drugs is about the procedures that it lists.
    groups: dict[int, list[Concept]] = {}
    has_diagnoses = has_own_lists = False  # Of lists of services with diagnoses between them each has its own.
    walk = _Lists(text, captions)
    for block in blocks:
        if not (walk.enter_row(block) if block.cells else walk.enter(block)) or len(block.cells) > _WIDEST:
            continue
        group, topic = walk.group, walk.topic
        is_list_of_codes = topic is Topic.CODES or (topic is Topic.PROCEDURES and of_services)
        if is_list_of_codes or (group > 0 and topic in _CODE_LISTS):
            head = first_codes(text, block)
            concepts = [
                s.concept
                for s in head
                if len(s.codes) == 1 and s.system in BILLING and (s.start in codes or not is_drug(s.code))
            ]
            has_own_lists = has_own_lists or (of_services and group == 0 and bool(concepts) and has_diagnoses)
            groups.setdefault(group, []).extend(concepts)
        elif of_services and topic is Topic.DIAGNOSES and groups.get(0):
            has_diagnoses = True
    if len(walk.parents) > 1 or has_own_lists:
        groups.pop(0, None)  # Each list is that of its own section.
    return {number: tuple(concepts) for number, concepts in groups.items() if concepts}


@dataclass(slots=True)
class _Lists:
    """Where the walk through the lists of codes stands: in which group, and what the lines above say is listed."""

    text: Text
    captions: Sequence[int]
    group: int = 0
    topic: Topic = Topic.NONE
    frames: list[tuple[int, Topic, int]] = field(default_factory=list)
    parents: set[int] = field(default_factory=set)
    """Where the sections stand that have lists of their own."""
    label: Topic = Topic.NONE
    led: Topic = Topic.NONE
    table: int = 0
    caption: Topic = Topic.NONE
    """What the last row across the table says of the rows below it."""

    def enter(self, block: Block) -> bool:
        """Note what a block that is no row says of the codes below it; the answer is whether it may list any."""
        lists = self._enter(block)
        self._set_topic()
        return lists

    def enter_row(self, block: Block) -> bool:
        """Note what a row across its table says of the rows below it; the answer is whether a row may list codes."""
        if self.table != block.table:
            self.table, self.caption = block.table, Topic.NONE
        is_caption = (
            len(block.cells) == 1 and block.end - block.start < _LONGEST_LEAD and not first_codes(self.text, block)
        )
        if is_caption and (topic := topic_of_list(self.text.words(block))) is not Topic.NONE:
            self.caption = topic
        self._set_topic(self.caption)
        return not is_caption

    def _set_topic(self, caption: Topic = Topic.NONE) -> None:
        topics = (caption, self.label, self.led, *(topic for _, topic, _ in reversed(self.frames)))
        self.topic = next((topic for topic in topics if topic is not Topic.NONE), Topic.NONE)

    def _enter(self, block: Block) -> bool:
        text = self.text
        match = GROUP.match(text.small, block.start, block.end)
        if block.kind is BlockKind.HEADING:
            self._enter_heading(block, numbered=match is not None)
        if match:
            self.group = int(match[1])
            return False
        if (labelled := headers_in_lines(text, block)) is not None:
            self.label = labelled
            return False
        if block.kind is BlockKind.PARAGRAPH and not first_codes(text, block):
            self.led = _listed_below(text, block)
        return True

    def _enter_heading(self, block: Block, *, numbered: bool) -> None:
        self.frames = frames = [frame for frame in self.frames if frame[0] < block.level]
        if numbered:
            return
        frames.append((block.level, topic_of_list(self.text.words(block)), block.start))
        self.group, self.label, self.led = unnumbered(self.captions, block), Topic.NONE, Topic.NONE
        if len(frames) > _BELOW_TITLE and frames[-1][1] is Topic.CODES is not frames[-2][1]:
            self.parents.add(frames[-2][2])


def topic_of_list(words: str) -> Topic:
    """The topic that a heading names; codes that it says no to are none that other lists speak of."""
    topic = topic_of(words)
    return Topic.OTHERS if topic is Topic.CODES and stance_of(words, Where.HEADING).excludes else topic


def _listed_below(text: Text, block: Block) -> Topic:
    """Whether a paragraph leads in a list of codes: "This policy is for all of these codes:"."""
    leads = block.end - block.start < _LONGEST_LEAD and text.ends_with(":", block)
    return Topic.CODES if leads and topic_of(text.words(block)) is Topic.CODES else Topic.NONE


def headers_in_lines(text: Text, block: Block) -> Topic | None:
    """The topic of a line that has the headers of a table whose cells are lines: "HCPCS Code / Description"."""
    if block.cells or block.kind is not BlockKind.PARAGRAPH or block.end - block.start > _LONGEST_HEADERS:
        return None
    return topic_of(match["code"]) if (match := _HEADERS.fullmatch(text.small, block.start, block.end)) else None


def captions_of(text: Text, blocks: Sequence[Block]) -> list[int]:
    """Where the captions of groups without numbers stand: "Rituxan Hycela:" before the same headings once more."""
    captions: list[int] = []
    names: set[str] = set()
    caption: int | None = None
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            continue
        words = text.words(block)
        topic = topic_of(words)
        if topic is Topic.NONE and (words.endswith(":") or caption is not None):
            caption = block.start  # What stands nearer to the list is its caption.
        elif topic is Topic.CODES:
            name = words.rstrip(" :").lower()
            if name in names and caption is not None:
                captions.append(caption)
                names.clear()
            names.add(name)
            caption = None
    return captions


def unnumbered(captions: Sequence[int], block: Block) -> int:
    """The group without a number that a block stands in: below 0, or 0 where a document has no captions of groups."""
    return -1 - bisect_right(captions, block.start) if captions else 0
