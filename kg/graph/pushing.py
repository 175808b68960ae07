"""What leaves the folder of a graph for an engine: by push, or as files for its bulk loader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.graph.engines import needing_http
from kg.graph.engines.address import Address, Place, address_of
from kg.graph.store import GraphStore
from kg.graph.writing import Progress

if TYPE_CHECKING:
    from kg.graph.engines.push import Pushed


def push(place: Place, to: str, graph_store: str, progress: Progress, *, again: bool = False) -> Pushed:
    """Bring the build in a folder to the engine at an address, as `kg.graph.engines.push` says."""
    address = _address(to, graph_store)
    with needing_http():
        from kg.graph.engines import push as engine_push
    with GraphStore.open(place) as store:
        return engine_push.push(store, address, progress, again=again)


def verify(at: str) -> Mapping[str, int]:
    """How many triples each graph on an engine has; raises `StoreError` where these are not all of a build."""
    address = _address(at)
    with needing_http():
        from kg.graph.engines.engine import Engine
        from kg.graph.engines.held import whole_build
        from kg.graph.engines.push import verify as verify_counts
    engine = Engine(address)
    try:
        held = whole_build(engine)
        verify_counts(engine, held)
    finally:
        engine.close()
    return held.triples


def write_files(place: Place, folder: Path, progress: Progress) -> list[Path]:
    """Write the build in a folder as files for bulk loaders, as `kg.graph.engines.files` says."""
    with needing_http():
        from kg.graph.engines import files
    with GraphStore.open(place) as store:
        return files.write(store, folder, progress)


def _address(text: str, graph_store: str = "") -> Address:
    address = address_of(text, graph_store)
    if address is None:
        raise UsageError(f"not the address of a SPARQL engine, such as https://kg.example.org/sparql: {text!r}")
    return address
