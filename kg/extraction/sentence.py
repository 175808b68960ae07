"""A sentence while it is read: what stands in it, and what to cite for it."""

from __future__ import annotations

from kg.documents import Block, BlockKind
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Concept

BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)


class Sentence:
    """A stretch of prose between two offsets, in the block that holds it."""

    __slots__ = (
        "billing",
        "block",
        "cite",
        "end",
        "mentions",
        "reading",
        "scope",
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
        self.tokens = reading.tokens_in(start, end)
        self.mentions = reading.mentions_in(start, end)
        self.triggers = reading.triggers.within(start, end)
        """What its words may set off."""
        self.billing = [(t, Concept.of(t.code)) for t in self.tokens if t.code and t.code.system in BILLING]
        """The codes of HCPCS and CPT in it, each with its concept."""

    @property
    def is_item(self) -> bool:
        """Whether it stands in a list."""
        return self.block.kind is BlockKind.ITEM

    def before(self, at: int, width: int = 40) -> str:
        """The words right before an offset, within the sentence."""
        return self.reading.text[max(self.start, at - width) : at]
