"""What of a graph is to be written, and where: what every writer of a format is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Concept, Relation, Verdict

if TYPE_CHECKING:
    from kg.graph.store import GraphStore
    from kg.network.streaming import Asked, Streamed

File = str | Path | BinaryIO
"""A path, or something open for bytes."""


class Holds(StrEnum):
    """What of the graph a format holds."""

    QUADS = "the raw graph"
    NETWORK = "the network"
    TABLES = "tables"


@dataclass(frozen=True)
class Content:
    """A store, and what of it is asked for; what is costly is read when a writer asks for it.

    `open_store` may take long for another day. `released` are the relations that releases state as well. `build` is the
    folder of the build on this machine, where there is one: what was read of documents does not depend on the day.
    """

    asked: Asked
    open_store: Callable[[], GraphStore]
    resolve: Callable[[str | Concept], Concept]
    released: Iterable[Relation]
    build: Path | None = None

    @cached_property
    def store(self) -> GraphStore:
        """The store, with the verdicts of the day asked for."""
        return self.open_store()

    @cached_property
    def streamed(self) -> Streamed:
        """The network, or the slice of it that is asked for, as it is read of the store."""
        return self.asked.of(self.store, self.resolve, self.released)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts that tables let through: all, unless a trust is asked for."""
        return Verdict.floor(self.asked.trust or Verdict.REFUTED)

    @cached_property
    def near(self) -> frozenset[str] | None:
        """The CURIEs within a slice around something; None where all of the graph is asked for."""
        return None if self.asked.around is None else frozenset(self.streamed.slice.curies())

    @cached_property
    def takes(self) -> Callable[[str, str, str], bool]:
        """Whether tables have what joins two concepts, by subject, relation and object: of a slice what lies in it."""
        near = self.near
        relations = None if self.asked.relations is None else self.streamed.slice.relations
        return lambda subject, relation, object: (
            (relations is None or relation in relations) and (near is None or (subject in near and object in near))
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export: the concepts of a slice that nothing in it connects, and what was left out.

    `left_out` counts the plain edges, by relation, that a network does not have because no path walks them and nobody
    asked for them. `counts` says how many rows there are of each table that the format has.
    """

    alone: tuple[Concept, ...] = ()
    left_out: Mapping[Relation, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
