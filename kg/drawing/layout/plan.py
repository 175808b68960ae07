"""What a layout says: spots, headings, and how many more wait. All lengths are CSS pixels at scale 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class View:
    """What a page leaves to the picture, and the size of its letters.

    `least` is how far everything may be scaled down before the letters are too small for a class.
    """

    width: int
    height: int
    text: int
    least: float

    @property
    def line(self) -> float:
        """The height of a line of text."""
        return 1.25 * self.text


# A window of 1280 × 800 with its panels, and without them.
VIEWS = {
    "panels": View(width=918, height=684, text=13, least=12.2 / 13),
    "projector": View(width=1264, height=740, text=18, least=1),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of one concept, on which side of its marker its label stands, how wide and how many lines it may be.

    `side` is `left`, `right`, `below`, or `inside` for a box centred on the spot with the label in it.
    """

    x: int
    y: int
    side: str
    room: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """Words above a group; `concepts` are the numbers of those it counts, `waiting` those that wait in the file.

    A group that is cut has its heading again, `continued`, which counts nothing. What is `refuted` has its own.
    """

    text: str
    spot: Spot
    concepts: tuple[int, ...]
    waiting: tuple[int, ...] = ()
    continued: bool = False
    refuted: bool = False
    centre: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class More:
    """A row that stands for the concepts of a group that wait in the file, by their numbers.

    A `bundle` stands for all of the group, and has a marker and a line of its own, from the focus or from the concept
    with the number in it.
    """

    text: str
    spot: Spot
    concepts: tuple[int, ...]
    bundle: tuple[int, ...] | None = None


@dataclass(slots=True)
class Plan:
    """The spots of the concepts that are drawn, by their numbers, and the words among them."""

    style: str
    view: View
    spots: dict[int, Spot] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    more: list[More] = field(default_factory=list)

    def renumbered(self, numbers: Sequence[int]) -> Plan:
        """The same, where the concept with the number n has the number `numbers[n]`."""

        def of(some: Sequence[int]) -> tuple[int, ...]:
            return tuple(numbers[each] for each in some)

        return replace(
            self,
            spots={numbers[number]: spot for number, spot in self.spots.items()},
            headings=[replace(each, concepts=of(each.concepts), waiting=of(each.waiting)) for each in self.headings],
            more=[replace(each, concepts=of(each.concepts)) for each in self.more],
        )

    def part_to_json(self) -> dict[str, Any]:
        """As the page reads it where only some concepts have a spot: each with its number, in few letters."""
        spots = ((number, self.spots[number]) for number in sorted(self.spots))
        return {
            **self.to_json(),
            "spots": [[number, each.x, each.y, each.side, each.room, each.lines] for number, each in spots],
        }

    def to_json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "style": self.style,
            "view": [self.view.width, self.view.height],
            "text": self.view.text,
            "spots": [asdict(self.spots[number]) for number in sorted(self.spots)],
            "headings": [
                {
                    "text": heading.text,
                    "concepts": heading.concepts,
                    **({"waiting": heading.waiting} if heading.waiting else {}),
                    **({"continued": True} if heading.continued else {}),
                    **({"refuted": True} if heading.refuted else {}),
                    **({"of": heading.centre} if heading.centre else {}),
                    **asdict(heading.spot),
                }
                for heading in self.headings
            ],
            "more": [
                {
                    "text": entry.text,
                    "concepts": entry.concepts,
                    **({} if entry.bundle is None else {"bundle": entry.bundle}),
                    **asdict(entry.spot),
                }
                for entry in self.more
            ],
        }
