"""Every format that a graph is exported in, and what each is written by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from kg.errors import UnknownName, UsageError
from kg.graph.doorway import export_nquads
from kg.graph.rdf.vocabulary import dataset
from kg.graph.store import GraphStore
from kg.model import Concept, Relation
from kg.network.arrays import arrays_of
from kg.network.edge_list import edge_list
from kg.network.streaming import Asked, Streamed
from kg.network.writers import stream_graphml, stream_node_link
from kg.whole_files import opened, write_pieces

_QUADS = "nquads"
File = str | Path | BinaryIO


def _write_edges(streamed: Streamed, file: File) -> None:
    write_pieces(file, edge_list(streamed.slice))


def _write_arrays(streamed: Streamed, file: File) -> None:
    arrays_of(streamed.slice).save(file)


NETWORKS: dict[str, Callable[[Streamed, File], object]] = {
    "graphml": stream_graphml,
    "node-link": stream_node_link,
    "edges": _write_edges,
    "csr": _write_arrays,
}
"""What writes the network in each format, whole or not at all."""


def export(
    file: File,
    format: str,
    request: Asked,
    store: Callable[[], GraphStore],
    resolve: Callable[[str | Concept], Concept],
    released: Iterable[Relation],
) -> tuple[Concept, ...]:
    """Write what is asked for, once it is clear that the format can hold it; gives what of a slice stands alone.

    `store` opens the store, which may take long for another day.
    """
    if format in NETWORKS:
        streamed = request.of(store(), resolve, released)
        NETWORKS[format](streamed, file)
        return streamed.alone
    network_formats = ", ".join(NETWORKS)
    if format != _QUADS:
        raise UnknownName(f"no such format: {format!r} (one of {_QUADS}, {network_formats})")
    if request.is_slice:
        raise UsageError(f"{_QUADS} is the raw graph, which has no slices: choose one of {network_formats}")
    graphs, quads = dataset(request.trust) if request.trust else None, store()
    with opened(file) as out:
        export_nquads(quads, out, graphs)
    return ()
