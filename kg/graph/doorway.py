"""The graph for other tools: sorted N-Quads, and an rdflib dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from kg.errors import MissingExtra, UsageError
from kg.graph.manifest import damage
from kg.graph.rdf.vocabulary import dataset
from kg.graph.store import GraphStore
from kg.model import Verdict

if TYPE_CHECKING:
    import rdflib


def export_nquads(store: GraphStore, out: BinaryIO, graphs: Sequence[ox.NamedNode] | None = None) -> int:
    """Write the quads of all graphs, or of these, as sorted N-Quads, each once; gives their number.

    Two builds of the same input for the same day give the same bytes.
    """
    with damage(store.place):
        if graphs is None and isinstance(store.quads, ox.Store):
            data = store.quads.dump(format=ox.RdfFormat.N_QUADS)
        else:
            every = dataset(Verdict.REFUTED) if graphs is None else graphs
            quads = (quad for graph in every for quad in store.match(None, None, None, graph))
            data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
        lines = (data or b"").split(b"\n")
    lines.sort()
    quad_lines = [line for line in lines if line]
    out.writelines(line + b"\n" for line in quad_lines)
    return len(quad_lines)


def rdflib_dataset(store: GraphStore) -> rdflib.Dataset:
    """The graph for those who already write rdflib: a dataset over the open store, which it cannot change.

    All named graphs together are its default graph, whatever their verdict; `dataset.get_context(iri)` gives
    one. Variables that a query binds must be among those that it selects, as Oxigraph has it.
    """
    if not isinstance(store.quads, ox.Store):
        raise UsageError(f"{store.place}: rdflib can ask it by itself: rdflib.plugins.stores.sparqlstore.SPARQLStore")
    try:
        import oxrdflib
        import rdflib
    except ImportError as exc:
        raise MissingExtra("the graph as an rdflib dataset", "rdflib") from exc
    return rdflib.Dataset(store=oxrdflib.OxigraphStore(store=store.quads), default_union=True)
