"""Brings a build to an engine by the Graph Store Protocol, in pieces, so that one that broke off goes on where it was.

The engine is told first that a build is coming, and only once the counts of all graphs are right that it is whole: who
asks meanwhile is told so, and never takes a part for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from pyoxigraph import NamedNode

from kg.errors import EngineError, StoreError
from kg.graph.engines import beside
from kg.graph.engines.address import Address
from kg.graph.engines.engine import SECONDS, Engine
from kg.graph.engines.held import BUILD, GRAPHS, Held, count_of, held_by
from kg.graph.engines.pieces import Take, write_pieces
from kg.graph.engines.quads import RemoteQuads
from kg.graph.store import GraphStore

PIECE = 50_000
"""So many triples are sent at a time: engines take about a second for them."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was pushed: how many triples each graph has, and how many of them were sent this time."""

    triples: dict[str, int]
    sent: int


def push(
    store: GraphStore, address: Address, progress: Progress, *, again: bool = False, seconds: float = SECONDS
) -> Pushed:
    """Bring the build in a folder to an engine; with `again`, also what it seems to have already.

    Raises `EngineError` where the engine does not take it, or counts otherwise.
    """
    engine = Engine(address, seconds)
    try:
        held = _begun(engine, build_of(store), again)
        sender = _Sender(engine, held, progress)
        if not held.whole:
            for graph in GRAPHS:
                write_pieces(store, NamedNode(graph), PIECE, sender.of(graph))
        verify(engine, held)
        if not held.whole:
            engine.put(BUILD, replace(held, whole=True).document())
        beside.keep(held.build, store.build)
        return Pushed(dict(held.triples), sender.sent)
    finally:
        engine.close()


class _Sender:
    """Sends the pieces that are not there yet, and tells the engine after each that it is."""

    def __init__(self, engine: Engine, held: Held, progress: Progress) -> None:
        self._engine = engine
        self._held = held
        self._progress = progress
        self.sent = 0

    def of(self, graph: str) -> Take:
        """What takes the pieces of a graph, in their order."""
        numbers = count()
        there = self._held.pieces.get(graph, 0)

        def take(triples: bytes, lines: int) -> None:
            number = next(numbers)
            if number >= there:
                # The first piece takes the place of what an older build had in the graph.
                (self._engine.add if number else self._engine.put)(graph, triples)
                self._held = replace(self._held, pieces={**self._held.pieces, graph: number + 1})
                self._engine.put(BUILD, self._held.document())
                self.sent += lines
                self._progress("pushing", self.sent, sum(self._held.triples.values()))

        return take


def build_of(store: GraphStore) -> Held:
    """What an engine would say of the build in a folder, before any of it is there."""
    triples = {graph: count_of(store.quads, graph) for graph in GRAPHS}
    # Where the files of this machine are, tells nobody else anything.
    return Held(replace(store.manifest, files={}), triples)


def verify(engine: Engine, held: Held) -> None:
    """Raise `EngineError` where a graph has not as many triples as it should."""
    quads = RemoteQuads(engine)
    for graph, triples in held.triples.items():
        there = count_of(quads, graph)
        if there != triples:
            raise engine.error(f"{graph} has {there:,} triples there and not {triples:,}; push it with --again")


def _begun(engine: Engine, build: Held, again: bool) -> Held:
    """What is there of a build already; where that is nothing, the engine is told that it comes, and emptied."""
    held = None if again else _readable(engine)
    if held is not None and held.build == build.build:
        return held
    engine.put(BUILD, build.document())
    for graph in GRAPHS:
        if not build.triples[graph]:
            engine.delete(graph)
    return build


def _readable(engine: Engine) -> Held | None:
    """What an engine says that it holds; what cannot be read is replaced."""
    try:
        return held_by(engine)
    except EngineError:
        raise
    except StoreError:
        return None
