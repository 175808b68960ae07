"""A graph on an engine at an address, opened as one in a folder is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import StoreError
from kg.graph.adjacency import Adjacency, packed
from kg.graph.engines import beside
from kg.graph.engines.address import Address
from kg.graph.engines.engine import SECONDS, Engine
from kg.graph.engines.held import Held, whole_build
from kg.graph.engines.quads import RemoteQuads
from kg.graph.manifest import ADJACENCY, NAMES
from kg.graph.rdf.values import Properties
from kg.graph.store import GraphStore, plain_edges

_SUBJECTS = "SELECT ?node {{ VALUES ?value {{ {values} }} ?node {name} ?value }}"
_ABOUT = "SELECT ?node ?property ?value {{ VALUES ?node {{ {values} }} ?node ?property ?value }}"


class RemoteStore(GraphStore):
    """A build that an engine holds; its names and adjacency are files on this machine."""

    def __init__(self, engine: Engine, held: Held) -> None:
        self._engine = engine
        self._held = held
        folder = beside.folder_of(held.build)
        # Of the files that the manifest names, none is here.
        manifest = replace(held.manifest, checksums={})
        super().__init__(folder, folder, manifest, RemoteQuads(engine, held.build))
        self.place = engine.address

    @classmethod
    def at(cls, address: Address, seconds: float = SECONDS) -> RemoteStore:
        """Open what an engine holds; raises `EngineError`, and `StoreError` where that is no whole build of ours."""
        engine = Engine(address, seconds)
        with ExitStack() as stack:
            stack.callback(engine.close)
            store = cls(engine, whole_build(engine))
            stack.pop_all()
        return store

    def is_current(self) -> bool:
        """Whether the engine still holds this build; raises `StoreError` where it holds none as a whole."""
        return whole_build(self._engine).build == self._held.build

    def local_build(self) -> Path | None:
        """The folder of this build where it was pushed from this machine, and is still there."""
        return beside.pushed_from(self._held.build, self._held.manifest)

    @property
    def adjacency(self) -> Adjacency:
        """Who is connected with whom: of the build, or of its plain edges on the engine."""
        if self._adjacency is None:
            self._adjacency = Adjacency.open(self._file(ADJACENCY, self._write_adjacency))
        return self._adjacency

    # Each question travels there and back, so that many are asked as one.
    def subjects_of_each(self, predicate: NamedNode, objects: Iterable[NamedNode], graph: NamedNode) -> list[NamedNode]:
        """The nodes of which one of many things is said."""
        rows = self._rows_of_each(objects, _SUBJECTS.replace("{name}", str(predicate)), graph)
        return [row["node"] for row in rows]

    def about_each(self, subjects: Iterable[NamedNode], graph: NamedNode) -> dict[NamedNode, Properties]:
        """All that is said of each of many nodes."""
        nodes = list(subjects)
        by_node: dict[NamedNode, Properties] = {node: {} for node in nodes}
        for row in self._rows_of_each(nodes, _ABOUT, graph):
            by_node[row["node"]].setdefault(row["property"], []).append(row["value"])
        return by_node

    def _file_of_names(self) -> Path:
        return self._file(NAMES, lambda file: beside.write_names(file, self.quads))

    def _write_adjacency(self, file: Path) -> None:
        file.write_bytes(packed(plain_edges(self.edges())))

    def _file(self, name: str, make: Callable[[Path], object]) -> Path:
        try:
            return beside.kept(self._held.build, name, make)
        except OSError as exc:
            raise StoreError(f"{self.build}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc

    def close(self) -> None:
        """Let go of the files and the connections."""
        super().close()
        self._engine.close()
