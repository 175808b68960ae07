"""Where the walk through the blocks of a document stands: its open sections, its lead-in, the codes above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.documents import Block, BlockKind
from kg.extraction.draft import Demand, Qualifiers
from kg.extraction.lexicon import Stance, Topic
from kg.extraction.outline.about import About
from kg.extraction.outline.titles import is_marked
from kg.extraction.text.text import Text
from kg.model import Code, Concept

LISTED = frozenset({Topic.CODES, Topic.PROCEDURES, Topic.DIAGNOSES, Topic.MODIFIERS})
"""Topics of lists of codes, each of which is that of its own section."""
_LONGEST_KIND = 4


@dataclass(slots=True)
class Frame:
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
    demand: Demand | None = None
    """What it says that coverage asks for of the codes listed below it."""
    conditions: tuple[Concept, ...] = ()
    """The conditions that its heading is the name of, if it is nothing else."""
    of_use: bool = False
    """Whether it stands among the uses that a heading above has criteria for, or calls indications."""
    is_labelled: bool = False
    """Whether a label below its heading names its subjects, which are its own alone."""
    foreign: bool = False
    """Whether its heading names a drug, and none that the document is about."""
    payer_label: str = ""
    """The label below it that names the payer for whom it speaks: "Plan"."""


@dataclass(slots=True)
class Lead:
    """What a paragraph such as "The following support J3262:" says of the list below it."""

    block: Block
    topic: Topic
    stance: Stance
    subjects: tuple[Concept, ...] = ()
    product: bool = False
    """Whether it is an item that names a product, with its details below."""
    depth: tuple[int, int] | None = None
    """How deep an item stands that leads in deeper ones; with the next that is no deeper, what led before goes on."""
    outer: Lead | None = None
    """What led before it."""


@dataclass(slots=True)
class Walk:
    """Where the walk through the blocks stands."""

    text: Text
    about: About
    frames: list[Frame] = field(default_factory=list)
    group: int = 0
    lead: Lead | None = None
    opened: tuple[Concept, ...] = ()
    """The codes of the line or lines that opened a scope of their own."""
    opened_bare: bool = False
    outermost: tuple[int, int] | None = None
    """How deep the outermost of the items below the last heading stands."""
    payer: Qualifiers = ()
    """The payer for whom a document without headings speaks, by a label of its own."""
    table: int = 0
    previous: Block | None = None
    """The block before the one that the walk stands at."""
    next: Block | None = None
    """The block after the one that the walk stands at."""
    captions: Sequence[int] = ()
    """Where the captions of groups without numbers stand."""
    services: Mapping[int, tuple[Concept, ...]] = field(default_factory=dict)
    """The services that sections are about by the label below their heading, by where that stands."""
    listed: Mapping[int, tuple[Concept, ...]] = field(default_factory=dict)
    """The codes of the lists of which the paragraphs above them speak, by where the paragraphs begin."""
    claims: frozenset[int] = frozenset()
    """Where the headings stand of sections that tell of one claim."""
    strange: frozenset[int] = frozenset()
    """The offsets at which the headings stand of sections that say nothing of what the document is about."""
    aside: bool = False
    """Whether the last heading or a label below it names a drug, and none of the document's own since."""
    _shared: tuple[Concept, ...] = ()
    _among: set[Concept] = field(default_factory=set)

    def share(self, codes: Iterable[Concept]) -> None:
        """Take more codes into the scope that the lines above have opened; in a long list most are there already."""
        if self._shared is not self.opened:
            self._among = set(self.opened)
        if new := [code for code in codes if code not in self._among]:
            self.opened = (*self.opened, *new)
            self._among.update(new)
        self._shared = self.opened

    def denial_above(self) -> Stance | None:
        """The no of the lead-in, or of the heading with a mark or a colon, that stands right above: "Not covered:"; else None."""
        if self.previous is None:
            return None
        stance = self.frames[-1].stance if self.frames and self._leads_in(self.frames[-1]) else Stance()
        if self.lead is not None and self.lead.block is self.previous:
            stance = self.lead.stance if self.lead.stance.says_something else stance
        elif self.previous.kind is not BlockKind.HEADING:
            return None
        return stance if stance.excludes else None

    def _leads_in(self, frame: Frame) -> bool:
        """Whether the innermost heading ends with a colon, or stands right above with a mark that what follows lacks."""
        above = self.previous if self.previous and self.previous.kind is BlockKind.HEADING else None
        return frame.heading.endswith(":") or (above is not None and is_marked(self.text, above))

    def topic(self) -> Topic:
        """The topic of the innermost section that has one."""
        return next((frame.topic for frame in reversed(self.frames) if frame.topic is not Topic.NONE), Topic.NONE)


def names_kind(words: str, topic: Topic) -> bool:
    """Whether a label says of what kind the codes below it are, and hardly anything else: "ICD-10 Diagnosis"."""
    return topic in LISTED and len(words.split()) <= _LONGEST_KIND
