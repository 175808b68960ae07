"""Opens a graph, wherever it is."""

from __future__ import annotations

from kg.graph.engines import needing_http
from kg.graph.engines.address import Place, address_of
from kg.graph.store import GraphStore


def open_store(place: Place = None) -> GraphStore:
    """Open the current build in a folder, or the one that an engine at an address holds.

    Raises `StoreError`, and `MissingExtra` where engines need it.
    """
    address = address_of(place)
    if address is None:
        return GraphStore.open(place)
    with needing_http():
        from kg.graph.engines.remote import RemoteStore
    return RemoteStore.at(address)
