"""Concepts in groups of one kind and one relation to the focus: what stands together under one heading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from kg.drawing.bundles import words_of
from kg.drawing.layout.wording import Wording, heading, label, wording
from kg.drawing.looks import EXCLUDED_SIGN, VERDICT_LOOKS, kind_rank
from kg.drawing.selection import Selection
from kg.drawing.texts import count_of, kind_words, texts
from kg.model import Kind, Polarity, Relation, Verdict

_RELATIONS = list(Relation)
_RANKS = {relation: rank for rank, relation in enumerate(_RELATIONS)}
# A group with more concepts than this may be cut in two, to stand on both sides.
_MAY_BE_CUT = 7

_CORROBORATED_SIGN, _REFUTED_SIGN = (VERDICT_LOOKS[each].sign for each in (Verdict.CORROBORATED, Verdict.REFUTED))


class Tie(NamedTuple):
    """How a concept hangs on the focus: the best of its connections, or that it was meant for something refuted."""

    excluded: bool
    refuted: bool
    rank: int
    incoming: bool
    meant: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A heading: its text, the numbers that it counts, and whether it only goes on from another column.

    What is `refuted` stands under headings of its own, as does a bundle that hangs on another concept than the focus.
    """

    text: str
    drawn: tuple[int, ...]
    waiting: tuple[int, ...] = ()
    continued: bool = False
    refuted: bool = False
    centre: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """How many more of a group wait in the file; where all of it does, the row is a `bundle`."""

    text: str
    waiting: tuple[int, ...]
    bundle: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a column: a concept by its number, or words of ours; and its words."""

    what: int | Title | Rest
    wording: Wording


@dataclass(frozen=True, slots=True)
class Group:
    """Concepts under one heading: those that are drawn, each with its row, and those that wait in the file.

    Parts of one group have the same `whole`; `bundle` are the words that stand for one of which nothing is drawn.
    """

    whole: tuple[int, ...]
    title: Title
    kind: Kind
    rows: tuple[Row, ...]
    waiting: tuple[int, ...]
    bundle: str = ""
    centre: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many rows it takes, with its heading."""
        return 1 + len(self.rows) + bool(self.waiting)

    def all_rows(self) -> list[Row]:
        """Heading, concepts, and how many more wait."""
        title = self.title
        count = f"{len(title.drawn)} of {len(title.drawn) + len(title.waiting)}" if title.waiting else len(title.drawn)
        rows = [Row(title, heading(title.text, "" if title.continued else str(count))), *self.rows]
        if self.waiting:
            words = self.bundle or f"+ {count_of(self.kind, len(self.waiting))}"
            rest = Rest(words, self.waiting, self.centre if self.bundle else None)
            rows.append(Row(rest, wording(rest.text)))
        return rows

    def cut(self, most: int) -> list[Group]:
        """In parts of about as many concepts each, `most` or fewer; what waits comes last."""
        count = max(ceil(len(self.rows) / max(most, 1)), 1)
        ends = [len(self.rows) * part // count for part in range(count + 1)]
        return [
            replace(
                self,
                title=self._go_on(start, end) if start else self.title,
                rows=self.rows[start:end],
                waiting=self.waiting if end == len(self.rows) else (),
            )
            for start, end in pairwise(ends)
        ]

    def followed_by(self, other: Group) -> Group | None:
        """Both as one, if the other goes on where this one ends: then it needs no heading of its own."""
        if not (other.title.continued and other.whole == self.whole):
            return None
        title = self.title
        if title.continued:
            title = replace(title, drawn=title.drawn + other.title.drawn)
        return replace(self, title=title, rows=self.rows + other.rows, waiting=other.waiting)

    def _go_on(self, start: int, end: int) -> Title:
        text = self.title.text if self.title.continued else f"… {self.title.text}"
        numbers = (row.what for row in self.rows[start:end])
        counted = tuple(number for number in numbers if isinstance(number, int))
        return Title(text, counted, continued=True, refuted=self.title.refuted)


def joined(parts: Iterable[Group]) -> list[Group]:
    """What stands in one column, where parts of a group that follow one another are one."""
    groups: list[Group] = []
    for part in parts:
        both = groups[-1].followed_by(part) if groups else None
        groups[-1:] = [both] if both else [*groups[-1:], part]
    return groups


def ties(selection: Selection, focus: Collection[int]) -> dict[int, Tie]:
    """The neighbours of a focus by number, drawn or waiting, and how each hangs on it."""
    numbers = selection.numbers
    tie_of: dict[int, Tie] = {}
    for connection in selection.connections:
        subject, object_ = numbers[connection.subject], numbers[connection.object]
        excluded, refuted = connection.polarity is Polarity.EXCLUDED, connection.verdict is Verdict.REFUTED
        rank = _RANKS[connection.relation]
        for end, other, incoming in ((subject, object_, False), (object_, subject, True)):
            if end in focus and other not in selection.focus:
                tie = Tie(excluded, refuted, rank, incoming)
                tie_of[other] = min(tie, tie_of.get(other, tie))
    for number in selection.meant - selection.focus:
        tie_of.setdefault(number, Tie(False, False, _RANKS[Relation.IDENTIFIES_DRUG], True, True))
    return tie_of


def near_groups(selection: Selection, hanging: Mapping[int, Tie]) -> list[Group]:
    """Neighbours of the focus by kind and relation.

    What is only refuted stands in groups of its own beside the others of its kind, what is only excluded last.
    """

    def key(number: int) -> tuple[int, ...]:
        excluded, refuted, rank, incoming, meant = hanging[number]
        # What was meant stands with the drugs, after what is refuted of them.
        kind = Kind.DRUG if meant else selection.concepts[number].kind
        return excluded, kind_rank(kind), rank, incoming, refuted

    def title(number: int) -> Title:
        excluded, refuted, rank, incoming, meant = hanging[number]
        if meant:
            return Title(texts()["gathering"]["meant"].format(sign=_CORROBORATED_SIGN), ())
        signs = f"{EXCLUDED_SIGN} " * excluded + f"{_REFUTED_SIGN} " * refuted + "← " * incoming
        return Title(signs + _RELATIONS[rank].label, (), refuted=refuted)

    return _groups(selection, hanging, key, title)


def far_groups(selection: Selection, hanging: Collection[int]) -> list[Group]:
    """What is drawn or bundled and no neighbour of the focus, by distance, kind, and what it is bundled of."""
    numbers = selection.numbers
    bundles = {
        number: hang
        for number, hang in selection.bundled.items()
        if hang.centre is None or numbers[hang.centre] < selection.drawn
    }
    rest = [each for each in (*range(selection.drawn), *bundles) if each not in hanging and each not in selection.focus]

    def key(number: int) -> tuple[int, ...]:
        hang = bundles.get(number)
        of = (numbers[hang.centre], hang.rank, hang.incoming) if hang and hang.centre else ()
        return selection.depths[number], kind_rank(selection.concepts[number].kind), *of

    def title(number: int) -> Title:
        hang = bundles.get(number)
        if hang is None or hang.centre is None:
            return Title(kind_words(selection.concepts[number].kind)["many"], ())
        return Title(f"{hang.centre.label}: {'← ' * hang.incoming}{_RELATIONS[hang.rank].label}", ())

    return _groups(selection, rest, key, title)


def _groups(
    selection: Selection,
    numbers: Iterable[int],
    key: Callable[[int], tuple[int, ...]],
    title: Callable[[int], Title],
) -> list[Group]:
    members: dict[tuple[int, ...], list[int]] = {}
    for number in sorted(numbers, key=lambda number: selection.concepts[number].curie):
        members.setdefault(key(number), []).append(number)
    return [_group(selection, title(members[group_key][0]), members[group_key]) for group_key in sorted(members)]


def _group(selection: Selection, title: Title, numbers: Sequence[int]) -> Group:
    drawn = tuple(number for number in numbers if number < selection.drawn)
    waiting = tuple(number for number in numbers if number >= selection.drawn)
    rows = tuple(Row(number, label(selection.concepts[number])) for number in drawn)
    counted = replace(title, drawn=drawn, waiting=waiting)
    kind = selection.concepts[numbers[0]].kind
    if drawn or any(number not in selection.bundled for number in waiting):
        return Group(tuple(numbers), counted, kind, rows, waiting)
    centre = selection.bundled[waiting[0]].centre
    of = (selection.numbers[centre],) if centre else ()
    counted = replace(counted, centre=of)
    return Group(tuple(numbers), counted, kind, rows, waiting, _bundle(selection, kind, waiting, of), of)


def _bundle(selection: Selection, kind: Kind, numbers: Sequence[int], centre: Sequence[int]) -> str:
    """The words that stand for a group of which nothing is drawn."""
    members = [selection.concepts[number] for number in numbers]
    centres = {selection.concepts[number] for number in centre or selection.focus}
    disputed = {
        end
        for connection in selection.connections
        if connection.verdict is Verdict.DISPUTED and not centres.isdisjoint((connection.subject, connection.object))
        for end in (connection.subject, connection.object)
    }
    return words_of(kind, members, len(disputed.intersection(members)))


def halves(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """The groups cut in two where both halves are closest to equally large; a large group may be cut itself."""

    def unevenness(cut: int) -> int:
        return abs(sum(group.size for group in groups[:cut]) - sum(group.size for group in groups[cut:]))

    cut = min(range(len(groups) + 1), key=lambda candidate: (unevenness(candidate), -candidate))
    largest = max(groups, key=lambda group: len(group.rows), default=None)
    even_enough = unevenness(cut) <= sum(group.size for group in groups) / 6
    if largest is None or even_enough or len(largest.rows) <= _MAY_BE_CUT:
        return list(groups[:cut]), list(groups[cut:])
    place = groups.index(largest)
    return halves([*groups[:place], *largest.cut(ceil(len(largest.rows) / 2)), *groups[place + 1 :]])
