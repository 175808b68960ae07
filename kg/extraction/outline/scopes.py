"""The outline: for every block the scope in which it speaks, from the headings, groups, lead-ins and lines above it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.documents import Block, BlockKind
from kg.extraction.draft import Asked, Qualifiers, Scope
from kg.extraction.lexicon import Effect, Stance, Topic, Where, is_denied, stance_of, topic_of
from kg.extraction.outline.about import (
    BILLING,
    About,
    billing_codes,
    drug_codes,
    drugs_billed,
    drugs_of,
    find_primary,
    is_marked,
    is_titled_policy,
    weightiest,
)
from kg.extraction.relations.conditions import conditions_of_heading
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.text.letters import fold
from kg.extraction.text.text import CodeSpan, Text
from kg.extraction.wording.kept_lists import entry_for
from kg.extraction.wording.objects import outright_requirement
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Qualifier

_FOOTNOTE = re.compile(r"\s*\\?(?P<mark>[*†‡§¶]{1,3}|\[\d\]|\(\d\)|[¹²³⁴])\s*(?P<said>\w.*)", re.DOTALL)
_GROUP = re.compile(r"\s*\W*group\s+(\d{1,3})\b")
_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&|to|through|-)\s*\d{1,3})*)(?!\s*(?:codes?|paragraph)\b)")
_POINTS = re.compile(r"\b(?:following|below|listed here|these (?:codes|diagnoses|conditions)|codes that|support)\b")
# "Group 2 Paragraph: These may be added to J0885" speaks of the list below it.
_THESE = re.compile(r"^(?:Group \d+ Paragraph: )?(?:These|They)\b")
_BELOW = re.compile(r"\bfollowing\b|\bbelow\b")
# "One of the following:" stands within a list, and leads in no other.
_WITHIN = re.compile(
    r"\W*(?:(?:and|or|either|meets?|must|have|has|the|patient) ){0,4}(?:any|all|both|each|either|one|two)(?: or more)? of the following\W*"
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_HEADERS = re.compile(r"\s*(?P<code>[\w/ -]{2,30}\bcodes?)\s+(?:long |short )?descriptions?\s*")
_LONGEST_HEADERS = 60
_LONGEST_TITLE = 50
_LONGEST_LEAD = 200
# Topics of lists of codes, each of which is that of its own section.
_LISTED = frozenset({Topic.CODES, Topic.PROCEDURES, Topic.DIAGNOSES, Topic.MODIFIERS})
_MOST = 12
_LONG = 80
# Topics of sections that any subject may have.
_VAGUE = frozenset({Topic.NONE, Topic.CLINICAL, Topic.PROCEDURES})
# How many headings stand above one that is in a section of its own: the title, and that of the section.
_BELOW_TITLE = 2
_TICK = re.compile(r"\W*(?:[xX✓✔•●]|[Yy](?:es)?|[Nn]o?)\W*")
_EVERYTHING = re.compile(
    r"\b(?:all|any|every|each)\b[^.]{0,25}\b(?:drugs?|codes?|products?)\b[^.]{0,20}\b(?:article|policy|above|listed|list|document|guide|page)\b"
)
_LABEL = re.compile(r"\W{0,3}[A-Z][^.;:\n]{2,50}:?\W{0,3}$")
_LABELLED = re.compile(r"\W{0,3}[A-Za-z][\w /&()'-]{0,40}:\s")
_ENTRY_GAP = re.compile(r"\W*(?:(?:hcpcs|cpt|icd-10(?:-cm)?|j-?)\W*)?(?:codes?\W*)?", re.IGNORECASE)
_SHORT_LABEL = 24
_AND = re.compile(r"\s*(?:,|/|;|and|or|&|\+)?\s*")
# What a line of a code list has behind its code: a separator, or a descriptor; not a verb.
VERBS = r"(?:is|are|was|were|has|have|had|may|must|can|cannot|could|might|should|shall|will|would|does|do|did|never|not|isn|aren|don|doesn|won|replaced|represents|identifies|refers|requires?|needs|pays|goes|covers|supports?|bills?|applies|stands|describes|reports|corresponds|pertains|means)\b"
# Between the name of a drug and its code at the head of a line, and behind the code.
_BESIDE_NAME = re.compile(r"[\s,;(/®™–—-]*(?:\([^()]{1,40}\)[\s,–—-]*)?(?:HCPCS |code |\()*", re.IGNORECASE)
_COLON = re.compile(r"\)?\s*(?::|\s[–—-]\s)")
_OF_LIST = re.compile(
    r"\b(?:codes?|drugs?|medications?|medicines?|products?|services?|injectables?|injections?|biologics?|agents?|items|list)\b"
    r".{0,40}\b(?:requir\w+|needs?|needing|subject to|without|exempt from|under)\b"
)
# "Self-Administered Drug Exclusion List": the reason why the drugs in it are denied.
_LIST = re.compile(r"\blist\b\W*(?:\([^()]*\))?\W*$")
_BRACKETS = re.compile(r"\([^()]*\)")
_VERB = re.compile(rf"\W*(?:\([^()]*\)\s*)?\b{VERBS}", re.IGNORECASE)
_CODE_LISTS = frozenset({Topic.CODES, Topic.PROCEDURES, Topic.NONE, Topic.SIMILAR})


class Outline(NamedTuple):
    """Whom a document speaks of, and the scope of each of its blocks, in their order."""

    about: About
    scopes: Sequence[Scope]


@dataclass(slots=True)
class _Frame:
    """A heading whose section has not ended."""

    level: int
    heading: str
    topic: Topic
    stance: Stance
    subjects: tuple[Concept, ...]
    qualifiers: Qualifiers
    diagnoses: tuple[Code, ...] = ()
    strange: bool = False
    """Whether nothing in its section is about what the document is about."""
    asked: Asked | None = None
    """What it says that coverage asks for of the codes listed below it."""
    conditions: tuple[Concept, ...] = ()
    """The conditions that its heading is the name of, if it is nothing else."""
    foreign: bool = False
    """Whether its heading names a drug, and none that the document is about."""


@dataclass(slots=True)
class _Lead:
    """What a paragraph such as "The following support J3262:" says of the list below it."""

    block: Block
    topic: Topic
    stance: Stance
    subjects: tuple[Concept, ...] = ()
    product: bool = False
    """Whether it is an item that names a product, with what is told of it below."""


@dataclass(slots=True)
class _Walk:
    """Where the walk through the blocks stands."""

    text: Text
    about: About
    frames: list[_Frame] = field(default_factory=list)
    group: int = 0
    lead: _Lead | None = None
    opened: tuple[Concept, ...] = ()
    """The codes of the line or lines that opened a scope of their own."""
    opened_bare: bool = False
    table: int = 0
    next: Block | None = None
    """The block after the one that the walk stands at."""
    captions: Sequence[int] = ()
    """Where the captions of groups without numbers stand."""
    strange: frozenset[int] = frozenset()
    """The offsets at which the headings stand of sections that say nothing of what the document is about."""
    aside: bool = False
    """Whether the last heading or a label below it names a drug, and none of the document's own since."""


