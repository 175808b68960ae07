"""Lines of a graph, cut into pieces while the store writes them, so that they are never in memory all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, cast

import pyoxigraph as ox

from kg.graph.manifest import damage
from kg.graph.store import GraphStore

Take = Callable[[bytes, int], object]
"""What is given each piece, and the number of its lines."""


def write_pieces(store: GraphStore, graph: ox.NamedNode | None, size: int, take: Take) -> None:
    """Give a graph in pieces of so many N-Triples, or all graphs in N-Quads; a build gives the same ones each time."""
    pieces = _Pieces(size, take)
    format = ox.RdfFormat.N_QUADS if graph is None else ox.RdfFormat.N_TRIPLES
    assert isinstance(store.quads, ox.Store)
    with damage(store.place):
        store.quads.dump(cast("IO[bytes]", pieces), format=format, from_graph=graph)
    pieces.end()


class _Pieces:
    """Takes lines as a file does, and passes on so many at a time."""

    def __init__(self, size: int, take: Take) -> None:
        self._size = size
        self._take = take
        self._parts: list[bytes] = []
        self._lines = 0

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        self._lines += data.count(b"\n")
        while self._lines >= self._size:
            *lines, rest = b"".join(self._parts).split(b"\n", self._size)
            self._parts = [rest]
            self._lines -= self._size
            self._take(b"\n".join(lines) + b"\n", self._size)
        return len(data)

    def flush(self) -> None:
        """Wait for more."""

    def end(self) -> None:
        """There is no more."""
        if self._lines:
            self._take(b"".join(self._parts), self._lines)
