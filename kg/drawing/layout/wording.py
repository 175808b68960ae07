"""How wide words are, roughly: the page measures and cuts them exactly, but rooms are given out here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.model import Concept

# Of a wide sans-serif, in parts of the size of the letters: better a little too wide than cut.
_NARROW, _WIDE = "iljtfrI.,;:'|!()[]/- ", "mwMW@%—"
_BOLD = 1.1


@cache
def width(text: str) -> float:
    """How wide a text is, in parts of the size of its letters.

    >>> width("ill") < width("mum")
    True
    """
    return sum(0.36 if each in _NARROW else 0.95 if each in _WIDE else 0.62 for each in text)


@dataclass(frozen=True, slots=True)
class Wording:
    """The widths of the words of a label, in pixels, and of the space between them."""

    words: tuple[float, ...]
    space: float

    @classmethod
    def of(cls, concept: Concept, text: int) -> Wording:
        """The label of a concept in letters of so many pixels."""
        code = concept.key if concept.kind.is_code else ""
        name = concept.name or ("" if code else concept.label)
        widths = [width(code) * _BOLD * text] if code else []
        return cls((*widths, *(width(word) * text for word in name.split())), 0.36 * text)

    @classmethod
    def heading(cls, words: str, text: int) -> Wording:
        """Words in bold, with room for a count."""
        # The count never stands in a line of its own.
        return cls(tuple(width(word) * _BOLD * text for word in f"{words}_·_00".split()), 0.36 * text)

    def lines(self, room: float, most: int) -> int:
        """How many lines the label takes in a room, at most so many, but two where one would show no name."""
        if most == 1 and len(self.words) > 1 and self.words[0] + 4 * self.space > room:
            return 2
        found, used = 1, 0.0
        for word in self.words:
            wanted = word if not used else used + self.space + word
            if used and wanted > room:
                found, used = found + 1, word
            else:
                used = wanted
        return min(found, most)

    def lost(self, room: float, most: int) -> float:
        """How much of the label is cut where it may take so many lines: 0 is nothing, 1 would be all."""
        whole = sum(self.words) + self.space * max(len(self.words) - 1, 0)
        # A line is hardly ever full.
        return max(0.0, 1 - most * room * (0.85 if most > 1 else 1) / whole) if whole else 0.0


def wordings(concepts: Sequence[Concept], text: int) -> list[Wording]:
    """The labels of concepts, in their order."""
    return [Wording.of(concept, text) for concept in concepts]
