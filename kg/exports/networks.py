"""The network of connections, or a slice of it, as `kg.network` writes it."""

from __future__ import annotations

from kg.exports.content import Content, File
from kg.whole_files import write_pieces


def graphml(content: Content, file: File) -> None:
    """Connections with their evidence as GraphML."""
    from kg.network.writers import stream_graphml

    stream_graphml(content.streamed, file)


def node_link(content: Content, file: File) -> None:
    """Connections with their evidence as node-link JSON."""
    from kg.network.writers import stream_node_link

    stream_node_link(content.streamed, file)


def edges(content: Content, file: File) -> None:
    """Plain edges, one a line."""
    from kg.network.edge_list import edge_list

    write_pieces(file, edge_list(content.streamed.slice))


def csr(content: Content, file: File) -> None:
    """Plain edges as arrays in compressed sparse rows."""
    from kg.network.arrays import arrays_of

    arrays_of(content.streamed.slice).save(file)
