"""What the rest asks of the quads of a build, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pyoxigraph as ox


class Quads(Protocol):
    """The quads of a build: those in a folder (`pyoxigraph.Store`), or on an engine at an address.

    This is the border between engines: who can do these two can hold a graph.
    """

    def query(
        self,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        default_graph: Any = None,
        named_graphs: list[Any] | None = None,
        substitutions: dict[Any, Any] | None = None,
    ) -> Any:
        """The answer to SPARQL over the graphs that are named: solutions, yes or no, or triples."""

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /
    ) -> Iterator[ox.Quad]:
        """The quads that fit; None fits anything."""