def outline(text: Text) -> Outline:
    """Read the headings, groups and lead-ins of a document, and give every block its scope."""
    blocks = text.document.blocks
    codes = drug_codes(text)
    billed = drugs_billed(text, codes)
    captions = _captions(text, blocks)
    in_groups = _listed(text, blocks, codes, captions)
    groups = {number: weightiest(found) for number, found in in_groups.items()}
    listed = tuple(dict.fromkeys(concept for found in groups.values() for concept in found))
    primary, implied = find_primary(text, blocks, codes, in_groups, billed)
    known = frozenset((*primary, *listed, *_spoken_of(text, codes)))
    services = tuple(sorted(concept for concept in known if concept.kind is Kind.CPT))
    own = drugs_of(primary, billed)
    about = About(primary, implied, known, billed, services, codes, groups, dict(_footnotes(text, blocks)), own)
    strange = frozenset(_strange(text, blocks, about)) if implied and primary else frozenset[int]()
    return Outline(about, list(_scopes(_Walk(text, about, captions=captions, strange=strange), blocks)))


def _strange(text: Text, blocks: Sequence[Block], about: About) -> Iterator[int]:
    """Where the headings of sections stand that have no known topic, and in which nothing of the document's own is named.

    A document that nowhere says what it is about speaks of its one code in some of its sections, and not in all.
    """
    named = sorted(
        [m.start for m in text.mentions if m.concept.kind is Kind.DRUG and about.is_own(m.concept)]
        + [span.start for span in text.codes if set(span.concepts) & set(about.primary)]
    )
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    for number, heading in enumerate(headings):
        after = (other.start for other in headings[number + 1 :] if other.level <= heading.level)
        end = next(after, len(text.plain))
        at = bisect_left(named, heading.start)
        if (
            is_marked(text, heading)
            and topic_of(text.words(heading)) in _VAGUE
            and (at == len(named) or named[at] >= end)
        ):
            yield heading.start


