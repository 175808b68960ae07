"""Sections: what a heading says of all that stands below it."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.draft import Qualifiers
from kg.extraction.lexicon import Stance, Topic, Where, stance_of, topic_of
from kg.extraction.outline.demands import demand_of_list
from kg.extraction.outline.entries import first_codes
from kg.extraction.outline.lists import GROUP, unnumbered
from kg.extraction.outline.subjects import is_foreign, subjects_named, subjects_of_heading, subjects_of_lead
from kg.extraction.outline.titles import is_marked, is_title
from kg.extraction.outline.walk import Frame, Lead, Walk, names_kind
from kg.extraction.relations.conditions import conditions_of_heading
from kg.extraction.relations.spelled_out import spelled_out
from kg.extraction.text.text import Text
from kg.model import Code, CodeSystem, Kind, Qualifier

# So many words are more than the name of an aside, such as "References".
_LONG_TITLE = 6
# "Indication Specific Approval Criteria", "Covered uses": a condition that heads a section below is one of them.
_USES = re.compile(
    r"^\W*criteria\W*$|\b(?:indications?|(?:approval|coverage|authorization|clinical|initial|universal) criteria|(?:covered|approved|labell?ed|off-label) (?:uses?|conditions?|diagnos[ie]s))\b"
)


def enter_heading(walk: Walk, block: Block) -> None:
    """Open the section of a heading, which ends those of its level and below; the number of a group opens none."""
    text, heading = walk.text, walk.text.words(block)
    if match := GROUP.match(text.small, block.start, block.end):
        lead = Lead(block, Topic.NONE, Stance(), subjects_named(text, walk.about, block.start, block.end))
        walk.lead = lead if lead.subjects else walk.lead if int(match[1]) == walk.group else None
        walk.group = int(match[1])
        walk.opened = ()
        return
    topic, stance = topic_of(heading), _stance_of(heading)
    if topic is Topic.NONE and walk.topic() is Topic.ASIDE and not is_marked(text, block):
        topic = Topic.ASIDE  # In a list of references a line may look like a heading.
    if topic is Topic.ASIDE and is_title(text, block) and len(heading.split()) >= _LONG_TITLE:
        topic = Topic.NONE  # "Excluded drugs with preferred alternatives" is a list of these, and no aside.
    if block.start in walk.claims:
        topic = Topic.ASIDE
    subjects = subjects_of_heading(text, walk.about, block, topic, walk.previous)
    subjects = subjects or walk.services.get(block.start, ())
    if not subjects and heading.endswith(":"):
        subjects = subjects_of_lead(text, walk.about, block)
    ended = [frame for frame in walk.frames if frame.level >= block.level]
    if names_kind(heading, topic) and not stance.says_something and not is_marked(text, block):
        stance = walk.denial_above() or _carried_on(ended, topic)
    walk.frames = [frame for frame in walk.frames if frame.level < block.level]
    if not subjects and ended and _goes_on(walk, ended[0], topic):
        subjects = ended[0].subjects
    conditions = conditions_of_heading(spelled_out(heading, text.short_forms))
    of_use = _USES.search(heading.lower()) is not None or any(frame.of_use for frame in walk.frames)
    if conditions and topic is Topic.NONE and (use := _topic_of_use(walk, ended, block)):
        topic, of_use = use, True
    walk.group, walk.lead, walk.opened = unnumbered(walk.captions, block), None, ()
    diagnoses = () if stance.says_something else _diagnoses_of(text, block)
    walk.frames.append(
        Frame(
            block.level,
            heading,
            topic,
            stance,
            subjects,
            _payer_of(text, block),
            diagnoses,
            block.start in walk.strange,
            demand_of_list(heading),
            conditions,
            of_use,
            block.start in walk.services,
            not subjects and is_foreign(text, walk.about, block),
        )
    )


def _stance_of(heading: str) -> Stance:
    """What a heading says yes or no to; one in brackets, "(Rev. 17, effective: not applicable)", says since when it holds."""
    return Stance() if heading.startswith("(") else stance_of(heading, Where.HEADING)


def _topic_of_use(walk: Walk, ended: list[Frame], block: Block) -> Topic | None:
    """What a heading that names a disease is about, where the paragraph or the headings above promise uses; else None."""
    if _leads_in_uses(walk):
        return Topic.REQUIREMENTS
    return ended[0].topic if ended and _is_use(walk, ended[0], block) else None


def _is_use(walk: Walk, ended: Frame, block: Block) -> bool:
    """Whether a heading that names a condition stands right below one on criteria or uses, or goes on with the next one."""
    if not ended.of_use or ended.level != block.level:
        return False
    if ended.conditions:
        return True
    above = walk.previous
    return above is not None and above.kind is BlockKind.HEADING and walk.text.words(above) == ended.heading


# "… is considered medically necessary when the following criteria are met:", and below it a disease as a heading.
_LEADS_USES = re.compile(
    r"\b(?:medically necessary|covers?|covered|approved?|authori[sz]ed|considered)\b.*\bfollowing (?:\w+ ){0,2}(?:criteria|conditions|indications|diagnos[ei]s|uses)\b"
)


def _leads_in_uses(walk: Walk) -> bool:
    """Whether the paragraph right above a heading says that what follows are uses, or what is asked for in each."""
    lead = walk.lead
    if lead is None or lead.block is not walk.previous or lead.stance.excludes:
        return False
    return _LEADS_USES.search(walk.text.small, lead.block.start, lead.block.end) is not None


def _carried_on(ended: list[Frame], topic: Topic) -> Stance:
    """The no that the label of the codes above was under, where this one is that of their other kind: "CPT", "ICD-10"."""
    above = ended[-1] if ended else None
    if above is None or above.topic is topic or not names_kind(above.heading, above.topic):
        return Stance()
    return above.stance if above.stance.excludes else Stance()


def _goes_on(walk: Walk, ended: Frame, topic: Topic) -> bool:
    """Whether a section is still about what the one before it names, in a text whose headings all have one level."""
    if topic is Topic.NONE or ended.is_labelled or any(frame.subjects for frame in walk.frames):
        return False
    has_several_codes = len(walk.about.primary) > 1
    alike = ended.topic in (Topic.NONE, topic, Topic.CODES, Topic.DIAGNOSES, Topic.PROCEDURES)
    return not walk.about.primary or (has_several_codes and alike)


def _diagnoses_of(text: Text, block: Block) -> tuple[Code, ...]:
    """The diagnoses that a heading begins with, where it names no other codes: "L40.50 Arthropathic psoriasis"."""
    head = first_codes(text, block)
    if not head or len(head) < len(text.codes_in(block.start, block.end)):
        return ()
    return tuple(
        code for span in head for code in span.codes if code.system is CodeSystem.ICD10CM and "." in code.value
    )


def _payer_of(text: Text, block: Block) -> Qualifiers:
    """The one payer that a heading names, for whom its section speaks."""
    payers = dict.fromkeys(mention.concept for mention in text.mentions_in(block.start, block.end, Kind.PAYER))
    return tuple((Qualifier.FOR_PAYER, payer) for payer in payers) if len(payers) == 1 else ()
