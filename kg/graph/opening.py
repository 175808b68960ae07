"""Opens a graph, wherever it is."""

from __future__ import annotations

from pathlib import Path

from kg.graph.engines import needing_http
from kg.graph.engines.address import Address, Place, address_of
from kg.graph.store import GraphStore, current_build, location

_SOON = 5.0
"""Seconds for a look whether there is a graph."""


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


def where(place: Place = None) -> Path | Address:
    """Where a graph is: a folder, or an address."""
    return address_of(place) or location(place)


def current_name(place: Path | Address) -> int | str:
    """What the current build is called: its number in a folder, what tells it from others on an engine.

    Raises `StoreError` where there is none.
    """
    if isinstance(place, Path):
        return int(current_build(place).name)
    with needing_http():
        from kg.graph.engines.engine import Engine
        from kg.graph.engines.held import whole_build
    engine = Engine(place, _SOON)
    try:
        return whole_build(engine).build
    finally:
        engine.close()