def _footnotes(text: Text, blocks: Sequence[Block]) -> Iterator[tuple[str, Stance]]:
    for block in blocks:
        if block.cells or block.kind is BlockKind.HEADING:
            continue
        line = text.document.text.rfind("\n", 0, block.start) + 1
        if match := _FOOTNOTE.match(text.document.text, line, block.end):
            yield match["mark"], stance_of(match["said"][:400], Where.CELL)


def _spoken_of(text: Text, codes: Mapping[int, CodeSpan]) -> Iterator[Concept]:
    """The codes that a heading names, or that a row or a line is about; where tables list them, prose adds none."""
    tabled, told = [], []
    for block, inside in zip(text.document.blocks, text.block_codes, strict=True):
        if not inside:
            continue
        if block.kind is BlockKind.HEADING:
            yield from (s.concept for s in billing_codes(inside) if s.start in codes or s.system is CodeSystem.HCPCS)
            continue
        drugs = [span for span in inside if span.start in codes]
        if block.cells:
            tabled += [drugs[0].concept] if drugs else []
        else:
            told += [span.concept for span in drugs if not _is_beside(text, block, span)]
    yield from tabled
    if len(set(tabled)) < 2:
        yield from told


def _is_beside(text: Text, block: Block, span: CodeSpan) -> bool:
    """Whether a code is named only to set it beside another."""
    hits = text.cues_in(max(block.start, span.start - 60), span.start)
    return any(hit.cue.effect is Effect.BESIDE for hit in hits)


def _listed(
    text: Text, blocks: Sequence[Block], codes: Mapping[int, CodeSpan], captions: Sequence[int]
) -> dict[int, tuple[Concept, ...]]:
    """The codes of each group under headings such as "CPT/HCPCS Codes"; group 0 is the list without a number."""
    of_services = not codes and is_titled_policy(text)  # A policy without drugs is about the procedures that it lists.
    groups: dict[int, list[Concept]] = {}
    supported = apart = False  # Of lists of services with diagnoses between them each has its own.
    walk = _Lists(text, captions)
    for block in blocks:
        if not block.cells and not walk.enter(block):
            continue
        group, topic = walk.group, walk.topic
        own = topic is Topic.CODES or (topic is Topic.PROCEDURES and of_services)
        if own or (group > 0 and topic in _CODE_LISTS):
            head = first_codes(text, block)
            found = [
                s.concept
                for s in head
                if len(s.codes) == 1 and s.system in BILLING and (s.start in codes or not is_drug(s.code))
            ]
            apart = apart or (of_services and group == 0 and bool(found) and supported)
            groups.setdefault(group, []).extend(found)
        elif of_services and topic is Topic.DIAGNOSES and groups.get(0):
            supported = True
    if len(walk.parents) > 1 or apart:
        groups.pop(0, None)  # Each list is that of its own section.
    return {number: tuple(found) for number, found in groups.items() if found}


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

    def enter(self, block: Block) -> bool:
        """Note what a block that is no row says of the codes below it; the answer is whether it may list any."""
        lists = self._enter(block)
        topics = (self.label, self.led, *(topic for _, topic, _ in reversed(self.frames)))
        self.topic = next((topic for topic in topics if topic is not Topic.NONE), Topic.NONE)
        return lists

    def _enter(self, block: Block) -> bool:
        text = self.text
        match = _GROUP.match(text.small, block.start, block.end)
        if block.kind is BlockKind.HEADING:
            self._enter_heading(block, numbered=match is not None)
        if match:
            self.group = int(match[1])
            return False
        if (labelled := _headers_in_lines(text, block)) is not None:
            self.label = labelled
            return False
        if block.kind is BlockKind.PARAGRAPH and not first_codes(text, block):
            self.led = _listed_below(text, block)
        return True

    def _enter_heading(self, block: Block, *, numbered: bool) -> None:
        self.frames = frames = [frame for frame in self.frames if frame[0] < block.level]
        if numbered:
            return
        frames.append((block.level, topic_of(self.text.words(block)), block.start))
        self.group, self.label, self.led = _unnumbered(self.captions, block), Topic.NONE, Topic.NONE
        if len(frames) > _BELOW_TITLE and frames[-1][1] is Topic.CODES is not frames[-2][1]:
            self.parents.add(frames[-2][2])


