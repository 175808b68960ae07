"""A sentence while it is read: what stands in it, and what to cite for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kg.documents import Block, BlockKind
from kg.extraction.gazetteer import Mention
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.tokens import Token
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Concept

BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)


@dataclass(frozen=True)
class Sentence:
    """A stretch of prose between two offsets, in the block that holds it."""

    reading: Reading
    block: Block
    start: int
    end: int
    cite: Citation

    @property
    def scope(self) -> Scope:
        """The scope in which it speaks."""
        return self.cite.scope

    @property
    def topic(self) -> Topic:
        """What its section is about."""
        return self.cite.scope.topic

    @property
    def is_item(self) -> bool:
        """Whether it stands in a list."""
        return self.block.kind is BlockKind.ITEM

    @cached_property
    def text(self) -> str:
        """Its words."""
        return self.reading.text[self.start : self.end]

    @cached_property
    def tokens(self) -> list[Token]:
        """The code-like tokens in it."""
        return self.reading.tokens_in(self.start, self.end)

    @cached_property
    def mentions(self) -> list[Mention]:
        """The names in it."""
        return self.reading.mentions_in(self.start, self.end)

    @cached_property
    def triggers(self) -> int:
        """What its words may set off."""
        return self.reading.triggers.within(self.start, self.end)

    @cached_property
    def billing(self) -> list[tuple[Token, Concept]]:
        """The codes of HCPCS and CPT in it, each with its concept."""
        return [(t, Concept.of(t.code)) for t in self.tokens if t.code and t.code.system in BILLING]

    def before(self, at: int, width: int = 40) -> str:
        """The words right before an offset, within the sentence."""
        return self.reading.text[max(self.start, at - width) : at]
