"""Concepts in groups of one kind and one relation to the focus, and these poured into columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from kg.drawing.layout.plan import Heading, More, Plan, Spot, View
from kg.drawing.layout.wording import Wording
from kg.drawing.looks import EXCLUDED_SIGN, kind_rank
from kg.drawing.selection import Selection
from kg.drawing.texts import count_of, kind_words
from kg.model import Connection, Kind, Polarity, Relation

# A group with more concepts than this may be cut in two, to stand on both sides.
_MAY_BE_CUT = 7
_RELATIONS = list(Relation)


@dataclass(slots=True)
class Group:
    """Concepts under one heading: the numbers of those that are drawn, and of those that wait in the file."""

    text: str
    kind: Kind
    drawn: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rows:
    """How high the rows of a column are: by the label of each concept, in a room and so many lines.

    Headings may take as many as `heads` lines.
    """

    view: View
    wordings: Sequence[Wording]
    room: int
    lines: int
    heads: int

    @property
    def gap(self) -> float:
        """The gap above a heading."""
        return 0.65 * self.view.text

    def heading_lines(self, words: str) -> int:
        """How many lines a heading takes."""
        return Wording.heading(words, self.view.text).lines(self.room, self.heads)

    def heading(self, words: str) -> float:
        """The height of a heading with the gap above it."""
        return self.gap + self.heading_lines(words) * self.view.line

    def lines_of(self, number: int) -> int:
        """How many lines a concept takes."""
        return self.wordings[number].lines(self.room, self.lines)

    def row(self, number: int) -> float:
        """The height of the row of a concept."""
        return self.lines_of(number) * self.view.line + 0.12 * self.view.text

    def group(self, group: Group) -> float:
        """The height of a group."""
        more = self.view.line if group.waiting else 0
        return self.heading(group.text) + sum(map(self.row, group.drawn)) + more

    def lost(self, groups: Iterable[Group]) -> float:
        """How much of the labels and headings is cut, as a number of labels."""
        found = list(groups)
        heads = sum(Wording.heading(group.text, self.view.text).lost(self.room, self.heads) for group in found)
        return heads + sum(self.wordings[each].lost(self.room, self.lines) for group in found for each in group.drawn)


def near_groups(selection: Selection, focus: frozenset[int]) -> list[Group]:
    """The neighbours of a focus, by kind and relation; what is only excluded stands in groups of its own, last."""
    numbers = selection.numbers
    ties: dict[int, tuple[bool, Relation, bool]] = {}
    for each in sorted(selection.connections, key=_rank):
        subject, object_ = numbers[each.subject], numbers[each.object]
        excluded = each.polarity is Polarity.EXCLUDED
        if subject in focus:
            ties.setdefault(object_, (excluded, each.relation, False))
        if object_ in focus:
            ties.setdefault(subject, (excluded, each.relation, True))
    found: dict[tuple[bool, int, int, bool], Group] = {}
    for number in sorted(set(ties) - selection.focus, key=lambda each: selection.concepts[each].curie):
        excluded, relation, incoming = ties[number]
        kind = selection.concepts[number].kind
        key = (excluded, kind_rank(kind), _RELATIONS.index(relation), incoming)
        group = found.setdefault(key, Group(_heading(relation, excluded, incoming), kind))
        (group.drawn if number < selection.drawn else group.waiting).append(number)
    return [found[key] for key in sorted(found)]


def _rank(connection: Connection) -> tuple[bool, int]:
    return connection.polarity is Polarity.EXCLUDED, _RELATIONS.index(connection.relation)


def _heading(relation: Relation, excluded: bool, incoming: bool) -> str:
    return f"{EXCLUDED_SIGN} " * excluded + "← " * incoming + relation.label


def far_groups(selection: Selection, near: Iterable[Group]) -> list[Group]:
    """What is drawn and no neighbour of the focus, by distance and kind."""
    placed = {number for group in near for number in group.drawn} | selection.focus
    found: dict[tuple[int, int], Group] = {}
    rest = [number for number in range(selection.drawn) if number not in placed]
    for number in sorted(rest, key=lambda each: selection.concepts[each].curie):
        kind = selection.concepts[number].kind
        key = selection.depths[number], kind_rank(kind)
        found.setdefault(key, Group(kind_words(kind)["many"], kind)).drawn.append(number)
    return [found[key] for key in sorted(found)]


def halves(groups: list[Group], rows: Rows) -> tuple[list[Group], list[Group]]:
    """The groups cut in two where both halves are closest to equally high; a large group may be cut itself."""
    heights = [rows.group(group) for group in groups]

    def unevenness(cut: int) -> float:
        return abs(sum(heights[:cut]) - sum(heights[cut:]))

    cut = min(range(len(groups) + 1), key=lambda each: (unevenness(each), -each))
    largest = max(groups, key=lambda group: len(group.drawn), default=None)
    if largest is None or len(largest.drawn) <= _MAY_BE_CUT or unevenness(cut) <= sum(heights) / 6:
        return groups[:cut], groups[cut:]
    place, middle = groups.index(largest), ceil(len(largest.drawn) / 2)
    first = Group(largest.text, largest.kind, largest.drawn[:middle])
    second = Group(largest.text, largest.kind, largest.drawn[middle:], largest.waiting)
    return halves([*groups[:place], first, second, *groups[place + 1 :]], rows)


@dataclass(slots=True)
class _Row:
    """A row of a column: its height, and what stands in it."""

    height: float
    what: int | Heading | More


@dataclass(slots=True)
class Column:
    """Rows from the top."""

    rows: list[_Row] = field(default_factory=list)

    @property
    def height(self) -> float:
        """The height of all rows."""
        return sum(row.height for row in self.rows)

    def place(self, plan: Plan, x: float, side: str, rows: Rows, *, bend: float = 0, stretch: float = 1) -> None:
        """Give all rows their spots around y = 0; a column as high as the view bends inwards by so much at its ends."""
        half = max(self.height * stretch, rows.view.height) / 2
        top = -self.height * stretch / 2
        for row in self.rows:
            y = top + row.height * stretch / 2
            top += row.height * stretch
            at = x + (-1 if side == "right" else 1) * bend * (y / half) ** 2
            if isinstance(row.what, int):
                lines = rows.lines_of(row.what)
                plan.spots[row.what] = Spot(round(at), round(y), side, rows.room, lines)
            else:
                lines = rows.heading_lines(row.what.text) if isinstance(row.what, Heading) else 1
                # The words of a heading stand at the foot of its row, close to what they head.
                low = max(row.height * stretch - lines * rows.view.line, 0) / 2 if isinstance(row.what, Heading) else 0
                _put(plan, row.what, Spot(round(at), round(y + low), side, rows.room, lines))


def _put(plan: Plan, what: Heading | More, spot: Spot) -> None:
    if isinstance(what, Heading):
        plan.headings.append(Heading(what.text, spot, what.concepts, what.waiting, what.continued))
    else:
        plan.more.append(More(what.text, spot, what.concepts))


def flow(groups: list[Group], rows: Rows, columns: int) -> list[Column]:
    """The groups poured into columns of about the same height; a group that is cut repeats its heading."""
    if not columns:
        return []
    found = [Column()]
    limit = sum(map(rows.group, groups)) / columns + 2 * rows.gap
    for group in groups:
        _open(found, rows.heading(group.text) + (rows.row(group.drawn[0]) if group.drawn else 0), limit, columns)
        found[-1].rows.append(
            _Row(rows.heading(group.text), Heading(group.text, _NOWHERE, tuple(group.drawn), tuple(group.waiting)))
        )
        for number in group.drawn:
            if _open(found, rows.row(number), limit, columns):
                again = Heading(f"… {group.text}", _NOWHERE, (number,), continued=True)
                found[-1].rows.append(_Row(rows.heading(again.text), again))
            found[-1].rows.append(_Row(rows.row(number), number))
        if group.waiting:
            words = f"+ {count_of(group.kind, len(group.waiting))}"
            found[-1].rows.append(_Row(rows.view.line, More(words, _NOWHERE, tuple(group.waiting))))
    return found


_NOWHERE = Spot(0, 0, "right", 0)


def _open(columns: list[Column], height: float, limit: float, most: int) -> bool:
    """Begin another column where a row does not fit into the last one, unless there are as many as there may be."""
    if columns[-1].rows and columns[-1].height + height > limit and len(columns) < most:
        columns.append(Column())
        return True
    return False