def _listed_below(text: Text, block: Block) -> Topic:
    """Whether a paragraph leads in a list of codes: "This policy is for all of these codes:"."""
    leads = block.end - block.start < _LONGEST_LEAD and _ends_with(":", text, block)
    return Topic.CODES if leads and topic_of(text.words(block)) is Topic.CODES else Topic.NONE


def _captions(text: Text, blocks: Sequence[Block]) -> list[int]:
    """Where the captions of groups without numbers stand: "Rituxan Hycela:" before the same headings once more."""
    found: list[int] = []
    seen: set[str] = set()
    caption: int | None = None
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            continue
        words = text.words(block)
        topic = topic_of(words)
        if topic is Topic.NONE and words.endswith(":"):
            caption = block.start
        elif topic is Topic.CODES:
            name = words.rstrip(" :").lower()
            if name in seen and caption is not None:
                found.append(caption)
                seen.clear()
            seen.add(name)
            caption = None
    return found


def _unnumbered(captions: Sequence[int], block: Block) -> int:
    """The group without a number that a block stands in: below 0, or 0 where a document has no captions of groups."""
    return -1 - bisect_right(captions, block.start) if captions else 0


def _headers_in_lines(text: Text, block: Block) -> Topic | None:
    """The topic of a line that has the headers of a table whose cells are lines: "HCPCS Code / Description"."""
    if block.cells or block.kind is not BlockKind.PARAGRAPH or block.end - block.start > _LONGEST_HEADERS:
        return None
    return topic_of(match["code"]) if (match := _HEADERS.fullmatch(text.small, block.start, block.end)) else None


def first_codes(text: Text, block: Block) -> list[CodeSpan]:
    """The codes that a line or a row begins with, joined by commas alone; none where other words come first."""
    end = block.end
    start = block.start
    if block.cells:
        start, end = next(((c.start, c.end) for c in block.cells if c.end > c.start), (start, end))
    found = text.codes_in(start, end)
    if not found or not _ENTRY_GAP.fullmatch(text.plain, start, found[0].start):
        return []
    last = 1
    billing = found[0].system in BILLING
    while (
        last < len(found)
        and (found[last].system in BILLING) == billing
        and _AND.fullmatch(text.plain, found[last - 1].end, found[last].start)
    ):
        last += 1
    return found[:last]


def _scopes(walk: _Walk, blocks: Sequence[Block]) -> Iterator[Scope]:
    ticked = _ticked(walk.text, blocks)
    before: tuple[int, Scope] | None = None
    for number, block in enumerate(blocks):
        if before and block.table == before[0] and len(block.cells) > 1:
            yield before[1]  # A row of several cells changes nothing, and stands where the one above it does.
            continue
        walk.next = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.kind is BlockKind.HEADING:
            _enter_heading(walk, block)
        elif block.kind is not BlockKind.NAVIGATION:
            _enter_block(walk, block)
        scope = _scope(walk, block)
        _hear(walk, block)
        before = (block.table, scope) if block.table and len(block.cells) > 1 else None
        yield scope._replace(subjects=()) if number in ticked and len(scope.subjects) > 1 else scope


def _hear(walk: _Walk, block: Block) -> None:
    """Note whose section goes on: a heading or a label that names another drug alone opens one of that drug."""
    titled = block.kind is BlockKind.HEADING
    walk.aside = walk.aside and not titled
    if block.cells or block.kind is BlockKind.NAVIGATION:
        return
    text, about = walk.text, walk.about
    drugs = text.mentions_in(block.start, block.end, Kind.DRUG)
    inside = [span for span in text.codes_in(block.start, block.end) if span.start in about.drug_codes]
    if any(about.is_own(m.concept) for m in drugs) or any(span.concept in about.primary for span in inside):
        walk.aside = False
    elif drugs or inside:
        walk.aside = walk.aside or titled or _ends_with(":", text, block)


