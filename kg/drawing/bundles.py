"""Large groups of one relation, which are bundled: a class reads "262 diagnoses, C00–M05", and not 262 names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.drawing.looks import VERDICT_LOOKS
from kg.drawing.texts import count_of, texts
from kg.model import Concept, Connection, Kind, Polarity, Relation, Verdict

# Some forty read well from the last row.
LARGE = 40

# As groups around a focus have it: whether it is only refuted, the relation, and whether it leads to the focus.
Tie = tuple[bool, int, bool]
_RANKS = {relation: rank for rank, relation in enumerate(Relation)}


class Hang(NamedTuple):
    """On what a concept hangs, None for the focus, by which relation, and whether that leads away from it."""

    centre: Concept | None
    rank: int
    incoming: bool


def bundled(connections: Sequence[Connection], depths: Mapping[Concept, int], bound: int | None) -> dict[Concept, Hang]:
    """The concepts that stand in large groups, and on what each hangs: on the focus, or alone on one other concept.

    `depths` says how far concepts are from the focus; what is beyond the bound is not drawn anyway. Around a focus
    without another group nothing is bundled: it is what the picture is about. What is refuted never is.

    >>> from kg.model import Assertion, Evidence
    >>> code = Concept.parse("J3262")
    >>> ends = [Concept.parse(f"icd10cm:M{number}") for number in range(10, 60)] + [Concept.parse("modifier:JW")]
    >>> relation = {Kind.ICD10CM: Relation.SUPPORTED_BY_DIAGNOSIS, Kind.MODIFIER: Relation.ACCEPTS_MODIFIER}
    >>> said = [Assertion(code, relation[end.kind], end, Evidence("guide", 0, 1, "x", 1)) for end in ends]
    >>> lines = [Connection(each.subject, each.relation, each.object, Verdict.CONSISTENT, (each,)) for each in said]
    >>> depths = {code: 0, **dict.fromkeys(ends, 1)}
    >>> len(bundled(lines, depths, 1)), bundled(lines[:50], depths, 1)
    (50, {})
    """
    hangs, crossing = _hangs(connections, depths, bound)
    near: defaultdict[tuple[Tie, Kind], list[Concept]] = defaultdict(list)
    far: defaultdict[tuple[Hang, Kind], list[Concept]] = defaultdict(list)
    for concept, found in hangs.items():
        refuted, hang = min(found, key=lambda each: (each[0], each[1].rank, each[1].incoming))
        if depths[concept] == 1:
            near[(refuted, hang.rank, hang.incoming), concept.kind].append(concept)
        elif not refuted and concept not in crossing and len({each.centre for _, each in found}) == 1:
            far[hang, concept.kind].append(concept)
    large = {
        concept: Hang(None, rank, incoming)
        for ((refuted, rank, incoming), _), members in near.items()
        if len(members) > LARGE and not refuted and len(near) > 1
        for concept in members
    }
    return large | {each: hang for (hang, _), group in far.items() if len(group) > LARGE for each in group}


def _hangs(
    connections: Sequence[Connection], depths: Mapping[Concept, int], bound: int | None
) -> tuple[dict[Concept, list[tuple[bool, Hang]]], set[Concept]]:
    """For each concept, by what it hangs on what is nearer; and those that something as far away is connected to."""
    hangs: defaultdict[Concept, list[tuple[bool, Hang]]] = defaultdict(list)
    crossing: set[Concept] = set()
    for connection in connections:
        ends = connection.subject, connection.object
        if connection.polarity is Polarity.EXCLUDED or not all(end in depths for end in ends):
            continue
        for (centre, other), incoming in ((ends, False), (ends[::-1], True)):
            if depths[centre] < depths[other] and (bound is None or depths[other] <= bound):
                hang = Hang(centre if depths[centre] else None, _RANKS[connection.relation], incoming)
                hangs[other].append((connection.verdict is Verdict.REFUTED, hang))
            elif depths[centre] == depths[other] and (bound is None or depths[other] < bound):
                crossing.add(other)
    return hangs, crossing


def words_of(kind: Kind, concepts: Sequence[Concept], disputed: int) -> str:
    """What stands for a group: how many there are, from which code to which, and how many of them are disputed.

    >>> words_of(Kind.ICD10CM, [Concept.parse(f"icd10cm:{code}") for code in ("C00.1", "M05.79")], 1)
    '2 diagnoses, C00–M05 · ! 1'
    """
    words = texts()["gathering"]
    text = count_of(kind, len(concepts))
    if kind.is_code:
        keys = sorted(concept.key for concept in concepts)
        # Of a diagnosis its category says enough.
        first, last = (key.partition(".")[0] for key in (keys[0], keys[-1]))
        text = words["bundle"].format(members=text, first=first, last=last)
    if disputed:
        text += words["bundleDisputed"].format(sign=VERDICT_LOOKS[Verdict.DISPUTED].sign, count=disputed)
    return text
