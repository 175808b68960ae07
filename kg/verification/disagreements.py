"""Where two documents disagree: one says yes to an edge and another no, or they name different drugs for a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from kg.model import Assertion, Concept, Polarity, Qualifier, Relation
from kg.model.relations import OF_A_PAYER

_OPPOSITE = {Polarity.AFFIRMED: Polarity.EXCLUDED, Polarity.EXCLUDED: Polarity.AFFIRMED}

_Word = Callable[["Stand"], str]
_Qualifiers = frozenset[tuple[Qualifier, Concept]]


class Stand(NamedTuple):
    """Where one assertion stands on an edge: as much of it as is needed to compare it with others.

    `settled` says that a release states the same, or refutes it.
    """

    identifier: str
    document: str
    line: int
    object: Concept
    polarity: Polarity
    qualifiers: _Qualifiers
    settled: bool

    @classmethod
    def of(cls, assertion: Assertion, *, settled: bool) -> Stand:
        """The stand of an assertion."""
        where = assertion.evidence
        return cls(
            assertion.identifier, where.document, where.line, assertion.object, assertion.polarity,
            frozenset(assertion.qualifiers), settled,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An assertion that another document speaks against, and which one does."""

    stand: Stand
    other: Stand
    reason: str


class Stands:
    """The stands of all documents, gathered one by one."""

    def __init__(self) -> None:
        self._edges: defaultdict[tuple[Concept, Relation, Concept], list[Stand]] = defaultdict(list)

    def add(self, assertion: Assertion, *, settled: bool = False) -> None:
        """Take in an assertion."""
        edge = (assertion.subject, assertion.relation, assertion.object)
        self._edges[edge].append(Stand.of(assertion, settled=settled))

    def edges(self) -> Iterator[tuple[tuple[Concept, Relation, Concept], list[Stand]]]:
        """Each edge with the stands on it."""
        return iter(self._edges.items())

    def disagreements(self) -> Iterator[Disagreement]:
        """Both sides of every disagreement between two documents: each assertion once, with the first against it."""
        reported_identifiers: set[str] = set()
        for stand, against, word in chain(self._yes_and_no(), self._two_drugs()):
            if stand.identifier not in reported_identifiers:
                reported_identifiers.add(stand.identifier)
                yield Disagreement(stand, against, f"{against.document}:{against.line} {word(against)}")

    def _yes_and_no(self) -> Iterator[tuple[Stand, Stand, _Word]]:
        for (_, relation, _), stands in self._edges.items():
            if relation in OF_A_PAYER or len({stand.polarity for stand in stands}) == 1:
                continue
            # Thousands may say yes and thousands no: each looks only among those of the other side that it may oppose.
            sides: defaultdict[tuple[Polarity, _Qualifiers], list[Stand]] = defaultdict(list)
            for stand in sorted(stands, key=_in_order):
                sides[stand.polarity, stand.qualifiers].append(stand)
            for stand in stands:
                others = sides.get((_OPPOSITE[stand.polarity], stand.qualifiers), ())
                if against := _of_another_document(stand, others):
                    yield stand, against, _yes_or_no

    def _two_drugs(self) -> Iterator[tuple[Stand, Stand, _Word]]:
        """Different drugs for one code, where no release says which it is."""
        by_code: defaultdict[Concept, defaultdict[Concept, list[Stand]]] = defaultdict(lambda: defaultdict(list))
        for (subject, relation, object), stands in self._edges.items():
            if relation is Relation.IDENTIFIES_DRUG:
                affirmed = [stand for stand in stands if stand.polarity is Polarity.AFFIRMED]
                by_code[subject][object] += sorted(affirmed, key=_in_order)
        for by_drug in by_code.values():
            if any(stand.settled for stands in by_drug.values() for stand in stands):
                continue
            for drug, stands in by_drug.items():
                others = [other for other in sorted(by_drug) if not _one_drug(drug, other)]
                for stand in stands:
                    opposed = (_of_another_document(stand, by_drug[other]) for other in others)
                    if against := next(filter(None, opposed), None):
                        yield stand, against, _says_drug


def _in_order(stand: Stand) -> tuple[str, int, str]:
    """By document, so that it does not matter which of them was read first."""
    return stand.document, stand.line, stand.identifier


def _of_another_document(stand: Stand, others: Iterable[Stand]) -> Stand | None:
    return next((other for other in others if other.document != stand.document), None)


def _one_drug(one: Concept, other: Concept) -> bool:
    """Whether two names may mean one drug: a name and the same with four letters, a salt, or a mixture."""
    return bool(set(one.key.split("-")) & set(other.key.split("-")))


def _yes_or_no(stand: Stand) -> str:
    return "says yes" if stand.polarity is Polarity.AFFIRMED else "says no"


def _says_drug(stand: Stand) -> str:
    return f"says that it is {stand.object.label}"