def _ticked(text: Text, blocks: Sequence[Block]) -> set[int]:
    """The lines of codes below which marks stand, one a line: for which of several subjects each is, nobody can tell."""
    found: set[int] = set()
    code: int | None = None
    for number, block in enumerate(blocks):
        if block.cells or block.kind is BlockKind.HEADING:
            code = None
        elif first_codes(text, block):
            code = number
        elif code is not None and _TICK.fullmatch(text.plain, block.start, block.end):
            found.add(code)
            code = None
    return found


def _enter_heading(walk: _Walk, block: Block) -> None:
    text, heading = walk.text, walk.text.words(block)
    if match := _GROUP.match(text.small, block.start, block.end):
        lead = _Lead(block, Topic.NONE, Stance(), subjects_named(text, walk.about, block.start, block.end))
        walk.lead = lead if lead.subjects else walk.lead if int(match[1]) == walk.group else None
        walk.group = int(match[1])
        walk.opened = ()
        return
    topic, stance = topic_of(heading), stance_of(heading, Where.HEADING)
    if topic is Topic.NONE and _topic(walk) is Topic.ASIDE and not is_marked(text, block):
        topic = Topic.ASIDE  # In a list of references a line may look like a heading.
    subjects = _subjects_of_heading(walk, block, topic)
    if not subjects and heading.endswith(":"):
        subjects = _subjects_of_lead(walk, block)
    ended = [frame for frame in walk.frames if frame.level >= block.level]
    walk.frames = [frame for frame in walk.frames if frame.level < block.level]
    if not subjects and ended and _goes_on(walk, ended[0], topic):
        subjects = ended[0].subjects
    walk.group, walk.lead, walk.opened = _unnumbered(walk.captions, block), None, ()
    diagnoses = () if stance.says_something else _diagnoses_of(text, block)
    walk.frames.append(
        _Frame(
            block.level,
            heading,
            topic,
            stance,
            subjects,
            _payer_of(text, block),
            diagnoses,
            block.start in walk.strange,
            _asked_of_list(heading),
            conditions_of_heading(heading),
            not subjects and _is_foreign(walk, block),
        )
    )


def _is_foreign(walk: _Walk, block: Block) -> bool:
    drugs = walk.text.mentions_in(block.start, block.end, Kind.DRUG)
    return bool(drugs) and not any(walk.about.is_own(one.concept) for one in drugs)


@lru_cache(maxsize=256)
def _asked_of_list(heading: str) -> Asked | None:
    """What a heading says that coverage asks for of the codes below it: "Codes that need no preauthorization"."""
    small = fold(heading)
    if _LIST.search(small) and (reason := entry_for(Kind.DENIAL, _BRACKETS.sub("", heading))):
        return Asked(Concept(Kind.DENIAL, reason, reason.replace("-", " ")), Polarity.AFFIRMED)
    if not _OF_LIST.search(small) or small.rstrip().endswith("?"):
        return None
    worded = outright_requirement(heading.rstrip(" :"))
    if worded is None:
        return None
    no = is_denied(small[: worded.start]) or stance_of(heading, Where.HEADING).excludes
    return Asked(worded.concept, Polarity.EXCLUDED if no else Polarity.AFFIRMED)


def _goes_on(walk: _Walk, ended: _Frame, topic: Topic) -> bool:
    """Whether a section is still about what the one before it names, in a text whose headings all have one level."""
    if topic is Topic.NONE or any(frame.subjects for frame in walk.frames):
        return False
    several = len(walk.about.primary) > 1
    alike = ended.topic in (Topic.NONE, topic, Topic.CODES, Topic.DIAGNOSES, Topic.PROCEDURES)
    return not walk.about.primary or (several and alike)


