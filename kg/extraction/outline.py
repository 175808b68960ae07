"""The outline of a document: what each block stands under, and which codes the document is about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kg.documents import Block, BlockKind
from kg.extraction import cues
from kg.extraction.reading import Reading, Scope
from kg.extraction.services import is_of_drug
from kg.extraction.tokens import find_tokens
from kg.extraction.topics import Topic, label_topic, topic_of
from kg.model import CodeSystem, Concept, Kind, Polarity

_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&|to|through|-)\s*\d{1,3})*)(?!\s*(?:codes?|paragraph)\b)")
_GROUP = re.compile(r"\s*\W*group\s+(\d{1,3})\b")
_LEAD = re.compile(r"\b(?:following|below|listed here|these (?:codes|diagnoses|conditions)|codes that|support)\b")
_OF_LEADS = ("following", "below", "listed here", "these ", "codes that", "support")
_DEFINES = re.compile(
    r"\W{0,4}(?:\([^)]{0,80}\)\s*)?(?:is(?! not\b)|represents|designates|refers to|identif\w+|describes|stands for|reports|covers|denotes|names|means|was (?:created|established|introduced)|pays for|bills)\b",
    re.IGNORECASE,
)
_CODES_LABEL = re.compile(r"\s*\W*(?:group \d+\s+)?codes?\b[^.]{0,30}$")
_ITEM_LABEL = re.compile(r"\W{0,3}[A-Z][^.;:\n]{2,50}:?\W{0,3}$")
_LABELLED = re.compile(r"\W{0,3}[A-Z][A-Za-z /&()-]{1,40}:\s")
_EVERYTHING = re.compile(
    r"\b(?:all|any|every|each)\b[^.]{0,25}\b(?:drugs?|codes?|products?)\b[^.]{0,20}\b(?:article|policy|above|listed|list|document|guide|page)\b"
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_BELOW = re.compile(r"\bfollowing\b|\bbelow\b")
_BILLING_KINDS = (Kind.HCPCS, Kind.CPT)
_BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)


class Place(NamedTuple):
    """A block with what the headings, groups and lead-ins above it say."""

    block: Block
    topic: Topic
    polarity: Polarity
    group: int
    """The number of the group that it stands in, or 0."""
    lead: Block | None
    """The paragraph that introduces the list or table that it belongs to."""


@dataclass(slots=True)
class Outline:
    """Where every block stands, and which codes each group is about."""

    places: list[Place]
    groups: dict[int, tuple[Concept, ...]]


def outline(reading: Reading) -> Outline:
    """Walk the blocks once for their places, then find what the document and its groups are about."""
    places = _places(reading)
    found = Outline(places, _groups(reading, places))
    listed = tuple(dict.fromkeys(concept for codes in found.groups.values() for concept in codes))
    reading.primary = _primary(reading, places, listed)
    reading.known.update(reading.primary)
    reading.known.update(listed)
    reading.groups = found.groups
    if not reading.primary:
        for place in places:
            reading.known.update(_heading_subjects(reading, place.block) if place.block.section else ())
    return found


def scope_of(reading: Reading, found: Outline, place: Place) -> Scope:
    """The scope of a block: the nearest of lead-in, group, heading and document that names a subject."""
    block = place.block
    section = block.section[-1] if block.section else ""
    subjects = (
        _lead_subjects(reading, place, found.groups)
        or (found.groups.get(place.group, ()) if place.group else ())
        or _heading_subjects(reading, block)
        or reading.primary
    )
    return Scope(subjects, place.topic, place.polarity, " ".join(section.split()), block.line, block.start)


def subject_codes(reading: Reading, start: int, end: int) -> tuple[Concept, ...]:
    """The billing codes between two offsets that something may be said about, in order.

    Drugs go before other codes of HCPCS, and those before CPT, unless the document is known to be about them.
    """
    concepts = dict.fromkeys(
        token.concept
        for token in reading.tokens_in(start, end)
        if token.concept and token.concept.kind in _BILLING_KINDS
    )
    if not concepts:
        return ()
    known = [concept for concept in concepts if concept in reading.known]
    if known:
        return tuple([c for c in known if is_of_drug(c)] or known)
    return tuple(concept for concept in concepts if is_of_drug(concept))


def _places(reading: Reading) -> list[Place]:
    places: list[Place] = []
    group, lead, topic, table, listed = 0, None, Topic.NONE, 0, Topic.NONE
    blocks = reading.document.blocks
    for block, following in zip(blocks, (*blocks[1:], None), strict=False):
        kind = block.kind
        here, polarity = topic_of(
            (*block.section, reading.words(block)) if kind is BlockKind.HEADING else block.section
        )
        if here is not topic or (kind is BlockKind.HEADING and not _GROUP.match(reading.small, block.start, block.end)):
            lead = None
        if here is not topic:
            group, topic = 0, here
        if kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) and (
            match := _GROUP.match(reading.small, block.start, block.end)
        ):
            lead = lead if int(match[1]) == group else None
            group = int(match[1])
        elif kind is BlockKind.HEADING and block.level <= 2:
            group = 0
        if (
            kind is BlockKind.PARAGRAPH
            and not _is_entry(reading, block)
            and not _CODES_LABEL.match(reading.small, block.start, block.end)
        ):
            lead = block if _points_on(reading, block) or (group and topic is not Topic.NONE) else None
        elif _opens_record(reading, block, following):
            lead = block
        elif block.table and block.table != table and not block.cells:
            lead = None
        table = block.table or table
        if kind is BlockKind.ITEM and (label := _ITEM_LABEL.match(reading.text, block.start, block.end)):
            listed = label_topic(label[0])
        elif kind is not BlockKind.ITEM:
            listed = Topic.NONE
        if kind is BlockKind.ITEM and here is Topic.NONE:
            here = listed
        if lead is not None and lead is not block and cues.polarity(_lead_text(reading, lead)) is Polarity.EXCLUDED:
            polarity = Polarity.EXCLUDED
        places.append(Place(block, here, polarity, group, lead if lead is not block else None))
    return places


def _points_on(reading: Reading, block: Block) -> bool:
    """Whether a paragraph introduces what follows it."""
    said = reading.small[block.start : block.end].rstrip()
    return said.endswith(":") or (any(word in said for word in _OF_LEADS) and _LEAD.search(said) is not None)


def _is_entry(reading: Reading, block: Block) -> bool:
    """Whether a block begins with a code, as the lines of a list do."""
    tokens = reading.tokens_in(block.start, block.end)
    return bool(tokens) and tokens[0].start - block.start < 3


def _opens_record(reading: Reading, block: Block, following: Block | None) -> bool:
    """Whether a line names a billing code, and labelled lines about it follow."""
    return bool(
        following
        and block.kind is BlockKind.ITEM
        and following.kind is BlockKind.ITEM
        and _is_entry(reading, block)
        and _LABELLED.match(reading.text, following.start, following.end)
    )


def _lead_text(reading: Reading, lead: Block) -> str:
    """The last sentence of a lead-in, if it points to what follows."""
    return _pointing(reading.words(lead))


@lru_cache(maxsize=256)
def _pointing(text: str) -> str:
    last = _BETWEEN_SENTENCES.split(text)[-1]
    return last if last.endswith(":") or _BELOW.search(last) else ""


def _groups(reading: Reading, places: list[Place]) -> dict[int, tuple[Concept, ...]]:
    """What each group of a coverage article is about: the codes listed in it, not those of diagnoses."""
    groups: dict[int, list[Concept]] = {}
    for place in places:
        if not place.group or place.topic not in (Topic.CODES, Topic.PROCEDURES, Topic.NONE, Topic.SIMILAR):
            continue
        block = place.block
        start, end = (block.cells[0].start, block.cells[0].end) if block.cells else (block.start, block.end)
        if block.kind is BlockKind.PARAGRAPH and _GROUP.match(reading.small, block.start):
            continue
        for token in reading.tokens_in(start, end)[:1] if not block.cells else reading.tokens_in(start, end):
            if token.code and token.code.system in _BILLING:
                groups.setdefault(place.group, []).append(Concept.of(token.code))
    return {number: _weightiest(concepts) for number, concepts in groups.items()}


def _weightiest(concepts: list[Concept]) -> tuple[Concept, ...]:
    """Of codes listed together, those of drugs are the subjects; else those of HCPCS; else all."""
    unique = list(dict.fromkeys(concepts))
    drug_codes = [concept for concept in unique if is_of_drug(concept)]
    return tuple(drug_codes or [concept for concept in unique if concept.kind is Kind.HCPCS] or unique)


def _primary(reading: Reading, places: list[Place], listed: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """What the whole document is about."""
    return (
        _in_first_headings(reading)
        or _weightiest(list(listed))
        or _listed(reading, places)
        or _defined(reading)
        or _dominant(reading)
    )


def _in_first_headings(reading: Reading) -> tuple[Concept, ...]:
    """Codes in the title, or in one of the headings before much else is said."""
    headings = [block for block in reading.document.blocks[:6] if block.kind is BlockKind.HEADING]
    for block in headings:
        codes = _billing_codes(reading, block)
        if codes:
            return _weightiest(codes) if not _has_siblings(reading, block, codes) else ()
    return ()


def _has_siblings(reading: Reading, block: Block, codes: list[Concept]) -> bool:
    """Whether other headings of the same level name other drugs: then each is about its own section only."""
    others = (
        b for b in reading.document.blocks if b.kind is BlockKind.HEADING and b.level == block.level and b is not block
    )
    return any(is_of_drug(c) and c not in codes for other in others for c in _billing_codes(reading, other))


def _listed(reading: Reading, places: list[Place]) -> tuple[Concept, ...]:
    """Codes at the head of the lines under a heading such as "CPT/HCPCS Codes"."""
    codes: list[Concept] = []
    for place in places:
        if place.topic is Topic.CODES and place.block.kind in (
            BlockKind.ROW,
            BlockKind.ITEM,
            BlockKind.PARAGRAPH,
        ):
            block = place.block
            tokens = reading.tokens_in(block.start, block.end)
            if tokens and tokens[0].code and tokens[0].code.system in _BILLING and tokens[0].start - block.start < 4:
                codes.append(Concept.of(tokens[0].code))
    return _weightiest(codes)


def _defined(reading: Reading) -> tuple[Concept, ...]:
    """The first code that one of the first blocks defines, before any table."""
    for block in reading.document.blocks[:12]:
        if block.cells:
            break
        for token in reading.tokens_in(block.start, block.end):
            if token.code and token.code.system in _BILLING and _DEFINES.match(reading.text, token.end, block.end):
                return (Concept.of(token.code),)
    return ()


def _dominant(reading: Reading) -> tuple[Concept, ...]:
    """The code of a drug that at least half of all mentions of drug codes are of, outside of tables of many."""
    tables = [block for block in reading.document.blocks if block.cells]
    counts: Counter[Concept] = Counter()
    for token in reading.tokens:
        if token.concept and is_of_drug(token.concept) and not any(b.start <= token.start < b.end for b in tables):
            counts[token.concept] += 1
    in_tables = {
        t.concept for b in tables for t in reading.tokens_in(b.start, b.end) if t.concept and is_of_drug(t.concept)
    }
    if not counts or len(in_tables) > 1:
        return ()
    code, count = counts.most_common(1)[0]
    return (code,) if 2 * count >= counts.total() else ()


def _billing_codes(reading: Reading, block: Block) -> list[Concept]:
    tokens = reading.tokens_in(block.start, block.end)
    return [token.concept for token in tokens if token.concept and token.concept.kind in _BILLING_KINDS]


def _lead_subjects(reading: Reading, place: Place, groups: dict[int, tuple[Concept, ...]]) -> tuple[Concept, ...]:
    """Subjects that the lead-in of a list names, by code or by drug."""
    if place.lead is None or place.block.kind is BlockKind.HEADING:
        return ()
    if place.block.kind is BlockKind.PARAGRAPH and not _is_entry(reading, place.block):
        return ()
    named = named_subjects(reading, place.lead.start, place.lead.end)
    if named:
        return named
    text = reading.small[place.lead.start : place.lead.end]
    numbers = [int(n) for match in _GROUPS.finditer(text) for n in _numbers(match[1])]
    grouped = tuple(dict.fromkeys(concept for number in numbers for concept in groups.get(number, ())))
    return grouped or (reading.primary if _EVERYTHING.search(text) else ())


def _numbers(text: str) -> list[int]:
    """The numbers of an enumeration or a range: "1, 3 to 5"."""
    found = [int(n) for n in re.findall(r"\d+", text)]
    if re.search(r"to|through|-", text) and len(found) == 2 and 0 < found[1] - found[0] < 100:
        return list(range(found[0], found[1] + 1))
    return found


def named_subjects(reading: Reading, start: int, end: int) -> tuple[Concept, ...]:
    """Known subjects that a stretch of text names, by code or by the name of their drug."""
    codes = [concept for concept in subject_codes(reading, start, end) if concept in reading.known]
    if codes:
        return tuple(codes)
    found: dict[Concept, None] = {}
    for mention in reading.mentions_in(start, end, Kind.DRUG):
        codes_of = sorted(reading.codes_of_drug.get(mention.concept, ()))
        # Where the document is about one of several codes of a drug, the name means that one.
        found.update(dict.fromkeys([code for code in codes_of if code in reading.primary] or codes_of))
    return tuple(found)


@lru_cache(maxsize=4096)
def _codes_of_heading(heading: str) -> tuple[Concept, ...]:
    codes = (token.code for token in find_tokens(heading))
    return tuple(dict.fromkeys(Concept.of(code) for code in codes if code and code.system in _BILLING))


@lru_cache(maxsize=4096)
def _coded_headings(section: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of a section that name billing codes, innermost first; most name none."""
    return tuple(heading for heading in reversed(section) if _codes_of_heading(heading))


def _heading_subjects(reading: Reading, block: Block) -> tuple[Concept, ...]:
    """Subjects that the innermost heading with a billing code names, other than the title's."""
    for heading in _coded_headings(block.section[1:] if reading.primary else block.section):
        drug_codes = [
            code
            for code in _codes_of_heading(heading)
            if is_of_drug(code) or code in reading.known or (code.kind is Kind.HCPCS and not reading.primary)
        ]
        if drug_codes:
            return tuple(drug_codes)
    return ()
