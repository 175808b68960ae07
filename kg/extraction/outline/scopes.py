"""For every block the scope in which it speaks, from the headings, groups, lead-ins and lines above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.draft import Qualifiers, Scope
from kg.extraction.lexicon import Stance, Topic
from kg.extraction.outline.entries import VERBS, code_behind_name, first_codes
from kg.extraction.outline.grids import ticked_subjects
from kg.extraction.outline.leads import depth_of, heads_list, lead_of, lead_of_item
from kg.extraction.outline.lists import GROUP, headers_in_lines
from kg.extraction.outline.payers import payer_labelled
from kg.extraction.outline.sections import enter_heading
from kg.extraction.outline.walk import LISTED, Lead, Walk
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import CodeSystem, Concept, Kind, Qualifier

# "One of the following:" stands within a list, and leads in no other.
_WITHIN = re.compile(
    r"\W*(?:(?:and|or|either|meets?|must|have|has|the|patient) ){0,4}(?:any|all|both|each|either|one|two)(?: or more)? of the following\W*"
)
# "J1745 is covered for members with any of the following diagnoses:"
_LEADS_USES = re.compile(
    r"\b(?:is|are|be|considered) (?:medically necessary|covered|approved|indicated)\b[^.]*\bfollowing (?:\w+ ){0,2}(?:conditions|indications|diagnos[ei]s|diseases|uses):\W*$"
)
_MOST = 12
_LONG = 80
_LABELLED = re.compile(r"\W{0,3}[A-Za-z][\w /&()'-]{0,40}:\s")
_SHORT_LABEL = 24
_VERB = re.compile(rf"\W*(?:\([^()]*\)\s*)?\b{VERBS}", re.IGNORECASE)


def scopes_of(walk: Walk, blocks: Sequence[Block]) -> Iterator[Scope]:
    """The scope of each block of a document, in their order."""
    ticked = ticked_subjects(walk.text, blocks, walk.about.drug_codes)
    before: tuple[int, Scope] | None = None
    for number, block in enumerate(blocks):
        if before and block.table == before[0] and len(block.cells) > 1:
            yield before[1]  # A row of several cells changes nothing, and stands where the one above it does.
            continue
        walk.previous = blocks[number - 1] if number else None
        walk.next = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.kind is BlockKind.HEADING:
            enter_heading(walk, block)
            walk.outermost = None
        elif block.kind is not BlockKind.NAVIGATION:
            _enter_block(walk, block)
        scope = _scope(walk, block)
        _note_aside(walk, block)
        before = (block.table, scope) if block.table and len(block.cells) > 1 else None
        yield scope._replace(subjects=ticked[number]) if number in ticked and len(scope.subjects) > 1 else scope


def _note_aside(walk: Walk, block: Block) -> None:
    """Note whether an aside begins or ends: a heading or a label that names only another drug begins one on that drug."""
    titled = block.kind is BlockKind.HEADING
    walk.aside = walk.aside and not titled
    if block.cells or block.kind is BlockKind.NAVIGATION:
        return
    text, about = walk.text, walk.about
    drugs = text.mentions_in(block.start, block.end, Kind.DRUG)
    inside = about.drug_spans_in(text, block.start, block.end)
    if any(about.is_own(m.concept) for m in drugs) or any(span.concept in about.primary for span in inside):
        walk.aside = False
    elif drugs or inside:
        walk.aside = walk.aside or titled or text.ends_with(":", block)


def _enter_block(walk: Walk, block: Block) -> None:
    text = walk.text
    _note_payer(walk, block)
    if not block.cells and (match := GROUP.match(text.small, block.start, block.end)):
        number = int(match[1])
        walk.lead = walk.lead if number == walk.group else None
        walk.group = number
        if len(text.words(block)) < _SHORT_LABEL:
            return
    head = first_codes(text, block) if block.table == 0 or len(block.cells) == 1 else []
    if (header_topic := headers_in_lines(text, block)) is not None:
        walk.lead = Lead(block, header_topic, Stance())
    elif block.kind is BlockKind.PARAGRAPH and (not head or _LEADS_USES.search(text.small, block.start, block.end)):
        within = walk.lead is not None and _WITHIN.fullmatch(text.small, block.start, block.end)
        walk.lead = walk.lead if within else lead_of(walk, block)
    elif block.kind is BlockKind.ITEM:
        depth = depth_of(text, block)
        walk.outermost = depth if walk.outermost is None else min(walk.outermost, depth)
        _end_item_leads(walk, block)
        if not head and heads_list(walk, block):
            walk.lead = lead_of_item(walk, block) or walk.lead
    elif block.table and block.table != walk.table and not block.cells:
        walk.lead = None
    walk.table = block.table or walk.table
    _open(walk, block, head or code_behind_name(text, walk.about, block))


def _note_payer(walk: Walk, block: Block) -> None:
    """Note for whom a section speaks from here on, where a label names a payer and nothing else: "Plan: Humana"."""
    if block.cells or block.end - block.start > _LONG:
        return
    label, payer = payer_labelled(walk.text, block)
    if payer is None:
        return
    qualifiers = ((Qualifier.FOR_PAYER, payer),)
    frame = walk.frames[-1] if walk.frames else None
    if frame is None:
        walk.payer = qualifiers
    elif not frame.qualifiers or frame.payer_label == label:
        frame.qualifiers, frame.payer_label = qualifiers, label


def _end_item_leads(walk: Walk, block: Block) -> None:
    """What an item says of deeper ones ends with the first that is no deeper."""
    while walk.lead and walk.lead.depth is not None and depth_of(walk.text, block) <= walk.lead.depth:
        walk.lead = walk.lead.outer


def _open(walk: Walk, block: Block, head: list[CodeSpan]) -> None:
    """A line that begins with the code of a drug opens that code's own scope, and ends the former one."""
    drug_codes = tuple(dict.fromkeys(span.concept for span in head if span.start in walk.about.drug_codes))
    if not drug_codes or _VERB.match(walk.text.plain, head[-1].end, block.end):
        if head and head[0].system is CodeSystem.HCPCS and (walk.opened_bare or walk.topic() is Topic.CODES):
            walk.opened = ()  # Another product of a list of them: what follows is no more of those above than of it.
        walk.opened_bare = False  # Codes share what follows only where nothing stands between them.
        if (
            not drug_codes
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
        walk.share(drug_codes)
    else:
        walk.opened = drug_codes
    walk.opened_bare = bare


def _moves_on(walk: Walk, block: Block) -> bool:
    """Whether a paragraph of whole sentences names none of the codes that a line above has opened."""
    if not _is_free_prose(walk.text, block) or block.end - block.start < _LONG:
        return False
    concepts = {span.concept for span in walk.text.codes_in(block.start, block.end) if len(span.codes) == 1}
    return not concepts & set(walk.opened) and walk.text.plain[block.end - 1 : block.end] in ".!"


def _is_free_prose(text: Text, block: Block) -> bool:
    """Whether a paragraph is neither a line of codes nor a label with its value, so that its place names no subject."""
    if block.kind is not BlockKind.PARAGRAPH or first_codes(text, block):
        return False
    return not _LABELLED.match(text.plain, block.start, block.end)


def _scope(walk: Walk, block: Block) -> Scope:
    frame = walk.frames[-1] if walk.frames else None
    lead = walk.lead if walk.lead and walk.lead.block is not block else None
    topic, stance = _topic_and_stance(walk, lead)
    section = frame.heading if frame else ""
    subjects = _subjects(walk, block, lead, topic)
    if len(subjects) > _MOST and _is_free_prose(walk.text, block):
        subjects = ()  # What is said in a document of dozens of codes is seldom said of all of them.
    demand = next((frame_above.demand for frame_above in reversed(walk.frames) if frame_above.demand), None)
    diagnoses, conditions = (frame.diagnoses, frame.conditions) if frame else ((), ())
    lead_span = (lead.block.start, lead.block.end) if lead else (0, 0)
    nested = block.kind is BlockKind.ITEM and walk.outermost is not None and depth_of(walk.text, block) > walk.outermost
    return Scope(
        subjects,
        topic,
        stance,
        section,
        _qualifiers(walk),
        diagnoses,
        demand,
        conditions,
        lead_span,
        frame is not None and frame.of_use,
        nested,
        walk.listed.get(block.start, ()),
    )


def _topic_and_stance(walk: Walk, lead: Lead | None) -> tuple[Topic, Stance]:
    """The topic of the innermost heading that has one, and what that heading or one within it says yes or no to."""
    if any(frame.topic is Topic.ASIDE for frame in walk.frames):
        return Topic.ASIDE, Stance()
    topic, polarity, doubted = Topic.NONE, None, False
    for frame in reversed(walk.frames):
        # Below "Not covered" a heading such as "Diagnosis codes" says of what kind the codes are, and takes nothing back.
        is_general = topic in LISTED and frame.topic in (Topic.NONE, topic)
        speaks = topic is Topic.NONE or (is_general and frame.stance.excludes)
        if polarity is None and speaks and frame.topic is not Topic.DENIALS:
            polarity, doubted = frame.stance.polarity, frame.stance.doubted
        if topic is Topic.NONE:
            topic = frame.topic
    stance = Stance(polarity, doubted=doubted)
    if lead is not None:
        if lead.topic is not Topic.NONE and lead.topic is not topic:
            return lead.topic, lead.stance
        doubted = doubted or lead.stance.doubted
        stance = lead.stance if lead.stance.excludes else Stance(stance.polarity, lead.stance.strength, doubted)
    return topic, stance


def _subjects(walk: Walk, block: Block, lead: Lead | None, topic: Topic) -> tuple[Concept, ...]:
    if topic is Topic.OTHERS:
        return ()
    if topic is Topic.SIMILAR and walk.about.primary:
        return walk.about.primary
    if walk.opened and (not _is_free_prose(walk.text, block) or not walk.about.known - set(walk.opened)):
        return walk.opened
    if lead and lead.subjects:
        return lead.subjects
    if walk.group and topic is not Topic.CODES and walk.group in walk.about.groups:
        return walk.about.groups[walk.group]
    for frame in reversed(walk.frames):
        if frame.foreign and topic in LISTED and frame is not walk.frames[0]:
            return ()
        if frame.subjects:
            return walk.about.primary or frame.subjects if frame is walk.frames[0] else frame.subjects
    if walk.about.implied:
        strange = walk.aside or any(frame.strange for frame in walk.frames)
    else:
        strange = walk.aside and topic is Topic.NONE  # "Ocrevus Zunovo" in a policy on Ocrevus.
    return () if strange else walk.about.primary


def _qualifiers(walk: Walk) -> Qualifiers:
    return next((frame.qualifiers for frame in reversed(walk.frames) if frame.qualifiers), walk.payer)
