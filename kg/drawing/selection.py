"""What of a graph stands on a page: never more than a class can read, and what is left out is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.drawing.bundles import Hang, bundled
from kg.drawing.looks import kind_rank
from kg.model import Concept, Connection, Kind, Path, Polarity, Verdict

# Concepts that no chain of connections joins to the focus count as this far away.
_APART = 99
# So many concepts go into a file, drawn or waiting: more would make it too large to mail.
IN_FILE = 1000
# More than this is no longer read in rows: whoever asks for more wants all of it in one picture.
READABLE = 220
# What is refuted at the focus comes first, in one part of the picture out of so many: it is what a class has to see.
REFUTED_SHARE = 3


@dataclass(frozen=True, slots=True)
class Selection:
    """The concepts and connections of one file, in a fixed order; a concept's position is its number there.

    The first `drawn` concepts are in the picture at first, the others wait to be expanded. `depths` holds for each
    concept how many connections it is away from the focus and the paths; `left_out` counts what is not in the file.
    With a `bound`, connections that are farther away than so many steps wait as well, unless both ends are `kept`.
    What is drawn as the code that was `meant` for something refuted is known by its number, and what waits because it
    is `bundled` with others.
    """

    concepts: tuple[Concept, ...]
    depths: tuple[int, ...]
    focus: frozenset[int]
    connections: tuple[Connection, ...]
    left_out: tuple[tuple[Kind, int], ...]
    drawn: int
    bound: int | None = None
    kept: frozenset[Concept] = frozenset()
    meant: frozenset[int] = frozenset()
    bundled: Mapping[int, Hang] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[Concept, int]:
        """The number of each concept."""
        return {concept: number for number, concept in enumerate(self.concepts)}

    @property
    def waiting(self) -> frozenset[int]:
        """The numbers of the connections that wait: between concepts that are both at the bound or beyond it."""
        depths = dict(zip(self.concepts, self.depths, strict=True))
        return frozenset(
            number
            for number, connection in enumerate(self.connections)
            if self.bound is not None
            and min(depths[connection.subject], depths[connection.object]) >= self.bound
            and not {connection.subject, connection.object} <= self.kept
        )

    @property
    def drawn_connections(self) -> tuple[Connection, ...]:
        """The connections that are drawn at first."""
        among, waiting = set(self.concepts[: self.drawn]), self.waiting
        return tuple(
            connection
            for number, connection in enumerate(self.connections)
            if number not in waiting and connection.subject in among and connection.object in among
        )


def select(
    connections: Iterable[Connection],
    focus: Sequence[Concept],
    paths: Sequence[Path],
    max_nodes: int,
    *,
    depth: int | None = None,
    keep: Sequence[Concept] = (),
    unread: Mapping[Kind, int] | None = None,
    meant: Sequence[Concept] = (),
) -> Selection:
    """The concepts closest to the focus, the better verdicts first, and the connections among them.

    Of equals, every kind gives up in turn, so that three hundred diagnoses do not push out eight modifiers.
    The focus, the concepts of paths and those to `keep` are always drawn; then comes what is refuted at the focus, as
    far as it takes a third of the picture, with the codes that were `meant`. Large groups of one relation wait, and a
    bundle stands for them, unless more is asked for than can be read. Drawn are at most `max_nodes` concepts,
    and with `depth` none farther away; what remains waits in the file, as far as there is room. What was not even
    read, for want of room, counts as left out.
    """
    every_connection = [*connections, *(hop.connection for path in paths for hop in path.hops)]
    asked_for = dict.fromkeys([*focus, *(concept for path in paths for concept in path.concepts)])
    with_names = _with_names(every_connection, [*asked_for, *keep, *meant])
    everything = sorted(set(every_connection), key=order)
    depths = _depths(everything, asked_for)
    ranked = _ranked(everything, with_names, depths)
    always = dict.fromkeys([*asked_for, *keep])
    refuted = _refuted_at(asked_for, everything)[: max_nodes // REFUTED_SHARE]
    beside = _taken_for(refuted, meant, everything)
    first = dict.fromkeys([*always, *refuted, *beside])
    bundles = {} if paths or max_nodes > READABLE else bundled(everything, depths, depth)
    # What was meant and nothing joins to the picture would stand there alone.
    waiting = {*bundles, *(code for code in meant if code not in depths)}
    near = (each for each in ranked if each not in waiting and (depth is None or depths.get(each, _APART) <= depth))
    drawn = list(dict.fromkeys([*first, *near]))[: max(max_nodes, len(always))]
    in_file = list(dict.fromkeys([*drawn, *meant, *ranked]))[: max(IN_FILE, len(drawn))]
    among = set(in_file)
    left_out = Counter(unread) + Counter(concept.kind for concept in ranked if concept not in among)
    return Selection(
        concepts=tuple(with_names[concept] for concept in in_file),
        depths=tuple(depths.get(concept, _APART) for concept in in_file),
        focus=_places(in_file, focus),
        connections=tuple(each for each in everything if each.subject in among and each.object in among),
        left_out=tuple((kind, left_out[kind]) for kind in sorted(left_out, key=kind_rank)),
        drawn=len(drawn),
        bound=depth,
        kept=frozenset([*keep, *refuted, *beside]),
        meant=_places(drawn, beside),
        bundled={place: bundles[each] for place, each in enumerate(in_file) if place >= len(drawn) and each in bundles},
    )


def _places(concepts: Iterable[Concept], chosen: Collection[Concept]) -> frozenset[int]:
    wanted = set(chosen)
    return frozenset(number for number, concept in enumerate(concepts) if concept in wanted)


def most_connected(connections: Iterable[Connection]) -> Concept | None:
    """The concept with the most connections, the first by CURIE among equals; None where there are none."""
    degrees = Counter(concept for connection in set(connections) for concept in (connection.subject, connection.object))
    return min(degrees, key=lambda concept: (-degrees[concept], concept.curie), default=None)


def order(connection: Connection) -> tuple[Any, ...]:
    """The order of connections on a page, whatever order they came in."""
    return (
        connection.subject.curie, connection.relation.value, connection.object.curie,
        connection.polarity is Polarity.EXCLUDED, connection.verdict.rank, connection.evidence,
        [(assertion.strength, assertion.condition, assertion.qualifiers) for assertion in connection.assertions],
    )  # fmt: skip


def _refuted_at(focus: Collection[Concept], connections: Iterable[Connection]) -> list[Concept]:
    """What refuted connections join to the focus."""
    ends = (
        (connection.subject, connection.object)
        for connection in connections
        if connection.verdict is Verdict.REFUTED and connection.polarity is Polarity.AFFIRMED
    )
    at_focus = (end for pair in ends if not set(pair).isdisjoint(focus) for end in pair)
    return [end for end in dict.fromkeys(at_focus) if end not in focus]


def _taken_for(
    refuted: Collection[Concept], meant: Iterable[Concept], connections: Iterable[Connection]
) -> list[Concept]:
    """Which of the codes that were meant lead to what is refuted of another."""
    others = set(refuted)
    leading = {connection.subject for connection in connections if connection.object in others}
    return [code for code in meant if code in leading]


def _with_names(connections: Iterable[Connection], others: Iterable[Concept]) -> dict[Concept, Concept]:
    """Each concept with its name: of equal connections, or of what was asked for, not all may have it."""
    with_names: dict[Concept, Concept] = {}
    ends = (concept for connection in connections for concept in (connection.subject, connection.object))
    for concept in (*ends, *others):
        earlier = with_names.setdefault(concept, concept)
        if concept.name is not None and (earlier.name is None or concept.name < earlier.name):
            with_names[concept] = concept
    return with_names


def _depths(connections: Iterable[Connection], start: Iterable[Concept]) -> dict[Concept, int]:
    around: defaultdict[Concept, list[Concept]] = defaultdict(list)
    for connection in connections:
        around[connection.subject].append(connection.object)
        around[connection.object].append(connection.subject)
    depths = dict.fromkeys(start, 0)
    queue = list(depths)
    for concept in queue:
        for neighbour in around[concept]:
            if neighbour not in depths:
                depths[neighbour] = depths[concept] + 1
                queue.append(neighbour)
    return depths


def _ranked(
    connections: Iterable[Connection], concepts: Iterable[Concept], depths: dict[Concept, int]
) -> list[Concept]:
    best: dict[Concept, int] = {}
    for connection in connections:
        for concept in (connection.subject, connection.object):
            best[concept] = min(best.get(concept, _APART), connection.verdict.rank)
    position = {concept: number for number, concept in enumerate(depths)}

    def tier(concept: Concept) -> tuple[int, int]:
        depth = depths.get(concept, _APART)
        return (depth, position[concept]) if depth == 0 else (depth, best.get(concept, _APART))

    return in_turn(concepts, {concept: tier(concept) for concept in concepts})


def in_turn(concepts: Iterable[Concept], tiers: Mapping[Concept, Any]) -> list[Concept]:
    """Concepts by tier; within a tier every kind has its turn, so that many of one kind do not push out the others."""
    turns: Counter[tuple[Any, Kind]] = Counter()
    keys = {}
    for concept in sorted(concepts, key=lambda concept: concept.curie):
        tier = tiers[concept]
        keys[concept] = (tier, turns[tier, concept.kind], kind_rank(concept.kind))
        turns[tier, concept.kind] += 1
    return sorted(keys, key=lambda concept: (keys[concept], concept.curie))
