"""Connections and paths: how answers are given to people and scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kg.model.assertions import Assertion, Evidence, Polarity, Strength
from kg.model.concepts import Concept
from kg.model.relations import Relation
from kg.model.verdicts import Verdict


class PlainEdge(NamedTuple):
    """Two concepts and the relation between them, whatever states it."""

    subject: Concept
    relation: Relation
    object: Concept


@dataclass(frozen=True, slots=True)
class Connection:
    """One edge: relation, both concepts, verdict, and the assertions that state it.

    There is at least one assertion; the firmest comes first.
    """

    subject: Concept
    relation: Relation
    object: Concept
    verdict: Verdict
    assertions: tuple[Assertion, ...]

    @property
    def polarity(self) -> Polarity:
        """Affirmed or excluded: the assertions of one connection agree in it."""
        return self.assertions[0].polarity

    @property
    def strength(self) -> Strength:
        """How firmly the firmest assertion says it."""
        return self.assertions[0].strength

    @property
    def condition(self) -> str:
        """The condition of the firmest assertion."""
        return self.assertions[0].condition

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where each assertion stands."""
        return tuple(assertion.evidence for assertion in self.assertions)

    def other(self, concept: Concept) -> Concept:
        """The concept at the other end."""
        return self.object if concept == self.subject else self.subject


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: a connection, and whether it is walked from subject to object."""

    connection: Connection
    forward: bool

    @property
    def start(self) -> Concept:
        """The concept that the step leaves."""
        return self.connection.subject if self.forward else self.connection.object

    @property
    def end(self) -> Concept:
        """The concept that the step reaches."""
        return self.connection.object if self.forward else self.connection.subject


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of hops between two concepts, each with its evidence; `cost` counts hubs as long ways."""

    hops: tuple[Hop, ...]
    cost: float

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts on the way, from first to last."""
        return (self.hops[0].start, *(hop.end for hop in self.hops)) if self.hops else ()