def _subjects_of_heading(walk: _Walk, block: Block, topic: Topic) -> tuple[Concept, ...]:
    """The codes that a heading names, by code or by drug; none where it sets them beside the document's own."""
    # What a question names is asked about, and no subject.
    if (topic is Topic.SIMILAR or _ends_with("?", walk.text, block)) and walk.about.primary:
        return ()
    spans = walk.text.codes_in(block.start, block.end)
    found = [span.concept for span in spans if span.start in walk.about.drug_codes]
    if not found and not (topic in (Topic.MODIFIERS, Topic.DIAGNOSES) and walk.about.primary):
        named = [span.concept for span in billing_codes(spans)]
        found = [concept for concept in named if not is_of_drug(concept)]
    if found:
        return tuple(dict.fromkeys(found))
    drugs = dict.fromkeys(m.concept for m in walk.text.mentions_in(block.start, block.end, Kind.DRUG))
    called = dict.fromkeys(code for drug in drugs for code in walk.about.codes_called(drug))
    if _ends_with(":", walk.text, block) and len(walk.about.primary) > 1:
        return tuple(code for code in called if code in walk.about.primary)  # The caption of a group of a policy.
    return tuple(called) if len(drugs) == 1 and len(called) == 1 else ()


def _diagnoses_of(text: Text, block: Block) -> tuple[Code, ...]:
    """The diagnoses that a heading begins with, where it names no other codes: "L40.50 Arthropathic psoriasis"."""
    head = first_codes(text, block)
    if not head or len(head) < len(text.codes_in(block.start, block.end)):
        return ()
    return tuple(
        code for span in head for code in span.codes if code.system is CodeSystem.ICD10CM and "." in code.value
    )


def _ends_with(mark: str, text: Text, block: Block) -> bool:
    return text.plain[block.start : block.end].rstrip().endswith(mark)


def _payer_of(text: Text, block: Block) -> Qualifiers:
    """The one payer that a heading names, for whom its section speaks."""
    payers = dict.fromkeys(mention.concept for mention in text.mentions_in(block.start, block.end, Kind.PAYER))
    return tuple((Qualifier.FOR_PAYER, payer) for payer in payers) if len(payers) == 1 else ()


def _enter_block(walk: _Walk, block: Block) -> None:
    text = walk.text
    if not block.cells and (match := _GROUP.match(text.small, block.start, block.end)):
        number = int(match[1])
        walk.lead = walk.lead if number == walk.group else None
        walk.group = number
        if len(text.words(block)) < _SHORT_LABEL:
            return
    head = first_codes(text, block) if block.table == 0 or len(block.cells) == 1 else []
    if (headed := _headers_in_lines(text, block)) is not None:
        walk.lead = _Lead(block, headed, Stance())
    elif block.kind is BlockKind.PARAGRAPH and not head:
        within = walk.lead is not None and _WITHIN.fullmatch(text.small, block.start, block.end)
        walk.lead = walk.lead if within else _lead_of(walk, block)
    elif block.kind is BlockKind.ITEM and not head and _heads_list(walk, block):
        topic = topic_of(text.words(block))
        if topic is not Topic.NONE:
            walk.lead = _Lead(block, topic, stance_of(text.words(block), Where.HEADING))
        elif (walk.lead is None or walk.lead.product) and text.mentions_in(block.start, block.end, Kind.DRUG):
            walk.lead = _Lead(block, Topic.NONE, Stance(), product=True)
    elif block.table and block.table != walk.table and not block.cells:
        walk.lead = None
    walk.table = block.table or walk.table
    _open(walk, block, head or _code_behind_name(walk, block))


def _heads_list(walk: _Walk, block: Block) -> bool:
    """Whether a list item is a label of what follows it: it ends with a colon, or items below it are deeper."""
    if not _LABEL.match(walk.text.plain, block.start, block.end):
        return False
    below = (
        walk.next is not None
        and walk.next.kind is BlockKind.ITEM
        and _depth(walk.text, walk.next) > _depth(walk.text, block)
    )
    return below or _ends_with(":", walk.text, block)


def _depth(text: Text, block: Block) -> tuple[int, int]:
    """How deep an item stands in its list: its level where the format has them, else how far it is indented."""
    return block.level, block.start - text.document.text.rfind("\n", 0, block.start)


