"""A sentence while it is read: what stands in it, and what to cite for it."""

from __future__ import annotations

from kg.documents import Block, BlockKind
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Kind

BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)
_KINDS = (Kind.HCPCS, Kind.CPT)


class Sentence:
    """A stretch of prose between two offsets, in the block that holds it."""

    __slots__ = (
        "billing",
        "block",
        "cite",
        "end",
        "mentions",
        "names_any",
        "of_one",
        "reading",
        "scope",
        "small",
        "start",
        "text",
        "tokens",
        "topic",
        "triggers",
    )

    def __init__(self, reading: Reading, block: Block, start: int, end: int, cite: Citation) -> None:
        self.reading = reading
        self.block = block
        self.start = start
        self.end = end
        self.cite = cite
        self.scope: Scope = cite.scope
        self.topic: Topic = cite.scope.topic
        self.text = reading.text[start:end]
        self.small = reading.small[start:end]
        self.tokens = reading.tokens_in(start, end)
        self.mentions = reading.mentions_in(start, end)
        self.triggers = reading.triggers.within(start, end)
        """What its words may set off."""
        self.billing = [(t, t.concept) for t in self.tokens if t.concept and t.concept.kind in _KINDS]
        """The codes of HCPCS and CPT in it, each with its concept."""
        self.names_any = bool(self.billing)
        """Whether it names a code or a drug at all."""
        if self.mentions and not self.names_any:
            self.names_any = any(mention.concept.kind is Kind.DRUG for mention in self.mentions)
        self.of_one = len(reading.known) < 2 and (not self.names_any or self._speaks_of_one())
        """Whether the document is about one code, and the sentence names no other: the plain case, told quickly."""

    @property
    def is_item(self) -> bool:
        """Whether it stands in a list."""
        return self.block.kind is BlockKind.ITEM

    def before(self, at: int, width: int = 40) -> str:
        """The words right before an offset, within the sentence, in small letters."""
        return self.reading.small[max(self.start, at - width) : at]

    def _speaks_of_one(self) -> bool:
        known, codes_of = self.reading.known, self.reading.codes_of_drug
        return all(concept in known for _, concept in self.billing) and all(
            codes_of.get(mention.concept, known) <= known for mention in self.mentions
        )
