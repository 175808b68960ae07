"""The graph for those who already write rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import MissingExtra, UsageError
from kg.graph.store import GraphStore

if TYPE_CHECKING:
    import rdflib


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
