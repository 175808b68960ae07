"""Large groups of one relation, which are bundled: a class reads "262 diagnoses, C00–M05", and not 262 names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from kg.drawing.looks import VERDICT_LOOKS
from kg.drawing.texts import count_of, texts
from kg.model import Concept, Connection, Kind, Polarity, Relation, Verdict

# Some forty read well from the last row.
LARGE = 40

# As groups around a focus have it: whether it is only refuted, the relation, and whether it leads to the focus.
Tie = tuple[bool, int, bool]
_RANKS = {relation: rank for rank, relation in enumerate(Relation)}


def bundled(connections: Iterable[Connection], focus: Collection[Concept]) -> set[Concept]:
    """The neighbours of a focus that stand in large groups alone, by relation, direction and kind.

    Where there is no other group, nothing is bundled: it is what the picture is about. What is refuted never is.

    >>> from kg.model import Assertion, Evidence
    >>> code = Concept.parse("J3262")
    >>> ends = [Concept.parse(f"icd10cm:M{number}") for number in range(10, 60)] + [Concept.parse("modifier:JW")]
    >>> relation = {Kind.ICD10CM: Relation.SUPPORTED_BY_DIAGNOSIS, Kind.MODIFIER: Relation.ACCEPTS_MODIFIER}
    >>> said = [Assertion(code, relation[end.kind], end, Evidence("guide", 0, 1, "x", 1)) for end in ends]
    >>> lines = [Connection(each.subject, each.relation, each.object, Verdict.CONSISTENT, (each,)) for each in said]
    >>> len(bundled(lines, [code])), bundled(lines[:50], [code])
    (50, set())
    """
    best: dict[Concept, Tie] = {}
    for connection in connections:
        if connection.polarity is Polarity.EXCLUDED:
            continue
        refuted, rank = connection.verdict is Verdict.REFUTED, _RANKS[connection.relation]
        ends = connection.subject, connection.object
        for (end, other), incoming in ((ends, False), (ends[::-1], True)):
            if end in focus and other not in focus:
                tie = refuted, rank, incoming
                best[other] = min(tie, best.get(other, tie))
    groups: defaultdict[tuple[Tie, Kind], list[Concept]] = defaultdict(list)
    for concept, tie in best.items():
        groups[tie, concept.kind].append(concept)
    if len(groups) < 2:
        return set()
    large = (members for (tie, _), members in groups.items() if len(members) > LARGE and not tie[0])
    return {concept for members in large for concept in members}


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