def _code_behind_name(walk: _Walk, block: Block) -> list[CodeSpan]:
    """The code of a drug that its name stands before at the head of a line: "Xiaflex, J0775: …"."""
    text = walk.text
    if block.cells or block.end - block.start < _SHORT_LABEL:
        return []
    near = min(block.end, block.start + _LONG)
    names = text.mentions_in(block.start, near, Kind.DRUG)
    spans = [span for span in text.codes_in(block.start, near) if span.start in walk.about.drug_codes]
    if not names or not spans or not _ENTRY_GAP.fullmatch(text.plain, block.start, names[0].start):
        return []
    last = [name for name in names if name.end <= spans[0].start][-1:]
    beside = last and _BESIDE_NAME.fullmatch(text.plain, last[0].end, spans[0].start)
    return spans[:1] if beside and _COLON.match(text.plain, spans[0].end, block.end) else []


def _open(walk: _Walk, block: Block, head: list[CodeSpan]) -> None:
    """A line that begins with the code of a drug opens that code's own scope, and ends the former one."""
    own = tuple(dict.fromkeys(span.concept for span in head if span.start in walk.about.drug_codes))
    if not own or _VERB.match(walk.text.plain, head[-1].end, block.end):
        walk.opened_bare = False  # Codes share what follows only where nothing stands between them.
        if (
            not own
            and not head
            and block.kind is BlockKind.PARAGRAPH
            and (walk.about.primary or _moves_on(walk, block))
        ):
            walk.opened = ()
        return
    behind = walk.text.codes_in(head[-1].end, block.end)
    if any(span.start in walk.about.drug_codes for span in behind):
        walk.opened, walk.opened_bare = (), False  # A line that lists several drugs is about none of them.
        return
    bare = not any(span.system not in BILLING for span in behind)
    if bare and walk.opened_bare and walk.opened:
        walk.opened = tuple(dict.fromkeys((*walk.opened, *own)))
    else:
        walk.opened = own
    walk.opened_bare = bare


def _moves_on(walk: _Walk, block: Block) -> bool:
    """Whether a paragraph of whole sentences names none of the codes that a line above has opened."""
    if not _is_free_prose(walk, block) or block.end - block.start < _LONG:
        return False
    named = {span.concept for span in walk.text.codes_in(block.start, block.end) if len(span.codes) == 1}
    return not named & set(walk.opened) and walk.text.plain[block.end - 1 : block.end] in ".!"


def _lead_of(walk: _Walk, block: Block) -> _Lead | None:
    text = walk.text
    small = text.small[block.start : block.end].rstrip()
    points = small.endswith(":") or _POINTS.search(small) is not None
    if not points and len(small) < _LONGEST_TITLE and small[-1:].isalpha() and not first_codes(text, block):
        topic = topic_of(text.words(block))  # A line that stands alone as a title does.
        return _Lead(block, topic, Stance()) if topic is not Topic.NONE else None
    if not points and not (walk.group and _topic(walk) is not Topic.NONE):
        return None
    pointing = _SENTENCES.split(text.words(block))[-1]
    if not (pointing.endswith(":") or _BELOW.search(pointing)):
        stance = stance_of(pointing, Where.HEADING) if _THESE.search(pointing) else Stance()
        return _Lead(block, Topic.NONE, stance, _subjects_of_lead(walk, block))
    topic = topic_of(pointing) if pointing.endswith(":") else Topic.NONE
    return _Lead(block, topic, stance_of(pointing, Where.HEADING), _subjects_of_lead(walk, block))


def _subjects_of_lead(walk: _Walk, block: Block) -> tuple[Concept, ...]:
    """Subjects that a lead-in names: by code, by drug, by the number of their group, or as "all codes of this article"."""
    if named := subjects_named(walk.text, walk.about, block.start, block.end):
        return named
    small = walk.text.small[block.start : block.end]
    numbers = [int(n) for match in _GROUPS.finditer(small) for n in _numbers(match[1])]
    grouped = tuple(dict.fromkeys(concept for number in numbers for concept in walk.about.groups.get(number, ())))
    return grouped or (walk.about.primary if _EVERYTHING.search(small) else ())


