"""Networks as files that other programs read: GraphML, and node-link JSON.

Both are strict UTF-8 whatever the machine's default, and the same network gives the same bytes. What is streamed from
a store comes out as the network made of it would: both are written by the same writers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.network.export import edge_attributes, edge_key, edge_shown, node_attributes, node_label
from kg.network.graphml import edge_id, flat, graphml, keys_of, legal
from kg.network.node_link import node_link
from kg.whole_files import write_pieces

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from kg.model import Concept, Connection
    from kg.network.streaming import Streamed


def write_graphml(network: MultiDiGraph, file: str | Path | BinaryIO) -> Path | None:
    """Write the network as GraphML, which Gephi, yEd, Cytoscape and igraph open.

    GraphML holds no lists: whatever is neither text, number nor truth value, such as `evidence`, is written
    as JSON text. Values that are None are left out, and characters that XML cannot hold become U+FFFD. The id
    of an edge joins its ends and its key: `hcpcs:J3262-acceptsModifier-modifier:JW`.
    """
    import networkx

    plain = networkx.MultiDiGraph()  # Of its own, so that nodes which differ only in what XML cannot hold are one.
    for node, data in network.nodes(data=True):
        plain.add_node(legal(str(node)), **flat(data))
    for start, end, key, data in network.edges(keys=True, data=True):
        ends = legal(str(start)), legal(str(end))
        plain.add_edge(*ends, edge_id(ends[0], legal(str(key)), ends[1]), **flat(data))
    keys = keys_of((data for _, data in plain.nodes(data=True)), (data for *_, data in plain.edges(data=True)))
    return write_pieces(file, graphml(keys, plain.nodes(data=True), plain.edges(keys=True, data=True)))


def write_node_link(network: MultiDiGraph, file: str | Path | BinaryIO) -> Path | None:
    """Write the network as node-link JSON, with the evidence as it is.

    `networkx.node_link_graph(data, edges="edges")` reads it.
    """
    # Written out here, since networkx calls the edges `links` before 3.4 and cannot be told so there.
    edges = network.edges(keys=True, data=True)
    return write_pieces(file, node_link(network.nodes(data=True), edges, network.graph))


def stream_graphml(streamed: Streamed, file: str | Path | BinaryIO) -> Path | None:
    """Write what is read of a store as GraphML, with labels and weights, while it is read."""
    # All nodes of a kind carry the same, and so do all edges: the first of each tells which attributes there are.
    kinds = {concept.kind: concept for concept in streamed.concepts()}
    edge = next(streamed.connections(), None)
    keys = keys_of(map(_shown_node, kinds.values()), [flat(_shown_edge(edge))] if edge else [])
    nodes = ((concept.curie, flat(_shown_node(concept))) for concept in streamed.nodes())
    edges = (
        (start, end, edge_id(start, edge_key(connection), end), flat(_shown_edge(connection)))
        for connection in streamed.connections()
        for start, end in [(connection.subject.curie, connection.object.curie)]
    )
    return write_pieces(file, graphml(keys, nodes, edges))


def _shown_node(concept: Concept) -> dict[str, str]:
    attributes = node_attributes(concept)
    return {**attributes, "label": node_label(attributes)}


def _shown_edge(connection: Connection) -> dict[str, Any]:
    attributes = edge_attributes(connection)
    return {**attributes, **edge_shown(attributes)}


def stream_node_link(streamed: Streamed, file: str | Path | BinaryIO) -> Path | None:
    """Write what is read of a store as node-link JSON, while it is read."""
    nodes = ((concept.curie, node_attributes(concept)) for concept in streamed.nodes())
    edges = (
        (connection.subject.curie, connection.object.curie, edge_key(connection), edge_attributes(connection))
        for connection in streamed.connections()
    )
    return write_pieces(file, node_link(nodes, edges))
