"""The network as rows of connections and nodes, without reading the evidence of each: for formats of large networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.exports.content import Content
from kg.exports.tables import Rows
from kg.model import DEFAULT_TRUST, Polarity, Relation

if TYPE_CHECKING:
    from kg.graph.inventory.rows import ConnectionRow, NodeRow


class Edges:
    """What `graph.network` has, as rows; `counts` are those of what was given."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._part = content.streamed.slice
        trusted = replace(content, asked=replace(content.asked, trust=content.asked.trust or DEFAULT_TRUST))
        self._rows = Rows(trusted)
        self._touched: set[str] = {concept.curie for concept in content.streamed.slice.alone}
        self.counts = {"nodes": 0, "connections": 0}

    def connections(self) -> Iterator[ConnectionRow]:
        """The edges; as in every network, what documents exclude and what joins a concept with itself is none."""
        for row in self._rows.connections():
            if (
                row.polarity == Polarity.AFFIRMED
                and row.subject != row.object
                and self._part.takes(Relation(row.relation))
            ):
                self._touched.update((row.subject, row.object))
                self.counts["connections"] += 1
                yield row

    def nodes(self) -> Iterator[NodeRow]:
        """The nodes that the edges given so far touch, and what of a slice stands alone or has none."""
        near = self._content.near or frozenset()
        for row in self._rows.every_node():
            if row.curie in self._touched or row.curie in near:
                self.counts["nodes"] += 1
                yield row