def subjects_named(text: Text, about: About, start: int, end: int) -> tuple[Concept, ...]:
    """The codes that a stretch of text names as those it speaks of, by code or by the name of their drug."""
    spans = billing_codes(text.codes_in(start, end))
    found = dict.fromkeys(span.concept for span in spans if span.start in about.drug_codes or not is_drug(span.code))
    named = [concept for concept in found if concept in about.known]
    if named:
        return tuple([concept for concept in named if is_of_drug(concept)] or named)
    called: dict[Concept, None] = {}
    for mention in text.mentions_in(start, end, Kind.DRUG):
        called.update(dict.fromkeys(about.codes_called(mention.concept)))
    return tuple(called)


def _numbers(text: str) -> list[int]:
    """The numbers of an enumeration or a range: "1, 3 to 5"."""
    found = [int(n) for n in re.findall(r"\d+", text)]
    if re.search(r"to|through|-", text) and len(found) == 2 and 0 < found[1] - found[0] < 100:
        return list(range(found[0], found[1] + 1))
    return found


def _topic(walk: _Walk) -> Topic:
    return next((frame.topic for frame in reversed(walk.frames) if frame.topic is not Topic.NONE), Topic.NONE)


def _scope(walk: _Walk, block: Block) -> Scope:
    frame = walk.frames[-1] if walk.frames else None
    lead = walk.lead if walk.lead and walk.lead.block is not block else None
    topic, stance = _topic_and_stance(walk, lead)
    section = frame.heading if frame else ""
    subjects = _subjects(walk, block, lead, topic)
    if len(subjects) > _MOST and _is_free_prose(walk, block):
        subjects = ()  # What is said in a document of dozens of codes is seldom said of all of them.
    asked = next((one.asked for one in reversed(walk.frames) if one.asked), None)
    diagnoses, conditions = (frame.diagnoses, frame.conditions) if frame else ((), ())
    led = (lead.block.start, lead.block.end) if lead else (0, 0)
    return Scope(subjects, topic, stance, section, _qualifiers(walk), diagnoses, asked, conditions, led)


def _topic_and_stance(walk: _Walk, lead: _Lead | None) -> tuple[Topic, Stance]:
    """The topic of the innermost heading that has one, and what that heading or one within it says yes or no to."""
    if any(frame.topic is Topic.ASIDE for frame in walk.frames):
        return Topic.ASIDE, Stance()
    topic, stance = Topic.NONE, Stance()
    for frame in reversed(walk.frames):
        if stance.polarity is None and frame.topic is not Topic.DENIALS:
            stance = Stance(frame.stance.polarity)
        if frame.topic is not Topic.NONE:
            topic = frame.topic
            break
    if lead is not None:
        if lead.topic is not Topic.NONE and lead.topic is not topic:
            return lead.topic, lead.stance
        stance = lead.stance if lead.stance.excludes else Stance(stance.polarity, lead.stance.strength)
    return topic, stance


def _subjects(walk: _Walk, block: Block, lead: _Lead | None, topic: Topic) -> tuple[Concept, ...]:
    if topic is Topic.SIMILAR and walk.about.primary:
        return walk.about.primary
    if walk.opened and (not _is_free_prose(walk, block) or not walk.about.known - set(walk.opened)):
        return walk.opened
    if lead and lead.subjects:
        return lead.subjects
    if walk.group and topic is not Topic.CODES and walk.group in walk.about.groups:
        return walk.about.groups[walk.group]
    for frame in reversed(walk.frames):
        if frame.foreign and topic in _LISTED and frame is not walk.frames[0]:
            return ()
        if frame.subjects:
            return walk.about.primary or frame.subjects if frame is walk.frames[0] else frame.subjects
    if walk.about.implied:
        strange = walk.aside or any(frame.strange for frame in walk.frames)
    else:
        strange = walk.aside and topic is Topic.NONE  # "Ocrevus Zunovo" in a policy on Ocrevus.
    return () if strange else walk.about.primary


def _is_free_prose(walk: _Walk, block: Block) -> bool:
    """Whether a paragraph is neither a line of codes nor a label with its value: whose it is, its place does not tell."""
    if block.kind is not BlockKind.PARAGRAPH or first_codes(walk.text, block):
        return False
    return not _LABELLED.match(walk.text.plain, block.start, block.end)


def _qualifiers(walk: _Walk) -> Qualifiers:
    return next((frame.qualifiers for frame in reversed(walk.frames) if frame.qualifiers), ())
