"""What of a graph stands on a page: never more than a class can read, and what is left out is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.drawing.looks import kind_rank
from kg.model import Concept, Connection, Kind, Path, Polarity

# Concepts that no chain of connections joins to the focus count as this far away.
_APART = 99


@dataclass(frozen=True, slots=True)
class Selection:
    """The concepts and connections of one page, in a fixed order; a concept's position is its number there.

    `depths` holds for each concept how many connections it is away from the focus and the paths.
    """

    concepts: tuple[Concept, ...]
    depths: tuple[int, ...]
    focus: frozenset[int]
    connections: tuple[Connection, ...]
    left_out: tuple[tuple[Kind, int], ...]

    @property
    def numbers(self) -> dict[Concept, int]:
        """The number of each concept."""
        return {concept: number for number, concept in enumerate(self.concepts)}


def select(
    connections: Iterable[Connection], focus: Sequence[Concept], paths: Sequence[Path], max_nodes: int
) -> Selection:
    """The concepts closest to the focus, the better verdicts first, and the connections among them.

    Of equals, every kind gives up in turn, so that three hundred diagnoses do not push out eight modifiers.
    The focus and the concepts of paths always stay.
    """
    given = [*connections, *(hop.connection for path in paths for hop in path.hops)]
    asked_for = [*focus, *(concept for path in paths for concept in path.concepts)]
    named = _with_names(given, asked_for)
    everything = sorted(set(given), key=order)
    kept_always = list(dict.fromkeys(asked_for))
    depths = _depths(everything, kept_always)
    ranked = _ranked(everything, named, depths)
    kept = ranked[: max(max_nodes, len(kept_always))]
    among = set(kept)
    left_out = Counter(concept.kind for concept in ranked[len(kept) :])
    return Selection(
        concepts=tuple(named[concept] for concept in kept),
        depths=tuple(depths.get(concept, _APART) for concept in kept),
        focus=frozenset(number for number, concept in enumerate(kept) if concept in set(focus)),
        connections=tuple(each for each in everything if each.subject in among and each.object in among),
        left_out=tuple((kind, left_out[kind]) for kind in sorted(left_out, key=kind_rank)),
    )


def most_connected(connections: Iterable[Connection]) -> Concept | None:
    """The concept with the most connections, the first by CURIE among equals; None where there are none."""
    degrees = Counter(concept for each in set(connections) for concept in (each.subject, each.object))
    return min(degrees, key=lambda concept: (-degrees[concept], concept.curie), default=None)


def order(connection: Connection) -> tuple[Any, ...]:
    """The order of connections on a page, whatever order they came in."""
    return (
        connection.subject.curie, connection.relation.value, connection.object.curie,
        connection.polarity is Polarity.EXCLUDED, connection.verdict.rank, connection.evidence,
        [(each.strength, each.condition, each.qualifiers) for each in connection.assertions],
    )  # fmt: skip


def _with_names(connections: Iterable[Connection], others: Iterable[Concept]) -> dict[Concept, Concept]:
    """Each concept with its name: of equal connections, or of what was asked for, not all may have it."""
    named: dict[Concept, Concept] = {}
    ends = (concept for each in connections for concept in (each.subject, each.object))
    for concept in (*ends, *others):
        known = named.setdefault(concept, concept)
        if concept.name is not None and (known.name is None or concept.name < known.name):
            named[concept] = concept
    return named


def _depths(connections: Iterable[Connection], start: Iterable[Concept]) -> dict[Concept, int]:
    around: defaultdict[Concept, list[Concept]] = defaultdict(list)
    for each in connections:
        around[each.subject].append(each.object)
        around[each.object].append(each.subject)
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
    for each in connections:
        for concept in (each.subject, each.object):
            best[concept] = min(best.get(concept, _APART), each.verdict.rank)
    position = {concept: number for number, concept in enumerate(depths)}

    def tier(concept: Concept) -> tuple[int, int]:
        depth = depths.get(concept, _APART)
        return (depth, position[concept]) if depth == 0 else (depth, best.get(concept, _APART))

    turns: Counter[tuple[tuple[int, int], Kind]] = Counter()
    keys = {}
    for concept in sorted(concepts, key=lambda each: each.curie):
        keys[concept] = (*tier(concept), turns[tier(concept), concept.kind], kind_rank(concept.kind))
        turns[tier(concept), concept.kind] += 1
    return sorted(keys, key=lambda concept: (keys[concept], concept.curie))
